-- What a listing showed when it was read last, in a catalog with revisions; NULL in one without. And the name of the
-- catalog that the site had: so far every map is of the same one.
ALTER TABLE listing_map ADD COLUMN catalog TEXT NOT NULL DEFAULT 'v1';
ALTER TABLE mapped_listing ADD COLUMN tracked  INTEGER;
ALTER TABLE mapped_listing ADD COLUMN level    INTEGER;
ALTER TABLE mapped_listing ADD COLUMN revision INTEGER;
