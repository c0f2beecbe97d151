# Errors of the command line, the settings and the programs around a run, and what to do about them.
# Each message has a code and a hint in `messages::errors`.
error-runtime = The program cannot start: { $detail }
error-defect = Internal error in wixsync, which has stopped: { $detail }
config-not-unicode = { $setting } is not valid UTF-8
output-lost = Could not write the result: { $detail }
error-code-unknown = Unknown error code { $code }
usage-unknown-argument = Unknown option { $argument }
usage-unknown-command = Unknown command { $command }
usage-missing-command = "{ $command }" needs a command after it: { $known }
usage-missing-argument = Missing: { $arguments }
usage-not-one-of = { $argument } cannot be "{ $value }"; possible: { $known }
usage-bad-value = { $argument } cannot be "{ $value }": { $reason }
usage-missing-value = { $argument } needs a value
usage-conflict = { $argument } and { $other } cannot be used together
usage-unreadable = Cannot read the command line: { $detail }

error-state-damaged = The state database is damaged: { $detail }
error-state-newer = The state database belongs to a newer version of wixsync: { $detail }
error-state = Cannot use the state database: { $detail }
error-fenced = Another run took over this shop; it checks what this run has sent
error-client = Cannot set up the connection to Wix: { $detail }
config-unreadable = Cannot read the settings: { $detail }
config-file-not-utf-8 = { $file } is not UTF-8
config-file-syntax = Cannot read { $file }, line { $line }: { $detail }
config-file-unreadable = Cannot read { $file }: { $detail }
config-unknown-setting = { $file }: unknown setting { $setting }; possible here: { $known }
config-wrong-type = { $file }: { $setting } must be { $expected ->
    [table] a table: [name] with its settings below it
    [list] a list in brackets: ["…", "…"]
    [flag] true or false, without quotation marks
    [number] a whole number
   *[text] a text in quotation marks
}
config-missing-setting = { $file }: { $setting } is missing
config-one-table = { $file }: [{ $name }] must be [[{ $name }]], because there may be several
config-secret-empty = { $setting } names the file { $file }, which is empty
config-unknown-variable = { $name } is set, but wixsync has no such setting
config-unknown-zone = TZ={ $name } names no known time zone. Times are shown in UTC.
config-no-file = Configuration file { $file } does not exist
config-twice = { $setting } and { $other } are both set; set only one of them
config-secret-file = { $setting } names the file { $file }, which cannot be read: { $detail }
config-bad-value = { $setting } cannot be "{ $value }"; { $kind ->
        [examples] for example
       *[all] possible
    }: { $examples }
config-database-scheme = { $setting } names a { $scheme } database, which wixsync does not support here; use one of: { $examples }
config-database-url = { $setting } is not a database URL; examples: { $examples }
config-database-name = { $setting } names a database server, but no database on it; examples: { $examples }
config-empty-query = { $setting } is empty
config-no-warehouses = [warehouse] warehouses is an empty list, so every stock would be zero; list warehouses, or remove the setting to use all of them
config-no-warehouse-url = No warehouse database is configured
config-state-is-warehouse = The state database and the warehouse database are the same file, { $file }; each needs a file of its own
config-no-state-url = No location for the state database is configured
config-shop-incomplete = Shop { $shop } is not fully configured; missing: { $missing }
config-otlp = Cannot send traces to the collector: { $detail }
config-shop-twice = Two shops have the name { $shop }
config-two-credentials = Shop { $shop } has an API key and an app; keep one of them
config-site-twice = Shops { $first } and { $second } are the same Wix site, { $site }
config-plain-http = { $setting }: { $url } would get the API key unencrypted
config-foreign = { $file } is not used: { $why ->
    [owner] { $path } belongs to another user
   *[writable] other users may write { $path }
}
state-second = The site { $site } also has another state database on this machine: { $other }. This command uses { $state }
config-shop-nameless = A [[shop]] has no name, or its name has more than { $most } characters or contains control characters
config-bad-key = { $setting } of shop { $shop } contains invalid characters
config-bad-base-url = { $setting } is not an http or https URL
config-no-such-shop = No shop has the name { $shop }; configured shops: { $names }
config-which-shop = Several shops are configured; choose one with --shop: { $names }
set-twice = { $sku } is given with two different quantities
run-ambiguous = Several runs begin with { $run }: { $runs }
run-not-found = { $run ->
        [last] There are no runs yet in the state database { $state }
       *[named] There is no run { $run } in the state database { $state }
    }
