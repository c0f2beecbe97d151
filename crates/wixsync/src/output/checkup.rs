//! A check-up, for people and for programs.

use std::fmt::Write;
use std::sync::Arc;

use anstyle::Style;
use domain::ShopName;
use domain::checkup::{self, Check, CheckId, Examples, Finding, LastRun, Status};
use domain::run::{FailedAt, Failure as RunFailure};
use messages::{ErrorCode, Messages, Text};
use serde_json::{Value, json};
use sync::doctor::CheckOutcome;

use super::near_miss;
use super::sku::printable;
use super::time::{local, utc};
use super::{BAD, CARE, Diagnostic, GOOD, HINT, labelled};
use crate::config::{Origin, Row};
use crate::error::Failure;

/// How many examples are named to people.
const NAMED: usize = 5;

/// The result of one check, with its text.
pub(crate) struct CheckResult {
    id: CheckId,
    status: Status,
    diagnostic: Diagnostic,
    check: Option<Check>,
}

/// The names of what was checked.
pub(crate) struct CheckedPlaces {
    pub(crate) warehouse: String,
    pub(crate) state: String,
    /// Where the service would listen.
    pub(crate) service: String,
}

impl CheckResult {
    /// Which check it is.
    pub(crate) fn id(&self) -> CheckId {
        self.id
    }

    /// Something could not even be opened.
    pub(crate) fn of_failure(messages: Messages, id: CheckId, failure: &Failure) -> Self {
        Self { id, status: Status::Failed, diagnostic: Diagnostic::of(messages, &failure.text), check: None }
    }

    /// The result of a check that the check-up tried.
    pub(crate) fn of_outcome(messages: Messages, outcome: CheckOutcome, places: &CheckedPlaces) -> Self {
        match outcome {
            CheckOutcome::StateFailed(error) => {
                Self::of_failure(messages, CheckId::State, &Failure::from(error))
            }
            CheckOutcome::Failed(id, failure) => {
                let diagnostic = Diagnostic::of_run(messages, &failure);
                Self { id, status: Status::Failed, diagnostic, check: None }
            }
            CheckOutcome::Made(check) => Self::of_check(messages, check, places),
        }
    }

    /// The result of a check that was made.
    pub(crate) fn of_check(messages: Messages, check: Check, places: &CheckedPlaces) -> Self {
        let diagnostic = tell(messages, &check, places);
        Self { id: check.id, status: check.status(), diagnostic, check: Some(check) }
    }
}

/// The worst of all. What could not be judged yet does not keep runs from working.
pub(crate) fn overall(results: &[CheckResult]) -> Status {
    match checkup::overall(results.iter().map(|result| result.status)) {
        Status::NotChecked => Status::Ok,
        other => other,
    }
}

/// The checks whose failure keeps `id` from being made.
fn needs(id: CheckId) -> &'static [CheckId] {
    use CheckId as C;
    match id {
        C::Settings | C::State | C::Warehouse | C::Service => &[],
        C::Selection
        | C::TooLong
        | C::DuplicateRows
        | C::NoProductRow
        | C::SkuEmpty
        | C::UnreadableStock
        | C::NegativeStock
        | C::FractionalStock
        | C::AboveCeiling
        | C::Reserved
        | C::Prices => &[C::Warehouse],
        C::Key | C::Clock | C::Catalog | C::Read | C::Levels => &[C::Settings, C::Key, C::Catalog, C::Read],
        C::Matching | C::NearMisses | C::DuplicateSkus | C::Untracked | C::NoLevel | C::Guard => {
            &[C::Settings, C::Key, C::Catalog, C::Read, C::Warehouse, C::Selection, C::NoLevel]
        }
        C::Write | C::Pause | C::Window | C::LastRun | C::Tasks | C::OtherWriters => &[C::State],
        C::Background => &[C::State, C::Service],
        C::Rehearsal | C::Api => CheckId::ALL,
    }
}

/// The check that kept another one from being made, and how it ended; `None` if it is not known.
type Cause = Option<(CheckId, Status)>;

/// What kept `id` from being made.
fn cause(results: &[CheckResult], id: CheckId) -> Cause {
    let ended = |status| {
        let is_cause = |of: &&CheckId| results.iter().any(|it| it.id == **of && it.status == status);
        needs(id).iter().find(is_cause).map(|of| (*of, status))
    };
    ended(Status::Failed).or_else(|| ended(Status::Warning))
}

