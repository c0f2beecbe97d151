-- One run at a time per shop, with a fencing token that only grows.
CREATE TABLE lease (
    shop       TEXT    NOT NULL PRIMARY KEY,
    run_id     TEXT    NOT NULL,
    token      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    held       INTEGER NOT NULL -- 0 once it was given back
) STRICT;

ALTER TABLE run ADD COLUMN facts TEXT;         -- JSON: the figures of its plan
ALTER TABLE run ADD COLUMN waited_at INTEGER;  -- when somebody last said that it is waited for

ALTER TABLE line ADD COLUMN retry_of INTEGER;    -- the line in whose place it goes out again
ALTER TABLE line ADD COLUMN answered_at INTEGER; -- when its answer, or the failure to get one, was recorded

CREATE INDEX line_by_sending ON line (send_before) WHERE send_before IS NOT NULL;

-- The request window of a shop: a request holds its place until `held_until`.
CREATE TABLE request (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: a late reply must not meet another's place
    shop       TEXT    NOT NULL,
    held_until INTEGER NOT NULL
) STRICT;

CREATE INDEX request_by_shop ON request (shop, held_until);

-- Until when a "too many requests" keeps a shop's window closed.
CREATE TABLE window_closed (
    shop  TEXT    NOT NULL PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;
