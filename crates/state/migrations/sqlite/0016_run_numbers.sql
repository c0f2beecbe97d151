-- The running number of each run, and who started it.
ALTER TABLE run ADD COLUMN number     INTEGER;
ALTER TABLE run ADD COLUMN started_by TEXT NOT NULL DEFAULT 'command_line';
ALTER TABLE run ADD COLUMN token_name TEXT; -- of a request to the API

UPDATE run SET number = numbered.number
FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM run) AS numbered
WHERE numbered.id = run.id;
UPDATE run SET started_by = 'api' WHERE durable = 1;
UPDATE run SET started_by = 'schedule' WHERE id IN (SELECT run_id FROM slot);

CREATE UNIQUE INDEX run_by_number ON run (number);

-- The number of the newest run: numbers are not used again when runs are pruned.
CREATE TABLE run_number (last INTEGER NOT NULL) STRICT;
INSERT INTO run_number (last) SELECT coalesce(max(number), 0) FROM run;

-- How many runs have ended, by who started them too. Dry runs of check-ups are not counted.
DROP TRIGGER run_ends;
CREATE TABLE ended_runs_by (
    shop       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    outcome    TEXT    NOT NULL,
    started_by TEXT    NOT NULL,
    runs       INTEGER NOT NULL,
    PRIMARY KEY (shop, kind, outcome, started_by)
) STRICT, WITHOUT ROWID;
INSERT INTO ended_runs_by (shop, kind, outcome, started_by, runs)
SELECT shop, kind, outcome, 'command_line', runs FROM ended_runs;
DROP TABLE ended_runs;
ALTER TABLE ended_runs_by RENAME TO ended_runs;

CREATE TRIGGER run_ends AFTER UPDATE OF outcome ON run
WHEN OLD.outcome IS NULL AND NEW.outcome IS NOT NULL AND NEW.started_by <> 'doctor'
BEGIN
    INSERT INTO ended_runs (shop, kind, outcome, started_by, runs)
    VALUES (NEW.shop, NEW.kind, NEW.outcome, NEW.started_by, 1)
    ON CONFLICT (shop, kind, outcome, started_by) DO UPDATE SET runs = runs + 1;
END;
