//! A `wixsync.toml` that is there and gets other values. What does not change stays as it was written, with its comments.

use std::io::Write;
use std::path::Path;

use messages::Text;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, TomlError, Value};

use super::file;
use super::imports::IMPORT;
use super::shops::DEFAULT_NAME;
use super::table::SHOP;
use crate::error::Failure;

/// Settings and their new values, each key with its table before it. `None` takes the setting out.
pub(crate) type Changes = Vec<(&'static str, Option<Value>)>;

/// A configuration file, as it was written.
pub(crate) struct SavedConfig {
    document: DocumentMut,
}

impl SavedConfig {
    /// Reads the file. Fails where its syntax, a key or a type is wrong.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let document = file::document(path)?;
        file::values(&document, path)?;
        Ok(Self { document })
    }

    /// A file with this text.
    pub(crate) fn of(text: &str) -> Result<Self, Failure> {
        let unreadable =
            |error: TomlError| Failure::usage(Text::new("config-unreadable").with("detail", error.message()));
        Ok(Self { document: text.parse().map_err(unreadable)? })
    }

    /// The file with a profile of `import`: of its `keys`, those with values, and whatever else it says.
    pub(crate) fn with_profile(&self, name: &str, keys: &[String], values: &[(String, Value)]) -> String {
        let mut document = self.document.clone();
        let profiles = document.entry(IMPORT).or_insert_with(toml_edit::table);
        if let Some(profiles) = profiles.as_table_mut() {
            profiles.set_implicit(true);
        }
        let profile = profiles
            .as_table_like_mut()
            .map(|profiles| profiles.entry(name).or_insert_with(toml_edit::table));
        // `read` has checked that these are tables.
        if let Some(profile) = profile.and_then(Item::as_table_like_mut) {
            for key in keys.iter().filter(|key| values.iter().all(|(name, _)| name != *key)) {
                profile.remove(key);
            }
            for (key, value) in values {
                put(profile, key, value.clone());
            }
        }
        document.to_string()
    }

    /// The name of the shop that `changes` are about: the default one, else the first one.
    pub(crate) fn shop_name(&self) -> &str {
        let names = shop_names(&self.document);
        names.get(chosen(&names)).copied().unwrap_or(DEFAULT_NAME)
    }

    /// The file with these changes.
    pub(crate) fn with(&self, changes: &Changes) -> String {
        let mut document = self.document.clone();
        for (key, value) in changes {
            let (table, name) = key.split_once('.').unwrap_or(("", key));
            // `read` has checked that these are tables.
            let Some(table) = table_of(&mut document, table) else { continue };
            match value {
                Some(value) => put(table, name, value.clone()),
                None => drop(table.remove(name)),
            }
        }
        document.to_string()
    }
}

/// Writes a configuration file whole, with the owner and the mode of the one that is there.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    // A link stays a link.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let written = || -> std::io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new("."));
        let mut draft = tempfile::Builder::new().prefix(".wixsync-").suffix(".toml").tempfile_in(folder)?;
        draft.write_all(text.as_bytes())?;
        if let Ok(there) = std::fs::metadata(&path) {
            #[cfg(unix)]
            if rustix::process::geteuid().is_root() {
                use std::os::unix::fs::MetadataExt;
                std::os::unix::fs::chown(draft.path(), Some(there.uid()), Some(there.gid()))?;
            }
            draft.as_file().set_permissions(there.permissions())?;
        }
        draft.as_file().sync_all()?;
        draft.persist(&path).map(drop).map_err(|error| error.error)
    };
    written().map_err(|error| {
        Failure::failed(Text::new("init-unwritable").with("file", path.display()).with("detail", error))
    })
}

fn table_of<'a>(document: &'a mut DocumentMut, name: &str) -> Option<&'a mut dyn TableLike> {
    if name.is_empty() {
        return Some(document.as_table_mut());
    }
    if name != SHOP {
        return document.entry(name).or_insert_with(toml_edit::table).as_table_like_mut();
    }
    let at = chosen(&shop_names(document));
    match document.entry(SHOP).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new())) {
        Item::ArrayOfTables(shops) => {
            if shops.is_empty() {
                let name = (toml_edit::Key::new("name"), toml_edit::value(DEFAULT_NAME));
                shops.push(Table::from_iter([name]));
            }
            Some(shops.get_mut(at)?)
        }
        // `shop = [{ name = "…" }]`
        Item::Value(Value::Array(shops)) => Some(shops.get_mut(at)?.as_inline_table_mut()?),
        _ => None,
    }
}

