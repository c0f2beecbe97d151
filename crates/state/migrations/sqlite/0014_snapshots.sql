-- The attempt of a run that last began to read the warehouse. A request that is made later does not join that run.
ALTER TABLE run ADD COLUMN snapshot_of INTEGER;