run-another-waits = Another run ({ $run }) is already waiting for shop { $shop }
run-stopped-waiting = Stopped while waiting; nothing was changed
demo-broken = Cannot set up the demo: { $detail }
demo-wrong = The shop does not show the warehouse's stock for these SKUs: { $skus }
emulator-start = Cannot start the emulator: { $detail }
emulator-file = Cannot use the shop file { $file }: { $detail }
emulator-faults = Cannot use the faults file { $file }: { $detail }

hint-fenced = This process was suspended for so long that its lease expired. `wixsync runs` shows both runs.
hint-state-damaged = Stop every wixsync that uses it and keep a copy of the file. Put back your last backup, or rename the file: the next run then starts an empty one, without history and tokens. `wixsync config show` says where the file is.
hint-state-newer = Nothing was changed. Upgrade this wixsync: `wixsync --version` says which one this is. Or set WIXSYNC_STATE_URL to a database of its own.
hint-state = The state database keeps everything that was written. Check WIXSYNC_STATE_URL, the permissions of its folder and the free disk space.
hint-warehouse-url = { $file ->
        [none] There is no wixsync.toml in the current folder, in your configuration folder or in /etc/wixsync. Create one with `wixsync init`, give its path with --config, or set WIXSYNC_WAREHOUSE_URL, for example to sqlite:///folder/warehouse.db
       *[read] Set WIXSYNC_WAREHOUSE_URL, for example to sqlite:///folder/warehouse.db
    }
hint-shop-incomplete = { $file ->
        [none] There is no wixsync.toml in the current folder, in your configuration folder or in /etc/wixsync. Create one with `wixsync init`, give its path with --config, or set these values in the environment.
       *[read] Set these values in the environment, or in the [[shop]] of wixsync.toml.
    }
