-- Runs that are tasks: accepted to be done by whoever takes them up, in as many attempts as it takes.
ALTER TABLE run ADD COLUMN durable      INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN deaths       INTEGER NOT NULL DEFAULT 0; -- how often its process died
ALTER TABLE run ADD COLUMN cancel_at    INTEGER;                    -- when somebody wanted it to end
ALTER TABLE run ADD COLUMN quantities   TEXT    NOT NULL DEFAULT '[]'; -- JSON: SKU and quantity, of a user's own
ALTER TABLE run ADD COLUMN line_attempt INTEGER NOT NULL DEFAULT 1; -- the attempt whose lines count

CREATE INDEX run_open ON run (shop, created_at) WHERE outcome IS NULL;
CREATE INDEX run_by_time ON run (created_at, id);
CREATE INDEX run_by_end ON run (finished_at) WHERE finished_at IS NOT NULL;

-- The slots of the shops' schedules that have had their run. One row a slot: whoever inserts it starts the run.
CREATE TABLE slot (
    shop   TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    run_id TEXT    NOT NULL,
    missed INTEGER NOT NULL, -- earlier ones that fell together into it
    PRIMARY KEY (shop, at)
) STRICT, WITHOUT ROWID;

-- Since when a shop has a schedule: slots before that were nobody's to fill.
CREATE TABLE schedule (
    shop  TEXT    NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT;

-- What a key of a request stands for.
CREATE TABLE request_key (
    key         TEXT    NOT NULL PRIMARY KEY,
    fingerprint TEXT    NOT NULL,
    run_id      TEXT    NOT NULL,
    used_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX request_key_by_time ON request_key (used_at);

-- Shops that nothing is written to for now.
CREATE TABLE pause (
    shop  TEXT    NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT;

-- Who may ask the service for what. A token itself is never kept.
CREATE TABLE token (
    name       TEXT    NOT NULL PRIMARY KEY,
    hash       TEXT    NOT NULL UNIQUE, -- SHA-256, hexadecimal
    scope      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    used_at    INTEGER
) STRICT;
