# The log lines of a run, in the guide's words.
log-started = Start of synchronising product quantities with Wix
log-started-plan = Start of planning: nothing will be written
log-started-apply = Start of applying plan { $plan }
log-started-set = Start of setting quantities in Wix
log-following = Run { $run } is doing the same work; following it. If its process has died, this one takes over after half a minute or so
log-queued = Run { $run } has this shop; waiting for its end. If its process has died, this one takes over after half a minute or so
log-taken-over = Taking over a run whose process has died: { $deaths } of { $most } times at the most
log-reading-shop = Looking for products in Wix...
log-reading-shop-again = The pages from Wix did not add up; reading the shop once more
log-reading-warehouse = Getting products from the local database...
log-warehouses-missing = No stock row names these chosen warehouses, the others are summed: { $names }
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
log-updated = Updated product { $item }: { $delta }
log-unclean = { $count ->
    [one] No clean answer for { $count } update: { $error }
   *[other] No clean answer for { $count } updates: { $error }
}
log-settling = { $seconds ->
    [one] Waiting { $seconds } second before levels are read: { $why }
   *[other] Waiting { $seconds } seconds before levels are read: { $why }
}
log-wait-unclear = the update without a clean answer may still arrive
log-wait-refused = Wix refused the updates, and may not show yet what it made of them
log-wait-second-look = some updates seem not to be in the shop, and Wix may not show them yet
log-wait-earlier = an update of an earlier run, which had no clear answer, may still arrive
log-wait-late = an earlier run has just written some of these products, and Wix may not show it yet
log-wait-not-shown = Wix does not show some of the updates yet
log-wait-dead-run = a run that was cut off has left updates behind, which may still arrive
log-verifying = { $count ->
    [one] Verifying { $count } update...
   *[other] Verifying { $count } updates...
}
log-held = The guard holds the plan, nothing is written: { $reason }
log-finished = Synchronisation finished: { $report }
log-planned = Plan made: { $report }
log-waiting = Wix's limit is used up; requests wait, up to { $seconds } s
log-failed = Synchronisation failed: { $reason }
log-interrupted = Synchronisation was interrupted: { $report }

reading = Shop read { $way }: { $reason }
way-crawl = whole, page by page
way-known-ids = by the product ids of earlier runs
way-sku-list = by the SKUs asked for
why-fewest-requests = no other way costs fewer requests
why-read-in-parallel = its requests go out side by side, which is quicker than one after the other
why-nothing-known = nothing is remembered of it yet
why-other-site = what is remembered is of another site
why-crawl-is-due = the last whole read is a day old
why-counts-differ = it has other products than are remembered
why-listings-differ = it has other variants than are remembered
why-many-changes = many of its products have changed
why-not-offered = it does not answer the cheaper question

progress-reading = Reading
progress-writing = Writing
progress-verifying = Verifying

message-converged = Synchronisation finished
message-partial = Synchronisation finished
message-held-by-guard = Nothing was written: the guard holds the plan
message-interrupted = Synchronisation was interrupted
message-planned = The plan is made, nothing was written
message-failed = Synchronisation failed

outcome-converged = up to date
outcome-partial = not everything could be updated
outcome-held-by-guard = held by the guard, nothing was written
outcome-failed = the run failed
report-partial = { $count ->
    [one] Exit code { $code }: the run came to its end (status: success), but { $count } of { $planned } planned changes is not confirmed in the shop
   *[other] Exit code { $code }: the run came to its end (status: success), but { $count } of { $planned } planned changes are not confirmed in the shop
}
report-hint-interrupted = Start it again when you like: it goes on from what Wix shows then, and what was sent is settled first.
outcome-interrupted = the run was interrupted
outcome-planned = planned, nothing was written
outcome-planned-short = planned
outcome-held-by-guard-short = held by the guard
task-pending = waiting
task-started = under way
task-retry = taken over

state-planned = planned
state-sent = sent
state-acked = acknowledged
state-not-applied = surely not in the shop
state-retried = sent again
state-unknown = outcome not known
state-verified = verified
state-moved-since = sold meanwhile
state-converged = right after an unclear answer
state-rejected = refused
state-suspect = suspect
state-unresolved = not confirmed
state-not-sent = not sent
state-skipped-in-apply = not needed, or changed since the plan
