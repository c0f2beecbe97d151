-- How many runs have ended, by whomever and however long ago: it stays where the runs themselves are pruned.
CREATE TABLE ended_runs (
    shop    TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    runs    INTEGER NOT NULL,
    PRIMARY KEY (shop, kind, outcome)
) STRICT, WITHOUT ROWID;

INSERT INTO ended_runs (shop, kind, outcome, runs)
SELECT shop, kind, outcome, count(*) FROM run WHERE outcome IS NOT NULL GROUP BY shop, kind, outcome;

CREATE TRIGGER run_ends AFTER UPDATE OF outcome ON run WHEN OLD.outcome IS NULL AND NEW.outcome IS NOT NULL
BEGIN
    INSERT INTO ended_runs (shop, kind, outcome, runs) VALUES (NEW.shop, NEW.kind, NEW.outcome, 1)
    ON CONFLICT (shop, kind, outcome) DO UPDATE SET runs = runs + 1;
END;