/// The checks that were not made, and why: one line for each cause.
fn missing_lines(messages: Messages, results: &[CheckResult], missing: &[CheckId]) -> Vec<String> {
    let name = |id: CheckId| coded(messages, "doctor-name", id.code(), &Text::new(""));
    let mut by_cause: Vec<(Cause, Vec<String>)> = Vec::new();
    for id in missing {
        let cause = cause(results, *id);
        match by_cause.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, names)) => names.push(name(*id)),
            None => by_cause.push((cause, vec![name(*id)])),
        }
    }
    let say = |(cause, names): (Cause, Vec<String>)| {
        let (cause, why) = cause.map_or((String::new(), "unknown"), |(id, status)| (name(id), status.code()));
        let text = Text::new("doctor-not-made").with("checks", names.join(", ")).with("why", why);
        messages.say(&text.with("cause", cause))
    };
    by_cause.into_iter().map(say).collect()
}

fn tell(messages: Messages, check: &Check, places: &CheckedPlaces) -> Diagnostic {
    let args = args(messages, check, places);
    match check.finding {
        None => Diagnostic {
            text: coded(messages, "doctor-ok", ok_message(check), &args),
            hint: None,
            code: None,
        },
        Some(Finding::Paused) => {
            let code = sync::run::SHOP_PAUSED.to_owned();
            Diagnostic::of_run(messages, &RunFailure { at: FailedAt::Shop, code, detail: String::new() })
        }
        Some(Finding::Guard) => guard(messages, check),
        Some(finding) => {
            let code = ErrorCode::of_coded("doctor", finding.code());
            Diagnostic {
                text: coded(messages, "doctor", finding.code(), &args),
                hint: code.map(|code| messages.hint_of(code, &args)),
                code,
            }
        }
    }
}

/// The message of a check that found nothing wrong. Some checks have another one where there was nothing to look at.
fn ok_message(check: &Check) -> &'static str {
    match (check.id, check.found) {
        (CheckId::Selection, 0) => "selection_all",
        (CheckId::LastRun, 0) => "last_run_none",
        (CheckId::Service, 0) => "service_none",
        (id, _) => id.code(),
    }
}

fn args(messages: Messages, check: &Check, places: &CheckedPlaces) -> Text {
    let detail = match check.id {
        CheckId::Warehouse => places.warehouse.as_str(),
        CheckId::State => places.state.as_str(),
        CheckId::Service | CheckId::Background => places.service.as_str(),
        _ => "",
    };
    let args = Text::new("").count("found", check.found).count("of", check.of).with("detail", detail);
    match &check.examples {
        Examples::Run(last) => with_run(messages, args, last),
        Examples::Catalog(name) => args.with("detail", name.to_uppercase()),
        _ => args,
    }
}

fn with_run(messages: Messages, args: Text, last: &LastRun) -> Text {
    let good = last.good_at.map_or_else(|| messages.get("doctor-never"), local);
    let args = args.with("run", last.number).with("time", local(last.finished_at)).with("good", good);
    args.with("outcome", messages.outcome(last.outcome))
}

/// The code and the hint are those of the first limit.
fn guard(messages: Messages, check: &Check) -> Diagnostic {
    let Examples::Trips(trips) = &check.examples else {
        return Diagnostic { text: Finding::Guard.code().to_owned(), hint: None, code: None };
    };
    let detail = trips.iter().map(|trip| messages.trip(trip)).collect::<Vec<_>>().join("; ");
    let first = trips.first();
    Diagnostic {
        text: messages.say(&Text::new("doctor-guard").with("detail", detail)),
        hint: first.map(|trip| messages.trip_hint(trip)),
        code: first.and_then(|trip| ErrorCode::of_coded("trip", trip.code.code())),
    }
}

/// Every code has its sentence; a test of `messages` holds that.
fn coded(messages: Messages, prefix: &str, code: &str, args: &Text) -> String {
    messages.coded(prefix, code, args).unwrap_or_else(|| code.to_owned())
}

