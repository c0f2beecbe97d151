# The service.
api-welcome = wixsync is running. /docs/ describes its API; use a token that `wixsync token create NAME` creates.
api-started = Synchronization with Wix started
api-started-dry-run = Dry run accepted; nothing is written to Wix
api-started-plan = Plan accepted; nothing is written to Wix
api-started-apply = Request to apply the plan accepted
api-started-set = Request to set the quantities accepted

problem-no-such-path = This path does not exist
problem-hint-no-such-path = /docs lists all paths.
problem-wrong-method = This path does not support this method
problem-no-such-run = This run does not exist
problem-hint-no-such-run = GET /api/v1/runs lists the runs. Older runs are deleted after the history period.
problem-no-such-shop = No shop with this name is configured
problem-hint-no-such-shop = GET /api/v1/shops lists the shops.
problem-which-shop = Several shops are configured; choose one in `shop`
problem-no-token = A valid token is required
problem-hint-no-token = Send `Authorization: Bearer TOKEN`. `wixsync token create NAME` creates a token.
problem-not-allowed = The token does not allow this
problem-hint-not-allowed = `wixsync token create NAME --scope run` creates a token that may start runs, `--scope admin` one that may do everything.
problem-too-many-tries = Too many attempts with invalid tokens
problem-hint-too-many-tries = Wait as long as the header Retry-After says, then use a valid token.
problem-too-many-explanations = Too many explanations with this token
problem-hint-too-many-explanations = Wait as long as the header Retry-After says. A token may ask for 30 explanations in a minute; `runs` and `run` tell of many SKUs at once.
problem-not-json = The body is not JSON
problem-bad-body = The body contains an unknown field or a value that is not allowed
problem-bad-query = The query contains an unknown parameter or a value that is not allowed
problem-hint-bad-body = /docs describes what each path accepts.
problem-body-too-large = The body is too large
problem-hint-body-too-large = The limit is 1 MiB. Split the request into several ones.
problem-encoded-body = The body is compressed
problem-hint-encoded-body = Send it uncompressed, without Content-Encoding.
problem-bad-key = Idempotency-Key must have 1 to 255 visible characters
problem-hint-bad-key = For example, use a random UUID.
problem-key-reused = This Idempotency-Key was used for another request
problem-hint-key-reused = Use a new key for a new request.
problem-another-waits = The shop is busy, and another request is already waiting for it
problem-hint-another-waits = Try again when that run has started, or cancel it.
problem-shop-paused = Writing to this shop is paused
problem-hint-shop-paused = Resume it with `wixsync resume` or POST /api/v1/shops/SHOP/resume.
problem-run-is-over = The run has already ended
problem-hint-run-is-over = There is nothing to cancel. GET /api/v1/runs/RUN shows its result.
problem-not-a-task = The run was started from a command line
problem-hint-not-a-task = Stop it there with Ctrl-C.
problem-shop-failed = The shop could not be reached
problem-took-too-long = The request took too long
problem-hint-took-too-long = Try again in a few minutes. The service's log has details.
problem-state-damaged = The state database is damaged
problem-hint-state-damaged = Stop the service and keep a copy of the file. Put back your last backup, or rename the file: the service then starts an empty one, without history and tokens.
problem-state-failed = The state database does not work
problem-hint-state-failed = Look in the service's log. Check the permissions of the state database's folder and the free disk space.
# Validation errors of a request. `path` is the path to a value, such as `skus[2]`.
fit-unknown-field = Unknown field `{ $name }`; possible: { $known }
fit-unknown-parameter = Unknown parameter `{ $name }`; possible: { $known }
fit-no-fields = Unknown field `{ $name }`; this path accepts no fields
fit-missing = Field `{ $name }` is missing
fit-twice = `{ $name }` is given twice
fit-not-one-of = `{ $path }` cannot be `{ $word }`; possible: { $known }
fit-wrong-type = `{ $path }` must be { $wanted }, but is { $found }
fit-body-type = The body must be an object, but is { $found }
fit-out-of-range = `{ $path }` must be a whole number from { $least } to { $most }
fit-empty = `{ $path }` must not be empty
fit-too-many = `{ $path }` has more than { $most } entries
fit-unsuitable = `{ $path }` has a value that is not allowed
fit-cursor = `cursor` must be the `next_cursor` of the previous page
fit-no-parameters = This path accepts no parameters, but got `{ $query }`
fit-path-no-text = The value of `{ $name }` in the path is not UTF-8
fit-not-json = Invalid JSON at line { $line }, column { $column }
fit-json-ends = The JSON is incomplete; it ends at line { $line }, column { $column }
fit-broke-off = The connection broke while the body was sent
fit-too-slow = The body did not arrive within { $seconds } seconds
fit-type-null = null
fit-type-bool = true or false
fit-type-whole = a whole number
fit-type-fraction = a number with decimals
fit-type-text = a string
fit-type-list = a list
fit-type-object = an object

