# Setup: the configuration file and its checks.
cli-config-check = Check the settings without any network access
cli-config-example = Print a commented configuration file with all settings

check-well = { $file }: the settings are valid
check-well-without-file = There is no wixsync.toml; the settings from the environment are valid
check-no-warehouse = The warehouse database { $database } does not exist yet
hint-check-no-warehouse = `wixsync import FILE` creates it from a stock list.
check-open-key = Other users of this machine can read { $file }, which contains an API key
hint-check-open-key = chmod 600 { $word }

example-head =
    The settings of wixsync. A line that begins with # shows the default of a setting or, where the
    text above it says "Not set", an example. Remove the # to set it. The environment overrides
    this file. Relative paths start at the folder of this file.
example-state-url = The state database, with every run and what it wrote. Keep it. Default: next to this file.
example-sold-out =
    Products that the warehouse has no stock of: "zero" takes them off sale, "ignore" leaves them
    unchanged in the shop.
example-schedule =
    When the service starts runs: an interval, a cron expression ("0 6 * * *") or "off".
example-jitter = Shops with the same schedule start at different times, up to this far apart.
example-time-zone = The time zone of cron expressions. Not set: the machine's time zone.
example-listen = The address that the service listens on.
example-history-days = How many days runs are kept.
example-dead-man-url = A URL to request after every good run, so that a monitoring service notices when runs fail. Not set: none.
example-rate-limit = The maximum number of requests to Wix in a sliding window, per shop. Wix allows 200 per minute.
example-pace = How fast one request may follow another: so many at once, then so many per second. Wix blocks bursts for minutes.
example-pause-after-429 = How long all requests pause after Wix refused one as too many.
example-http-timeout = The time limit of a request to Wix.
example-proxy = A proxy to Wix and to dead_man_url. Not set: HTTPS_PROXY, else none. Never used for this machine.
example-no-proxy = Hosts that are reached without the proxy, separated by commas. Not set: NO_PROXY, else none.
example-settle = How long Wix may take to show what was written; added to the wait after an unclear answer.
example-write-batch = The number of changes per request, 1 to 300. If it is not set, a request carries as many as the shop takes.
example-log = The log level: error, warn, info, debug, trace or off.
example-log-format = The log format: "text" or "json".
example-otlp-endpoint = The URL of an OpenTelemetry collector for traces. Not set: no traces.
example-lang = The language: "en" or "ru". Not set: from the locale.
example-warehouse = Where the stock comes from.
example-warehouse-url = A SQLite file, or postgres://user:password@host/database, or mysql://…. Default: a file next to this one.
example-warehouse-query =
    One SELECT that returns sku, quantity and optionally warehouse: one row per SKU, or per SKU and
    warehouse. Not set: the tables product(sku, …) and stock(sku, warehouse, quantity).
example-warehouse-warehouses = Only the stock of these warehouses is added up. Not set: all.
example-busy-timeout = How long to wait while another program has locked the warehouse.
example-statement-timeout = How long a database server may work on one statement.
example-import = Saved options for `wixsync import FILE --profile main`; any name. The keys are the options of the command.
example-import-watch = `serve` imports each new file here, and moves it to done/ or refused/ with the reason beside it.
example-import-url = `serve` imports the list at this address.
example-import-every = How often the address is asked.
example-shop = A shop. WIX_API_KEY, WIX_SITE_ID and WIX_BASE_URL in the environment override it.
example-shop-name = The name of the shop in the state database. Do not change it later.
example-shop-api-key-file = A file with the API key that only you can read. Not set: WIX_API_KEY.
example-shop-site-id = The id of the site, from the address of the site's dashboard. Not set: WIX_SITE_ID.
example-shop-app-id = The id of your own Wix app, if wixsync is to reach the site as an app. Then api_key and site_id stay out.
example-shop-app-secret-file = A file with the app's secret that only you can read.
example-shop-instance-id = The id of the app on the site (instance id).
example-shop-account-id = The id of the Wix account; not used yet. Not set: WIX_ACCOUNT_ID.
example-shop-base-url = An address other than Wix's own, for the emulator.
example-shop-create-items = Whether goods without an inventory item get one, where the catalog keeps items apart (V3).
example-shop-schedule = A schedule for this shop only. Not set: the schedule above.

cli-init = Set up wixsync: inspect the database and the shop, compare them, write wixsync.toml
cli-init-api-key-file = A file with the Wix API key; - reads the key from stdin and stores it in a separate file
cli-init-app-id = Instead of key and site: the id of your Wix app
cli-init-app-secret-file = A file with the app's secret
cli-init-instance-id = The id of the app on the site
cli-init-site-id = The id of the Wix site
cli-init-base-url = An address other than Wix's own, for the emulator
cli-init-database = The warehouse database: a SQLite file or its URL; `import` creates a file that does not exist yet
cli-init-query = The SELECT that returns sku, quantity and optionally warehouse, if the tables are unclear
cli-init-warehouse = Add up only the stock of this warehouse; may be repeated (default: all)
cli-init-offline = Do not contact Wix
cli-init-force = Change an existing wixsync.toml: settings that init does not ask about stay; the old file is kept as wixsync.toml.old
cli-init-yes = Ask no questions: use the flags, the environment and clear proposals

