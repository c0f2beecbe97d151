//! `wixsync.toml`: finding it, its syntax, and the settings that it may have.

use std::path::{Path, PathBuf};

use figment::value::{Dict, Value};
use messages::Text;
use toml_edit::{DocumentMut, TomlError};

use super::setting::{Declaration, Shape};
use super::table::{Settings, lists, named};
use crate::environment::Environment;
use crate::error::Failure;
use crate::text_file;

/// The configuration file's name.
pub(crate) const FILE: &str = "wixsync.toml";

/// The file that the packaged service uses. Commands on the same machine find it, so that they share its state database.
const OF_MACHINE: &str = "/etc/wixsync/wixsync.toml";

/// `--config`, `WIXSYNC_CONFIG`, `wixsync.toml` here, in the user's configuration folder, then that of the machine.
pub(super) fn find(environment: &Environment, flag: Option<&Path>) -> Result<Option<PathBuf>, Failure> {
    let named = flag.map(Path::to_owned).or_else(|| environment.get("WIXSYNC_CONFIG").map(PathBuf::from));
    if let Some(file) = named {
        if file.is_file() {
            return Ok(Some(absolute(&file)));
        }
        return Err(Failure::usage(Text::new("config-no-file").with("file", file.display())));
    }
    let here = PathBuf::from(FILE);
    let in_home = environment.config_folder().map(|folder| folder.join(FILE));
    let of_machine = cfg!(unix).then(|| PathBuf::from(OF_MACHINE));
    Ok([Some(here), in_home, of_machine]
        .into_iter()
        .flatten()
        .find(|file| file.is_file())
        .map(|file| absolute(&file)))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The file's values.
pub(super) fn read(file: &Path) -> Result<Dict, Failure> {
    values(&document(file)?, file)
}

/// The values of a file. Each one is a known setting and has the type that the setting takes.
pub(super) fn values(document: &DocumentMut, file: &Path) -> Result<Dict, Failure> {
    let unreadable = |error: toml_edit::de::Error| {
        Failure::usage(Text::new("config-unreadable").with("detail", error.message()))
    };
    let values = dict(document).map_err(unreadable)?;
    check("", &values, &Table::top()).map_err(|error| error.into_failure(file))?;
    Ok(values)
}

fn dict(document: &DocumentMut) -> Result<Dict, toml_edit::de::Error> {
    toml_edit::de::from_document(document.clone())
}

/// The file as it was written. Syntax errors show line number and reason, not the line itself, because that may hold a
/// secret.
pub(super) fn document(file: &Path) -> Result<DocumentMut, Failure> {
    let named = |id| Text::new(id).with("file", file.display());
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::usage(named("config-file-unreadable").with("detail", error)))?;
    let text = text_file::decode(bytes).ok_or_else(|| Failure::usage(named("config-file-not-utf-8")))?;
    text.parse().map_err(|error: TomlError| {
        let start = error.span().map_or(0, |span| span.start);
        let number = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        let line = text.lines().nth(number - 1).unwrap_or_default();
        let reason = error.message().lines().next().unwrap_or_default();
        let text = named("config-file-syntax").with("line", number).with("detail", reason);
        Failure::usage(text.with("mistake", mistake(line, reason)))
    })
}

/// What is most likely wrong with a line. The hint depends on it.
fn mistake(line: &str, reason: &str) -> &'static str {
    let line = line.trim();
    let value = line.split_once('=').map(|(_, value)| value.trim());
    match value {
        _ if reason.contains("escape") => "backslash",
        _ if reason.starts_with("duplicate key") => "twice",
        _ if line.contains(['“', '”', '„', '«', '»', '‘', '’']) => "typographic",
        _ if line.starts_with('[') => "open",
        None => "equals",
        Some("") => "empty",
        Some(value) if value.starts_with(['"', '\'', '[', '{']) => "open",
        Some(_) => "quotes",
    }
}

/// What a key of the file may hold.
enum Slot {
    Value(Shape),
    /// The path of a secret's file.
    SecretFile,
    Table(Table),
    List(Table),
    /// Tables with names of the user's own.
    Named(Table),
}

/// The keys that a table of the file may have, in the order in which an error lists them.
struct Table {
    slots: Vec<(String, Slot)>,
    required: Vec<&'static str>,
}

impl Table {
    fn top() -> Self {
        let mut top = Self::of("", &Settings::declarations());
        let lists = lists().into_iter();
        top.slots.extend(lists.map(|(name, entry)| (name.to_owned(), Slot::List(Self::of(name, &entry)))));
        let named = named().into_iter();
        top.slots.extend(named.map(|(name, one)| (name.to_owned(), Slot::Named(Self::of(name, &one)))));
        top
    }

