# Why a SKU has its level.
explain-title = { $sku } in shop { $shop }
explain-warehouse = Warehouse now
explain-sum = sum { $sum }
explain-not-counted = not counted: not one of the chosen warehouses
explain-no-rows = no stock rows
explain-unknown-to-warehouse = the warehouse does not know this SKU
explain-target = target { $target }
explain-shop = Wix now
explain-listing = { $level } (product { $product })
explain-listing-variant = { $level } (product { $product }, variant { $variant })
explain-untracked = not tracked (product { $product })
explain-no-level = no quantity (product { $product })
explain-unknown-to-shop = no product or variant has this SKU
explain-next = Next run
explain-next-change = changes { $from } to { $to } ({ $delta }), if the guard lets the whole plan through
explain-next-in-step = nothing to do, Wix shows the target
explain-next-left-alone = leaves it alone: { $reason }
explain-next-unknown = cannot be told before both sides can be read
explain-history = { $count ->
    [one] The last run
   *[other] The last { $count } runs, newest first
}
explain-no-history = No run has looked at it yet.
explain-passage = { $time }  { $kind }  { $run }
explain-passage-in-step = Wix showed the target, nothing to do
explain-passage-left-alone = left alone: { $reason }
explain-passage-line = read { $from }, target { $to }, change { $delta }: { $state }
explain-passage-line-left-out = planned from { $from }, target { $to }, change { $delta }: { $state }
explain-passage-line-after = read { $from }, target { $to }, change { $delta }: { $state }, then Wix showed { $after }
explain-sold-meanwhile = { $units ->
    [one] { $units } unit was sold or taken away while the run wrote
   *[other] { $units } units were sold or taken away while the run wrote
}
explain-fewer-since = { $units ->
    [one] { $units } unit fewer than after the run before: sold, or changed in Wix
   *[other] { $units } units fewer than after the run before: sold, or changed in Wix
}
explain-more-since = { $units ->
    [one] { $units } unit more than after the run before: taken back, restocked or changed in Wix
   *[other] { $units } units more than after the run before: taken back, restocked or changed in Wix
}
kind-sync = sync
kind-plan = plan
kind-apply = apply
kind-set = set
kind-dry-run = dry run
cli-explain = Tell why a SKU has its quantity
cli-explain-sku = The SKU, exactly as it is written in the shop and the warehouse
cli-explain-runs = How many earlier runs to tell of, at most
