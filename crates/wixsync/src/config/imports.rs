//! Saved profiles of `import`: the tables `[import.NAME]`.
//!
//! Most keys are options of the command, with `_` for `-`. A profile keeps them as they are typed; `import` reads them
//! as if they stood on the command line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use figment::value::Dict;
use messages::Text;
use stocklist::{DecimalMark, Encoding, Mapping, QuantityWord};
use url::Url;

use super::declare::settings;
use super::input::Input;
use super::layers::Layers;
use super::setting::Expected::{All, Examples};
use super::setting::Parse::{Own, Text as Parsed};
use super::setting::Unset::{Default, Found};
use super::setting::Variable::None as NoVariable;
use super::setting::{Declaration, SetValue, Setting, Shape, Surroundings, bad_value};
use super::{Origin, Row, Sourced, values};
use crate::error::Failure;

/// The table of the profiles.
pub(crate) const IMPORT: &str = "import";

settings! {
    /// One profile.
    pub(crate) struct ImportProfile {
        besides {
            name: String;
        }
        groups {}
        column: Vec<String> = texts("import.column", 400, "[\"sku=Article\", \"quantity=E\"]", |set| {
            each(set, "sku=Article, quantity=E, quantity[North]=F", |text| Mapping::parse(text).is_some())
        });
        subtract: Vec<String> = texts("import.subtract", 405, "[\"reserved=D\"]", |set| {
            each(set, "reserved=D", |text| Mapping::parse_reserved(text).is_some())
        });
        quantity_words: Vec<String> = texts("import.quantity_words", 410, "[\"yes=5,>50=50,no=0\"]", |set| {
            each(set, "yes=5,>50=50,no=0", |text| QuantityWord::parse_all(text).is_some())
        });
        warehouse: Option<String> = text("import.warehouse", 415, "\"main\"", |set| one(set, "main", |_| true));
        sheet: Option<String> = text("import.sheet", 420, "\"all\"", |set| one(set, "all", |_| true));
        encoding: Option<String> = text("import.encoding", 425, "\"windows-1251\"", |set| {
            one(set, "utf-8, windows-1251, cp866", |text| Encoding::named(text).is_some())
        });
        delimiter: Option<String> = text("import.delimiter", 430, "\";\"", |set| {
            one(set, "; , | tab", |text| values::delimiter(text).is_some())
        });
        decimal: Option<String> = text("import.decimal", 435, "\"comma\"", |set| {
            one(set, "comma, point", |text| DecimalMark::named(text).is_some())
        });
        no_headings: bool = flag("import.no_headings", 440);
        strip_units: bool = flag("import.strip_units", 445);
        sum: bool = flag("import.sum", 450);
        empty_as_zero: bool = flag("import.empty_as_zero", 455);
        skip_without_sku: bool = flag("import.skip_without_sku", 460);
        skip_hidden: bool = flag("import.skip_hidden", 465);
        ignore_total: bool = flag("import.ignore_total", 470);
        replace: bool = flag("import.replace", 475);
        merge: bool = flag("import.merge", 480);
        /// A folder and a pattern of file names, beside the configuration file.
        watch: Option<WatchedFolder> = Setting {
            key: "import.watch",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Found(|_| None),
            example: Some("\"lists/*.xlsx\""),
            rank: 485,
            explanation: "example-import-watch",
            check: None,
            parse: Own(|set| WatchedFolder::parse(set).map(Some)),
            show: |watched| watched.as_ref().map(WatchedFolder::shown),
        };
        url: Option<Url> = Setting {
            key: "import.url",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Found(|_| None),
            example: Some("\"https://example.com/stock.csv\""),
            rank: 490,
            explanation: "example-import-url",
            check: None,
            parse: Own(|set| values::list_address(set).map(Some)),
            show: |url| url.as_ref().map(values::show_address),
        };
        every: Duration = Setting {
            key: "import.every",
            variable: NoVariable,
            shape: Shape::Text,
            unset: Default("15m"),
            example: None,
            rank: 495,
            explanation: "example-import-every",
            check: None,
            parse: Parsed(Examples("15m, 1h"), |text| values::duration(text).filter(|every| *every >= SHORTEST)),
            show: |length| Some(values::show_duration(*length)),
        };
    }
}