    /// The table at `path`: its own keys, then the tables below it.
    fn of(path: &str, declarations: &[Declaration]) -> Self {
        let is_own = |one: &&Declaration| one.table().unwrap_or_default() == path;
        let (own, below): (Vec<&Declaration>, Vec<&Declaration>) = declarations.iter().partition(is_own);
        let mut slots = Vec::new();
        for declaration in &own {
            slots.push((declaration.name().to_owned(), Slot::Value(declaration.shape)));
            slots.extend(declaration.file_key().map(|key| (key, Slot::SecretFile)));
        }
        let name_of = |one: &Declaration| {
            let rest = one.key.get(path.len()..).unwrap_or_default().trim_start_matches('.');
            rest.split('.').next().unwrap_or_default().to_owned()
        };
        for table in below.chunk_by(|one, next| name_of(one) == name_of(next)) {
            let name = table.first().map(|one| name_of(one)).unwrap_or_default();
            let declarations: Vec<Declaration> = table.iter().map(|one| **one).collect();
            let inner = Self::of(&join(path, &name), &declarations);
            slots.push((name, Slot::Table(inner)));
        }
        let required = own.iter().filter(|one| one.is_required).map(|one| one.name()).collect();
        Self { slots, required }
    }
}

/// What is wrong with the file's values. It does not hold the value, which may be a secret.
#[derive(Debug, PartialEq, Eq)]
enum BadFile {
    UnknownSetting {
        name: String,
        known: String,
    },
    WrongType {
        path: String,
        /// The code of the type; the message names it in the reader's language.
        expected: &'static str,
    },
    Missing {
        name: &'static str,
    },
    /// `[shop]` where `[[shop]]` is due.
    OneTable {
        name: String,
    },
}

impl BadFile {
    fn into_failure(self, file: &Path) -> Failure {
        let text = match self {
            Self::UnknownSetting { name, known } => {
                Text::new("config-unknown-setting").with("setting", name).with("known", known)
            }
            Self::WrongType { path, expected } => {
                Text::new("config-wrong-type").with("setting", path).with("expected", expected)
            }
            Self::Missing { name } => Text::new("config-missing-setting").with("setting", name),
            Self::OneTable { name } => Text::new("config-one-table").with("name", name),
        };
        Failure::usage(text.with("file", file.display()))
    }
}

/// Refuses unknown settings, missing ones, and values of the wrong type in the table at `path`.
fn check(path: &str, values: &Dict, table: &Table) -> Result<(), BadFile> {
    for (name, value) in values {
        let Some((_, slot)) = table.slots.iter().find(|(known, _)| known == name) else {
            let known: Vec<&str> = table.slots.iter().map(|(name, _)| name.as_str()).collect();
            return Err(BadFile::UnknownSetting { name: name.clone(), known: known.join(", ") });
        };
        check_slot(&join(path, name), value, slot)?;
    }
    match table.required.iter().find(|name| !values.contains_key(**name)) {
        Some(name) => Err(BadFile::Missing { name }),
        None => Ok(()),
    }
}

fn check_slot(path: &str, value: &Value, slot: &Slot) -> Result<(), BadFile> {
    let wrong = |expected| Err(wrong_type(path, expected));
    match (slot, value) {
        (Slot::Table(table), Value::Dict(_, values)) => check(path, values, table),
        (Slot::Named(table), Value::Dict(_, tables)) => {
            let mut tables = tables.iter();
            tables.try_for_each(|(name, values)| match values {
                Value::Dict(_, values) => check(&join(path, name), values, table),
                _ => Err(wrong_type(&join(path, name), "table")),
            })
        }
        (Slot::Table(_) | Slot::Named(_), _) => wrong("table"),
        (Slot::List(table), Value::Array(_, entries)) => each(path, entries, |path, entry| match entry {
            Value::Dict(_, values) => check(path, values, table),
            _ => Err(wrong_type(path, "table")),
        }),
        (Slot::Value(Shape::Texts), Value::Array(_, entries)) => {
            each(path, entries, |path, entry| check_slot(path, entry, &Slot::Value(Shape::Text)))
        }
        (Slot::List(_), Value::Dict(..)) => Err(BadFile::OneTable { name: path.to_owned() }),
        (Slot::List(_) | Slot::Value(Shape::Texts), _) => wrong("list"),
        (Slot::Value(Shape::Flag), Value::Bool(..)) => Ok(()),
        (Slot::Value(Shape::Flag), _) => wrong("flag"),
        (Slot::SecretFile | Slot::Value(_), Value::String(..)) => Ok(()),
        (Slot::Value(Shape::TextOrNumber), Value::Num(_, number)) if number.to_f64().is_none() => Ok(()),
        (Slot::Value(Shape::TextOrNumber), _) => wrong("number"),
        (Slot::SecretFile | Slot::Value(_), _) => wrong("text"),
    }
}