problem-defect = wixsync has an internal error
problem-hint-defect = Look in the service's log for the request id (header X-Request-Id).

cli-serve = Run the service: HTTP API, schedule and runs
cli-serve-listen = Address to listen on; overrides WIXSYNC_LISTEN and the configuration file
cli-serve-settings = Address, schedule and time zone: WIXSYNC_LISTEN (127.0.0.1:8080), WIXSYNC_SCHEDULE (1h) and WIXSYNC_TIME_ZONE, or listen, schedule and time_zone in wixsync.toml. `wixsync config show` shows every setting.
cli-worker = Only process tasks, next to a service with the same state database
cli-pause = Stop all writing to a shop until `resume`
cli-resume = Allow writing to a shop again
cli-token = Create, list and revoke tokens for the HTTP API
cli-token-create = Create a token; it is shown only once
cli-token-list = List the tokens, without the tokens themselves
cli-token-revoke = Revoke a token
cli-token-name = Name of the token
cli-token-scope = What it allows: read, start runs, or everything
cli-token-days = Days until it expires (default: never)

serve-serves = wixsync is running at { $url }
serve-docs = API documentation: { $url }/docs/
serve-in-the-open = Other machines can reach the service, and tokens travel unencrypted: put a proxy with TLS in front of it
serve-state = State database: { $state }
serve-no-warehouse = There is no warehouse database at { $warehouse }; runs fail until it exists
serve-shop-next = Shop { $shop }: next run { $at }
serve-shop-paused = Shop { $shop }: paused since { $since }; `{ $command }` resumes it
serve-shop-never = Shop { $shop }: no scheduled runs; start them on request
serve-check = `wixsync doctor` checks the settings, the warehouse and the shops
serve-first-token = The first token, which allows everything. It is shown only this once; send it as `Authorization: Bearer TOKEN`:
log-handed-back = The task goes back to the queue; the next service or worker continues it
log-stopping = Stopping. Requests that are under way end first; another Ctrl-C or SIGTERM stops at once
log-stopped = Stopped
serve-cannot-listen = Cannot listen on { $address }: { $why ->
    [taken] the port is in use
    [forbidden] this user is not allowed to
    [not_here] this machine does not have this address
   *[unusual] { $detail }
}
hint-serve-cannot-listen = { $why ->
    [forbidden] Ports below 1024 need special permissions. Give another address with --listen, in WIXSYNC_LISTEN or as listen in wixsync.toml.
   *[unusual] Give another address with --listen, in WIXSYNC_LISTEN or as listen in wixsync.toml.
}
serve-broken = A part of the service has stopped unexpectedly; the log shows why
hint-serve-broken = Look in the log and start the service again. systemd restarts it automatically.
serve-no-metrics = Cannot collect metrics: { $detail }
worker-works = wixsync is processing tasks

shop-is-paused = Shop { $shop } is paused: nothing is written to it until `{ $command }`
shop-is-resumed = Shop { $shop }: writing is allowed again

token-shown-once = It is shown only this once. Send it as `Authorization: Bearer TOKEN`.
token-no-randomness = Cannot get random numbers for a token: { $detail }
hint-token-no-randomness = The system provides no random numbers. Shortly after a system start, try again.
token-bad-name = A token's name must have at most { $most } characters, contain no control characters, and not begin with `{ $taken }`
hint-token-bad-name = Name it after the program that uses it, for example `shop-backend`.
token-name-taken = Token { $name } already exists
hint-token-name-taken = Choose another name, or revoke that token with `wixsync token revoke { $word }`.
token-unknown = Token { $name } does not exist
hint-token-unknown = `wixsync token list` lists all tokens.
token-revoked = Token { $name } revoked
token-none = No tokens
token-name = name
token-scope = scope
token-created = created
token-expires = expires
token-used = last used
