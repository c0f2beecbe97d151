//! Why a stock list is not read, for people and for programs.

use std::path::Path;

use messages::Text;
use serde_json::json;
use stocklist::{BadLine, BadReason, Field, NotAList, Refusal};

use super::{Diagnostic, Output};
use crate::context::Context;

/// How many characters of a line are shown.
const WIDTH: usize = 120;

/// Prints why, with up to `shown` wrong lines for people and all known ones for programs.
pub(crate) fn tell(context: &Context, file: &Path, refusal: &Refusal, shown: usize) {
    let m = context.messages;
    let mut diagnostic = Diagnostic::of(m, &sentence(refusal).with("file", file.display()));
    if let Some(hint) = hint(refusal) {
        diagnostic = diagnostic.hint(m.get(hint));
    }
    let (lines, total) = match refusal {
        Refusal::Bad { lines, total } => (lines.as_slice(), *total),
        _ => (&[][..], 0),
    };
    if context.output.json {
        let entry = |bad: &BadLine| {
            let reason = m.say(&reason(&bad.reason));
            json!({"line": bad.line, "text": bad.text, "code": bad.reason.code(), "reason": reason})
        };
        let mut value = diagnostic.json();
        if let Some(object) = value.as_object_mut() {
            object.insert("outcome".to_owned(), json!("refused"));
            object.insert("file".to_owned(), json!(file.display().to_string()));
            object.insert("bad_lines_total".to_owned(), json!(total));
            object.insert("bad_lines".to_owned(), lines.iter().map(entry).collect());
        }
        Output::print(&value);
    }
    Output::aside(&diagnostic.headline(m));
    let shown = if context.output.json { 0 } else { shown };
    for bad in lines.iter().take(shown) {
        let why =
            Text::new("import-bad-line").with("line", bad.line).with("reason", m.say(&reason(&bad.reason)));
        Output::aside(&format!("  {}\n    {}", m.say(&why), shortened(&bad.text)));
    }
    let rest = total.saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX));
    if rest > 0 && shown > 0 {
        Output::aside(&format!("  {}", m.say(&Text::new("import-more-bad-lines").count("count", rest))));
    }
    if let Refusal::UnclearEncoding { readings } = refusal {
        for (encoding, line) in readings {
            Output::aside(&format!("  {encoding}: {}", shortened(line)));
        }
    }
    Output::aside(&diagnostic.advice(m).join("\n"));
}

/// A line as a terminal can show it: control characters are made visible, and a long one is cut.
pub(crate) fn shortened(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(WIDTH)
        .flat_map(|c| {
            let escaped = c.is_control() && c != '\t';
            if escaped { c.escape_default().collect::<Vec<_>>() } else { vec![c] }
        })
        .collect();
    if text.chars().nth(WIDTH).is_some() {
        shown.push('…');
    }
    shown
}

/// What is wrong.
fn sentence(refusal: &Refusal) -> Text {
    let quoted = |names: &[String]| {
        let named = names.iter().filter(|name| !name.is_empty());
        named.map(|name| format!("\"{}\"", shortened(name))).collect::<Vec<_>>().join(", ")
    };
    match refusal {
        Refusal::Empty => Text::new("import-empty"),
        Refusal::NotAList(kind) => Text::new(not_a_list(*kind)),
        Refusal::UnclearEncoding { .. } => Text::new("import-unclear-encoding"),
        Refusal::BrokenWorkbook { detail } => Text::new("import-broken-workbook").with("detail", detail),
        Refusal::Protected => Text::new("import-protected"),
        Refusal::UnzippedTooLarge { mib } => Text::new("import-unzipped-too-large").with("mib", mib),
        Refusal::LongCell => Text::new("import-long-cell"),
        Refusal::NoSheets => Text::new("import-no-sheets"),
        Refusal::NoSuchSheet { name, sheets } => {
            Text::new("import-no-such-sheet").with("sheet", name).with("sheets", quoted(sheets))
        }
        Refusal::SeveralSheets { sheets } => {
            Text::new("import-several-sheets").with("sheets", quoted(sheets))
        }
        Refusal::NoHeadings { missing, line, headings } => {
            let missing = missing.iter().map(|field| field.code()).collect::<Vec<_>>().join(", ");
            let text = Text::new("import-no-headings").with("missing", missing).with("line", line);
            text.with("headings", quoted(headings))
        }
        Refusal::SeveralColumns { field, headings } => {
            let text = Text::new("import-several-columns").with("field", field.code());
            text.with("headings", quoted(headings))
        }
        Refusal::NoSuchColumn { field, column, headings } => {
            let text = Text::new("import-no-such-column").with("field", field.code()).with("column", column);
            text.with("headings", quoted(headings))
        }
        Refusal::NumbersNeeded => Text::new("import-numbers-needed"),
        Refusal::NoNumbers { column } => Text::new("import-no-numbers").with("column", column),
        Refusal::NoRows => Text::new("import-no-rows"),
        Refusal::Bad { total, .. } => Text::new("import-bad-lines").count("count", *total),
    }
}

