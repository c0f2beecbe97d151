//! Sentences have every plural form of their language, and are given what they name.

use std::collections::{BTreeMap, BTreeSet};

use messages::{ErrorCode, Lang};

use crate::support::{Message, ids_in, messages_of, sources};

/// A language has so many forms of a word after a number; a selection by a number has them all.
#[test]
fn every_selection_by_a_number_has_every_plural_form() {
    for lang in Lang::ALL {
        let forms: BTreeSet<&str> = match lang {
            Lang::En => ["one", "other"].into(),
            Lang::Ru => ["one", "few", "many"].into(),
        };
        for (id, message) in messages_of(*lang) {
            for (by, keys) in &message.selectors {
                // The default takes what no other key takes: of whole Russian numbers those are the many.
                let many = |key| if *lang == Lang::Ru && key == "other" { "many" } else { key };
                let keys: BTreeSet<&str> = keys.iter().map(|key| many(key.as_str())).collect();
                assert_eq!(keys, forms, "{id} in {lang}, selected by {by}");
            }
        }
    }
}

/// The arguments that the sources give as a number, or as a text.
fn given(source: &str, call: &str) -> BTreeSet<String> {
    let ends = |at: usize| source[at + call.len()..].split('"').next().unwrap_or_default().to_owned();
    source.match_indices(call).map(|(at, _)| ends(at)).collect()
}

/// Words after a number that are the same after every number.
const UNCHANGING: &[&str] = &["из", "и", "с", "для", "ещё", "×", "бы", "по", "до"];

/// "1 строк" and "5 строка" come from a number that stands before a word without a selection by it.
#[test]
fn a_number_before_a_russian_word_selects_its_form() {
    let sources = sources().concat();
    let numbers = given(&sources, ".count(\"");
    assert!(numbers.len() > 10, "{numbers:?}");
    for (id, message) in messages_of(Lang::Ru) {
        for (by, after) in message.bare.iter().filter(|(by, _)| numbers.contains(by)) {
            let word: String = (after.strip_prefix(' ').unwrap_or_default().chars())
                .take_while(|c| c.is_alphabetic())
                .collect();
            let russian = word.chars().any(|c| ('а'..='я').contains(&c));
            assert!(!russian || UNCHANGING.contains(&word.as_str()), "{id}: {by} stands before {word:?}");
        }
    }
}

/// A message is given every argument that it names; one by which it selects is given as a number.
#[test]
fn messages_are_given_their_arguments() {
    let known = messages_of(Lang::Ru);
    let mut checked = 0;
    for source in sources() {
        let functions: Vec<&str> = source.split("fn ").collect();
        // What a helper adds to a text that it is handed.
        let added: String = functions.iter().filter(|function| takes_a_text(function)).copied().collect();
        for function in functions {
            for id in ids_in(function) {
                let Some(message) = known.get(&id) else { continue };
                // What a function returns, its callers add to.
                let callers = if returns_a_text(function) { source.as_str() } else { "" };
                let source = format!("{function}{added}{callers}");
                assert_given(&id, message, &source);
                assert_hint_given(&id, &known, &source);
                checked += 1;
            }
        }
    }
    assert!(checked > 100, "only {checked} places were looked at");
}

/// The hint of an error is given the words by which it selects.
fn assert_hint_given(id: &str, known: &BTreeMap<String, Message>, function: &str) {
    let Some(hint) = ErrorCode::of(id).and_then(|code| known.get(code.hint)) else { return };
    let texts = given(function, ".with(\"");
    for (by, _) in &hint.words {
        assert!(texts.contains(by), "the hint of {id} is not given {by} in\n{function}");
    }
}

fn takes_a_text(function: &str) -> bool {
    function.split_once('{').is_some_and(|(signature, _)| signature.contains(": Text"))
}

fn returns_a_text(function: &str) -> bool {
    function.split_once('{').is_some_and(|(signature, _)| signature.contains("-> Text"))
}

fn assert_given(id: &str, message: &Message, function: &str) {
    let (texts, numbers) = (given(function, ".with(\""), given(function, ".count(\""));
    for arg in &message.args {
        assert!(texts.contains(arg) || numbers.contains(arg), "{id} is not given {arg} in\n{function}");
    }
    for (by, _) in &message.selectors {
        assert!(numbers.contains(by), "{id} selects by {by}, which is not given as a number in\n{function}");
    }
}