fn shop_names(document: &DocumentMut) -> Vec<&str> {
    match document.get(SHOP) {
        Some(Item::ArrayOfTables(shops)) => {
            shops.iter().map(|shop| shop.get("name").and_then(Item::as_str).unwrap_or_default()).collect()
        }
        Some(Item::Value(Value::Array(shops))) => {
            let shops = shops.iter().filter_map(Value::as_inline_table);
            shops.map(|shop| shop.get("name").and_then(Value::as_str).unwrap_or_default()).collect()
        }
        _ => Vec::new(),
    }
}

fn chosen(names: &[&str]) -> usize {
    names.iter().position(|name| *name == DEFAULT_NAME).unwrap_or(0)
}

/// Sets a value and keeps the comment behind it.
fn put(table: &mut dyn TableLike, name: &str, mut value: Value) {
    match table.get_mut(name).and_then(Item::as_value_mut) {
        Some(there) => {
            *value.decor_mut() = there.decor().clone();
            *there = value;
        }
        None => drop(table.insert(name, Item::Value(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, changes: &Changes) -> String {
        SavedConfig { document: text.parse().unwrap() }.with(changes)
    }

    #[test]
    fn what_does_not_change_stays_as_it_was_written() {
        let text = "# ours\nschedule = '2h'   # not at night\n\n[guard]\nenabled = true\n\n[warehouse]\n\
                    url = 'sqlite://a.db' # nightly copy\nquery = 'SELECT 1'\n\n[[shop]]\nname = \"north\"\n\
                    # keep\ncreate_items = true\n";
        let changes = vec![
            ("warehouse.url", Some("sqlite://b.db".into())),
            ("warehouse.query", None),
            ("shop.site_id", Some("s".into())),
        ];
        let due = "# ours\nschedule = '2h'   # not at night\n\n[guard]\nenabled = true\n\n[warehouse]\n\
                   url = \"sqlite://b.db\" # nightly copy\n\n[[shop]]\nname = \"north\"\n\
                   # keep\ncreate_items = true\nsite_id = \"s\"\n";
        assert_eq!(changed(text, &changes), due);
    }

    #[test]
    fn a_profile_takes_its_options_anew_and_keeps_the_rest() {
        let keys = ["column", "sum"].map(str::to_owned);
        let text = "settle = '5s'\n\n[import.main]\nsum = true\nwatch = \"in/*\" # FTP\n";
        let saved = SavedConfig { document: text.parse().unwrap() };
        let values = [("column".to_owned(), Value::from_iter(["sku=Код"]))];
        let due = "settle = '5s'\n\n[import.main]\nwatch = \"in/*\" # FTP\ncolumn = [\"sku=Код\"]\n";
        assert_eq!(saved.with_profile("main", &keys, &values), due);
        let other = saved.with_profile("1c", &keys, &values);
        assert_eq!(other, format!("{text}\n[import.1c]\ncolumn = [\"sku=Код\"]\n"));
        let first = SavedConfig { document: DocumentMut::new() }.with_profile("a", &keys, &values);
        assert_eq!(first, "[import.a]\ncolumn = [\"sku=Код\"]\n");
    }

    #[test]
    fn the_default_shop_is_the_one_that_changes_else_the_first() {
        let changes = vec![("shop.site_id", Some("s".into()))];
        let (a, default) = ("[[shop]]\nname = 'a'\n", "[[shop]]\nname = 'default'\n");
        let set = "site_id = \"s\"\n";
        assert_eq!(changed(&format!("{a}{default}"), &changes), format!("{a}{default}{set}"));
        assert_eq!(changed(&format!("{a}[[shop]]\nname = 'b'\n"), &changes).find(set), Some(a.len()));
        assert_eq!(changed("", &changes), format!("[[shop]]\nname = \"default\"\n{set}"));
        let inline = changed("shop = [{ name = 'a' }]\n", &changes);
        assert_eq!(inline, "shop = [{ name = 'a' , site_id = \"s\" }]\n");
    }
}
