-- How fast one request to a shop may follow another, and what 429s have made of it.
CREATE TABLE pace (
    shop          TEXT    NOT NULL PRIMARY KEY,
    used_until    INTEGER NOT NULL, -- each request moves it on by one interval
    halvings      INTEGER NOT NULL,
    slowed_at     INTEGER NOT NULL, -- from when it is regained
    blocks        INTEGER NOT NULL, -- by Wix's edge, one after the other
    blocked_until INTEGER NOT NULL
) STRICT;
