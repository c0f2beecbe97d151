//! Snapshots without what differs from run to run and from machine to machine.

use std::fmt::Write;

use regex::Regex;
use testkit::Finished;

/// The languages that every screen is shown in.
pub(super) const LANGS: [&str; 2] = ["en", "ru"];

/// What differs, and what stands in its place.
const FILTERS: &[(&str, &str)] = &[
    (r"/\S*?/\.tmp\w{6}", "[folder]"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "[id]"),
    (r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(\.\d+)?( ?[+-]\d\d:?\d\d|Z)?", "[time]"),
    (r"127\.0\.0\.1:\d{2,}", "127.0.0.1:[port]"),
    // Wix tells its time in whole seconds.
    (r"(difference|разница): \d+ ", "$1: [seconds] "),
    (r"\b\d+[.,]\d+ (s|с)\b", "[seconds] $1"),
    (r"\(([^(),\n]*Wix[^(),\n]*) \d+\)", "($1 [number])"),
    (r"\bwixsync \d+\.\d+\.\d+\b", "wixsync [version]"),
    // How many settings there are, and their list. Tests of `doctor` and of `config::file` hold both.
    (r"\b(set|задано): (\d+) (of|из) \d+\b", "$1: $2 $3 [settings]"),
    (r"\bstate_url(, \w+)+, shop\b", "[settings]"),
];

/// Fails unless this is what the snapshot of this name holds.
pub(super) fn assert_shown(name: &str, text: &str) {
    let text = steady(&with_named_colours(text));
    insta::with_settings!({
        omit_expression => true,
        prepend_module_to_snapshot => false,
    }, { insta::assert_snapshot!(name, text) });
}

/// Both streams, one above the other.
pub(super) fn both(seen: &Finished) -> String {
    let stderr = seen.stderr.trim_end();
    let code = seen.code.map_or_else(|| "none".to_owned(), |code| code.to_string());
    format!("{}\n--- stderr\n{stderr}\n--- exit code {code}", seen.stdout.trim_end())
}

/// The text without what differs from run to run.
pub(super) fn steady(text: &str) -> String {
    FILTERS.iter().fold(text.to_owned(), |text, (differing, instead)| {
        let differing = Regex::new(differing).expect("a pattern");
        differing.replace_all(&text, *instead).into_owned()
    })
}

/// The text as a terminal without colours has it.
pub(super) fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// With the names of colours where the codes stand: `‹red bold›`, and `‹›` where they end.
fn with_named_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (codes, rest) =
            part.split_once('m').expect("no other control codes than colours stand on stdout");
        let names: Vec<&str> = codes.split(';').map(name).collect();
        // Writing to a String cannot fail.
        let _ = write!(text, "‹{}›{rest}", names.join(" "));
    }
    // Codes that follow each other are one look.
    text.replace("›‹", " ").replace("‹ ", "‹").replace(" ›", "›")
}

fn name(code: &str) -> &str {
    match code {
        "0" | "" => "",
        "1" => "bold",
        "4" => "underlined",
        "31" => "red",
        "32" => "green",
        "33" => "yellow",
        "36" => "cyan",
        other => other,
    }
}
