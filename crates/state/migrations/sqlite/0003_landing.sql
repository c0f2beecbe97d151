-- How long after `send_before` a request may still land: its sender's time-out, in milliseconds. Lines of before
-- were sent under the default time-out.
ALTER TABLE line ADD COLUMN timeout_ms INTEGER NOT NULL DEFAULT 30000;
