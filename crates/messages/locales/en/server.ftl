# The service.
api-started = Synchronisation with Wix started
api-started-dry-run = Dry run accepted: nothing is written to Wix
api-started-plan = Plan accepted: nothing is written to Wix
api-started-apply = Applying the plan accepted
api-started-set = Setting the quantities accepted

problem-no-such-path = There is no such path
problem-hint-no-such-path = /docs lists all paths.
problem-wrong-method = This path does not take that method
problem-no-such-run = There is no such run
problem-hint-no-such-run = GET /api/v1/runs lists the runs; those older than the history is kept are gone.
problem-no-such-shop = No shop of this name is configured
problem-hint-no-such-shop = GET /api/v1/shops lists the shops.
problem-which-shop = Several shops are configured; name one as `shop`
problem-no-token = A valid token is needed
problem-hint-no-token = Send `Authorization: Bearer TOKEN`. `wixsync token create NAME` makes one.
problem-not-allowed = The token does not allow this
problem-hint-not-allowed = `wixsync token create NAME --scope run` makes a token that starts runs, `--scope admin` one that may do everything.
problem-too-many-tries = Too many tries with tokens that are not valid
problem-hint-too-many-tries = Wait as long as the header Retry-After says, and use a valid token.
problem-not-json = The body is not JSON
problem-bad-body = The body holds something that is not known or not allowed
problem-bad-query = The query holds something that is not known or not allowed
problem-hint-bad-body = /docs describes what each path takes.
problem-body-too-large = The body is too large
problem-hint-body-too-large = At most 1 MiB; send it in several requests.
problem-encoded-body = The body is compressed
problem-hint-encoded-body = Send it as it is, without Content-Encoding.
problem-bad-key = Idempotency-Key must hold 1 to 255 visible characters
problem-hint-bad-key = A random UUID does.
problem-key-reused = This Idempotency-Key was used for another request
problem-hint-key-reused = Use a new key for a new request.
problem-another-waits = The shop has work, and another request waits for it already
problem-hint-another-waits = Try again when that run has begun, or cancel it.
problem-shop-paused = All writing to this shop is stopped
problem-hint-shop-paused = `wixsync resume` or POST /api/v1/shops/SHOP/resume lets it go on.
problem-run-is-over = The run has ended
problem-hint-run-is-over = Nothing is left to end; GET /api/v1/runs/RUN tells how it went.
problem-not-a-task = The run was started from a command line
problem-hint-not-a-task = Ctrl-C there ends it.
problem-shop-failed = The shop could not be asked
problem-took-too-long = The request took too long
problem-hint-took-too-long = Try again in a few minutes; the log of the service says more.
problem-state-failed = The state database cannot be used
problem-hint-state-failed = Look into the log of the service; check the rights on the folder of the state database and the space left.
# What does not fit in a request. `path` is the way to a value, such as `skus[2]`.
fit-unknown-field = There is no field `{ $name }`; there are { $known }
fit-unknown-parameter = There is no parameter `{ $name }`; there are { $known }
fit-no-fields = There is no field `{ $name }`: this path takes none
fit-missing = Field `{ $name }` is missing
fit-twice = `{ $name }` stands twice
fit-not-one-of = `{ $path }` cannot be `{ $word }`; it can be { $known }
fit-wrong-type = `{ $path }` must be { $wanted }, and is { $found }
fit-body-type = The body must be an object, and is { $found }
fit-out-of-range = `{ $path }` must be a whole number from { $least } to { $most }
fit-empty = `{ $path }` must not be empty
fit-too-many = `{ $path }` has more than { $most } entries
fit-unsuitable = `{ $path }` holds a value that is not allowed
fit-cursor = `cursor` must be the `next_cursor` of the page before
fit-no-parameters = This path takes no parameters; given was `{ $query }`
fit-path-no-text = What stands for `{ $name }` in the path is not UTF-8
fit-not-json = Not JSON at line { $line }, column { $column }
fit-json-ends = The JSON ends too early, at line { $line }, column { $column }
fit-broke-off = The body broke off on its way
fit-type-null = null
fit-type-bool = true or false
fit-type-whole = a whole number
fit-type-fraction = a number with a fraction
fit-type-text = a string
fit-type-list = a list
fit-type-object = an object

problem-defect = Something went wrong in wixsync
problem-hint-defect = Look into the log of the service for the request's id (header X-Request-Id).

cli-serve = Run the service: HTTP API, schedule, runs
cli-serve-settings = Where it listens, when it runs and in which time zone: WIXSYNC_LISTEN (127.0.0.1:8080), WIXSYNC_SCHEDULE (1h) and WIXSYNC_TIME_ZONE, or listen, schedule and time_zone in wixsync.toml. `wixsync config show` has every setting.
cli-worker = Run tasks only, beside a service that shares the state database
cli-pause = Stop all writing to a shop, whoever asks for it, until `resume`
cli-resume = Let writing to a shop go on
cli-token = Make, list and revoke tokens for the HTTP API
cli-token-create = Make a token; it is shown once
cli-token-list = List the tokens, without the tokens themselves
cli-token-revoke = Take a token away
cli-token-name = The token's name
cli-token-scope = What it allows: to look, to start runs, everything
cli-token-days = After how many days it ends (default: never)

serve-serves = wixsync serves at { $url }
serve-docs = Description of the API: { $url }/docs/
serve-in-the-open = Other machines can reach it, and tokens go over the wire as they are: put a proxy with TLS in front of it
serve-state = State database: { $state }
serve-no-warehouse = There is no warehouse database at { $warehouse }: runs fail until there is one
serve-shop-next = Shop { $shop }: next run { $at }
serve-shop-paused = Shop { $shop }: paused since { $since }; it runs again after `{ $command }`
serve-shop-never = Shop { $shop }: nothing runs by itself, only when it is asked for
serve-check = `wixsync doctor` checks the settings, the warehouse and the shops
serve-first-token = The first token, which allows everything. It is shown this once: { $token }
log-handed-back = The task is handed back: whoever is started next goes on with it
serve-cannot-listen = { $address } cannot be listened at: { $why ->
    [taken] another program listens there
    [forbidden] this user may not
    [not_here] this machine has no such address
   *[unusual] { $detail }
}
hint-serve-cannot-listen = { $why ->
    [forbidden] Ports below 1024 want special rights; WIXSYNC_LISTEN names another address.
   *[unusual] WIXSYNC_LISTEN names another address.
}
serve-broken = A part of the service has ended before it was asked to; the log says why
hint-serve-broken = Look into the log and start the service again; under systemd that happens by itself.
serve-no-metrics = Figures cannot be counted: { $detail }
worker-works = wixsync works off tasks

shop-is-paused = Shop { $shop } is paused: nothing is written to it until `{ $command }`
shop-is-resumed = Shop { $shop } is written to again

token-shown-once = It is shown this once. Send it as `Authorization: Bearer TOKEN`.
token-no-randomness = No random numbers for a token: { $detail }
hint-token-no-randomness = The system gives no random numbers; that passes soon after its start.
token-bad-name = A token's name has at most { $most } characters, no control characters, and does not begin with `{ $taken }`
hint-token-bad-name = Name it after whoever uses it, for example `shop-backend`.
token-name-taken = There is a token { $name } already
hint-token-name-taken = Choose another name, or take that one away with `wixsync token revoke`.
token-unknown = There is no token { $name }
hint-token-unknown = `wixsync token list` lists them.
token-revoked = Token { $name } is taken away
token-none = No tokens
token-name = name
token-scope = scope
token-created = made
token-expires = ends
token-used = last used
