//! The map (`docs/architecture.md`) and the how-tos (`CONTRIBUTING.md`) are true: what they name exists.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const MAP: &str = "docs/architecture.md";
const HOW_TO: &str = "CONTRIBUTING.md";
/// The most words in a cell of a table.
const CELL_WORDS: usize = 30;
/// What may be added, and so has its list of files.
const HOW_TOS: [&str; 12] = [
    "a setting",
    "a command",
    "a route",
    "a catalog version",
    "a state database",
    "a warehouse database",
    "a background task",
    "a notification channel",
    "a doctor check",
    "an error",
    "a message",
    "a port",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// A section of a page: the title of its heading, and the lines below it.
struct Section {
    title: String,
    text: String,
}

/// The sections of a text whose headings have `depth` signs.
fn sections(text: &str, depth: usize) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    let mut is_open = false;
    for line in text.lines() {
        match line.bytes().take_while(|byte| *byte == b'#').count() {
            signs if signs == depth => {
                let title = line.trim_start_matches('#').trim().to_owned();
                found.push(Section { title, text: String::new() });
                is_open = true;
            }
            signs if signs > 0 && signs < depth => is_open = false,
            _ => {
                if let Some(section) = found.last_mut().filter(|_| is_open) {
                    section.text.push_str(line);
                    section.text.push('\n');
                }
            }
        }
    }
    found
}

fn section(page: &str, depth: usize, title: &str) -> String {
    let found = sections(&read(page), depth).into_iter().find(|section| section.title == title);
    found.unwrap_or_else(|| panic!("{page} has no section {title}")).text
}

/// The texts in backticks.
fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The cells of the tables in a text, row by row, with the heads of the columns.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let rows = text.lines().map(str::trim).filter(|line| line.starts_with('|') && !line.contains("--"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// The targets of the links in a text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

/// All pages but those of the error codes.
fn pages() -> Vec<String> {
    let mut pages = ["README.md", "README.ru.md", "CHANGELOG.md", HOW_TO].map(str::to_owned).to_vec();
    for folder in ["docs", "docs/adr"] {
        let names = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().file_name());
        let names = names.map(|name| format!("{folder}/{}", name.to_string_lossy()));
        pages.extend(names.filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "md")));
    }
    pages.sort();
    pages
}

