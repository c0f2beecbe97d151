//! The message files contain every message in every language with the same arguments, and every code has a message.

use crate::support::{ids_in, messages_of, sources};
use domain::checkup::{CheckId, Finding, Status};
use domain::listing::reading::{ReadReason, ReadWay};
use domain::plan::NoteCode;
use domain::plan::guard::{Trip, TripCode};
use domain::plan::recheck::StaleCode;
use domain::stock::near_miss::Difference;
use domain::{LineState, Outcome, SkipReason, StartedBy};
use messages::{Lang, Messages, Text};
use sync::ports::{ShopErrorClass, WarehouseErrorClass};

#[test]
fn every_language_has_every_message_with_the_same_arguments() {
    let english = messages_of(Lang::En);
    assert!(english.len() > 100, "only {} messages were read", english.len());
    for lang in Lang::ALL {
        let other = messages_of(*lang);
        assert_eq!(
            english.keys().collect::<Vec<_>>(),
            other.keys().collect::<Vec<_>>(),
            "ids of en and {lang} differ"
        );
        for (id, message) in &english {
            let args = other.get(id).map(|other| &other.args);
            assert_eq!(Some(&message.args), args, "arguments of {id} in en and {lang} differ");
            let words = other.get(id).map(|other| &other.words);
            assert_eq!(Some(&message.words), words, "{id} selects by other words in en than in {lang}");
        }
    }
}

#[test]
fn every_code_has_its_sentences() {
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    wanted.extend(SkipReason::ALL.iter().map(|code| ("skip", code.code())));
    wanted.extend(NoteCode::ALL.iter().map(|code| ("note", code.code())));
    wanted.extend(TripCode::ALL.iter().flat_map(|code| [("trip", code.code()), ("trip-hint", code.code())]));
    wanted.extend(
        Finding::ALL.iter().map(|code| ("doctor", code.code())).filter(|(_, code)| *code != "paused"),
    );
    wanted.extend(
        CheckId::ALL.iter().flat_map(|code| [("doctor-ok", code.code()), ("doctor-name", code.code())]),
    );
    wanted.extend(
        Status::ALL.iter().flat_map(|code| [("doctor-status", code.code()), ("doctor-overall", code.code())]),
    );
    wanted.extend(Difference::ALL.iter().map(|code| ("difference", code.code())));
    wanted.extend(StartedBy::ALL.iter().map(|code| ("started-by", code.code())));
    wanted.extend(StaleCode::ALL.iter().map(|code| ("stale", code.code())));
    wanted.extend(LineState::ALL.iter().map(|code| ("state", code.code())));
    wanted.extend(ReadWay::ALL.iter().map(|code| ("way", code.code())));
    wanted.extend(ReadReason::ALL.iter().map(|code| ("why", code.code())));
    wanted.extend(Outcome::ALL.iter().flat_map(|code| [("outcome", code.code()), ("message", code.code())]));
    wanted.extend(
        ["rejected", "suspect", "unresolved"].iter().flat_map(|code| [("line", *code), ("bare", *code)]),
    );
    let failures = (ShopErrorClass::ALL.iter().map(|class| class.code()))
        .chain(WarehouseErrorClass::ALL.iter().map(|class| class.code()))
        .chain(sync::run::REFUSALS.iter().copied())
        .chain([sync::run::BUDGET_SPENT, sync::run::SHOP_PAUSED, sync::ATTEMPTS_SPENT]);
    wanted.extend(failures.flat_map(|code| [("fail", code), ("fail-hint", code)]));
    // A message with a missing argument counts as missing.
    let args =
        Text::new("").with("detail", "d").with("stock", 1).with("target", 1).count("found", 1).count("of", 2);
    let args = args.with("planned", 1).with("now", 2).with("reason", "r");
    let args = args.with("run", "r").with("time", "t").with("outcome", "o").with("good", "g");
    for lang in Lang::ALL {
        for (prefix, code) in &wanted {
            let said = Messages::new(*lang).coded(prefix, code, &args);
            assert!(said.is_some(), "{lang} has no message {prefix}-{code}");
        }
    }
}

/// Every id in the sources exists in the message files, and every message is used.
#[test]
fn the_sources_name_messages_that_exist() {
    let sources = sources().concat();
    let named = ids_in(&sources);
    let known = messages_of(Lang::En);
    let unknown: Vec<_> = named.iter().filter(|id| !known.contains_key(*id)).collect();
    assert!(unknown.is_empty(), "not in the message files: {unknown:?}");
    let coded = [
        "skip-",
        "stale-",
        "note-",
        "trip-",
        "state-",
        "outcome-",
        "message-",
        "line-",
        "bare-",
        "fail-",
        "way-",
        "why-",
        "problem-",
        "doctor-ok-",
        "doctor-name-",
        "doctor-status-",
        "doctor-overall-",
        "doctor-write-unknown",
        "doctor-writers-unknown",
        "doctor-levels-unknown",
        "difference-",
        "started-by-",
        "cli-value-",
    ];
    let unused: Vec<_> = known
        .keys()
        .filter(|id| {
            !sources.contains(&format!("\"{id}\"")) && !coded.iter().any(|prefix| id.starts_with(prefix))
        })
        .collect();
    assert!(unused.is_empty(), "nothing says: {unused:?}");
}

#[test]
fn figures_and_plural_forms_stand_in_the_sentences() {
    let trip = Trip { code: TripCode::TooManyToZero, found: 300, of: 1_000 };
    assert_eq!(Messages::new(Lang::En).trip(&trip), "300 of 1,000 products that show stock would go to zero");
    let russian = Messages::new(Lang::Ru);
    let found = |count| russian.say(&Text::new("log-local").count("count", count));
    assert_eq!(found(1), "Найден 1 товар с остатками в локальной базе");
    assert_eq!(found(3), "Найдено 3 товара с остатками в локальной базе");
    assert_eq!(found(150), "Найдено 150 товаров с остатками в локальной базе");
    let wait = |seconds| russian.say(&Text::new("log-settling").count("seconds", seconds).with("why", "…"));
    assert_eq!(wait(1), "Ждём 1 секунду, прежде чем читать количество: …");
    assert_eq!(wait(43), "Ждём 43 секунды, прежде чем читать количество: …");
    assert_eq!(wait(11), "Ждём 11 секунд, прежде чем читать количество: …");
}
