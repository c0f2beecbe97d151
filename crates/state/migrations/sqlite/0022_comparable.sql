-- How many SKUs a run could compare; NULL for runs of before. The guard compares with the largest good run of a week.
ALTER TABLE run ADD COLUMN comparable INTEGER;
CREATE INDEX run_good ON run (shop, ended_no, kind, filtered, outcome, warehouse_skus, comparable, finished_at)
WHERE outcome IN ('converged', 'partial');
