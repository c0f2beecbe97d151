//! The message files hold every message in every language, with the same arguments, and every code has one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use domain::guard::{Trip, TripCode};
use domain::reading::{ReadReason, ReadWay};
use domain::recheck::StaleCode;
use domain::report::NoteCode;
use domain::{LineState, Outcome, SkipReason};
use messages::{Lang, Messages, Text};
use sync::ports::{ShopErrorClass, WarehouseErrorClass};

/// The messages of a language: id and the arguments that its text names.
fn messages_of(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(lang.to_string());
    let mut found = BTreeMap::new();
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let mut id = String::new();
        for line in fs::read_to_string(&file).unwrap().lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '}'])) {
                name.clone_into(&mut id);
                let twice = found.insert(id.clone(), BTreeSet::new());
                assert_eq!(twice, None, "{id} stands twice, the second time in {}", file.display());
            }
            for part in line.split('$').skip(1) {
                let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                found.get_mut(&id).unwrap().insert(name);
            }
        }
    }
    found
}

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
        for (id, args) in &english {
            assert_eq!(Some(args), other.get(id), "arguments of {id} in en and {lang} differ");
        }
    }
}

#[test]
fn every_code_has_its_sentences() {
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    wanted.extend(SkipReason::ALL.iter().map(|code| ("skip", code.code())));
    wanted.extend(NoteCode::ALL.iter().map(|code| ("note", code.code())));
    wanted.extend(TripCode::ALL.iter().flat_map(|code| [("trip", code.code()), ("trip-hint", code.code())]));
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
    // A message whose argument is missing counts as missing.
    let args =
        Text::new("").with("detail", "d").with("stock", 1).with("target", 1).count("found", 1).count("of", 2);
    let args = args.with("planned", 1).with("now", 2).with("reason", "r");
    for lang in Lang::ALL {
        for (prefix, code) in &wanted {
            let said = Messages::new(*lang).coded(prefix, code, &args);
            assert!(said.is_some(), "{lang} has no message {prefix}-{code}");
        }
    }
}

/// Every id that the program's sources name stands in the message files, and every message is named.
#[test]
fn the_sources_name_messages_that_exist() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut named = BTreeSet::new();
    let mut sources = String::new();
    let mut folders =
        vec![crates.join("wixsync/src"), crates.join("messages/src"), crates.join("server/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let source = fs::read_to_string(path).unwrap();
                named.extend(ids_in(&source));
                sources.push_str(&source);
            }
        }
    }
    let known = messages_of(Lang::En);
    let unknown: Vec<_> = named.iter().filter(|id| !known.contains_key(*id)).collect();
    assert!(unknown.is_empty(), "not in the message files: {unknown:?}");
    let coded = [
        "skip-", "stale-", "note-", "trip-", "state-", "outcome-", "message-", "line-", "bare-", "fail-",
        "way-", "why-", "problem-",
    ];
    let unused: Vec<_> = known
        .keys()
        .filter(|id| {
            !sources.contains(&format!("\"{id}\"")) && !coded.iter().any(|prefix| id.starts_with(prefix))
        })
        .collect();
    assert!(unused.is_empty(), "nothing says: {unused:?}");
}

/// Literals that are given to `Text::new` or `.get`.
fn ids_in(source: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for call in ["Text::new(\"", ".get(\""] {
        for (at, _) in source.match_indices(call) {
            let id: String = source[at + call.len()..].chars().take_while(|c| *c != '"').collect();
            if id.contains('-') {
                ids.push(id);
            }
        }
    }
    ids
}

#[test]
fn figures_and_plural_forms_stand_in_the_sentences() {
    let trip = Trip { code: TripCode::TooManyToZero, found: 300, of: 1_000 };
    assert_eq!(Messages::new(Lang::En).trip(&trip), "300 of 1000 products that show stock would go to zero");
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
