-- What plans of the whole shop leave alone, kept as changes: a SKU is left alone for a reason from one plan to another.
-- The plans of a shop are numbered in the order in which they were made.
ALTER TABLE run ADD COLUMN plan_no INTEGER;
CREATE INDEX run_by_plan ON run (shop, plan_no) WHERE plan_no IS NOT NULL;

CREATE TABLE plan_number (
    shop TEXT    NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE left_alone (
    shop    TEXT    NOT NULL,
    sku     TEXT    NOT NULL,
    reason  TEXT    NOT NULL,
    from_no INTEGER NOT NULL, -- the first plan that left it alone so
    to_no   INTEGER,          -- the last one; NULL as long as plans leave it alone so
    PRIMARY KEY (shop, sku, reason, from_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX left_alone_ended ON left_alone (shop, to_no) WHERE to_no IS NOT NULL;

-- What runs of some SKUs left alone: they say nothing of the others, so each is kept whole.
CREATE TABLE filtered_skip (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    sku    TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (run_id, sku, reason)
) STRICT, WITHOUT ROWID;

UPDATE run SET plan_no = plans.no
FROM (SELECT id, row_number() OVER (PARTITION BY shop ORDER BY rowid) AS no
      FROM run WHERE filtered = 0 AND facts IS NOT NULL) AS plans
WHERE run.id = plans.id;
INSERT INTO plan_number (shop, last)
SELECT shop, max(plan_no) FROM run WHERE plan_no IS NOT NULL GROUP BY shop;

-- Plans that follow each other without a gap are one stretch.
INSERT INTO left_alone (shop, sku, reason, from_no, to_no)
SELECT stretch.shop, sku, reason, min(no), nullif(max(no), last)
FROM (SELECT shop, sku, reason, no, no - row_number() OVER (PARTITION BY shop, sku, reason ORDER BY no) AS nth
      FROM (SELECT DISTINCT run.shop, skip.sku, skip.reason, run.plan_no AS no
            FROM skip JOIN run ON run.id = skip.run_id AND run.line_attempt = skip.attempt
            WHERE run.plan_no IS NOT NULL)) AS stretch
JOIN plan_number ON plan_number.shop = stretch.shop
GROUP BY stretch.shop, sku, reason, nth;

INSERT INTO filtered_skip (run_id, sku, reason)
SELECT DISTINCT run_id, sku, reason
FROM skip JOIN run ON run.id = skip.run_id AND run.line_attempt = skip.attempt
WHERE run.filtered = 1;
DROP TABLE skip;

-- The lists of a summary, which mostly stay the same from run to run: each text once.
CREATE TABLE summary_list (
    id   INTEGER PRIMARY KEY,
    hash INTEGER, -- of the text, to find it; NULL: of before there were hashes
    uses INTEGER NOT NULL,
    text TEXT    NOT NULL -- JSON
) STRICT;
CREATE INDEX summary_list_by_hash ON summary_list (hash) WHERE hash IS NOT NULL;
ALTER TABLE run ADD COLUMN skipped_list INTEGER;
ALTER TABLE run ADD COLUMN notes_list   INTEGER;

CREATE TEMP TABLE list_of_run AS
SELECT id AS run_id, json_extract(summary, '$.skipped') AS skipped, json_extract(summary, '$.notes') AS notes
FROM run WHERE summary IS NOT NULL AND json_valid(summary);
INSERT INTO summary_list (uses, text)
SELECT count(*), text
FROM (SELECT skipped AS text FROM list_of_run UNION ALL SELECT notes FROM list_of_run)
WHERE text IS NOT NULL AND text <> '[]' GROUP BY text;
CREATE INDEX summary_list_by_text ON summary_list (text);
UPDATE run
SET skipped_list = (SELECT list.id FROM list_of_run JOIN summary_list AS list ON list.text = skipped WHERE run_id = run.id),
    notes_list = (SELECT list.id FROM list_of_run JOIN summary_list AS list ON list.text = notes WHERE run_id = run.id),
    summary = json_set(summary, '$.skipped', json('[]'), '$.notes', json('[]'))
WHERE id IN (SELECT run_id FROM list_of_run WHERE skipped IS NOT NULL AND notes IS NOT NULL);
DROP INDEX summary_list_by_text;
DROP TABLE list_of_run;

CREATE TRIGGER run_goes AFTER DELETE ON run WHEN OLD.skipped_list IS NOT NULL OR OLD.notes_list IS NOT NULL
BEGIN
    UPDATE summary_list SET uses = uses - 1 WHERE id IN (OLD.skipped_list, OLD.notes_list);
    DELETE FROM summary_list WHERE uses <= 0 AND id IN (OLD.skipped_list, OLD.notes_list);
END;

CREATE VIEW run_record AS
SELECT run.*, skipped.text AS skipped_text, notes.text AS notes_text
FROM run
LEFT JOIN summary_list AS skipped ON skipped.id = run.skipped_list
LEFT JOIN summary_list AS notes ON notes.id = run.notes_list;
