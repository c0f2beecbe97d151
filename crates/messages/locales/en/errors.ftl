# What goes wrong with the command line, the settings and the programs around a run, and what to do about it.
# Each message has a code in `messages::errors`, and its hint there.
error-runtime = The program cannot start: { $detail }
error-defect = wixsync made a mistake and stopped: { $detail }
config-not-unicode = { $setting } is not valid UTF-8
output-lost = The result could not be written out: { $detail }
error-code-unknown = There is no error code { $code }
usage-unknown-argument = There is no option { $argument } here
usage-unknown-command = There is no command { $command }
usage-missing-command = A command is missing after "{ $command }"; there are: { $known }
usage-missing-argument = Missing: { $arguments }
usage-not-one-of = { $argument } cannot be "{ $value }"; possible: { $known }
usage-bad-value = { $argument } cannot be "{ $value }": { $reason }
usage-missing-value = { $argument } needs a value
usage-conflict = { $argument } and { $other } do not go together
usage-unreadable = The command line cannot be read: { $detail }

error-state = The state database cannot be used: { $detail }
error-fenced = Another run has taken this shop over; what was sent is settled by that run
error-client = The connection to Wix cannot be set up: { $detail }
config-unreadable = The settings cannot be read: { $detail }
config-file-not-utf-8 = { $file } is not UTF-8
config-file-syntax = { $file }, line { $line } cannot be read: { $detail }
config-file-unreadable = { $file } cannot be read: { $detail }
config-unknown-setting = { $file }: there is no setting { $setting } here; there are: { $known }
config-wrong-type = { $file }: { $setting } should be { $expected }
config-missing-setting = { $file }: { $setting } is missing
config-secret-empty = The file { $file }, which { $setting } names, is empty
config-unknown-variable = { $name } is set, and is no setting of wixsync; the README lists them all
config-no-file = There is no configuration file { $file }
config-twice = { $setting } and { $other } are both set; set one of them
config-secret-file = The file { $file }, which { $setting } names, cannot be read: { $detail }
config-bad-value = { $setting } cannot be "{ $value }"; { $kind ->
        [examples] for example
       *[all] possible
    }: { $examples }
