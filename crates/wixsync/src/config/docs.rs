//! Checks the tables of settings in the pages against the declarations.

use std::collections::BTreeSet;
use std::path::Path;

use super::imports::IMPORT;
use super::setting::{Declaration, Variable};
use super::table::{SHOP, all};

/// The pages and the headings above their tables.
const PAGES: [(&str, &str); 2] =
    [("docs/settings.md", "## All settings"), ("docs/settings.ru.md", "## Все настройки")];

/// The section of a page that is about settings.
fn section(page: &str, heading: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(page);
    let text = std::fs::read_to_string(page).unwrap();
    let (_, section) = text.split_once(&format!("\n{heading}\n")).expect("the section is there");
    section.split("\n## ").next().unwrap_or_default().to_owned()
}

/// The texts in backticks.
fn quoted(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows of the table: what the columns variable, key and default have in backticks.
fn rows(section: &str) -> Vec<[BTreeSet<String>; 3]> {
    let lines = section.lines().filter_map(|line| line.strip_prefix("| ")).skip(2);
    let cells = lines.map(|line| line.split(" | ").map(quoted).collect::<Vec<_>>());
    cells.map(|cells| [cells[0].clone(), cells[1].clone(), cells[2].clone()]).collect()
}

/// The keys that a page names for a setting.
fn keys(declaration: &Declaration) -> Vec<String> {
    let name = match declaration.table() {
        Some(table) if table != SHOP && table != IMPORT => format!("[{table}] {}", declaration.name()),
        _ => declaration.name().to_owned(),
    };
    std::iter::once(name).chain(declaration.file_key()).collect()
}

/// All settings but the name of a shop, which the text below the table explains.
fn settings() -> Vec<Declaration> {
    all().into_iter().filter(|one| !one.is_required).collect()
}

#[test]
fn each_setting_has_its_row_with_variable_key_and_default() {
    for (page, heading) in PAGES {
        let rows = rows(&section(page, heading));
        for setting in settings() {
            let due = keys(&setting);
            let own: Vec<_> =
                rows.iter().filter(|[_, keys, _]| due.iter().all(|key| keys.contains(key))).collect();
            let [[variables, _, defaults]] = own.as_slice() else {
                panic!("{page}: {due:?} has rows: {own:?}")
            };
            let variable = setting.variable.name();
            assert!(variable.is_none_or(|name| variables.contains(name)), "{page}: {due:?}: {variables:?}");
            let default = setting.default;
            assert!(default.is_none_or(|text| defaults.contains(text)), "{page}: {due:?}: {defaults:?}");
        }
    }
}

#[test]
fn the_table_has_nothing_but_settings() {
    let variables: BTreeSet<String> =
        settings().iter().filter_map(|one| one.variable.name()).map(str::to_owned).collect();
    let due: BTreeSet<String> = settings().iter().flat_map(keys).collect();
    for (page, heading) in PAGES {
        let rows = rows(&section(page, heading));
        let of = |column: usize| rows.iter().flat_map(|row| row[column].clone()).collect::<BTreeSet<_>>();
        assert_eq!(of(0), variables, "{page}");
        let mut keys = of(1);
        assert!(keys.remove("[[shop]]") && keys.remove("[import.NAME]"));
        assert_eq!(keys, due, "{page}");
    }
}

#[test]
fn each_secret_may_come_from_a_file() {
    let files: Vec<String> = settings().iter().filter_map(|one| one.variable.file_name()).collect();
    for (page, heading) in PAGES {
        let text = section(page, heading);
        let named: BTreeSet<_> = quoted(&text)
            .into_iter()
            .filter(|name| name.starts_with("WIX") && name.ends_with("_FILE"))
            .collect();
        assert_eq!(named, files.iter().cloned().collect(), "{page}");
    }
    let secrets = settings().iter().filter(|one| matches!(one.variable, Variable::Secret(_))).count();
    assert_eq!(files.len(), secrets);
}
