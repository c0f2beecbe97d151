-- The listing maps: which SKU stands on which product and variant, one map a shop.
CREATE TABLE listing_map (
    shop       TEXT    NOT NULL PRIMARY KEY,
    site       TEXT    NOT NULL,
    crawled_at INTEGER NOT NULL, -- when the last whole read began, by our clock
    fresh_from INTEGER NOT NULL, -- every change of a product before this is known, by Wix's clock
    products   INTEGER NOT NULL
) STRICT;

CREATE TABLE mapped_listing (
    shop              TEXT    NOT NULL REFERENCES listing_map (shop) ON DELETE CASCADE,
    product_id        TEXT    NOT NULL,
    variant_id        TEXT    NOT NULL,
    inventory_item_id TEXT    NOT NULL,
    sku               TEXT,
    PRIMARY KEY (shop, product_id, variant_id)
) STRICT, WITHOUT ROWID;
