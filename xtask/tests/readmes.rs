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

/// A section of a README.
#[derive(Default)]
struct Section {
    /// What its prose names as code.
    spans: BTreeSet<String>,
    /// The kinds of blocks that it shows, each with its number of lines.
    blocks: Vec<(String, usize)>,
}

fn sections(file: &str) -> Vec<Section> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join(file)).unwrap();
    let mut sections = vec![Section::default()];
    let mut inside = false;
    for line in text.lines() {
        let here = sections.last_mut().unwrap();
        if let Some(kind) = line.trim_start().strip_prefix("```") {
            inside = !inside;
            if inside {
                here.blocks.push((kind.to_owned(), 0));
            }
        } else if inside {
            here.blocks.last_mut().unwrap().1 += 1;
        } else if line.starts_with('#') {
            sections.push(Section::default());
        } else if !line.starts_with('|') {
            let plain = |span: &str| span.replace("ИМЯ", "NAME").replace("КОМАНДА", "COMMAND");
            here.spans.extend(line.split('`').skip(1).step_by(2).map(plain));
        }
    }
    sections
}

#[test]
fn both_readmes_tell_the_same_section_by_section() {
    let (english, russian) = (sections("README.md"), sections("README.ru.md"));
    assert!(english.len() > 10, "only {} sections were found", english.len());
    assert_eq!(english.len(), russian.len(), "sections");
    for (at, (english, russian)) in english.iter().zip(&russian).enumerate() {
        let differing: Vec<_> = english.spans.symmetric_difference(&russian.spans).collect();
        assert!(differing.is_empty(), "section {at}, in one README alone: {differing:?}");
        assert_eq!(english.blocks, russian.blocks, "blocks of section {at}");
    }
}

#[test]
fn both_readmes_name_the_same_commands_and_settings() {
    let (english, russian) = (named("README.md"), named("README.ru.md"));
    assert!(english.len() > 80, "only {} were found", english.len());
    let differing: Vec<_> = english.symmetric_difference(&russian).collect();
    assert!(differing.is_empty(), "in one README alone: {differing:?}");
}
