-- The record of runs: a row is a task, written before anything is done for it. Times are unix milliseconds.
CREATE TABLE run (
    id             TEXT    NOT NULL PRIMARY KEY,
    shop           TEXT    NOT NULL,
    kind           TEXT    NOT NULL,
    dry_run        INTEGER NOT NULL,
    scope          TEXT    NOT NULL, -- JSON
    filtered       INTEGER NOT NULL, -- whether the scope leaves anything out
    policy         TEXT    NOT NULL, -- JSON
    plan_id        TEXT,             -- the plan that an apply applies
    status         TEXT    NOT NULL,
    attempt        INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    started_at     INTEGER,
    finished_at    INTEGER,
    outcome        TEXT,
    warehouse_skus INTEGER,          -- how many SKUs the warehouse knew
    summary        TEXT              -- JSON
) STRICT;

CREATE INDEX run_by_shop ON run (shop, created_at);

-- The journal: what each run planned to write, and how far each line has come.
CREATE TABLE line (
    run_id            TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    attempt           INTEGER NOT NULL,
    seq               INTEGER NOT NULL, -- sending order
    sku               TEXT    NOT NULL,
    product_id        TEXT    NOT NULL,
    variant_id        TEXT    NOT NULL,
    inventory_item_id TEXT    NOT NULL,
    level_read        INTEGER NOT NULL, -- q0
    target            INTEGER NOT NULL, -- T
    delta             INTEGER NOT NULL, -- d
    state             TEXT    NOT NULL,
    batch             INTEGER,          -- the write call that carried it
    sent_at           INTEGER,
    send_before       INTEGER,          -- the moment before which its bytes must leave
    level_after       INTEGER,
    detail            TEXT,
    PRIMARY KEY (run_id, attempt, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX line_by_sku ON line (sku);

-- What each run left alone.
CREATE TABLE skip (
    run_id  TEXT    NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    sku     TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    PRIMARY KEY (run_id, attempt, seq)
) STRICT, WITHOUT ROWID;