hint-two-credentials = Remove api_key, or remove app_id, app_secret and instance_id. WIX_API_KEY in the environment counts as api_key.
hint-site-twice = Keep only one of them. With two names, two runs could write to the site at the same time.
hint-plain-http = Use https. Plain http is accepted only for this machine (localhost, 127.0.0.1).
hint-foreign = { $why ->
    [owner] Who can write it decides where the API key goes. Use a file and a folder of your own or of root, or: sudo chown "$USER" { $path }
   *[writable] Who can write it decides where the API key goes: chmod go-w { $path }
}
hint-state-second = Pauses, tokens and the turn of runs in one of them mean nothing in the other. Set state_url alike for every command and service, and delete the file that is no longer used.
hint-another-waits = Only one run can wait. Try again when it has ended; `wixsync runs` shows it.
hint-run-ambiguous = Give its number or more characters of its id. `wixsync runs` lists the runs.
hint-run-not-found = `wixsync runs` lists the last runs. Check that you use the right state database.
hint-runtime = Free memory, or raise the limits for threads and open files. Then start the program again.
hint-defect = Please report this error with the lines above. The next run checks everything that was sent.
hint-not-unicode = Set it again in a terminal that uses UTF-8, or put the value in wixsync.toml.
hint-output-lost = The work itself is done; `wixsync runs` shows the runs. If the output was a new token, revoke it and create another. Check the free space where the output goes.
hint-error-code-unknown = `wixsync error` lists all codes.
hint-usage-option = `{ $help }` lists all options.
hint-usage-command = `{ $help }` lists all commands.
hint-usage-value = `{ $help }` shows the arguments and their possible values.
hint-set-twice = Name each SKU only once.
hint-unknown-variable = Correct the name or remove the variable: a misspelled setting has no effect. `wixsync config show` lists all settings.
hint-unknown-zone = Set TZ to a name such as Europe/Moscow, or remove it. The schedule uses time_zone, if it is set.
hint-otlp = Set OTEL_EXPORTER_OTLP_ENDPOINT to the URL of an HTTP collector, such as http://localhost:4318, or remove it.
hint-no-file = Check the path after --config or in WIXSYNC_CONFIG, or remove both. All settings can also come from the environment.
hint-file-not-utf-8 = Save the file as UTF-8, with or without a byte order mark. In Notepad, choose the encoding in "Save as".
hint-file-syntax = { $mistake ->
    [quotes] Put the value in quotation marks: name = "value". Only numbers, true and false need none.
    [typographic] Use straight quotation marks: "value".
    [open] A quotation mark or bracket is not closed, or is inside a value. Inside "…" write \", or put the value in '…'.
    [backslash] Inside "…" a backslash begins an escape sequence. Write it twice, or put the value in '…'. Paths can use / on Windows too.
    [equals] Write a setting as name = "value", one per line.
    [empty] Add a value after the equals sign, or remove the line.
    [twice] This name is already set above. Keep only one of the two.
   *[unclear] `wixsync config example` prints a file with all settings.
}
hint-config-file = Correct this place in the file, then check with `wixsync config check`.
hint-one-table = Write [[{ $name }]] with two brackets on each side, then check with `wixsync config check`.
hint-config-value = Correct the value where it is set, then check with `wixsync config check`.
hint-twice = Remove one of the two.
hint-secret-file = Check the path, and that this user may read the file.
hint-secret-empty = Write the secret into the file, on a single line.
hint-database-scheme = If your stock is elsewhere, save it as a list and take it in with `wixsync import FILE`.
hint-database-name = `psql -l` lists the databases of PostgreSQL, `SHOW DATABASES` those of MySQL and MariaDB.
hint-database-url = The path of a file needs three slashes where it is absolute, two where it is relative. In a password, write signs such as @ / : % as %40 %2F %3A %25.
hint-shop-names = Give each [[shop]] its own name.
hint-bad-key = Copy it from Wix again, completely and without spaces or line breaks.
hint-bad-base-url = { $of ->
        [collector] Set it to the URL of an HTTP collector, such as http://localhost:4318. Without it, no traces are sent.
        [proxy] Set it to the URL of an HTTP proxy, such as http://proxy.example.com:3128, or remove it.
        [dead-man] Set it to the complete URL that your monitoring service shows, such as https://example.com/ping, or remove it.
       *[wix] Remove it to use Wix itself. For the emulator, use the address that the emulator prints.
    }
hint-shop-option = Choose one of them, or leave --shop out if there is only one shop.
hint-which-shop = Add --shop NAME, or name one of the shops "default".
hint-empty-query = Write a SELECT that returns sku, quantity and optionally warehouse, or remove the setting.
hint-no-warehouses = Remove the setting to add up all warehouses.
hint-state-is-warehouse = Set WIXSYNC_STATE_URL or state_url in wixsync.toml to another file, for example sqlite:///folder/state.db.
hint-no-state-url = Set WIXSYNC_STATE_URL, for example to sqlite:///folder/state.db.
hint-client = Check the certificates and the network settings of this machine.
hint-stopped-waiting = Start it again when the other run has ended. `wixsync runs` shows that run.
hint-emulator-start = Another program may be using this port. `--listen 127.0.0.1:0` chooses a free one.
hint-emulator-file = { $why ->
    [unreadable] Check the path, and that this user may read the file.
   *[content] Correct the file. Its format is described in crates/wix-emulator/README.md in the source code.
}
hint-demo = The demo needs a folder for temporary files with some free space, and a free port on this machine.
hint-demo-wrong = This is a bug in wixsync. Please report it with the lines above.
hint-line-rejected = The reason comes from Wix. Correct the product in Wix; the next run tries again.
hint-line-suspect = The next run reads it again. Look at `wixsync explain SKU`, and check whether someone changed it in Wix.
hint-line-unresolved = The next run reads it again before it writes.