/// A hint that is more specific than that of the refusal's code, if there is one.
fn hint(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::SeveralColumns { field: Field::Quantity, .. } => Some("hint-import-quantities"),
        Refusal::Bad { lines, .. } => Some(hint_for_lines(lines)),
        _ => None,
    }
}

fn not_a_list(kind: NotAList) -> &'static str {
    match kind {
        NotAList::Markup => "import-not-a-list-markup",
        NotAList::Pdf => "import-not-a-list-pdf",
        NotAList::Archive => "import-not-a-list-archive",
        NotAList::Moxel => "import-not-a-list-moxel",
        NotAList::Database => "import-not-a-list-database",
        NotAList::Binary => "import-not-a-list-binary",
    }
}

/// The hint for the reason that the first of the lines has: most files are wrong in one way.
fn hint_for_lines(lines: &[BadLine]) -> &'static str {
    match lines.first().map(|bad| &bad.reason) {
        Some(BadReason::NotInEncoding { .. } | BadReason::DamagedSku) => "hint-import-encoding",
        Some(BadReason::OpenQuote | BadReason::TooManyCells { .. } | BadReason::LongCell) => {
            "hint-import-delimiter"
        }
        Some(BadReason::NoSku) => "hint-import-no-sku",
        Some(
            BadReason::ShortenedSku { .. }
            | BadReason::LongNumberSku { .. }
            | BadReason::DateSku
            | BadReason::OddSku { .. },
        ) => "hint-import-sku-as-text",
        Some(BadReason::NoQuantity) => "hint-import-no-quantity",
        Some(BadReason::UnclearNumber { .. }) => "hint-import-decimal",
        Some(BadReason::Twice { .. }) => "hint-import-twice",
        Some(
            BadReason::ControlInSku
            | BadReason::LongSku { .. }
            | BadReason::NoWarehouse
            | BadReason::NotANumber { .. }
            | BadReason::LongNumber { .. },
        )
        | None => "hint-import-mend",
    }
}

fn reason(reason: &BadReason) -> Text {
    let with_value = |id, value: &str| Text::new(id).with("value", shortened(value));
    match reason {
        BadReason::NotInEncoding { encoding } => {
            Text::new("import-bad-not-in-encoding").with("encoding", encoding)
        }
        BadReason::OpenQuote => Text::new("import-bad-open-quote"),
        BadReason::TooManyCells { cells, headings } => {
            Text::new("import-bad-too-many-cells").with("cells", cells).with("headings", headings)
        }
        BadReason::LongCell => Text::new("import-bad-long-cell"),
        BadReason::NoSku => Text::new("import-bad-no-sku"),
        BadReason::LongSku { most } => Text::new("import-bad-long-sku").with("most", most),
        BadReason::ShortenedSku { value } => with_value("import-bad-shortened-sku", value),
        BadReason::LongNumberSku { value } => with_value("import-bad-long-number-sku", value),
        BadReason::DateSku => Text::new("import-bad-date-sku"),
        BadReason::OddSku { value } => with_value("import-bad-odd-sku", value),
        BadReason::ControlInSku => Text::new("import-bad-control-in-sku"),
        BadReason::DamagedSku => Text::new("import-bad-damaged-sku"),
        BadReason::NoWarehouse => Text::new("import-bad-no-warehouse"),
        BadReason::NoQuantity => Text::new("import-bad-no-quantity"),
        BadReason::NotANumber { value } => with_value("import-bad-not-a-number", value),
        BadReason::UnclearNumber { value } => with_value("import-bad-unclear-number", value),
        BadReason::LongNumber { value } => with_value("import-bad-long-number", value),
        BadReason::Twice { first } => Text::new("import-bad-twice").with("first", first),
    }
}
