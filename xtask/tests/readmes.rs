//! The README stands in two languages; what is code in one is code in the other.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The settings, flags and commands that a README's tables name. `ИМЯ` and `NAME` stand for the same.
fn named(file: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join(file)).unwrap();
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let spans = rows.flat_map(|row| row.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    let plain = |span: String| span.replace("ИМЯ", "NAME").replace("файл", "file");
    spans.map(plain).collect()
}

#[test]
fn both_readmes_name_the_same_commands_and_settings() {
    let (english, russian) = (named("README.md"), named("README.ru.md"));
    assert!(english.len() > 80, "only {} were found", english.len());
    let differing: Vec<_> = english.symmetric_difference(&russian).collect();
    assert!(differing.is_empty(), "in one README alone: {differing:?}");
}
