# The log lines of a run, in the guide's words.
log-started = Starting to synchronize product quantities with Wix
log-started-plan = Starting to plan; nothing will be written
log-started-apply = Starting to apply plan { $plan }
log-started-set = Starting to set quantities in Wix
log-another-writer = Another program writes to this shop: { $found } of { $of } changes were read back as if it had made them too. The next run is held
log-following = Run { $run } is doing the same work; following it. If its process has crashed, this one takes over after about half a minute
log-queued = Run { $run } is using this shop; waiting for it to end. If its process has crashed, this one takes over after about half a minute
log-taken-over = Taking over a run whose process crashed: crash { $deaths } of at most { $most }
log-reading-shop = Looking for products in Wix...
log-reading-shop-again = The pages from Wix were inconsistent; reading the shop again
log-reading-warehouse = Getting products from the local database...
log-warehouses-missing = No stock rows for these chosen warehouses; adding up the others: { $names }
log-items-not-made = { $count ->
    [one] Wix made no inventory item for { $sku }: { $error }
   *[other] Wix made no inventory items for { $count } SKUs ({ $sku } is the first): { $error }
}
log-new-items-wait = { $count ->
    [one] An inventory item was made for { $count } SKU, but its quantity would trip the guard. The next run plans it and is held, so that you can look at it first.
   *[other] Inventory items were made for { $count } SKUs, but their quantities would trip the guard. The next run plans them and is held, so that you can look at them first.
}
log-local = { $count ->
    [one] Found { $count } product with stock in the local database
   *[other] Found { $count } products with stock in the local database
}
log-skus = { $count ->
    [one] Got a list of { $count } SKU to look for in Wix
   *[other] Got a list of { $count } SKUs to look for in Wix
}
log-found = { $count ->
    [one] Found { $count } product in Wix
   *[other] Found { $count } products in Wix
}
log-prepared = Prepared an update for { $sku }: { $from } -> { $to }
log-writing = { $count ->
    [one] Making { $count } update in Wix...
   *[other] Making { $count } updates in Wix...
}
log-nothing-to-write = Nothing to write
log-updated = Updated product { $item }: { $delta } (SKU { $sku })
log-unclean = { $count ->
    [one] No clear answer for { $count } update: { $error }
   *[other] No clear answer for { $count } updates: { $error }
}
log-refused = { $count ->
    [one] Wix refused { $count } update: { $error }
   *[other] Wix refused a call with { $count } updates; checking whether it applied some of them: { $error }
}
log-settling = { $seconds ->
    [one] Waiting { $seconds } second before reading quantities: { $why }
   *[other] Waiting { $seconds } seconds before reading quantities: { $why }
}
log-wait-unclear = an update without a clear answer may still arrive
log-wait-refused = Wix refused the updates, and may not show yet whether it applied some of them
log-wait-second-look = some updates seem to be missing in the shop, but Wix may not show them yet
log-wait-earlier = an update of an earlier run, which had no clear answer, may still arrive
log-wait-late = an earlier run has just written some of these products, and Wix may not show it yet
log-wait-not-shown = Wix does not show some of the updates yet
log-wait-dead-run = an interrupted run left updates that may still arrive
log-verifying = { $count ->
    [one] Verifying { $count } update...
   *[other] Verifying { $count } updates...
}
log-held = The guard is holding the plan; nothing is written: { $reason }
log-finished = Synchronization finished: { $report }
log-planned = Plan ready: { $report }
log-waiting = Wix's request limit is used up; requests wait up to { $seconds } s
log-lines-dropped = { $count ->
    [one] { $count } log line is missing here, because the log was not read fast enough
   *[other] { $count } log lines are missing here, because the log was not read fast enough
}
log-failed = Synchronization failed: { $reason }
log-interrupted = Synchronization interrupted: { $report }
run-stopping = Stopping after the request that is under way. Another Ctrl-C stops at once; the next run then checks what was sent

reading = Read the shop { $way }: { $reason }
way-crawl = completely, page by page
way-known-ids = by product ids from earlier runs
way-changes = from what is remembered and what has changed since
way-sku-list = by the requested SKUs
why-fewest-requests = no other way needs fewer requests
why-read-in-parallel = these requests run in parallel, which is faster
why-nothing-known = first read, nothing cached
why-other-site = the stored data belongs to another site
why-catalog-changed = the site has moved to another catalog
why-crawl-is-due = the last complete read is a day old
why-counts-differ = the number of products differs from the stored one
why-listings-differ = its variants differ from the stored ones
why-many-changes = many of its products have changed
why-not-offered = it does not support the cheaper request

progress-reading = Reading
progress-writing = Writing
progress-verifying = Verifying

message-converged = Synchronization finished
message-partial = Synchronization finished
message-held-by-guard = Nothing was written: the guard is holding the plan
message-interrupted = Synchronization interrupted
message-planned = Plan ready; nothing was written
message-failed = Synchronization failed

outcome-converged = up to date
outcome-converged-set = the quantities are set
outcome-partial = not everything could be updated
outcome-held-by-guard = held by the guard; nothing was written
outcome-failed = the run failed
end-partial = Exit code { $code }: the run finished (status: success), but { $parts }
end-failed-nothing-sent = Nothing was written to the shop.
end-failed = The next run continues from what Wix shows.
end-interrupted-nothing-sent = Nothing was written to the shop. Start it again at any time.
end-interrupted = Start it again at any time. The next run first checks what was sent, then continues from what Wix shows.
end-nothing-needed = Wix already shows every quantity of the plan; nothing was sent.
end-in-shop = In the shop: { $done } of { $of } planned changes
end-rejected = { $count ->
    [one] Wix refused { $count } change
   *[other] Wix refused { $count } changes
}
end-open = { $count ->
    [one] { $count } change was sent, but is not confirmed in the shop
   *[other] { $count } changes were sent, but are not confirmed in the shop
}
end-doubled = { $count ->
    [one] another program made { $count } change too
   *[other] another program made { $count } changes too
}
end-not-sent = { $count ->
    [one] { $count } change was not sent
   *[other] { $count } changes were not sent
}
end-no-longer = { $count ->
    [one] { $count } change was left out, because it is no longer needed or no longer valid
   *[other] { $count } changes were left out, because they are no longer needed or no longer valid
}
end-left-out = { $count ->
    [one] { $count } of the named SKUs was skipped
   *[other] { $count } of the named SKUs were skipped
}
end-items-not-made = { $count ->
    [one] Wix made no inventory item for { $count } SKU
   *[other] Wix made no inventory items for { $count } SKUs
}
outcome-interrupted = interrupted
outcome-planned = planned; nothing was written
outcome-planned-short = planned
outcome-held-by-guard-short = held by the guard
outcome-partial-short = partial
outcome-failed-short = failed
outcome-nothing-known-short = unknown SKUs
outcome-nothing-matched-short = nothing to compare
task-pending = waiting
task-started = running
task-retry = taken over

state-planned = planned
state-sent = sent
state-acked = acknowledged
state-not-applied = not in the shop
state-retried = sent again
state-unknown = outcome unknown
state-verified = verified
state-moved-since = sold meanwhile
state-converged = confirmed after an unclear answer
state-rejected = refused
state-suspect = uncertain
state-unresolved = not confirmed
state-not-sent = not sent
state-skipped-in-apply = not needed, or changed since the plan
