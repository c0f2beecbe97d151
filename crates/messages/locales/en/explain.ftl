# The explanation of a SKU's level.
explain-title = { $sku } in shop { $shop }
explain-warehouse = Warehouse now
explain-sum = total { $sum }
explain-not-counted = not counted: this warehouse is not chosen
explain-no-rows = no stock rows
explain-unknown-to-warehouse = the warehouse does not have this SKU
explain-target = target { $target }
explain-shop = Wix now
explain-listing = { $level } (product { $product })
explain-listing-variant = { $level } (product { $product }, variant { $variant })
explain-by-status = tracked only as in stock or out of stock (product { $product }, variant { $variant })
explain-no-item = no inventory item, so no quantity (product { $product }, variant { $variant })
explain-untracked = not tracked (product { $product })
explain-no-level = no quantity (product { $product })
explain-unknown-to-shop = no product or variant has this SKU
explain-alike = nearly the same here: { $sku } ({ $differences }); SKUs must match exactly
explain-next = Next run
explain-next-change = changes { $from } to { $to } ({ $delta }) if the guard lets the plan through
explain-next-in-step = nothing to do: Wix shows the target
explain-next-left-alone = skips it: { $reason }
explain-next-unknown = unknown until both sides can be read
explain-history = { $count ->
    [one] The last run
   *[other] The last { $count } runs, newest first
}
explain-no-history = No run has handled it yet.
explain-passage = { $time }  { $kind }  { $run }
explain-passage-in-step = Wix showed the target; nothing to do
explain-passage-no-change = no change
explain-passage-unrecorded = nothing recorded: the run did not know this SKU, or Wix showed the target
explain-folded = { $first } to { $last }, { $runs ->
    [one] 1 run
   *[other] { $runs } runs
}: { $what }
explain-earlier-changes = The last changes before
explain-passage-left-alone = skipped: { $reason }
explain-passage-line = read { $from }, target { $to }, change { $delta }: { $state }
explain-passage-line-left-out = planned from { $from }, target { $to }, change { $delta }: { $state }
explain-passage-line-after = read { $from }, target { $to }, change { $delta }: { $state }, then Wix showed { $after }
explain-sold-meanwhile = { $units ->
    [one] { $units } unit was sold or removed while the run wrote
   *[other] { $units } units were sold or removed while the run wrote
}
explain-fewer-since = { $units ->
    [one] { $units } unit fewer than after the previous run: sold, or changed in Wix
   *[other] { $units } units fewer than after the previous run: sold, or changed in Wix
}
explain-more-since = { $units ->
    [one] { $units } unit more than after the previous run: returned, restocked or changed in Wix
   *[other] { $units } units more than after the previous run: returned, restocked or changed in Wix
}
kind-sync = sync
kind-plan = plan
kind-apply = apply
kind-set = set
kind-dry-run = dry run
started-by-schedule = schedule
started-by-api = API
started-by-command-line = command line
started-by-doctor = doctor
cli-explain = Explain why a SKU has its quantity
cli-explain-sku = The SKU, exactly as in the shop and the warehouse
cli-explain-runs = Maximum number of earlier runs to show