/// For people.
pub(crate) fn page(
    messages: Messages,
    shop: &ShopName,
    settings: &[Row],
    results: &[CheckResult],
    missing: &[CheckId],
) -> String {
    let mut page = messages.say(&Text::new("doctor-title").with("shop", shop));
    let labels: Vec<String> = Status::ALL.iter().map(|status| label(messages, *status)).collect();
    let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    for result in results {
        let style = style(result.status);
        let label = label(messages, result.status);
        let padding = " ".repeat(width - label.chars().count());
        let code = result.diagnostic.code.map(|code| format!(" [{code}]")).unwrap_or_default();
        let examples = result.check.as_ref().and_then(|check| examples(messages, check));
        let examples = examples.map(|names| format!(": {names}")).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ =
            write!(page, "\n  {style}{label}{style:#}{padding}  {}{examples}{code}", result.diagnostic.text);
        let indent = " ".repeat(width + 4);
        if result.id == CheckId::Settings {
            for row in settings.iter().filter(|row| row.origin != Origin::Default) {
                let value = row.value.as_deref().unwrap_or("-");
                let _ = write!(page, "\n{indent}{} = {value} ({})", row.name, origin(&row.origin));
            }
        }
        if let Some(hint) = &result.diagnostic.hint {
            let word = messages.get("label-hint");
            let _ = write!(page, "\n{indent}{HINT}{word}{HINT:#}: {hint}");
        }
    }
    for line in missing_lines(messages, results, missing) {
        let (style, label) = (style(Status::NotChecked), label(messages, Status::NotChecked));
        let padding = " ".repeat(width - label.chars().count());
        let _ = write!(page, "\n  {style}{label}{style:#}{padding}  {line}");
    }
    let status = overall(results);
    let is_paused = results.iter().any(|result| result.id == CheckId::Pause && result.status != Status::Ok);
    let is_open = results.iter().any(|result| result.status == Status::NotChecked);
    let conclusion = match status {
        Status::Warning if is_paused => "paused",
        Status::Ok if is_open => Status::NotChecked.code(),
        _ => status.code(),
    };
    let _ = write!(page, "\n{}", coded(messages, "doctor-overall", conclusion, &Text::new("")));
    if let Some(code) = results.iter().find_map(|result| result.diagnostic.code) {
        let more = messages.say(&Text::new("help-error-page").with("code", code));
        let _ = write!(page, "\n{}", labelled(HINT, &messages.get("label-help"), &more));
    }
    page
}

fn label(messages: Messages, status: Status) -> String {
    coded(messages, "doctor-status", status.code(), &Text::new(""))
}

fn style(status: Status) -> Style {
    match status {
        Status::Ok => GOOD,
        Status::NotChecked | Status::Warning => CARE,
        Status::Failed => BAD,
    }
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Default => String::new(),
        Origin::File(path) => path.display().to_string(),
        Origin::Environment(name) => name.clone(),
        Origin::Flag(flag) => (*flag).to_owned(),
    }
}

/// The first examples, and how many more there are.
fn examples(messages: Messages, check: &Check) -> Option<String> {
    let names: Vec<String> = match &check.examples {
        Examples::Texts(texts) => texts.iter().take(NAMED).map(|text| printable(text)).collect(),
        Examples::Pairs(pairs) => {
            pairs.iter().take(NAMED).map(|pair| near_miss::text(messages, pair)).collect()
        }
        Examples::None | Examples::Trips(_) | Examples::Run(_) | Examples::Catalog(_) => return None,
    };
    let glue = if matches!(check.examples, Examples::Pairs(_)) { "; " } else { ", " };
    let shown = u64::try_from(names.len()).unwrap_or(u64::MAX);
    let first = names.join(glue);
    Some(match check.found.saturating_sub(shown) {
        0 => first,
        more => messages.say(&Text::new("doctor-examples").with("first", first).count("count", more)),
    })
}

/// For programs.
pub(crate) fn json(shop: &ShopName, settings: &[Row], results: &[CheckResult], missing: &[CheckId]) -> Value {
    json!({
        "status": overall(results),
        "shop": shop,
        "checks": results.iter().map(result_json).collect::<Vec<_>>(),
        "not_checked": missing,
        "settings": settings,
    })
}

fn result_json(result: &CheckResult) -> Value {
    let mut value = json!({
        "id": result.id,
        "status": result.status,
        "text": result.diagnostic.text,
        "hint": result.diagnostic.hint,
        "code": result.diagnostic.code.map(ToString::to_string),
    });
    let (Some(check), Some(fields)) = (&result.check, value.as_object_mut()) else { return value };
    fields.insert("found".to_owned(), json!(check.found));
    fields.insert("of".to_owned(), json!(check.of));
    let examples = match &check.examples {
        Examples::None => None,
        Examples::Texts(texts) => Some(("examples", texts_json(texts))),
        Examples::Pairs(pairs) => Some(("examples", pairs.iter().map(near_miss::json).collect())),
        Examples::Trips(trips) => Some(("guard", json!(trips))),
        Examples::Run(last) => Some(("run", run_json(last))),
        Examples::Catalog(name) => Some(("catalog", json!(name))),
    };
    fields.extend(examples.map(|(name, value)| (name.to_owned(), value)));
    value
}

fn texts_json(texts: &[Arc<str>]) -> Value {
    texts.iter().map(|text| Value::from(&**text)).collect()
}

fn run_json(last: &LastRun) -> Value {
    json!({
        "run_id": last.id,
        "number": last.number,
        "outcome": last.outcome,
        "finished_at": utc(last.finished_at),
        "last_good_at": last.good_at.map(utc),
    })
}
