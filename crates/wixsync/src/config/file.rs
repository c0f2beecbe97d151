//! `wixsync.toml`: where it lies, its syntax, and which settings it may have.

use std::path::{Path, PathBuf};

use figment::value::{Dict, Value};
use messages::Text;

use super::setting::{Declaration, Shape};
use super::table::{SHOP, declarations};
use crate::environment::Environment;
use crate::error::Failure;

/// The configuration file's name.
pub(crate) const FILE: &str = "wixsync.toml";

/// `--config`, `WIXSYNC_CONFIG`, `wixsync.toml` here, then in the user's configuration folder.
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
    Ok([Some(here), in_home].into_iter().flatten().find(|file| file.is_file()).map(|file| absolute(&file)))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The file's values. Each is a setting, and has the shape that the setting takes.
pub(super) fn read(file: &Path) -> Result<Dict, Failure> {
    let table = parse(file)?;
    let unreadable = |error: figment::Error| {
        Failure::usage(Text::new("config-unreadable").with("detail", error.path.join(".")))
    };
    let values = Value::serialize(table).map_err(unreadable)?.into_dict().unwrap_or_default();
    check(&values, &Place::top()).map_err(|text| Failure::usage(text.with("file", file.display())))?;
    Ok(values)
}

/// Errors of the syntax are told by place and reason; the line itself may hold a secret.
fn parse(file: &Path) -> Result<toml::Table, Failure> {
    let named = |id| Text::new(id).with("file", file.display());
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::usage(named("config-file-unreadable").with("detail", error)))?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::usage(named("config-file-not-utf-8")))?;
    text.parse().map_err(|error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        let number = text.get(..start).unwrap_or_default().matches('\n').count() + 1;
        let line = text.lines().nth(number - 1).unwrap_or_default();
        let reason = error.message().lines().next().unwrap_or_default();
        let text = named("config-file-syntax").with("line", number).with("detail", reason);
        Failure::usage(text.with("mistake", mistake(line, reason)))
    })
}

/// What is most likely wrong with a line; the hint hangs on it.
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
    Table(Place),
    List(Place),
}

/// The keys that a table of the file may have, in the order in which an error lists them.
struct Place {
    slots: Vec<(String, Slot)>,
    required: Vec<&'static str>,
}

impl Place {
    fn top() -> Self {
        let (settings, of_shop) = declarations();
        let (inner, own): (Vec<_>, Vec<_>) = settings.into_iter().partition(|one| one.table().is_some());
        let mut top = Self::of(&own);
        for table in inner.chunk_by(|one, next| one.table() == next.table()) {
            let name = table.first().and_then(Declaration::table).unwrap_or_default();
            top.slots.push((name.to_owned(), Slot::Table(Self::of(table))));
        }
        top.slots.push((SHOP.to_owned(), Slot::List(Self::of(&of_shop))));
        top
    }

    fn of(declarations: &[Declaration]) -> Self {
        let mut slots = Vec::new();
        for declaration in declarations {
            slots.push((declaration.name().to_owned(), Slot::Value(declaration.shape)));
            slots.extend(declaration.file_key().map(|key| (key, Slot::SecretFile)));
        }
        let required = declarations.iter().filter(|one| one.is_required).map(Declaration::name).collect();
        Self { slots, required }
    }
}

/// Refuses what is no setting, or has the wrong type. What stands there is not told: it may be a secret.
fn check(values: &Dict, place: &Place) -> Result<(), Text> {
    check_below("", values, place)
}

fn check_below(path: &str, values: &Dict, place: &Place) -> Result<(), Text> {
    for (name, value) in values {
        let Some((_, slot)) = place.slots.iter().find(|(known, _)| known == name) else {
            let known: Vec<&str> = place.slots.iter().map(|(name, _)| name.as_str()).collect();
            let text = Text::new("config-unknown-setting").with("setting", name);
            return Err(text.with("known", known.join(", ")));
        };
        check_slot(&join(path, name), value, slot)?;
    }
    match place.required.iter().find(|name| !values.contains_key(**name)) {
        Some(name) => Err(Text::new("config-missing-setting").with("setting", *name)),
        None => Ok(()),
    }
}

