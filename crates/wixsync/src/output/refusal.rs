//! Why a stock list is not read, for people and for programs.

use messages::{Messages, Text};
use serde_json::json;
use stocklist::{BadLine, BadReason, Column, ColumnChoice, Field, NotAList, Refusal};

use super::{Diagnostic, Output};
use crate::context::Context;

/// How many characters of a line are shown.
const WIDTH: usize = 120;

/// Prints why, with up to `shown` wrong lines for people and all known ones for programs.
pub(crate) fn tell(context: &Context, file: &str, refused: &Refusal, shown: usize) {
    let m = context.messages;
    if context.output.json {
        let (_, refusal) = placed(file, refused);
        let (bad, total) = bad_lines(refusal);
        let entry = |bad: &BadLine| {
            let reason = m.say(&reason(&bad.reason));
            json!({"place": bad.place, "line": bad.line, "text": bad.text, "code": bad.reason.code(), "reason": reason})
        };
        let mut value = diagnostic(m, file, refused).json();
        if let Some(object) = value.as_object_mut() {
            object.insert("outcome".to_owned(), json!("refused"));
            object.insert("file".to_owned(), json!(file));
            let hint = |hint: &Hint| json!({"line": hint.line, "hint": hint.text});
            object.insert("hints".to_owned(), hints(m, refusal).iter().map(hint).collect());
            object.insert("bad_lines_total".to_owned(), json!(total));
            object.insert("bad_lines".to_owned(), bad.iter().map(entry).collect());
        }
        Output::print(&value);
    }
    Output::aside(&lines(m, file, refused, if context.output.json { 0 } else { shown }).join("\n"));
}

/// Why, for people, with up to `shown` wrong lines.
pub(crate) fn lines(m: Messages, file: &str, refused: &Refusal, shown: usize) -> Vec<String> {
    let diagnostic = diagnostic(m, file, refused);
    let (_, refusal) = placed(file, refused);
    let (bad, total) = bad_lines(refusal);
    let mut lines = vec![diagnostic.headline(m)];
    for bad in bad.iter().take(shown) {
        let why = match &bad.place {
            Some(place) => Text::new("import-bad-line-in").with("place", place),
            None => Text::new("import-bad-line"),
        };
        let why = why.with("line", bad.line).with("reason", m.say(&reason(&bad.reason)));
        lines.push(format!("  {}\n    {}", m.say(&why), shortened(&bad.text)));
    }
    let rest = total.saturating_sub(u64::try_from(shown.min(bad.len())).unwrap_or(u64::MAX));
    if rest > 0 && shown > 0 {
        lines.push(format!("  {}", m.say(&Text::new("import-more-bad-lines").count("count", rest))));
    }
    if let Refusal::UnclearEncoding { readings } = refusal {
        lines.extend(readings.iter().map(|(encoding, line)| format!("  {encoding}: {}", shortened(line))));
    }
    let hints = hints(m, refusal);
    lines.extend(hints.iter().skip(1).map(|hint| Output::hint_line(m, &told(m, hint, true))));
    lines.extend(diagnostic.advice(m));
    lines
}

fn diagnostic(m: Messages, file: &str, refused: &Refusal) -> Diagnostic {
    let (place, refusal) = placed(file, refused);
    let diagnostic = Diagnostic::of(m, &sentence(refusal).with("file", place));
    let hints = hints(m, refusal);
    match hints.first() {
        Some(hint) => diagnostic.hint(told(m, hint, hints.len() > 1)),
        None => diagnostic,
    }
}

/// Where it happened, and what.
fn placed<'a>(file: &str, refused: &'a Refusal) -> (String, &'a Refusal) {
    match refused {
        Refusal::In { place, refusal } => (format!("{file}, {place}"), refusal),
        refusal => (file.to_owned(), refusal),
    }
}

