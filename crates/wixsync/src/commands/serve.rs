//! `serve` and `worker`: the service, until it is stopped.

mod startup;

use std::fmt::Display;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use clap::ArgMatches;
use domain::ShopName;
use messages::{Lang, Text};
use server::{Driver, ListIntake, Role, Service};
use sync::ports::{Access, Store};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::token::new_token;
use crate::clock::{WallClock, new_run_id};
use crate::config::{Origin, Settings};
use crate::context::Context;
use crate::error::Failure;
use crate::importing::intake::Intake;
use crate::known_states;
use crate::output::Output;
use crate::shops::Shops;
use crate::signals::stop_on_signal;
use crate::wiring;

/// The name of the token that the first `serve` makes.
const FIRST_TOKEN: &str = "first";
/// How long a task of an idle shop may wait.
const LATE_AFTER: Duration = Duration::from_mins(5);
/// How long a request to the API may take; some of them ask Wix.
const TIMEOUT: Duration = Duration::from_mins(2);
/// How much longer than a request to Wix may take, the stop waits for requests under way.
const GRACE: Duration = Duration::from_secs(5);
/// How many connections to the API are served at once, at most.
const CONNECTIONS: u64 = 1024;
const DAY: Duration = Duration::from_hours(24);

/// Serves the API and does the background work.
pub(super) async fn serve(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let intake = Intake::open(&context.settings, context.messages).await?;
    let state = wiring::open_state(&context.settings).await?;
    let intake = intake.map(|intake| Arc::new(intake) as Arc<dyn ListIntake>);
    let service = Arc::new(new_service(context, Arc::clone(&state)).await?.with_intake(intake));
    let address = args.get_one("listen").copied().unwrap_or(context.settings.service.listen.value);
    let listening =
        TcpListener::bind(address).await.and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) = listening.map_err(|error| cannot_listen(address, &error))?;
    // Before the dispatcher could start a dry run that a killed check-up left, and while a database that cannot be
    // written to still ends the start.
    server::sweep(&*state, service.clock.now()).await?;
    service.begin_schedules().await?;
    make_first_token(context, &*state).await?;
    // Before the greeting: a reader of it may ask the service to stop.
    let stop = stop_on_signal(tell_of_stop(context));
    startup::tell(context, &service, address).await?;
    tell_supervisor(&stop);
    let mut parts = JoinSet::new();
    parts.spawn(Driver::new(Arc::clone(&service), Role::Serve, &stop).run());
    let (serving, until) = (Arc::clone(&service), stop.clone());
    parts.spawn(server::serve(listener, serving, until));
    finish(context, parts, &stop, &*state).await
}

/// Executes tasks, as one more process beside one that serves.
pub(super) async fn worker(context: &Context) -> Result<u8, Failure> {
    let state = wiring::open_state(&context.settings).await?;
    let service = service(context, Arc::clone(&state)).await?;
    server::sweep(&*state, service.clock.now()).await?;
    let stop = stop_on_signal(tell_of_stop(context));
    startup::tell_of_worker(context)?;
    tell_supervisor(&stop);
    let mut parts = JoinSet::new();
    parts.spawn(Driver::new(service, Role::Worker, &stop).run());
    finish(context, parts, &stop, &*state).await
}

/// Why the service cannot listen at the address. Common reasons have their own message.
pub(super) fn cannot_listen(address: impl Display, error: &std::io::Error) -> Failure {
    let why = match error.kind() {
        ErrorKind::AddrInUse => "taken",
        ErrorKind::PermissionDenied => "forbidden",
        ErrorKind::AddrNotAvailable => "not_here",
        _ => "unusual",
    };
    let text = Text::new("serve-cannot-listen").with("address", address).with("why", why);
    Failure::failed(text.with("detail", error))
}

/// Tells a supervisor that asks for it (systemd, `Type=notify`) that the service is ready, and later that it stops.
#[cfg(target_os = "linux")]
fn tell_supervisor(stop: &CancellationToken) {
    use sd_notify::NotifyState;
    let tell = |state: NotifyState<'_>| {
        if let Err(error) = sd_notify::notify(&[state]) {
            tracing::warn!(%error, "the supervisor could not be told how it stands");
        }
    };
    tell(NotifyState::Ready);
    let stop = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            never = watchdog(tell) => match never {},
        }
        tell(NotifyState::Stopping);
    });
}