/// An address is asked no more often.
const SHORTEST: Duration = Duration::from_secs(10);

/// A folder whose new files are imported, and which of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WatchedFolder {
    pub(crate) folder: PathBuf,
    /// The names of the files: `*` stands for any text.
    pub(crate) names: String,
}

impl WatchedFolder {
    fn parse(set: &SetValue<'_>) -> Result<Self, Failure> {
        let beside = set.around.beside_file("").unwrap_or_default();
        Self::of(set.text(), &beside)
            .ok_or_else(|| bad_value(set.name, set.text(), Examples("lists/*.xlsx, /srv/stock")))
    }

    /// A folder in `base`, or one and a pattern of file names. `None` where a star stands in the folder's own name.
    pub(crate) fn of(text: &str, base: &Path) -> Option<Self> {
        let text = text.trim().trim_end_matches('/');
        let (folder, names) = match text.rsplit_once('/') {
            Some((folder, names)) if names.contains('*') => (folder, names),
            None if text.contains('*') => (".", text),
            _ => (text, "*"),
        };
        let folder = if folder.is_empty() { "/" } else { folder };
        (!folder.contains('*')).then(|| Self { folder: base.join(folder), names: names.to_owned() })
    }

    fn shown(&self) -> String {
        self.folder.join(&self.names).display().to_string()
    }
}

