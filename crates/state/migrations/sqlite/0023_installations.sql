-- Whether a run decides if another program writes to the shop: it found one, or a user let a plan through.
ALTER TABLE run ADD COLUMN decides_on_writer INTEGER NOT NULL DEFAULT 0;
CREATE INDEX run_deciding_on_writer ON run (shop, ended_no) WHERE decides_on_writer = 1;

-- The random id of the installation that keeps its state here.
CREATE TABLE installation (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    id  TEXT    NOT NULL
) STRICT;