/// Tells a supervisor that watches (systemd, `WatchdogSec`), twice in its period, that tasks still run in this process.
#[cfg(target_os = "linux")]
async fn watchdog(tell: impl Fn(sd_notify::NotifyState<'_>)) -> std::convert::Infallible {
    let Some(period) = sd_notify::watchdog_enabled().filter(|period| !period.is_zero()) else {
        return std::future::pending().await;
    };
    let mut ticks = tokio::time::interval(period / 2);
    loop {
        ticks.tick().await;
        tell(sd_notify::NotifyState::Watchdog);
    }
}

#[cfg(not(target_os = "linux"))]
fn tell_supervisor(_: &CancellationToken) {}

/// Waits for all parts. A part that ends before a stop ends the others too, so that a supervisor restarts the service.
async fn finish(
    context: &Context,
    mut parts: JoinSet<()>,
    stop: &CancellationToken,
    state: &dyn Store,
) -> Result<u8, Failure> {
    let mut whole = true;
    while let Some(part) = parts.join_next().await {
        whole &= part.is_ok() && stop.is_cancelled();
        stop.cancel();
    }
    state.close().await;
    if !whole {
        return Err(Failure::failed(Text::new("serve-broken")));
    }
    tracing::info!("{}", context.messages.get("log-stopped"));
    Ok(0)
}

/// Says in the log that the service stops, and what it still waits for.
fn tell_of_stop(context: &Context) -> impl FnOnce() + Send + 'static {
    let text = context.messages.get("log-stopping");
    move || tracing::info!("{text}")
}

/// The service, over this state database.
pub(super) async fn service(context: &Context, state: Arc<dyn Store>) -> Result<Arc<Service>, Failure> {
    Ok(Arc::new(new_service(context, state).await?))
}

async fn new_service(context: &Context, state: Arc<dyn Store>) -> Result<Service, Failure> {
    let mut settings = service_settings(&context.settings)?;
    let installation = state.installation(new_run_id().as_str()).await?;
    for (_, schedule) in &mut settings.shops {
        *schedule = schedule.take().map(|schedule| schedule.of_installation(&installation));
    }
    for shop in &context.settings.shops {
        shop.credentials()?;
        known_states::check(context, shop);
    }
    let metrics = server::install_metrics()
        .map_err(|error| Failure::failed(Text::new("serve-no-metrics").with("detail", error)))?;
    let shops = Shops::open(&context.settings, context.messages, Arc::clone(&state))?;
    let clock = Arc::new(WallClock);
    Ok(Service::new(state, Arc::new(shops), clock, settings, new_run_id, metrics))
}

fn service_settings(settings: &Settings) -> Result<server::Settings, Failure> {
    let service = &settings.service;
    let shops = settings.shops.iter().map(|shop| Ok((shop.name.clone(), service.schedule_of(shop)?)));
    let shops: Vec<_> = shops.collect::<Result<_, Failure>>()?;
    let default = ShopName::new("default");
    let default_shop = match shops.as_slice() {
        [(only, _)] => Some(only.clone()),
        several => several.iter().map(|(name, _)| name).find(|name| **name == default).cloned(),
    };
    let lang = match settings.lang.origin {
        Origin::Default => Lang::Ru,
        _ => settings.lang.value,
    };
    Ok(server::Settings {
        shops,
        default_shop,
        lang,
        keep: DAY * service.history_days.value,
        late_after: LATE_AFTER,
        timeout: TIMEOUT,
        connections: connections(),
        grace: settings.http_timeout.value + GRACE,
        dead_man: wiring::dead_man(settings),
    })
}

/// How many connections to serve: half of the files that a process may open; databases and Wix need the rest. Most
/// systems allow far more open files than they grant at first, so this asks for more.
fn connections() -> usize {
    let files = rlimit::increase_nofile_limit(2 * CONNECTIONS).unwrap_or_else(|error| {
        tracing::warn!(%error, "how many files may be open is not known");
        CONNECTIONS / 4
    });
    usize::try_from((files / 2).clamp(1, CONNECTIONS)).unwrap_or(1)
}

/// Makes the first token, where there is none, and shows it once, beside the log and not in it.
async fn make_first_token(context: &Context, state: &dyn Store) -> Result<(), Failure> {
    let made = new_token(FIRST_TOKEN, Access::Admin, None)?;
    if state.add_first_token(&made.record).await? {
        // On a line of its own, so that it can be copied whole.
        Output::aside(&format!("{}\n{}", context.messages.get("serve-first-token"), made.token));
    }
    Ok(())
}