fn check_slot(path: &str, value: &Value, slot: &Slot) -> Result<(), Text> {
    let wrong =
        |expected| Err(Text::new("config-wrong-type").with("setting", path).with("expected", expected));
    match (slot, value) {
        (Slot::Table(place), Value::Dict(_, values)) => check_below(path, values, place),
        (Slot::Table(_), _) => wrong("a table"),
        (Slot::List(place), Value::Array(_, entries)) => each(path, entries, |path, entry| match entry {
            Value::Dict(_, values) => check_below(path, values, place),
            _ => Err(Text::new("config-wrong-type").with("setting", path).with("expected", "a table")),
        }),
        (Slot::Value(Shape::Texts), Value::Array(_, entries)) => {
            each(path, entries, |path, entry| check_slot(path, entry, &Slot::Value(Shape::Text)))
        }
        (Slot::List(_) | Slot::Value(Shape::Texts), _) => wrong("a sequence"),
        (Slot::SecretFile | Slot::Value(_), Value::String(..)) => Ok(()),
        (Slot::Value(Shape::TextOrNumber), Value::Num(_, number)) if number.to_f64().is_none() => Ok(()),
        // Two types fit, so none is named.
        (Slot::Value(Shape::TextOrNumber), _) => {
            Err(Text::new("config-file-unreadable").with("detail", path))
        }
        (Slot::SecretFile, _) => wrong("path string"),
        (Slot::Value(_), _) => wrong("a string"),
    }
}

fn each(
    path: &str,
    entries: &[Value],
    mut check: impl FnMut(&str, &Value) -> Result<(), Text>,
) -> Result<(), Text> {
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
            let error = text.parse::<toml::Table>().expect_err(text);
            let line = text.lines().next().unwrap_or_default();
            assert_eq!(mistake(line, error.message()), due, "{text}: {}", error.message());
        }
    }

    fn refused(text: &str) -> Text {
        let table: toml::Table = text.parse().unwrap();
        let values = Value::serialize(table).unwrap().into_dict().unwrap();
        check(&values, &Place::top()).unwrap_err()
    }

    #[test]
    fn a_setting_that_is_none_is_told_with_those_that_there_are() {
        let unknown = |known| Text::new("config-unknown-setting").with("setting", "x").with("known", known);
        let (settings, of_shop) = declarations();
        let mut top: Vec<&str> =
            settings.iter().map(|one| one.key).filter(|key| !key.contains('.')).collect();
        top.extend(["warehouse", "shop"]);
        assert_eq!(refused("x = 1"), unknown(top.join(", ")));
        assert_eq!(refused("[warehouse]\nx = 1"), unknown("url, query, warehouses".to_owned()));
        let shop = "name, api_key, api_key_file, site_id, account_id, base_url, schedule";
        assert_eq!(refused("[[shop]]\nname = 'a'\nx = 1"), unknown(shop.to_owned()));
        assert_eq!(of_shop.len(), shop.split(", ").count() - 1, "the key's file is no setting of its own");
    }

    #[test]
    fn a_value_of_the_wrong_type_is_told_by_its_path() {
        for (text, path, expected) in [
            ("settle = 10", "settle", "a string"),
            ("warehouse = 1", "warehouse", "a table"),
            ("shop = 1", "shop", "a sequence"),
            ("shop = [1]", "shop.0", "a table"),
            ("[warehouse]\nwarehouses = 1", "warehouse.warehouses", "a sequence"),
            ("[warehouse]\nwarehouses = ['a', 1]", "warehouse.warehouses.1", "a string"),
            ("[[shop]]\nname = 'a'\n[[shop]]\napi_key_file = 1", "shop.1.api_key_file", "path string"),
        ] {
            let due = Text::new("config-wrong-type").with("setting", path).with("expected", expected);
            assert_eq!(refused(text), due, "{text}");
        }
        let unreadable = Text::new("config-file-unreadable").with("detail", "write_batch");
        assert_eq!(refused("write_batch = 1.5"), unreadable);
        assert_eq!(refused("[[shop]]"), Text::new("config-missing-setting").with("setting", "name"));
    }
}
