# Help of the command line.
cli-about = Makes the quantities in a Wix shop equal to the stock in your own database. One way: database → Wix.
cli-usage = Usage
cli-commands = Commands
cli-arguments = Arguments
cli-options = Options
cli-help = Print help
cli-version = Print version
cli-config-file = Configuration file (default: wixsync.toml in the current folder, your configuration folder or /etc/wixsync)
cli-lang = Language
cli-json = Print a single JSON object on stdout
cli-quiet = Log only warnings and errors; show no progress
cli-verbose = Log every step and every SKU
cli-shop = Shop, if several are configured
cli-sku = Only these SKUs
cli-dry-run = Only plan; write nothing
cli-catalog = The catalog of the emulated shop: v1 or v3
cli-demo = Show one run with an emulated shop; needs no account and leaves nothing behind
cli-sync = Update the shop to the warehouse's stock
cli-plan = Show what a run would change; write nothing
cli-plan-id = The plan, from `plan` or from a run that the guard held: its number, last, its id or the beginning of its id
cli-apply = Write exactly the changes of a plan, if they still apply
cli-products = Show what Wix has for these SKUs
cli-inventory-updates = Print an inventory update for each of these SKUs; you fill in the quantity
cli-skus = The SKUs
cli-batch-size = SKUs per request, 1 to 100
cli-set = Set quantities in the shop by hand; the next run restores the warehouse's stock
cli-quantities = SKU and quantity (0–99999); may be repeated
cli-runs = List the last runs
cli-runs-outcome = Only runs with this outcome
cli-runs-started-by = Only runs that this started; dry runs of `doctor` are listed only with it
cli-limit = How many runs to show
cli-run = Show one run, line by line
cli-run-id = The run: its number, last, its id or the beginning of its id
cli-run-csv = Print the changed SKUs as CSV
cli-status = Show how the shops stand: last runs, next run, pauses, problems; asks only the state database
cli-config = Show and check the settings
cli-config-show = Show each setting, its value and where it comes from
cli-completions = Print a completion script for a shell
cli-completions-shell = The shell
cli-emulator = Run an emulated Wix shop on this machine, to try things out
cli-emulator-file = The shop as a JSON file (default: the sample shop of `demo`)
cli-emulator-listen = Address to listen on; port 0 chooses a free port
cli-emulator-rate-limit = Refuse more requests than this per minute
cli-emulator-faults = Faults as a JSON file: faults, random faults by seed, switches, latency, rate limit (described in the emulator's README)

label-error = error
label-warning = warning
label-hint = hint

show-setting = setting
show-value = value
show-origin = from
show-default = default

lookup-missing = { $sku } is not in the shop
lookup-ambiguous = { $sku } is used by several products or variants, so it is not shown
set-skipped = { $sku } is skipped: { $reason }

runs-none = No runs yet
runs-none-in = { $which ->
    [some] No such runs in the state database { $state }
   *[all] No runs yet in the state database { $state }
}
runs-number = no.
runs-by = started by
runs-started = started
runs-id = run
runs-shop = shop
runs-kind = kind
runs-outcome = outcome
runs-changes = in the shop/planned
runs-changes-short = done/planned
runs-errors = errors
status-title = Shop { $shop }
status-well = no problems
status-problems = look at this
status-never = never
status-no-shops = No shop is configured
status-last-good = Last run after which the whole shop was up to date: { $at }
status-last-run = Last run: { $run }, { $kind }, { $at }: { $outcome }
status-next = Next scheduled run, if `wixsync serve` is running: { $at }
status-no-next = No scheduled run
status-open-tasks = Tasks of the service that run or wait: { $count }
status-requests-left = Requests to Wix that are left in this minute: { $left }
status-paused = Paused since { $since }: nothing is written. `{ $command }` resumes it.
status-held = The guard is holding the plan of run { $run }. Look at it with `wixsync run { $run }`; `wixsync apply { $run }` writes it.
status-held-empty = The guard stopped run { $run }, and there is nothing to apply. `wixsync run { $run }` shows why; a new run plans anew.
status-not-good = Run { $run }: { $outcome }. `wixsync run { $run }` shows what happened.
status-task-waits = A task has been waiting since { $since }. Start `wixsync serve` or `wixsync worker`.
status-window-closed = Wix refused requests as too many. They continue at { $until }.
run-earlier = Attempt { $attempt }, stopped or crashed; changes in Wix: { $done }
run-open = Run { $run }: { $status }

line-sku = SKU
line-read = read
line-target = target
line-delta = change
line-after = now
line-state = state
line-detail = detail

report-headline = Shop { $shop }: { $outcome }
report-but-skipped = ; skipped: { $count }
report-but-skipped-new = ; skipped: { $count }, of them new since the last run: { $new }
report-misspelled = Did you mean { $meant } instead of { $sku }? They differ in: { $differences }
report-no-such-warehouse = No stock row is in warehouse { $name } of [warehouse] warehouses
report-no-such-warehouse-but = No stock row is in warehouse { $name } of [warehouse] warehouses; similar: { $similar }
report-near = SKUs that nearly match and are not synchronized: { $count }
report-nothing-matched = nothing to compare: no SKU of the warehouse can be written to this shop
report-nothing-known = neither the warehouse nor the shop has these SKUs
report-hint-unknown = SKUs must match exactly: check upper and lower case, spaces and leading zeros
report-products = Products with stock: { $total }, found in Wix: { $found }; sold out: { $sold_out }
report-matched = Compared with Wix: { $matched }; already correct: { $in_step }
report-no-sku = Products and variants without a SKU in the shop: { $count }
report-changes-planned = Planned changes: { $planned }
report-changes = Planned changes: { $planned }, confirmed in the shop: { $executed }, errors: { $errors }
report-another-writer = Another program writes to this shop: { $found } of { $of } changes were read back as if it had made them too
report-hint-another-writer = Stop the other installation, such as an old server that was left on. The next run is held until you let its plan through with `wixsync apply`.
report-back-on-sale = Back on sale: { $count }; customers who wait may get a mail from Wix, which cannot be recalled
report-would-be-back = Would go back on sale: { $count }; customers who wait may get a mail from Wix, which cannot be recalled
changes-to-zero = { $units ->
    [one] Off sale: { $count } ({ $units } unit)
   *[other] Off sale: { $count } ({ $units } units)
}
changes-lower = { $units ->
    [one] Lower: { $count } ({ $units } unit)
   *[other] Lower: { $count } ({ $units } units)
}
changes-on-sale = { $units ->
    [one] On sale again: { $count } ({ $units } unit)
   *[other] On sale again: { $count } ({ $units } units)
}
changes-raise = { $units ->
    [one] Higher: { $count } ({ $units } unit)
   *[other] Higher: { $count } ({ $units } units)
}
changes-more = and { $count } more
changes-all = All changes: `wixsync run { $run }`
changes-total = Units in Wix: { $before } -> { $after } ({ $added }, { $taken })
report-errors-title = Errors:
report-stale-title = Lines of the plan that were skipped:
report-notes-title = Stock that Wix cannot show exactly:
report-skips-title = Skipped: { $count }
report-guard-title = The guard is holding this plan:
report-guard-next = look at it with `wixsync run { $run }`; if it is correct, `wixsync apply { $run }` writes exactly this plan
report-plan-next = `wixsync apply { $run }` writes exactly these changes
report-plan-applied = run { $run } applied this plan: `wixsync run { $run }`
report-plan-expired = this plan is older than 24 hours and cannot be applied any more; `wixsync plan` makes a new one
report-more = { $count ->
    [one] and { $count } more (all: wixsync run { $run })
   *[other] and { $count } more (all: wixsync run { $run })
}
report-waited = Of this, requests waited { $seconds } s because of Wix's limits (settings rate_limit and pace)
report-close = Run { $number } ({ $run }): requests to Wix: { $requests }, { $seconds } s; state database: { $state }

demo-state = a temporary folder, already deleted

emulator-file-shape = expected one JSON object with the products, like this: { "{" }"products":[{ "{" }"sku":"A-1","quantity":5{ "}" }]{ "}" }
emulator-faults-shape = expected one JSON object with the faults, like this: { "{" }"faults":[{ "{" }"kind":"dropAfterApply"{ "}" }]{ "}" }
json-broken = line { $line }, column { $column }: invalid JSON
json-unknown = line { $line }, column { $column }: unknown { $name }; possible: { $known }
json-missing = line { $line }, column { $column }: { $name } is missing
json-wrong = line { $line }, column { $column }: { $detail }
emulator-runs = The emulator listens on { $url } until you stop it with Ctrl-C. Control it at { $control } with the same key. Settings for wixsync:
