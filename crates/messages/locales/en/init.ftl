# Setting up: the configuration file and what checks it.
cli-config-check = Check the settings without asking anybody
cli-config-example = Print a configuration file with every setting, commented

check-well = { $file }: the settings are whole
check-well-without-file = There is no wixsync.toml; the settings from the environment are whole
check-no-warehouse = The warehouse database { $database } does not exist yet
hint-check-no-warehouse = `wixsync import FILE` makes it from a stock list.
check-open-key = Other users of this machine may read { $file }, which holds an API key
hint-check-open-key = chmod 600 { $file }

example-head =
    The settings of wixsync. A setting behind a # has the value that stands there, or none where
    the text above it says so; take the # away to set it. The environment overrides this file.
    Relative paths count from the folder of this file.
example-state-url = The state database: every run and what it wrote. Keep it; by default beside this file.
example-sold-out =
    Goods that the warehouse knows and has none of: "zero" takes them off sale, "ignore" leaves
    them as they are in the shop.
example-schedule =
    When the service starts a run by itself: an interval, a cron expression ("0 6 * * *") or "off".
example-jitter = Shops with the same schedule begin at moments that differ by up to this.
example-time-zone = The time zone of cron expressions. Not set: that of the machine.
example-listen = Where the service listens.
example-history-days = For how many days runs are kept.
example-dead-man-url = Asked for after every run that went well, so that a watchman notices when none does. Not set: nobody.
example-rate-limit = Requests to Wix in any window of that length, for each shop; Wix allows 200 in a minute.
example-pause-after-429 = How long all requests stop after Wix has refused one as too many.
example-http-timeout = How long a request to Wix may take.
example-settle = How long Wix may take to show what was written; the added wait after an unclear answer.
example-write-batch = How many changes go out in one request, 1 to 300.
example-log = How much is told while a run goes on: error, warn, info, debug, trace or off.
example-log-format = "text" or "json".
example-otlp-endpoint = A collector of OpenTelemetry traces. Not set: none.
example-lang = The language: "en" or "ru". Not set: from the locale.
example-warehouse = Where the stock comes from.
example-warehouse-url = A SQLite database; by default beside this file.
example-warehouse-query =
    One SELECT that gives sku, quantity and perhaps warehouse: a row for each SKU, or for each SKU
    and warehouse. Not set: the tables product(sku, …) and stock(sku, warehouse, quantity).
example-warehouse-warehouses = Only the stock of these is summed. Not set: all.
example-shop = A shop. WIX_API_KEY, WIX_SITE_ID and WIX_BASE_URL in the environment override it.
example-shop-name = Under this name the state database knows the shop: do not change it later.
example-shop-api-key-file = A file that holds the API key and that only you may read. Not set: WIX_API_KEY.
example-shop-site-id = The site's id; it stands in the address of the site's dashboard. Not set: WIX_SITE_ID.
example-shop-account-id = The id of the Wix account; not needed for anything yet. Not set: WIX_ACCOUNT_ID.
example-shop-base-url = Another address than Wix's own, for the emulator.
example-shop-schedule = A schedule of this shop's own. Not set: the one above.

cli-init = Set up: look at the database and the shop, show both side by side, write wixsync.toml
cli-init-api-key-file = A file that holds the Wix API key; - reads it from stdin into a file of its own
cli-init-site-id = The id of the Wix site
cli-init-base-url = Another address than Wix's own, for the emulator
cli-init-database = The warehouse database: a SQLite file or its URL; one that is not there yet is for `import`
cli-init-query = The SELECT that gives sku, quantity and perhaps warehouse, where the tables do not tell
cli-init-warehouse = Only the stock of this warehouse is summed; several are possible (default: all)
cli-init-offline = Do not ask Wix
cli-init-force = Overwrite what is there
cli-init-yes = Ask nothing: take what the flags and the environment say and what is clearly proposed