#[test]
fn every_link_leads_to_a_file_and_to_a_heading() {
    let mut wrong = Vec::new();
    let mut followed = 0;
    for page in pages() {
        let text = read(&page);
        let folder = root().join(&page).parent().unwrap().to_owned();
        for link in links(&text).filter(|link| !link.contains("://")) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let file = if path.is_empty() { root().join(&page) } else { folder.join(path) };
            let is_there = file.exists()
                && (heading.is_empty() || anchors(&fs::read_to_string(&file).unwrap()).contains(heading));
            followed += 1;
            if !is_there {
                wrong.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(followed > 200, "only {followed} links were followed");
}

#[test]
fn no_cell_is_long() {
    for page in [MAP, HOW_TO] {
        let text = read(page);
        let rows = rows(&text);
        assert!(rows.len() > 5, "only {} rows of {page} were read", rows.len());
        for cell in rows.iter().flatten() {
            let words = cell.split_whitespace().count();
            assert!(words <= CELL_WORDS, "{page}: {words} words in a cell: {cell}");
        }
    }
}

/// The crates of the workspace, with their `src` folders.
fn rooms() -> Vec<(String, PathBuf)> {
    let folders = fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let folders = folders.filter(|folder| folder.join("Cargo.toml").is_file()).chain([root().join("xtask")]);
    let mut rooms: Vec<_> = folders
        .map(|folder| (folder.file_name().unwrap().to_string_lossy().into_owned(), folder.join("src")))
        .collect();
    rooms.sort();
    rooms
}

#[test]
fn the_map_has_a_row_for_every_room() {
    let text = section(MAP, 2, "The rooms");
    let rows = rows(&text);
    let named: BTreeSet<String> =
        rows.iter().filter_map(|row| spans(row[0]).next()).map(str::to_owned).collect();
    let there: BTreeSet<String> = rooms().into_iter().map(|(name, _)| name).collect();
    assert_eq!(named, there);
}

/// Whether `path` is a file or folder: of the workspace, of `crates`, or of a room's `src` folder.
fn stands(path: &str, rooms: &[PathBuf]) -> bool {
    let below = [root(), root().join("crates")];
    below.iter().chain(rooms).any(|folder| folder.join(path).exists())
}

/// Whether a text in backticks names a file or folder.
fn is_path(span: &str) -> bool {
    let is_file = Path::new(span).extension().is_some_and(|extension| extension == "rs");
    (is_file || span.ends_with('/')) && !span.starts_with('/')
}

#[test]
fn the_map_names_files_that_exist() {
    let text = section(MAP, 2, "The rooms");
    let all = rooms();
    let of = |line: &str| -> Vec<PathBuf> {
        let named: Vec<&str> = spans(line).collect();
        all.iter().filter(|(name, _)| named.contains(&name.as_str())).map(|(_, src)| src.clone()).collect()
    };
    let mut here: Vec<PathBuf> = Vec::new();
    let (mut wrong, mut found) = (Vec::new(), 0);
    for line in text.lines() {
        if line.starts_with("**") || line.starts_with('|') {
            here = of(line);
        }
        for span in spans(line).filter(|span| is_path(span)) {
            found += 1;
            if !stands(span, &here) {
                wrong.push(span.to_owned());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(found > 90, "only {found} files were found");
}

/// The text of every Rust source, without lines of comment.
fn code() -> String {
    let mut text = String::new();
    let mut folders = vec![root().join("crates"), root().join("xtask/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(path).unwrap();
                for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
                    text += line;
                    text.push('\n');
                }
            }
        }
    }
    text
}

/// The parts of a text in backticks that is a Rust name: `Journal::sent`, `BackgroundTask`, `SECRETS`.
fn name_parts(span: &str) -> Vec<&str> {
    let is_name = |part: &&str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    let parts: Vec<&str> = span.split("::").collect();
    let camel = span.starts_with(|letter: char| letter.is_ascii_uppercase())
        && span.contains(|letter: char| letter.is_ascii_lowercase());
    if parts.iter().all(is_name) && (parts.len() > 1 || camel) { parts } else { Vec::new() }
}

#[test]
fn what_the_pages_name_stands_in_the_code() {
    let code = code();
    let words: BTreeSet<&str> =
        code.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).collect();
    let mut found = 0;
    for page in [MAP, HOW_TO] {
        let text = read(page);
        for span in spans(&text) {
            for part in name_parts(span) {
                found += 1;
                assert!(words.contains(part), "{page}: `{span}`");
            }
        }
    }
    assert!(found > 60, "only {found} names were found");
}

/// A path with each choice such as `{en,ru}` written out.
fn written_out(path: &str) -> Vec<String> {
    let choice = path.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    let Some((before, (choice, after))) = choice else { return vec![path.to_owned()] };
    choice.split(',').flat_map(|one| written_out(&format!("{before}{one}{after}"))).collect()
}

/// The files that a how-to lists.
fn listed(text: &str) -> BTreeSet<String> {
    let items = text.lines().filter(|line| line.starts_with("- `"));
    items.filter_map(|item| spans(item).next()).flat_map(written_out).collect()
}

/// Every path of the workspace that a how-to names, listed or not.
fn named_paths(text: &str) -> BTreeSet<String> {
    let is_ours = |span: &&str| ["crates/", "docs/", "xtask/"].iter().any(|folder| span.starts_with(folder));
    spans(text).filter(is_ours).flat_map(written_out).collect()
}

/// The number that a how-to states: `**7 files**`.
fn stated(text: &str) -> Option<usize> {
    let (before, _) = text.split_once(" files**")?;
    before.rsplit("**").next()?.parse().ok()
}

/// Whether a path leads to a file or folder. Where it has `NAME` in it, or the number `0000` of a new error, the folder
/// of the new file is enough.
fn is_there(path: &str) -> bool {
    let is_new = |part: &&str| part.contains("NAME") || part.contains("0000");
    let known: PathBuf = path.split('/').take_while(|part| !is_new(part)).collect();
    root().join(known).exists()
}

#[test]
fn the_how_tos_list_files_that_exist_and_count_them() {
    let how_tos = sections(&section(HOW_TO, 2, "How to add …"), 3);
    let titles: Vec<&str> = how_tos.iter().map(|one| one.title.trim_start_matches("… ")).collect();
    assert_eq!(titles.iter().copied().collect::<BTreeSet<_>>(), HOW_TOS.into());
    for how_to in &how_tos {
        let files = listed(&how_to.text);
        let named = named_paths(&how_to.text);
        let gone: Vec<&String> = files.union(&named).filter(|path| !is_there(path)).collect();
        assert!(gone.is_empty(), "{}: {gone:?}", how_to.title);
        assert_eq!(stated(&how_to.text), Some(files.len()), "{}: {files:#?}", how_to.title);
    }
}

/// One place declares a setting, so that a new one costs little.
#[test]
fn a_setting_touches_at_most_eight_files() {
    let files = listed(&section(HOW_TO, 3, "… a setting"));
    assert!((3..=8).contains(&files.len()), "{files:#?}");
}
