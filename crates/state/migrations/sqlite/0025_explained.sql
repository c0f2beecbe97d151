-- The history of one SKU is read without a look at every run: runs of a shop in their order, and filtered ones apart.
CREATE INDEX run_by_shop_and_number ON run (shop, number);
CREATE INDEX run_filtered ON run (shop, number) WHERE filtered = 1;
