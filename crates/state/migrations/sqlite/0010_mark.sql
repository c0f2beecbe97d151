-- Written over and over, to see whether it can be.
CREATE TABLE mark (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;
