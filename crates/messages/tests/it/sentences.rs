//! Sentences have every plural form of their language, and the sources give them all their arguments.

use std::collections::{BTreeMap, BTreeSet};

use messages::{ErrorCode, Lang};

use crate::support::{Message, ids_in, messages_of, sources};

/// A selection by a number has all plural forms of the language.
#[test]
fn every_selection_by_a_number_has_every_plural_form() {
    for lang in Lang::ALL {
        let forms: BTreeSet<&str> = match lang {
            Lang::En => ["one", "other"].into(),
            Lang::Ru => ["one", "few", "many"].into(),
        };
        for (id, message) in messages_of(*lang) {
            for (by, keys) in &message.selectors {
                // For whole numbers in Russian, the default variant covers the plural form "many".
                let many = |key| if *lang == Lang::Ru && key == "other" { "many" } else { key };
                let keys: BTreeSet<&str> = keys.iter().map(|key| many(key.as_str())).collect();
                assert_eq!(keys, forms, "{id} in {lang}, selected by {by}");
            }
        }
    }
}

/// The names of the arguments in all uses of `call`.
fn given(source: &str, call: &str) -> BTreeSet<String> {
    let ends = |at: usize| source[at + call.len()..].split('"').next().unwrap_or_default().to_owned();
    source.match_indices(call).map(|(at, _)| ends(at)).collect()
}

/// Words that have the same form after every number.
const UNCHANGING: &[&str] = &["из", "и", "с", "для", "ещё", "×", "бы", "по", "до"];

/// A number directly before a word needs a selection by the number; otherwise "1 строк" or "5 строка" could appear.
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

/// The sources give each message all of its arguments, and give selectors as numbers.
#[test]
fn messages_are_given_their_arguments() {
    let known = messages_of(Lang::Ru);
    let mut checked = 0;
    for source in sources() {
        let functions: Vec<&str> = source.split("fn ").collect();
        // Arguments that helper functions add to a text.
        let added: String = functions.iter().filter(|function| takes_a_text(function)).copied().collect();
        for function in functions {
            for id in ids_in(function) {
                let Some(message) = known.get(&id) else { continue };
                // Callers may add arguments to a text that a function returns.
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

/// The sources give the hint of an error its arguments too.
fn assert_hint_given(id: &str, known: &BTreeMap<String, Message>, function: &str) {
    let Some(hint) = ErrorCode::of(id).and_then(|code| known.get(code.hint)) else { return };
    let (texts, numbers) = (given(function, ".with(\""), given(function, ".count(\""));
    for arg in &hint.args {
        let is_given = texts.contains(arg) || numbers.contains(arg);
        assert!(is_given, "the hint of {id} is not given {arg} in\n{function}");
    }
}

fn takes_a_text(function: &str) -> bool {
    function.split_once('{').is_some_and(|(signature, _)| signature.contains(": Text"))
}

fn returns_a_text(function: &str) -> bool {
    function.split_once('{').is_some_and(|(signature, _)| signature.contains("-> Text"))
}

fn assert_given(id: &str, message: &Message, function: &str) {
    let texts: BTreeSet<String> =
        [".with(\"", ".figure(\""].iter().flat_map(|call| given(function, call)).collect();
    let numbers = given(function, ".count(\"");
    for arg in &message.args {
        assert!(texts.contains(arg) || numbers.contains(arg), "{id} is not given {arg} in\n{function}");
    }
    for (by, _) in &message.selectors {
        assert!(numbers.contains(by), "{id} selects by {by}, which is not given as a number in\n{function}");
    }
}
