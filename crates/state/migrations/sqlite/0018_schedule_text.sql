-- Which schedule it is: another one begins anew. NULL: recorded before schedules were told apart.
ALTER TABLE schedule ADD COLUMN fingerprint TEXT;
