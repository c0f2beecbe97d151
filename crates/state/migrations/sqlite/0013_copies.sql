-- Whether a line is a copy of the line that it repeats, sent under the same revision because that one had no clear
-- answer: its change may be in the shop whatever becomes of this line.
ALTER TABLE line ADD COLUMN is_copy INTEGER NOT NULL DEFAULT 0;