/// The wrong lines that are known, and how many there are.
fn bad_lines(refusal: &Refusal) -> (&[BadLine], u64) {
    match refusal {
        Refusal::Bad { lines, total } => (lines, *total),
        _ => (&[], 0),
    }
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
        Refusal::SeveralFiles { files } => Text::new("import-several-files").with("files", quoted(files)),
        Refusal::MixedWarehouses => Text::new("import-mixed-warehouses"),
        Refusal::SubtractFrom => Text::new("import-subtract-from"),
        Refusal::In { refusal, .. } => sentence(refusal),
        Refusal::NoHeadings { missing, line, columns } => {
            let missing = missing.iter().map(|field| field.code()).collect::<Vec<_>>().join(", ");
            let text = Text::new("import-no-headings").with("missing", missing).with("line", line);
            text.with("headings", listed(columns))
        }
        Refusal::SeveralColumns { field, columns } => {
            let text = Text::new("import-several-columns").with("field", field.code());
            let columns: Vec<Column> = columns.iter().map(|choice| choice.column.clone()).collect();
            text.with("headings", listed(&columns))
        }
        Refusal::NoSuchColumn { field, column, columns } => {
            let text = Text::new("import-no-such-column").with("field", field.code()).with("column", column);
            text.with("headings", listed(columns))
        }
        Refusal::NumbersNeeded => Text::new("import-numbers-needed"),
        Refusal::NoNumbers { column } => Text::new("import-no-numbers").with("column", column),
        Refusal::NoRows => Text::new("import-no-rows"),
        Refusal::Bad { total, .. } => Text::new("import-bad-lines").count("count", *total),
    }
}

/// What to do about the lines of one kind, or about the whole list.
struct Hint {
    /// The first of those lines; `None` for the whole list.
    line: Option<u64>,
    text: String,
}

/// Hints that are more specific than that of the refusal's code, if there are some.
fn hints(m: Messages, refusal: &Refusal) -> Vec<Hint> {
    match refusal {
        Refusal::SeveralColumns { field, columns } => {
            vec![Hint { line: None, text: m.say(&hint_for_columns(*field, columns)) }]
        }
        Refusal::Bad { lines, .. } => hints_for_lines(m, lines),
        _ => Vec::new(),
    }
}

/// The hint for people. Where there are several, each names its first line.
fn told(m: Messages, hint: &Hint, are_several: bool) -> String {
    match hint.line.filter(|_| are_several) {
        Some(line) => m.say(&Text::new("import-hint-for-line").with("line", line).with("hint", &hint.text)),
        None => hint.text.clone(),
    }
}

/// How to choose one of several columns, or all of them if each may be that of a warehouse.
fn hint_for_columns(field: Field, columns: &[ColumnChoice]) -> Text {
    let one = |choice: &ColumnChoice| {
        let option = option(&format!("{}={}", field.code(), choice.reference));
        format!("--column {option} ({})", heading(&choice.column))
    };
    let each = columns.iter().map(one).collect::<Vec<_>>().join(", ");
    let places: Vec<&str> = columns.iter().filter_map(|choice| choice.place.as_deref()).collect();
    let is_own = |place: &&str| places.iter().filter(|other| *other == place).count() == 1;
    let are_plain = places.iter().all(|place| is_own(place) && !place.contains(['[', ']', '=']));
    if field != Field::Quantity || places.len() < columns.len() || !are_plain {
        return Text::new("hint-import-choose").with("each", each);
    }
    let of_place = |(choice, place): (&ColumnChoice, &&str)| {
        format!("--column {}", option(&format!("{}[{place}]={}", field.code(), choice.reference)))
    };
    let all = columns.iter().zip(&places).map(of_place).collect::<Vec<_>>().join(" ");
    Text::new("hint-import-warehouses").with("all", all).with("each", each)
}

/// The value of an option as a shell takes it.
fn option(value: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '=' | '_' | '-' | '.');
    if value.chars().all(is_plain) {
        return value.to_owned();
    }
    let escaped = value.replace(['\\', '"', '$', '`'], "?");
    if escaped == value { format!("\"{value}\"") } else { format!("'{}'", value.replace('\'', "'\\''")) }
}

/// Columns by letter and heading.
fn listed(columns: &[Column]) -> String {
    let one = |column: &Column| format!("{} {}", column.letter(), heading(column));
    columns.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn heading(column: &Column) -> String {
    format!("\"{}\"", shortened(&column.heading))
}

fn not_a_list(kind: NotAList) -> &'static str {
    match kind {
        NotAList::Markup => "import-not-a-list-markup",
        NotAList::Pdf => "import-not-a-list-pdf",
        NotAList::Archive => "import-not-a-list-archive",
        NotAList::Moxel => "import-not-a-list-moxel",
        NotAList::Database => "import-not-a-list-database",
        NotAList::BinaryWorkbook => "import-not-a-list-binary-workbook",
        NotAList::Dbf => "import-not-a-list-dbf",
        NotAList::Binary => "import-not-a-list-binary",
    }
}

