# Help of the command line.
cli-about = Makes the quantities in a Wix shop equal to the stock in your own database. One way: database → Wix.
cli-usage = Usage
cli-commands = Commands
cli-arguments = Arguments
cli-options = Options
cli-help = Print help
cli-version = Print version
cli-config-file = The configuration file (default: wixsync.toml here, then in your configuration folder)
cli-lang = The language
cli-json = Print one JSON object on stdout
cli-shop = The shop, where several are configured
cli-sku = Only these SKUs
cli-dry-run = Plan only, write nothing
cli-demo = Show one run with an emulated shop; needs no account and leaves nothing behind
cli-sync = Bring the shop to the warehouse's stock
cli-plan = Show what a run would change; nothing is written
cli-plan-id = The plan's id, or its beginning, as `plan` or a run held by the guard gave it
cli-apply = Write exactly the changes of a plan, as far as they still hold
cli-products = Show what Wix has for these SKUs
cli-inventory-updates = Print an inventory update for each of these SKUs, its quantity to be filled in
cli-skus = The SKUs
cli-batch-size = SKUs asked for in one request, 1 to 100
cli-set = Set quantities in the shop by hand; the next run follows the warehouse again
cli-quantities = SKU and quantity (0–99999); several are possible
cli-runs = List the last runs
cli-runs-outcome = Only those that ended so
cli-limit = How many runs to show
cli-run = Show one run, line by line
cli-run-id = The run's id, or its beginning
cli-config = Show and check the settings
cli-config-show = Show each setting, its value and where it comes from
cli-completions = Print a script that completes the commands in a shell
cli-completions-shell = For which shell
cli-emulator = Run a Wix shop on this machine, for trying things out
cli-emulator-file = The shop as a JSON file (default: the sample shop of `demo`)
cli-emulator-listen = The address to listen on; port 0 takes a free one
cli-emulator-rate-limit = Refuse more requests than this in a minute
cli-emulator-faults = What goes wrong, as a JSON file: faults, chance by seed, switches, latency, rate limit (see the emulator's own page)

label-error = error
label-warning = warning
label-hint = hint

show-setting = setting
show-value = value
show-origin = from
show-default = default

lookup-missing = { $sku } is not found in the shop
lookup-ambiguous = { $sku } stands on several products or variants and is left out
set-skipped = { $sku } is left alone: { $reason }

runs-none = No runs yet
runs-started = started
runs-id = run
runs-shop = shop
runs-kind = kind
runs-outcome = outcome
runs-changes = in the shop/planned
runs-changes-short = done/planned
runs-errors = errors
run-earlier = Attempt { $attempt }, which was stopped or died: changed in Wix: { $done }
run-open = Run { $run }: { $status }

line-sku = SKU
line-read = read
line-target = target
line-delta = change
line-after = after
line-state = state
line-detail = detail

report-headline = Shop { $shop }: { $outcome }
report-nothing-matched = nothing could be compared: no SKU of the warehouse can be written in this shop
report-nothing-known = nobody knows these SKUs, neither the warehouse nor the shop
report-hint-unknown = a SKU matches byte for byte: check case, spaces and leading zeros
report-products = Products with stock: { $total }, of these in Wix: { $found }; sold out: { $sold_out }
report-matched = Compared with Wix: { $matched }; already right: { $in_step }
report-no-sku = Products and variants of the shop without a SKU: { $count }
report-changes-planned = Changes planned: { $planned }
report-changes = Changes planned: { $planned }, in the shop: { $executed }, errors: { $errors }
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
report-stale-title = Lines of the plan that were left out:
report-notes-title = Stock that Wix cannot show as it is:
report-skips-title = Left alone: { $count }
report-guard-title = The guard holds this plan:
report-guard-next = look at it with `wixsync run { $run }`; if it is right, `wixsync apply { $run }` lets exactly this plan through
report-plan-next = `wixsync apply { $run }` writes exactly these changes
report-more = { $count ->
    [one] and { $count } more (all: wixsync run { $run })
   *[other] and { $count } more (all: wixsync run { $run })
}
report-close = Run { $run }: requests to Wix: { $requests }, { $seconds } s; record: { $state }

demo-state = a temporary folder, deleted by now

emulator-file-shape = it must be one JSON object with the products in it, like this: { "{" }"products":[{ "{" }"sku":"A-1","quantity":5{ "}" }]{ "}" }
emulator-faults-shape = it must be one JSON object; faults stand in it like this: { "{" }"faults":[{ "{" }"kind":"dropAfterApply"{ "}" }]{ "}" }
json-broken = line { $line }, column { $column }: this is not JSON
json-unknown = line { $line }, column { $column }: { $name } is not known here; possible: { $known }
json-missing = line { $line }, column { $column }: { $name } is missing
json-wrong = line { $line }, column { $column }: { $detail }
emulator-runs = The emulator listens on { $url } until it is stopped with Ctrl-C. It is controlled at { $control }, with the same key. Settings for wixsync:
