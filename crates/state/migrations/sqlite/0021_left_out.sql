-- Lines that Wix acknowledged and did not apply. The next run sends them alone.
CREATE INDEX line_left_out ON line (sent_at) WHERE detail = 'left_out';
