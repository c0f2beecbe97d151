-- Whether Wix answered a line with a clean success, whatever became of it since.
ALTER TABLE line ADD COLUMN acked INTEGER NOT NULL DEFAULT 0;
UPDATE line SET acked = 1 WHERE state IN ('acked', 'verified', 'moved_since');