config-database-scheme = { $setting } names a { $scheme } database; this version reads SQLite (sqlite://file)
config-database-url = { $setting } is not the URL of a database; example: sqlite:///folder/file.db
config-empty-query = { $setting } is empty
config-no-warehouses = [warehouse] warehouses is an empty list: that would make every stock zero. Name the warehouses, or leave the setting out for all of them
config-no-warehouse-url = No warehouse database is configured
config-state-is-warehouse = The state database and the warehouse database are the same file; the warehouse is only ever read, so set WIXSYNC_STATE_URL to a file of its own
config-no-state-url = It is not known where to keep the state database
config-shop-incomplete = Shop { $shop } is not fully configured; missing: { $missing }
config-otlp = Traces cannot be sent to the collector: { $detail }
config-shop-twice = Two shops are named { $shop }
config-site-twice = Shops { $first } and { $second } are the same Wix site, { $site }
config-shop-nameless = A [[shop]] has no name, or one that is longer than { $most } characters or has control characters
config-bad-key = { $setting } of shop { $shop } has characters that it cannot have
config-bad-base-url = { $setting } is not an http or https address
config-no-such-shop = No shop is named { $shop }; there are: { $names }
config-which-shop = Several shops are configured; name one with --shop: { $names }
set-twice = { $sku } is given with two different quantities
run-ambiguous = Several runs begin with { $run }: { $runs }
run-not-found = There is no run { $run }
run-another-waits = Another run ({ $run }) waits for shop { $shop } already
run-stopped-waiting = Stopped while waiting; nothing was done
demo-broken = The demonstration cannot be set up: { $detail }
demo-wrong = The shop does not show what the warehouse says: { $skus }
emulator-start = The emulator cannot start: { $detail }
emulator-file = The shop file { $file } cannot be used: { $detail }
emulator-faults = The faults file { $file } cannot be used: { $detail }

hint-fenced = This process was held up for longer than its lease lives. `wixsync runs` shows both runs.
hint-state = The state database keeps what was written. Check WIXSYNC_STATE_URL, the rights on its folder and the space left.
hint-warehouse-url = { $file ->
        [none] No wixsync.toml was found in the current folder, nor in your configuration folder. `wixsync init` writes one, --config names one elsewhere; or set WIXSYNC_WAREHOUSE_URL, for instance to sqlite:///folder/warehouse.db
       *[read] Set WIXSYNC_WAREHOUSE_URL, for instance to sqlite:///folder/warehouse.db
    }
hint-shop-incomplete = { $file ->
        [none] No wixsync.toml was found in the current folder, nor in your configuration folder. `wixsync init` writes one, --config names one elsewhere; or set them in the environment.
       *[read] Set them in the environment, or in the [[shop]] of wixsync.toml.
    }
hint-site-twice = Keep one of the two: under two names nothing would stop two runs from writing to the site at once.
hint-another-waits = One may wait. Try again when it is over, or see `wixsync runs`.
hint-run-ambiguous = Give more characters of the id; `wixsync runs` lists them.
hint-run-not-found = `wixsync runs` lists the last runs. Is it the same state database?
hint-defect = Please report it with the lines above. What was sent is settled by the next run.
hint-runtime = Free memory or raise the limits on threads and open files, then start it again.
hint-not-unicode = Set it anew in a terminal that uses UTF-8, or put the value into wixsync.toml.
hint-output-lost = What was done is done; `wixsync runs` shows runs again. A token that nobody saw: revoke it and make another. Check the space where the output goes.
hint-error-code-unknown = `wixsync error` lists them all.
hint-usage-option = `wixsync COMMAND --help` has every option.
hint-usage-command = `wixsync --help` has every command.
hint-usage-value = `wixsync COMMAND --help` says what goes there.
hint-set-twice = Name each SKU once.
hint-unknown-variable = Correct its name, or take it away: a setting that is misspelt has no effect.
hint-otlp = Give OTEL_EXPORTER_OTLP_ENDPOINT the address of an HTTP collector, such as http://localhost:4318, or leave it out.
hint-no-file = Check the path after --config or in WIXSYNC_CONFIG, or leave both out: settings may come from the environment alone.
hint-file-not-utf-8 = Save it again as UTF-8; in Notepad, that is the encoding in "Save as". With or without a byte order mark.
hint-file-syntax = { $mistake ->
    [quotes] Put the value in quotation marks: name = "value". Only numbers, true and false stand without.
    [typographic] Use straight quotation marks: "value".
    [open] A quotation mark or a bracket is not closed, or stands inside a value. Inside "…" write \", or put the value in '…'.
    [backslash] Inside "…" a backslash begins an escape: write it twice, or put the value in '…'. Paths may have / also on Windows.
    [equals] A setting is written name = "value", one on a line.
    [empty] Put a value behind the sign, or take the line out.
    [twice] The name stands there before; leave one of the two.
   *[unclear] `wixsync config example` shows a file of all settings.
}
hint-config-file = Correct wixsync.toml there and try `wixsync config show`.
hint-config-value = Correct it where it is set; `wixsync config show` says where a value comes from.
hint-twice = Remove one of the two.
hint-secret-file = Check the path and that this user may read the file.
hint-secret-empty = Write the secret into it, alone on one line.
hint-database-scheme = Name a SQLite file: sqlite:///folder/file.db.
hint-database-url = Three slashes before an absolute path, two before a relative one.
hint-shop-names = Give each [[shop]] a name of its own.
hint-bad-key = Copy it from Wix again, whole and without spaces or line breaks.
hint-bad-base-url = { $of ->
        [collector] Give it the address of an HTTP collector, such as http://localhost:4318, or leave it out: then no traces are sent.
        [dead-man] Give it the whole address that your watch service shows, such as https://example.com/ping, or leave it out.
       *[wix] Leave it out for Wix itself; for the emulator take the address that it prints.
    }
hint-shop-option = Name one of them, or leave --shop out where there is one shop.
hint-which-shop = Add --shop NAME, or name one of them "default".
hint-empty-query = Write a SELECT that gives sku, quantity and perhaps warehouse, or leave the setting out.
hint-no-warehouses = Leave the setting out to sum all warehouses.
hint-state-is-warehouse = Give the state a file of its own, for instance sqlite:///folder/state.db.
hint-no-state-url = Set WIXSYNC_STATE_URL, for instance to sqlite:///folder/state.db.
hint-client = The certificates or the network settings of this machine cannot be used; check them.
hint-stopped-waiting = Start it again when the other run is over; `wixsync runs` shows it.
hint-emulator-start = Another program may have this port; `--listen 127.0.0.1:0` takes a free one.
hint-emulator-file = Correct the file; crates/wix-emulator/README.md of the source describes it.
hint-demo = The demonstration needs a folder for temporary files with some space and a port on this machine.
hint-demo-wrong = This is a defect of wixsync: please report it with the lines above.
hint-line-rejected = The reason is Wix's own. Correct the product in Wix; the next run tries again.
hint-line-suspect = The next run reads it anew. See `wixsync explain SKU`, and whether somebody changed it in Wix meanwhile.
hint-line-unresolved = The next run reads it anew before it writes.
