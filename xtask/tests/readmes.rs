//! Pages for users exist in two languages and must contain the same commands, settings and structure.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The English pages, each with its Russian version.
const PAGES: [(&str, &str); 8] = [
    ("README.md", "README.ru.md"),
    ("docs/api.md", "docs/api.ru.md"),
    ("docs/commands.md", "docs/commands.ru.md"),
    ("docs/guide.md", "docs/guide.ru.md"),
    ("docs/import.md", "docs/import.ru.md"),
    ("docs/operations.md", "docs/operations.ru.md"),
    ("docs/runs.md", "docs/runs.ru.md"),
    ("docs/settings.md", "docs/settings.ru.md"),
];
/// The most words of a README.
const MOST_WORDS: usize = 1_200;
/// Words in code that each language writes its own way.
const TRANSLATED: [(&str, &str); 9] = [
    ("ИМЯ", "NAME"),
    ("ФАЙЛ", "FILE"),
    ("КАТАЛОГ", "FOLDER"),
    ("файл", "file"),
    ("КОМАНДА", "COMMAND"),
    ("Артикул", "Article"),
    ("Север", "North"),
    ("Юг", "South"),
    (" --lang ru", ""),
];

/// Code in a Russian page as it stands in the English one.
fn plain(span: &str) -> String {
    TRANSLATED.iter().fold(span.to_owned(), |text, (russian, english)| text.replace(russian, english))
}

/// The settings, flags and commands in a page's tables.
fn named(file: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join(file)).unwrap();
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let spans = rows.flat_map(|row| row.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    spans.map(|span| plain(&span)).collect()
}

/// A section of a page.
#[derive(Default)]
struct Section {
    /// The inline code in its prose.
    spans: BTreeSet<String>,
    /// Its code blocks: language and number of lines.
    blocks: Vec<(String, usize)>,
    /// The level of its heading.
    depth: usize,
    /// The number of table rows.
    rows: usize,
    /// The commands in its code blocks, without their arguments.
    commands: Vec<String>,
}

fn sections(file: &str) -> Vec<Section> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join(file)).unwrap();
    let mut sections = vec![Section::default()];
    let mut inside = false;
    let mut document: Option<String> = None;
    for line in text.lines() {
        let here = sections.last_mut().unwrap();
        if let Some(kind) = line.trim_start().strip_prefix("```") {
            inside = !inside;
            if inside {
                here.blocks.push((kind.to_owned(), 0));
            }
        } else if inside {
            let (kind, lines) = here.blocks.last_mut().unwrap();
            *lines += 1;
            let command = line.split(" # ").next().unwrap_or(line).trim_end();
            // The content of example files may be translated.
            if let Some(end) = &document {
                if command == end {
                    document = None;
                }
            } else if kind == "sh" {
                here.commands.push(plain(command));
                document = command.split_once("<<'").map(|(_, end)| end.trim_end_matches('\'').to_owned());
            }
        } else if line.starts_with('#') {
            let depth = line.bytes().take_while(|byte| *byte == b'#').count();
            sections.push(Section { depth, ..Section::default() });
        } else if line.starts_with('|') {
            here.rows += 1;
        } else {
            here.spans.extend(line.split('`').skip(1).step_by(2).map(plain));
        }
    }
    sections
}

#[test]
fn both_pages_tell_the_same_section_by_section() {
    for (english_page, russian_page) in PAGES {
        let (english, russian) = (sections(english_page), sections(russian_page));
        assert!(english.len() > 3, "only {} sections of {english_page} were found", english.len());
        assert_eq!(english.len(), russian.len(), "sections of {english_page}");
        for (at, (english, russian)) in english.iter().zip(&russian).enumerate() {
            let place = format!("section {at} of {english_page}");
            let differing: Vec<_> = english.spans.symmetric_difference(&russian.spans).collect();
            assert!(differing.is_empty(), "{place}, in one language alone: {differing:?}");
            assert_eq!(english.blocks, russian.blocks, "blocks of {place}");
            assert_eq!(english.depth, russian.depth, "heading of {place}");
            assert_eq!(english.rows, russian.rows, "rows of tables in {place}");
            assert_eq!(english.commands, russian.commands, "commands in {place}");
        }
    }
}

#[test]
fn a_readme_is_read_in_five_minutes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for page in ["README.md", "README.ru.md"] {
        let words = fs::read_to_string(root.join(page)).unwrap().split_whitespace().count();
        assert!((300..=MOST_WORDS).contains(&words), "{page} has {words} words");
    }
}

/// Each page links to its version in the other language, and Russian pages link to Russian ones.
#[test]
fn pages_lead_to_their_counterparts() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = |page: &str| fs::read_to_string(root.join(page)).unwrap();
    for (english, russian) in PAGES {
        let name = |page: &str| page.rsplit('/').next().unwrap_or_default().to_owned();
        assert!(text(english).contains(&format!("]({})", name(russian))), "{english}");
        assert!(text(russian).contains(&format!("]({})", name(english))), "{russian}");
        for (other, _) in PAGES.iter().filter(|(other, _)| *other != english) {
            for link in [format!("]({other}"), format!("](../{other}"), format!("]({}", name(other))] {
                assert!(!text(russian).contains(&link), "{russian} leads to {other}");
            }
        }
    }
}

#[test]
fn both_pages_name_the_same_commands_and_settings() {
    let mut found = 0;
    for (english_page, russian_page) in PAGES {
        let (english, russian) = (named(english_page), named(russian_page));
        found += english.len();
        let differing: Vec<_> = english.symmetric_difference(&russian).collect();
        assert!(differing.is_empty(), "{english_page}, in one language alone: {differing:?}");
    }
    assert!(found > 150, "only {found} were found");
}
