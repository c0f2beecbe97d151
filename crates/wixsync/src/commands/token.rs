//! `token`: who may ask the service for what.

use std::time::Duration;

use clap::ArgMatches;
use comfy_table::Table;
use domain::UnixMillis;
use messages::{Messages, Text};
use serde_json::{Value, json};
use server::{CHECK_UP_TOKENS, NewToken, utc_time};
use sync::ports::{Access, Clock, TokenRecord};

use super::option;
use crate::clock::{WallClock, random_bits};
use crate::context::Context;
use crate::error::Failure;
use crate::known_states;
use crate::output::shell::shell_word;
use crate::output::time::{ShortTimes, local};
use crate::output::{Output, table};
use crate::wiring;

/// The longest name of a token, in characters.
const LONGEST_NAME: usize = 100;
const DAY: Duration = Duration::from_hours(24);

pub(super) async fn run(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    wiring::require_shop(&context.settings)?;
    for shop in &context.settings.shops {
        known_states::check(context, shop);
    }
    match args.subcommand() {
        Some(("create", args)) => create(context, args).await,
        Some(("list", _)) => list(context).await,
        Some(("revoke", args)) => revoke(context, args).await,
        // clap lets no other word through.
        _ => Ok(crate::error::USAGE),
    }
}

/// A token of random bits.
pub(super) fn new_token(name: &str, access: Access, life: Option<Duration>) -> Result<NewToken, Failure> {
    let bits = random_bits()
        .map_err(|error| Failure::failed(Text::new("token-no-randomness").with("detail", error)))?;
    let now = WallClock.now();
    Ok(NewToken::new(bits, name, access, now, life.map(|life| now.saturating_add(millis(life)))))
}

/// A length as it is added to a moment.
pub(super) fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

async fn create(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let name = option(args, "name").unwrap_or_default();
    let is_a_check_up_s = name.starts_with(CHECK_UP_TOKENS);
    if is_a_check_up_s || name.chars().any(char::is_control) || name.chars().count() > LONGEST_NAME {
        let text = Text::new("token-bad-name").with("most", LONGEST_NAME).with("taken", CHECK_UP_TOKENS);
        return Err(Failure::usage(text));
    }
    let access = option(args, "scope").and_then(Access::of_code).unwrap_or(Access::Run);
    let made = new_token(name, access, args.get_one::<u32>("days").map(|days| DAY * *days))?;
    let state = wiring::open_state(&context.settings).await?;
    let location = state.location();
    let kept = state.add_token(&made.record).await;
    state.close().await;
    if !kept? {
        let text = Text::new("token-name-taken").with("name", name);
        return Err(Failure::usage(text.with("word", shell_word(name))));
    }
    if context.output.json {
        let mut value = token_json(&made.record);
        if let Some(object) = value.as_object_mut() {
            object.shift_insert(0, "token".to_owned(), json!(made.token));
            object.insert("state".to_owned(), json!(location));
        }
        Output::print(&value);
    } else {
        context.output.text(&made.token);
        Output::aside(&context.messages.get("token-shown-once"));
        tell_state(context, &location);
    }
    Ok(0)
}

/// Which state database was changed: the service must use the same one.
fn tell_state(context: &Context, location: &str) {
    Output::aside(&context.messages.say(&Text::new("serve-state").with("state", location)));
}

async fn list(context: &Context) -> Result<u8, Failure> {
    let state = wiring::open_state(&context.settings).await?;
    let (tokens, location) = (state.tokens().await, state.location());
    state.close().await;
    let tokens = tokens?;
    if context.output.json {
        let tokens: Vec<Value> = tokens.iter().map(token_json).collect();
        Output::print(&json!({"tokens": tokens, "state": location}));
        return Ok(0);
    }
    tell_state(context, &location);
    let messages = context.messages;
    if tokens.is_empty() {
        context.output.text(&messages.get("token-none"));
        return Ok(0);
    }
    let whole = table_of(messages, &tokens, None);
    let narrow = table::is_too_wide(&whole);
    let short = ShortTimes::at(WallClock.now());
    let rows = if narrow { table_of(messages, &tokens, Some(short)) } else { whole };
    context.output.text(&table::lines(&rows));
    Ok(0)
}

fn table_of(messages: Messages, tokens: &[TokenRecord], short: Option<ShortTimes>) -> Table {
    let of_times = |id| {
        let title = messages.get(id);
        short.map_or(title.clone(), |short| short.heading(&title))
    };
    let mut headings = ["token-name", "token-scope"].map(|id| messages.get(id)).to_vec();
    headings.extend(["token-created", "token-expires", "token-used"].map(of_times));
    let at = |time| short.map_or_else(|| local(time), |short| short.text(time));
    let mut rows = table::table(&headings);
    let moment = |time: Option<UnixMillis>| time.map_or_else(|| "-".to_owned(), at);
    for token in tokens {
        rows.add_row([
            token.name.clone(),
            token.access.code().to_owned(),
            at(token.created_at),
            moment(token.expires_at),
            moment(token.used_at),
        ]);
    }
    rows
}

async fn revoke(context: &Context, args: &ArgMatches) -> Result<u8, Failure> {
    let name = option(args, "name").unwrap_or_default();
    let state = wiring::open_state(&context.settings).await?;
    let location = state.location();
    let gone = state.revoke_token(name).await;
    state.close().await;
    if !gone? {
        return Err(Failure::usage(Text::new("token-unknown").with("name", name)));
    }
    if context.output.json {
        Output::print(&json!({"revoked": name, "state": location}));
    } else {
        context.output.text(&context.messages.say(&Text::new("token-revoked").with("name", name)));
        tell_state(context, &location);
    }
    Ok(0)
}

fn token_json(token: &TokenRecord) -> Value {
    json!({
        "name": token.name,
        "scope": token.access.code(),
        "created_at": utc_time(token.created_at),
        "expires_at": token.expires_at.map(utc_time),
        "used_at": token.used_at.map(utc_time),
    })
}
