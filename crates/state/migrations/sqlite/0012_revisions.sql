-- The location that keeps a listing's level, and the revision of its inventory item that a change was planned on.
-- A catalog without locations leaves the location empty; one without revisions leaves the revision NULL.
ALTER TABLE line ADD COLUMN location_id TEXT NOT NULL DEFAULT '';
ALTER TABLE line ADD COLUMN revision    INTEGER;

CREATE TABLE listing_of_map (
    shop              TEXT    NOT NULL REFERENCES listing_map (shop) ON DELETE CASCADE,
    product_id        TEXT    NOT NULL,
    variant_id        TEXT    NOT NULL,
    location_id       TEXT    NOT NULL,
    inventory_item_id TEXT    NOT NULL,
    sku               TEXT,
    PRIMARY KEY (shop, product_id, variant_id, location_id)
) STRICT, WITHOUT ROWID;
INSERT INTO listing_of_map (shop, product_id, variant_id, location_id, inventory_item_id, sku)
SELECT shop, product_id, variant_id, '', inventory_item_id, sku FROM mapped_listing;
DROP TABLE mapped_listing;
ALTER TABLE listing_of_map RENAME TO mapped_listing;