init-exists = { $file } is there already
hint-init-exists = --force overwrites it; --config names another file.
init-no-terminal = There is no terminal to ask at
hint-init-no-terminal = Give --yes, the key (WIX_API_KEY or --api-key-file), --site-id and --database.
init-missing = Not given: { $missing }
hint-init-missing = With --yes nothing is asked. --offline does without key and site.
init-no-key-on-stdin = There is no key on stdin
hint-init-no-key-on-stdin = --api-key-file - reads it from there; --api-key-file FILE names a file that has it.
init-stopped = Stopped; nothing was written
hint-init-stopped = Begin again when the answers are at hand; with --yes nothing is asked.
init-ask-key = Wix API key (it is not shown)
init-ask-site = Id of the Wix site
init-ask-database = Warehouse database, a SQLite file
init-ask-query = SELECT that gives sku, quantity and perhaps warehouse
init-which-tables = Where the stock comes from
init-own-query = a query of your own
init-which-warehouses = Warehouses that count (space chooses)
init-again = Ask for key and site again?
init-write = Write { $file }?
init-yes = yes
init-no = no
init-hidden = [hidden]
init-tables = Tables of the database:
init-table = { $rows ->
    [one] { $table } ({ $columns }), { $rows } row
   *[other] { $table } ({ $columns }), { $rows } rows
}
init-shape-default = The tables product and stock, as wixsync expects them
init-shape-two-tables = Goods and units in two tables: { $tables }
init-shape-one-table = Goods and units in one table: { $tables }
init-shape-wide = A column of units for each warehouse: { $tables }
init-no-tables = No table of { $database } has columns for SKU and quantity that are named so that they can be known
init-several-tables = Several tables of { $database } may hold the stock
hint-init-query = Say it with --query "SELECT … AS sku, … AS quantity FROM …".
init-no-such-warehouse = No stock lies in a warehouse "{ $name }"; there are: { $names }
hint-init-no-such-warehouse = Names match letter for letter.
init-database = Warehouse { $database }
init-no-database-yet = does not exist yet
init-found = SKUs: { $skus }, stock rows: { $rows }
init-warehouses = Units by warehouse: { $names }
init-not-summed = not summed
init-twice-in-warehouse = { $count ->
    [one] { $count } SKU has several rows where one is due, and would be left alone
   *[other] { $count } SKUs have several rows where one is due, and would be left alone
}
init-wix-not-asked = Wix was not asked
init-compared = Products and variants in Wix: { $listings }; SKUs of the warehouse found there: { $found }; SKUs of Wix that the warehouse does not know: { $foreign }; changes: { $changes }
init-twice-in-wix = { $count ->
    [one] { $count } SKU stands on several products or variants, and would be left alone
   *[other] { $count } SKUs stand on several products or variants, and would be left alone
}
init-warehouse = warehouse
init-wix = Wix
init-would = would be
init-in-step = as it is
init-left-alone = left alone: { $reason }
init-near = { $count ->
    [one] { $count } SKU nearly matches; SKUs match byte for byte, so correct one of the two spellings
   *[other] { $count } SKUs nearly match; SKUs match byte for byte, so correct one of the two spellings
}
init-few-match = Fewer than half of the warehouse's SKUs are in Wix: is this the right site, and the right column?
init-written = { $file } is written
init-written-key = The key is kept in { $file }, which only you may read
init-next = `wixsync plan` shows everything that would change; nothing is written by it.
init-next-import = `wixsync import FILE` takes a stock list into the warehouse, then `wixsync plan` shows what would change.
init-no-folder = { $file }: its folder does not exist
hint-init-no-folder = Make the folder, or name another place.
init-not-a-database = { $file } is not an SQLite database
hint-init-not-a-database = If it is a stock list (CSV, XLSX), name a database that does not exist yet, stock.db for example, and fill it with `wixsync import` afterwards.
init-unwritable = { $file } cannot be written: { $detail }
hint-init-unwritable = Check the rights on the folder and the space left, or name another place with --config.