fn wrong_type(path: &str, expected: &'static str) -> BadFile {
    BadFile::WrongType { path: path.to_owned(), expected }
}

fn each(
    path: &str,
    entries: &[Value],
    mut check: impl FnMut(&str, &Value) -> Result<(), BadFile>,
) -> Result<(), BadFile> {
    let mut numbered = entries.iter().enumerate();
    numbered.try_for_each(|(number, entry)| check(&join(path, &number.to_string()), entry))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_line_is_guessed_from_it() {
        for (text, due) in [
            ("state_url = sqlite://a.db", "quotes"),
            ("settle = 10s # seconds", "quotes"),
            ("schedule = 0 * * * *", "quotes"),
            ("log = True", "quotes"),
            ("log = \"info", "open"),
            ("log = 'it's'", "open"),
            ("[warehouse\nurl = \"x\"", "open"),
            ("names = [\"a\", \"b\"", "open"),
            ("log = ”info”", "typographic"),
            ("log = \"C:\\data\\w.db\"", "backslash"),
            ("log: \"info\"", "equals"),
            ("log", "equals"),
            ("log =", "empty"),
            ("a = 1\na = 2", "twice"),
        ] {
            let error = text.parse::<DocumentMut>().expect_err(text);
            let line = text.lines().next().unwrap_or_default();
            assert_eq!(mistake(line, error.message()), due, "{text}: {}", error.message());
        }
    }

    fn values(text: &str) -> Dict {
        dict(&text.parse().unwrap()).unwrap()
    }

    fn refused(text: &str) -> BadFile {
        check("", &values(text), &Table::top()).unwrap_err()
    }

    fn unknown(known: &str) -> BadFile {
        BadFile::UnknownSetting { name: "x".to_owned(), known: known.to_owned() }
    }

    #[test]
    fn a_setting_that_is_none_is_told_with_those_that_there_are() {
        let settings = Settings::declarations();
        let mut top: Vec<&str> =
            settings.iter().map(|one| one.key).filter(|key| !key.contains('.')).collect();
        top.extend(["warehouse", "shop", "import"]);
        assert_eq!(refused("x = 1"), unknown(&top.join(", ")));
        assert_eq!(
            refused("[warehouse]\nx = 1"),
            unknown("url, query, warehouses, busy_timeout, statement_timeout")
        );
        let shop = "name, api_key, api_key_file, site_id, app_id, app_secret, app_secret_file, instance_id, \
                    account_id, base_url, create_items, schedule";
        assert_eq!(refused("[[shop]]\nname = 'a'\nx = 1"), unknown(shop));
    }

    /// No setting lies that deep yet; one of a shop's own `[shop.guard]` will.
    #[test]
    fn a_table_may_lie_in_a_table() {
        let declaration = |key| Declaration { key, ..Settings::declarations()[0] };
        let table =
            Table::of("shop", &["shop.name", "shop.guard.enabled", "shop.guard.window"].map(declaration));
        let checked = |text| check("shop", &values(text), &table);
        assert_eq!(checked("name = 'a'\n[guard]\nwindow = '1h'"), Ok(()));
        assert_eq!(checked("name = 'a'\n[guard]\nx = 1"), Err(unknown("enabled, window")));
        assert_eq!(checked("x = 1"), Err(unknown("name, guard")));
        assert_eq!(checked("[guard]\nwindow = 1"), Err(wrong_type("shop.guard.window", "text")));
    }

    #[test]
    fn a_value_of_the_wrong_type_is_told_by_its_path() {
        for (text, path, expected) in [
            ("settle = 10", "settle", "text"),
            ("warehouse = 1", "warehouse", "table"),
            ("shop = 1", "shop", "list"),
            ("[[shop]]\nname = 'a'\ncreate_items = 'true'", "shop.0.create_items", "flag"),
            ("shop = [1]", "shop.0", "table"),
            ("[warehouse]\nwarehouses = 1", "warehouse.warehouses", "list"),
            ("[warehouse]\nwarehouses = ['a', 1]", "warehouse.warehouses.1", "text"),
            ("[[shop]]\nname = 'a'\n[[shop]]\napi_key_file = 1", "shop.1.api_key_file", "text"),
        ] {
            assert_eq!(refused(text), wrong_type(path, expected), "{text}");
        }
        assert_eq!(refused("write_batch = 1.5"), wrong_type("write_batch", "number"));
        assert_eq!(refused("[[shop]]"), BadFile::Missing { name: "name" });
        assert_eq!(refused("[shop]\nname = 'a'"), BadFile::OneTable { name: "shop".to_owned() });
    }
}