/// A hint for each kind of line, the kind of the first line first.
fn hints_for_lines(m: Messages, lines: &[BadLine]) -> Vec<Hint> {
    let words = hint_for_words(lines);
    let mut hints: Vec<Hint> = Vec::new();
    for bad in lines {
        let is_no_number = matches!(bad.reason, BadReason::NotANumber { .. });
        let hint = words.clone().filter(|_| is_no_number);
        let text = m.say(&hint.unwrap_or_else(|| Text::new(hint_for_reason(&bad.reason))));
        if hints.iter().all(|known| known.text != text) {
            hints.push(Hint { line: Some(bad.line), text });
        }
    }
    hints
}

/// How words that stand for quantities are read, if that can be proposed.
fn hint_for_words(lines: &[BadLine]) -> Option<Text> {
    let words = stocklist::suggest_words(lines)?;
    let units = words.strip_units.then(|| "--strip-units".to_owned());
    let of_words = words.words.map(|words| format!("--quantity-words \"{words}\""));
    let options: Vec<String> = units.into_iter().chain(of_words).collect();
    Some(Text::new("hint-import-words").with("options", options.join(" ")))
}

fn hint_for_reason(reason: &BadReason) -> &'static str {
    match reason {
        BadReason::NotInEncoding { .. } | BadReason::DamagedSku => "hint-import-encoding",
        BadReason::OpenQuote
        | BadReason::TextAfterQuote
        | BadReason::LinesInCell
        | BadReason::TooManyCells { .. }
        | BadReason::LongCell => "hint-import-delimiter",
        BadReason::NoResult => "hint-import-no-result",
        BadReason::NoWarehouse => "hint-import-no-warehouse",
        BadReason::TotalDisagrees { .. } => "hint-import-total",
        BadReason::NoSku => "hint-import-no-sku",
        BadReason::ShortenedSku { .. }
        | BadReason::LongNumberSku { .. }
        | BadReason::DateSku
        | BadReason::FormattedSku { .. }
        | BadReason::OddSku { .. } => "hint-import-sku-as-text",
        BadReason::NoQuantity => "hint-import-no-quantity",
        BadReason::UnclearNumber { .. } => "hint-import-decimal",
        BadReason::Twice { .. } => "hint-import-twice",
        BadReason::ControlInSku
        | BadReason::LongSku { .. }
        | BadReason::NotJson
        | BadReason::AboveHeadings
        | BadReason::MixedUnits { .. }
        | BadReason::NotANumber { .. }
        | BadReason::LongNumber { .. } => "hint-import-mend",
    }
}

fn reason(reason: &BadReason) -> Text {
    let with_value = |id, value: &str| Text::new(id).with("value", shortened(value));
    match reason {
        BadReason::NotInEncoding { encoding } => {
            Text::new("import-bad-not-in-encoding").with("encoding", encoding)
        }
        BadReason::OpenQuote => Text::new("import-bad-open-quote"),
        BadReason::TextAfterQuote => Text::new("import-bad-text-after-quote"),
        BadReason::LinesInCell => Text::new("import-bad-lines-in-cell"),
        BadReason::NotJson => Text::new("import-bad-not-json"),
        BadReason::AboveHeadings => Text::new("import-bad-above-headings"),
        BadReason::NoResult => Text::new("import-bad-no-result"),
        BadReason::FormattedSku { value, shown } if shown.is_empty() => {
            with_value("import-bad-formatted-sku", value)
        }
        BadReason::FormattedSku { value, shown } => {
            with_value("import-bad-formatted-sku-as", value).with("shown", shown)
        }
        BadReason::MixedUnits { value } => with_value("import-bad-mixed-units", value),
        BadReason::TotalDisagrees { total, sum } => {
            Text::new("import-bad-total-disagrees").figure("total", total).figure("sum", sum)
        }
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
        BadReason::Twice { first, place: None } => Text::new("import-bad-twice").with("first", first),
        BadReason::Twice { first, place: Some(place) } => {
            Text::new("import-bad-twice-in").with("first", first).with("place", place)
        }
    }
}
