//! `wixsync.toml` with every setting in it, commented: as an example, and filled in by `init`.

use std::collections::BTreeMap;
use std::fmt::Write;

use messages::Messages;
use toml_edit::Value;

use super::saved::Changes;
use super::setting::{Declaration, Shape};
use super::table::{Settings, TABLES, lists, named};

/// The file. Settings that are not set are commented out.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    set: BTreeMap<&'static str, Value>,
}

impl Default for Example {
    fn default() -> Self {
        Self { set: BTreeMap::from([("shop.name", "default".into())]) }
    }
}

impl Example {
    /// With this value; of a table's key, with the table's name before it.
    pub(crate) fn set(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.set.insert(key, value.into());
        self
    }

    /// With the values that are set by these changes.
    pub(crate) fn with(self, changes: &Changes) -> Self {
        let set = changes.iter().filter_map(|(key, value)| Some((*key, value.clone()?)));
        set.fold(self, |example, (key, value)| example.set(key, value))
    }

    /// The text, with its comments in the language of `messages`.
    pub(crate) fn text(&self, messages: Messages) -> String {
        let mut text = commented(&messages.get("example-head"));
        let mut table = None;
        for declaration in in_order() {
            if declaration.table() != table {
                table = declaration.table();
                for table in TABLES.iter().filter(|one| Some(one.name) == table) {
                    let _ = write!(text, "\n{}{}\n", commented(&messages.get(table.explanation)), table.head);
                }
            }
            text.push('\n');
            text.push_str(&commented(&messages.get(declaration.explanation)));
            let key = key(&declaration);
            let name = key.rsplit_once('.').map_or(key.as_str(), |(_, name)| name);
            let _ = match self.set.get(key.as_str()) {
                Some(value) => writeln!(text, "{name} = {value}"),
                None => writeln!(text, "# {name} = {}", example(&declaration)),
            };
        }
        text
    }
}

/// Every setting, in the order of the file: first those outside of tables, because TOML requires that.
fn in_order() -> Vec<Declaration> {
    let mut declarations = Settings::declarations();
    declarations.sort_by_key(|one| (one.table().is_some(), one.rank));
    declarations.extend(lists().into_iter().chain(named()).flat_map(|(_, entry)| entry));
    declarations
}

/// The key that stands in the file. A secret is better kept in a file of its own.
fn key(declaration: &Declaration) -> String {
    match (declaration.file_key(), declaration.table()) {
        (Some(name), Some(table)) => format!("{table}.{name}"),
        (Some(name), None) => name,
        (None, _) => declaration.key.to_owned(),
    }
}

/// The value that stands in the file where none is set: the example, else the default.
fn example(declaration: &Declaration) -> String {
    match (declaration.example, declaration.default) {
        (Some(example), _) => example.to_owned(),
        (None, Some(plain)) if matches!(declaration.shape, Shape::TextOrNumber | Shape::Flag) => {
            plain.to_owned()
        }
        (None, default) => Value::from(default.unwrap_or_default()).to_string(),
    }
}

fn commented(text: &str) -> String {
    text.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use messages::Lang;

    use super::*;
    use crate::config::table::all;
    use crate::config::{File, load, rows};
    use crate::environment::Environment;

    fn settings_of(text: &str) -> Settings {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        load(&Environment::default(), File::Find(Some(file.path())), None).unwrap()
    }

    #[test]
    fn every_setting_stands_in_it_and_no_key_itself() {
        let text = Example::default().text(Messages::new(Lang::En));
        let stands = |name: &str| {
            let line = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{name} = "));
            text.lines().filter(|there| line(there)).count()
        };
        for declaration in all() {
            // The service has a schedule and a shop another one, for instance.
            let due = all().iter().filter(|one| one.name() == declaration.name()).count();
            let name = declaration.file_key().unwrap_or_else(|| declaration.name().to_owned());
            assert_eq!(stands(&name), due, "{name}");
        }
        assert_eq!(stands("api_key"), 0);
        let lines = text.lines().filter(|line| line.contains(" = ")).count();
        assert_eq!(lines, all().len());
    }

    /// If a setting has a default, its commented line shows it.
    #[test]
    fn its_comments_are_the_defaults() {
        let text = Example::default().text(Messages::new(Lang::En));
        let plain = rows(&settings_of(""));
        let set: Vec<&str> = text
            .lines()
            .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
            .filter(|line| !line.contains("_file = "))
            .collect();
        let examples: Vec<&str> =
            all().iter().filter(|one| one.default.is_none()).map(|one| one.key).collect();
        for (before, after) in plain.iter().zip(rows(&settings_of(&set.join("\n")))) {
            assert_eq!(before.name, after.name);
            if ["warehouse.url", "state_url"].contains(&after.name.as_str()) {
                assert!(is_beside(after.value.as_ref()), "{after:?}");
                continue;
            }
            let is_example = examples.contains(&after.name.replace(".default", "").as_str());
            assert!(is_example || before.value == after.value, "{after:?}");
        }
    }

    /// Whether a database is beside the file; its location differs for each file.
    fn is_beside(value: Option<&String>) -> bool {
        value.is_some_and(|value| value.ends_with("/state.db") || value.ends_with("/warehouse.db"))
    }

    #[test]
    fn what_is_set_is_read_back() {
        let query = "SELECT \"a\" AS sku,\n  'x\\' AS quantity FROM t";
        let example =
            Example::default().set("warehouse.query", query).set("shop.site_id", "s").set("write_batch", 7);
        for lang in Lang::ALL {
            let settings = settings_of(&example.text(Messages::new(*lang)));
            assert_eq!(settings.query.value.as_deref(), Some(query));
            assert_eq!(settings.write_batch.value.entries(), 7);
            let shop = settings.shops.first().unwrap();
            assert_eq!(shop.site_id.value.as_deref(), Some("s"));
        }
    }
}
