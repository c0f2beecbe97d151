//! Codes, messages, hints and pages are consistent.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use domain::plan::guard::TripCode;
use messages::{ErrorCode, Lang, errors};

use crate::support::{crates, messages_of, sources};

/// The files in which every message has a code or is a hint.
const FILES: &[&str] = &["errors.ftl", "failures.ftl"];

fn folder(lang: Lang) -> PathBuf {
    let folder = crates().parent().unwrap().join("docs/errors");
    if lang == Lang::En { folder } else { folder.join(lang.to_string()) }
}

#[test]
fn no_number_and_no_message_stands_twice() {
    let codes: Vec<String> = errors::ALL.iter().map(ToString::to_string).collect();
    assert!(codes.len() > 70, "only {} codes", codes.len());
    assert!(codes.is_sorted_by(|one, next| one < next), "in order, each once: {codes:?}");
    for code in &codes {
        let group = code.strip_prefix("WX").and_then(|number| number.chars().next());
        assert!(code.len() == 6 && group.is_some_and(|group| ('1'..='7').contains(&group)), "{code}");
    }
    let messages: BTreeSet<&str> = errors::ALL.iter().map(|code| code.message).collect();
    assert_eq!(messages.len(), codes.len(), "a message has two codes");
}

#[test]
fn every_code_has_its_message_and_its_hint_in_every_language() {
    for lang in Lang::ALL {
        let known = messages_of(*lang);
        for code in errors::ALL {
            assert!(known.contains_key(code.message), "{code}: no {}", code.message);
            assert!(known.contains_key(code.hint), "{code}: no {}", code.hint);
        }
    }
}

#[test]
fn every_error_has_a_code() {
    let known = messages_of(Lang::En);
    let hints: BTreeSet<&str> = errors::ALL.iter().map(|code| code.hint).collect();
    for (id, _) in known.iter().filter(|(_, message)| FILES.contains(&message.file.as_str())) {
        assert!(
            ErrorCode::of(id).is_some() || hints.contains(id.as_str()),
            "{id} is neither the message nor the hint of a code"
        );
    }
    for trip in TripCode::ALL {
        assert!(ErrorCode::of_coded("trip", trip.code()).is_some(), "{trip:?} has no code");
    }
    let problems = known.keys().filter_map(|id| id.strip_prefix("problem-"));
    for problem in problems.filter(|problem| !problem.starts_with("hint-")) {
        assert!(ErrorCode::of_coded("problem", problem).is_some(), "problem {problem} has no code");
    }
    for state in ["rejected", "suspect", "unresolved"] {
        assert!(ErrorCode::of_coded("line", state).is_some(), "{state} has no code");
    }
}

/// Every error that ends a command has a code, in whichever file its message is.
#[test]
fn what_the_sources_fail_with_has_a_code() {
    let source = sources().concat();
    let mut found = 0;
    for call in ["Failure::usage(", "Failure::failed(", "Failure::new(", "Diagnostic::of("] {
        for (at, _) in source.match_indices(call) {
            let rest = source[at + call.len()..].trim_start();
            let id = rest.strip_prefix("Text::new(\"").and_then(|rest| rest.split('"').next());
            let Some(id) = id else { continue };
            assert!(ErrorCode::of(id).is_some(), "{id} has no code");
            found += 1;
        }
    }
    assert!(found > 20, "only {found} places were looked at");
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    for lang in Lang::ALL {
        let mut due: BTreeSet<String> = errors::ALL.iter().map(|code| format!("{code}.md")).collect();
        due.insert("README.md".to_owned());
        let files = fs::read_dir(folder(*lang)).unwrap().map(|entry| entry.unwrap());
        let found: BTreeSet<String> = (files.filter(|entry| entry.path().is_file()))
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(found, due, "the pages of {lang}");
    }
}

/// A page has three parts – what happened, why, what to do – and fits on a screen.
#[test]
fn a_page_is_short_and_says_three_things() {
    for lang in Lang::ALL {
        let headings = match lang {
            Lang::En => ["## What happened", "## Why", "## What to do"],
            Lang::Ru => ["## Что случилось", "## Почему", "## Что делать"],
        };
        for code in errors::ALL {
            let page = code.page(*lang);
            assert_eq!(page.lines().next(), Some(format!("# {code}: {}", code.title(*lang)).as_str()));
            let found: Vec<&str> = page.lines().filter(|line| line.starts_with("##")).collect();
            assert_eq!(found, headings, "{code} in {lang}");
            let said = page
                .split("## ")
                .skip(1)
                .all(|part| part.lines().any(|line| line.len() > 10 && line.ends_with('.')));
            assert!(said, "{code} in {lang} has an empty part");
            assert!(page.chars().count() < 1_200, "{code} in {lang} is long");
        }
    }
}

#[test]
fn the_index_lists_every_page_with_its_title() {
    for lang in Lang::ALL {
        let index = fs::read_to_string(folder(*lang).join("README.md")).unwrap();
        let listed: Vec<&str> = index.lines().filter(|line| line.starts_with("| [WX")).collect();
        let due: Vec<String> = errors::ALL
            .iter()
            .map(|code| format!("| [{code}]({code}.md) | {} |", code.title(*lang)))
            .collect();
        assert_eq!(listed, due, "the index of {lang}");
    }
}

/// Finds pages that were copied but not translated.
#[test]
fn pages_are_in_their_language() {
    let cyrillic = |text: &str| text.chars().filter(|c| ('а'..='я').contains(c)).count();
    for code in errors::ALL {
        assert_eq!(cyrillic(code.page(Lang::En)), 0, "{code}");
        assert!(cyrillic(code.page(Lang::Ru)) > 60, "{code}");
    }
}
