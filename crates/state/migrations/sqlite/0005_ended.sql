-- The order in which runs ended. The guard compares with the last good run, and a machine's clock that is turned
-- back in between would make an older one the last.
ALTER TABLE run ADD COLUMN ended_no INTEGER;
UPDATE run SET ended_no = before.rank
FROM (SELECT id, row_number() OVER (ORDER BY finished_at, id) AS rank FROM run WHERE finished_at IS NOT NULL) AS before
WHERE run.id = before.id;
CREATE INDEX run_ended ON run (ended_no) WHERE ended_no IS NOT NULL;
