-- The order in which the runs that have not ended arrived. The clock cannot tell it, because it may be turned back.
ALTER TABLE run ADD COLUMN arrival INTEGER NOT NULL DEFAULT 0;
UPDATE run SET arrival = before.rank
FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS rank FROM run WHERE outcome IS NULL) AS before
WHERE run.id = before.id;
