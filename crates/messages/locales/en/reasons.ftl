# Why a SKU is left alone.
skip-sku-empty = the warehouse has rows without a SKU
skip-sku-too-long = longer than the 40 characters that Wix stores
skip-no-product-row = in stock rows only, not in the product table
skip-duplicate-row = several rows where the query should give one
skip-quantity-unknown = the warehouse has no quantity for it (NULL)
skip-quantity-not-a-number = its quantity in the warehouse is not a number
skip-quantity-out-of-range = its quantity in the warehouse cannot be counted exactly
skip-not-in-wix = not in the shop
skip-not-in-warehouse = not in the warehouse
skip-unknown-sku = neither in the warehouse nor in the shop
skip-duplicate-sku = stands on several products or variants of the shop
skip-held = on hold
skip-untracked = Wix does not track its quantity
skip-level-unknown = Wix shows no quantity for it
skip-sold-out-ignored = sold out, and sold-out goods are left alone (sold_out = "ignore")

note-clamped-to-ceiling = stock { $stock } is more than Wix can show; { $target } is shown
note-negative-stock = stock { $stock } is below zero and counts as 0
note-fraction-dropped = stock { $stock } has a fraction; { $target } is shown

line-rejected = Wix refused the change: { $detail }
line-suspect = no telling whether the change was made; the next run looks again ({ $detail })
line-unresolved = the change could not be confirmed; the next run looks again ({ $detail })

stale-reached = this is what Wix shows already
stale-target-changed = the plan wanted { $planned }, the warehouse now asks for { $now }
stale-level-moved = Wix showed { $planned } when the plan was made, now it shows { $now }: the change would be larger, or go the other way
stale-listing-changed = it stands on another product or variant of the shop, or on none
stale-left-alone-now = it is left alone now: { $reason }

bare-rejected = Wix refused the change
bare-suspect = no telling whether the change was made; the next run looks again
bare-unresolved = the change could not be confirmed; the next run looks again

trip-warehouse-empty = the warehouse gave no SKU, or no stock row at all
trip-warehouse-shrunk = the warehouse knows { $found } SKUs, and { $of } at the last good run
trip-too-many-to-zero = { $found } of { $of } products that show stock would go to zero
trip-too-many-units-taken = { $found } of { $of } units shown would be taken away
trip-too-many-units-added = { $found } units would be added to the { $of } shown
trip-hint-warehouse-empty = Usually the wrong database, or a table that is being filled just now.
trip-hint-warehouse-shrunk = Usually a table that is half filled, or a query that lost some of its rows.
trip-hint-too-many-to-zero = Usually the wrong warehouse or a half-filled table; or the first run after a system that never took sold-out goods off sale.
trip-hint-too-many-units-taken = Usually the wrong warehouse or a half-filled table.
trip-hint-too-many-units-added = Usually stock that is counted several times, or in another unit.