init-exists = { $file } already exists
hint-init-exists = --force writes it anew; settings in wixsync.toml that init does not ask about stay unchanged. --config names another file.
init-no-terminal = Cannot ask questions without a terminal
hint-init-no-terminal = Use --yes and give the key (WIX_API_KEY or --api-key-file), --site-id and --database.
init-missing = Missing: { $missing }
hint-init-missing = --yes asks no questions, so everything must be given. --offline needs no key and no site.
init-no-key-on-stdin = There is no key on stdin
hint-init-no-key-on-stdin = --api-key-file - reads the key from stdin. --api-key-file FILE reads it from a file.
init-stopped = Stopped; nothing was written
hint-init-stopped = Start again when you have the answers. --yes asks no questions.
init-ask-key = Wix API key (hidden)
init-ask-key-again = Wix API key (hidden; press Enter to use the one given before)
init-ask-site = Id of the Wix site
init-ask-database = Warehouse database, a SQLite file
init-ask-query = SELECT that returns sku, quantity and optionally warehouse
init-which-tables = Where the stock comes from
init-kept-query = the query that is in wixsync.toml now
init-own-columns = choose a table and its columns
init-own-query = your own query
init-which-table = The table with the stock
init-which-sku = The column with the SKU
init-which-quantity = The column with the quantity
init-which-warehouse-column = The column with the name of the warehouse
init-no-warehouse-column = none: there is one warehouse
init-which-warehouses = Warehouses to add up (select with space)
init-again = Enter key and site again?
init-write = Write { $file }?
init-yes = yes
init-no = no
init-yes-or-no = answer { $yes } or { $no }
init-hidden = [hidden]
init-tables = Tables in the database:
init-table = { $rows ->
    [one] { $table } ({ $columns }), { $rows } row
   *[other] { $table } ({ $columns }), { $rows } rows
}
init-shape-default = The tables product and stock, as wixsync expects them
init-shape-two-tables = Products and quantities in two tables: { $tables }
init-shape-one-table = Products and quantities in one table: { $tables }
init-shape-wide = One column of quantities per warehouse: { $tables }
init-no-tables = No table in { $database } has column names that identify SKU and quantity
init-several-tables = Several tables in { $database } could contain the stock
hint-init-query = Give the query with --query "SELECT … AS sku, … AS quantity FROM …".
init-no-such-warehouse = There is no stock in warehouse "{ $name }"; warehouses with stock: { $names }
hint-init-no-such-warehouse = Names must match exactly.
init-database = Warehouse { $database }
init-no-database-yet = does not exist yet
init-found = SKUs: { $skus }, stock rows: { $rows }
init-warehouses = Units by warehouse: { $names }
init-not-summed = not summed
init-twice-in-warehouse = { $count ->
    [one] { $count } SKU has several rows instead of one and would be skipped
   *[other] { $count } SKUs have several rows instead of one and would be skipped
}
init-wix-not-asked = Wix was not contacted
init-compared = Products and variants in Wix: { $listings }; SKUs of the warehouse found there: { $found }; SKUs in Wix that the warehouse does not have: { $foreign }; changes: { $changes }
init-twice-in-wix = { $count ->
    [one] { $count } SKU is used by several products or variants and would be skipped
   *[other] { $count } SKUs are used by several products or variants and would be skipped
}
init-warehouse = warehouse
init-wix = Wix
init-would = planned
init-in-step = unchanged
init-left-alone = skipped: { $reason }
init-reserved = Reserved units are not subtracted: { $column }
init-reserved-query = This [warehouse] query subtracts them:
init-odd-prices = { $count ->
    [one] { $count } price is not a plain number and counts as no price: { $examples }
   *[other] { $count } prices are not plain numbers and count as no prices: { $examples }
}
init-near = { $count ->
    [one] { $count } SKU nearly matches; SKUs must match exactly, so correct one of the two spellings
   *[other] { $count } SKUs nearly match; SKUs must match exactly, so correct one of the two spellings
}
init-few-match = Fewer than half of the warehouse's SKUs are in Wix; check that the site and the column are right
init-written = { $file } has been written
init-environment = Taken from the environment, which also overrides the file in later runs: { $names }
init-kept = The other settings are unchanged. The previous file is { $file }
init-written-key = The key is stored in { $file }, which only you can read
init-kept-key = The key that was there before is in { $file }. Delete it when you no longer need it.
init-next = `wixsync plan` shows everything that would change, and writes nothing.
init-next-import = `wixsync import FILE` loads a stock list into the warehouse. Then `wixsync plan` shows what would change.
init-no-folder = { $file }: the folder does not exist
hint-init-no-folder = Create the folder, or choose another location.
init-not-a-database = { $file } is not a SQLite database
hint-init-not-a-database = If it is a stock list (CSV, XLSX), give the name of a database that does not exist yet, such as stock.db, and fill it with `wixsync import` afterward.
init-unwritable = Cannot write { $file }: { $detail }
hint-init-unwritable = Check the permissions of the folder and the free disk space, or choose another location with --config.
