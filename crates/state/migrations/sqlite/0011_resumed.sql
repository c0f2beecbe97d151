-- When the last pause of a shop ended: tasks that waited for it could not be begun before.
CREATE TABLE resumed (
    shop TEXT    NOT NULL PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT;