fn texts(
    key: &'static str,
    rank: u16,
    example: &'static str,
    parse: fn(&SetValue<'_>) -> Result<Vec<String>, Failure>,
) -> Setting<Vec<String>> {
    Setting {
        key,
        variable: NoVariable,
        shape: Shape::Texts,
        unset: Found(|_| Vec::new()),
        example: Some(example),
        rank,
        explanation: explanation(key),
        check: None,
        parse: Own(parse),
        show: |texts| (!texts.is_empty()).then(|| texts.join(", ")),
    }
}

fn text(
    key: &'static str,
    rank: u16,
    example: &'static str,
    parse: fn(&SetValue<'_>) -> Result<Option<String>, Failure>,
) -> Setting<Option<String>> {
    Setting {
        key,
        variable: NoVariable,
        shape: Shape::Text,
        unset: Found(|_| None),
        example: Some(example),
        rank,
        explanation: explanation(key),
        check: None,
        parse: Own(parse),
        show: Clone::clone,
    }
}

fn flag(key: &'static str, rank: u16) -> Setting<bool> {
    Setting {
        key,
        variable: NoVariable,
        shape: Shape::Flag,
        unset: Default("false"),
        example: None,
        rank,
        explanation: explanation(key),
        check: None,
        parse: Parsed(All("true, false"), |text| text.parse().ok()),
        show: |flag| Some(flag.to_string()),
    }
}

/// The message that explains the option of this name.
fn explanation(key: &'static str) -> &'static str {
    match key {
        "import.column" => "cli-import-column",
        "import.subtract" => "cli-import-subtract",
        "import.quantity_words" => "cli-import-quantity-words",
        "import.warehouse" => "cli-import-warehouse",
        "import.sheet" => "cli-import-sheet",
        "import.encoding" => "cli-import-encoding",
        "import.delimiter" => "cli-import-delimiter",
        "import.decimal" => "cli-import-decimal",
        "import.no_headings" => "cli-import-no-headings",
        "import.strip_units" => "cli-import-strip-units",
        "import.sum" => "cli-import-sum",
        "import.empty_as_zero" => "cli-import-empty-as-zero",
        "import.skip_without_sku" => "cli-import-skip-without-sku",
        "import.skip_hidden" => "cli-import-skip-hidden",
        "import.ignore_total" => "cli-import-ignore-total",
        "import.replace" => "cli-import-replace",
        _ => "cli-import-merge",
    }
}

fn each(
    set: &SetValue<'_>,
    examples: &'static str,
    is_valid: fn(&str) -> bool,
) -> Result<Vec<String>, Failure> {
    match set.texts.iter().find(|text| !is_valid(text)) {
        Some(text) => Err(bad_value(set.name, text, Examples(examples))),
        None => Ok(set.texts.to_vec()),
    }
}

fn one(
    set: &SetValue<'_>,
    examples: &'static str,
    is_valid: fn(&str) -> bool,
) -> Result<Option<String>, Failure> {
    let text = set.text();
    if text.trim().is_empty() || !is_valid(text) {
        return Err(bad_value(set.name, text, Examples(examples)));
    }
    Ok(Some(text.to_owned()))
}

/// The profiles of the file, in its order.
pub(super) fn profiles(
    tables: Option<&Dict>,
    around: &Surroundings<'_>,
) -> Result<Vec<ImportProfile>, Failure> {
    let origin = around.file.map_or(Origin::Default, |file| Origin::File(file.to_owned()));
    let tables = tables.into_iter().flatten();
    let read = tables.map(|(name, table)| {
        let values = Dict::from([(IMPORT.to_owned(), table.clone())]);
        let layers = Layers::default().over(values, origin.clone());
        let input = Input { layers: &layers, entry: Some(name), around: *around };
        let profile = ImportProfile::read(&input, checked_name(name)?)?;
        if profile.merge.value && profile.replace.value {
            let text = Text::new("config-twice").with("setting", "merge").with("other", "replace");
            return Err(Failure::usage(text));
        }
        Ok(profile)
    });
    read.collect()
}

/// Names that stand in a file name and on a command line alike.
pub(crate) fn is_profile_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    !name.is_empty() && name.chars().count() <= 40 && name.chars().all(is_plain)
}

fn checked_name(name: &str) -> Result<String, Failure> {
    if is_profile_name(name) {
        return Ok(name.to_owned());
    }
    Err(bad_value("[import.NAME]", name, Examples("main, 1c-main, supplier_2")))
}

/// The settings of an `[import.NAME]`.
pub(super) fn of_import() -> Vec<Declaration> {
    ImportProfile::declarations()
}

impl ImportProfile {
    /// The options of the command, each with what is typed behind it; a switch has nothing.
    pub(crate) fn options(&self) -> Vec<(&'static str, Vec<String>)> {
        let texts = [
            ("column", &self.column.value),
            ("subtract", &self.subtract.value),
            ("quantity-words", &self.quantity_words.value),
        ];
        let single = [
            ("warehouse", &self.warehouse.value),
            ("sheet", &self.sheet.value),
            ("encoding", &self.encoding.value),
            ("delimiter", &self.delimiter.value),
            ("decimal", &self.decimal.value),
        ];
        let flags = [
            ("no-headings", self.no_headings.value),
            ("strip-units", self.strip_units.value),
            ("sum", self.sum.value),
            ("empty-as-zero", self.empty_as_zero.value),
            ("skip-without-sku", self.skip_without_sku.value),
            ("skip-hidden", self.skip_hidden.value),
            ("ignore-total", self.ignore_total.value),
            ("replace", self.replace.value),
            ("merge", self.merge.value),
        ];
        let texts =
            texts.into_iter().filter(|(_, all)| !all.is_empty()).map(|(name, all)| (name, all.clone()));
        let single = single.into_iter().filter_map(|(name, one)| Some((name, vec![one.clone()?])));
        let flags = flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| (name, Vec::new()));
        texts.chain(single).chain(flags).collect()
    }

    /// What it takes by itself under `serve`, if anything.
    pub(crate) fn is_automatic(&self) -> bool {
        self.watch.value.is_some() || self.url.value.is_some()
    }
}

/// The names of the profiles, sorted.
pub(crate) fn names(profiles: &[ImportProfile]) -> String {
    let names: BTreeSet<&str> = profiles.iter().map(|profile| profile.name.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}
