# Why a SKU is skipped, and other reasons.
skip-sku-empty = the warehouse has rows without a SKU
skip-sku-too-long = longer than the 40 characters that Wix stores
skip-no-product-row = has stock rows but no row in the product table
skip-duplicate-row = several rows where the query must return one
skip-quantity-unknown = no quantity in the warehouse (NULL)
skip-quantity-not-a-number = its quantity in the warehouse is not a number
skip-quantity-out-of-range = its quantity in the warehouse is too large or has too many digits
skip-not-in-wix = not in the shop
skip-not-in-warehouse = not in the warehouse
skip-unknown-sku = neither in the warehouse nor in the shop
skip-duplicate-sku = used by several products or variants in the shop
skip-held = on hold
skip-untracked = Wix does not track its quantity
skip-tracked-by-status = Wix tracks it only as in stock or out of stock, not by quantity
skip-no-inventory-item = it has no inventory item in Wix, so Wix keeps no quantity for it
skip-item-not-made = Wix did not make an inventory item for it, so Wix keeps no quantity for it
skip-level-unknown = Wix shows no quantity for it that can be read
skip-near-miss = seems sold out, but a SKU that is spelled almost the same has units and no product in the shop; correct one of the two spellings
skip-sold-out-ignored = sold out, and the settings ignore sold-out products (sold_out = "ignore")

note-clamped-to-ceiling = stock { $stock } is more than Wix can show; Wix will show { $target }
note-negative-stock = stock { $stock } is below zero and counts as 0
note-fraction-dropped = stock { $stock } is not a whole number; Wix will show { $target }

line-rejected = Wix refused the change: { $detail }
line-suspect = unclear whether the change was made; the next run checks again ({ $detail })
line-unresolved = the change could not be confirmed; the next run checks again ({ $detail })
line-left-out = Wix accepted the change but did not make it; the next run sends it alone
line-not-named = Wix did not say what became of the change, and the quantity has not changed; the next run tries again
line-no-change-shown = Wix refuses the change because the item has changed, and still shows it unchanged; the next run checks again
line-no-reason = Wix refused the change without a reason

stale-reached = Wix already shows this quantity
stale-target-changed = the plan wanted { $planned }, now the warehouse wants { $now }
stale-level-moved = Wix showed { $planned } when the plan was made and shows { $now } now, so the change would be larger or in the other direction
stale-listing-changed = the SKU is now used by another product or variant, or by none
stale-left-alone-now = now skipped: { $reason }

bare-rejected = Wix refused the change
bare-suspect = unclear whether the change was made; the next run checks again
bare-unresolved = the change could not be confirmed; the next run checks again

trip-another-writer = an earlier run read { $found } of { $of } changes back as if another program had made them too
trip-warehouse-empty = the warehouse returned no SKUs, or no stock rows
trip-warehouse-shrunk = the warehouse has { $found } SKUs, but had up to { $of } in the last good runs
trip-matches-collapsed = { $found } SKUs of the warehouse match the shop, but up to { $of } did in the last good runs
trip-many-back-on-sale = { $found } of { $of } sold-out products would go back on sale at once
trip-too-many-to-zero = { $found } of { $of } products that show stock would go to zero
trip-too-many-units-taken = { $found } of { $of } units shown would be removed
trip-too-many-units-added = { $found } units would be added to the { $of } shown
trip-hint-another-writer = The usual cause is a second installation for the same shop, such as an old server that was left on. Stop it first, then let this plan through.
trip-hint-warehouse-empty = The usual cause is the wrong database, or a table that is just being filled.
trip-hint-warehouse-shrunk = The usual cause is a half-filled table, or a query that lost some of its rows.
trip-hint-matches-collapsed = The usual cause is another warehouse or query whose SKUs are written differently, quantities that are missing (NULL), or rows that occur twice.
trip-hint-many-back-on-sale = The usual cause is old stock that came back into the table. Customers who asked to be told may get a mail from Wix, which cannot be recalled.
trip-hint-too-many-to-zero = The usual cause is the wrong warehouse or a half-filled table. It also happens on the first run, if the previous system never took sold-out products off sale.
trip-hint-too-many-units-taken = The usual cause is the wrong warehouse or a half-filled table.
trip-hint-too-many-units-added = The usual cause is stock that is counted several times, or in another unit.
