//! Finds quotation marks that swallow what is not theirs: text after a closing mark, and whole lines in a cell.

/// What is wrong with the quotation marks of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Text follows the closing mark of a cell in one line.
    TextAfterMark,
    /// Text follows the closing mark of a cell that spans lines: most likely two marks that were never closed.
    TextAfterLines,
}

/// Checks the text of one record.
pub(crate) fn fault(record: &str, delimiter: u8) -> Option<Fault> {
    if !record.contains('"') {
        return None;
    }
    let mut rest = record.as_bytes();
    loop {
        let mut spans = false;
        if let Some(quoted) = rest.strip_prefix(b"\"") {
            let end = end_of_quoted(quoted)?;
            let (inside, after) = quoted.split_at(end);
            spans = inside.iter().any(|byte| matches!(byte, b'\n' | b'\r'));
            rest = after;
        }
        let is_end = |byte: &u8| *byte == delimiter || matches!(byte, b'\n' | b'\r');
        let end = rest.iter().position(is_end);
        let after_mark = rest.get(1..end.unwrap_or(rest.len())).unwrap_or_default();
        if rest.first() == Some(&b'"') && !after_mark.trim_ascii().is_empty() {
            return Some(if spans { Fault::TextAfterLines } else { Fault::TextAfterMark });
        }
        rest = match end.map(|end| rest.split_at(end)) {
            Some((_, more)) if more.first() == Some(&delimiter) => more.get(1..).unwrap_or_default(),
            _ => return None,
        };
    }
}

/// The index of the mark that closes a cell. `None` if there is none, which is found elsewhere.
fn end_of_quoted(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text.get(at..)?.iter().position(|byte| *byte == b'"')?;
        if text.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// The columns in which a whole line has what matters.
pub(crate) struct LineShape<'a> {
    pub(crate) delimiter: char,
    pub(crate) sku: usize,
    pub(crate) quantities: &'a [usize],
    /// The number of headings; 0 if there are none.
    pub(crate) width: usize,
}

/// Whether a cell in the column at `at`, with so many cells after it, holds what looks like the end of its line and other lines: a quotation mark
/// was left open, and another one below closed it.
pub(crate) fn holds_lines(
    text: &str,
    (at, after): (usize, usize),
    shape: &LineShape<'_>,
    is_quantity: &dyn Fn(&str) -> bool,
) -> bool {
    if !text.contains(['\n', '\r']) || !text.contains(shape.delimiter) {
        return false;
    }
    let last = text.split(['\n', '\r']).count() - 1;
    text.split(['\n', '\r']).zip(0_usize..).any(|(line, number)| {
        let pieces: Vec<&str> = line.split(shape.delimiter).map(|piece| piece.trim_matches('"')).collect();
        let first = if number == 0 { at } else { 0 };
        let piece = |column: usize| column.checked_sub(first).and_then(|at| pieces.get(at)).copied();
        let is_sku = number == 0 || piece(shape.sku).is_some_and(|sku| !sku.trim().is_empty());
        let after_own = |column: &&usize| number > 0 || **column > at;
        let has_quantity =
            shape.quantities.iter().filter(after_own).any(|q| piece(*q).is_some_and(is_quantity));
        let is_whole = |cells: usize| pieces.len() > 1 && shape.width > 0 && cells == shape.width;
        let cells = first + pieces.len();
        let with_rest = if number == last { cells + after } else { cells };
        // Commas are frequent in sentences, so both signs are needed there.
        match shape.delimiter {
            ',' => is_sku && has_quantity && (is_whole(cells) || is_whole(with_rest) || shape.width == 0),
            _ => is_sku && (has_quantity || is_whole(cells)),
        }
    })
}

/// Whether a record without a SKU or without a quantity has both in one of its cells: a program put marks around
/// several cells, or around a whole line.
pub(crate) fn joins_cells(cells: &[&str], shape: &LineShape<'_>, is_quantity: &dyn Fn(&str) -> bool) -> bool {
    let whole = |cells: &[&str]| {
        let cell = |column: usize| cells.get(column).copied().unwrap_or_default();
        let has_quantity = shape.quantities.iter().any(|column| is_quantity(cell(*column)));
        !cell(shape.sku).trim().is_empty() && has_quantity
    };
    let is_joined = |at: usize, text: &str| {
        let pieces = text.split(shape.delimiter).map(|piece| piece.trim_matches('"'));
        let (before, after) = (cells.get(..at).unwrap_or_default(), cells.get(at + 1..).unwrap_or_default());
        let split: Vec<&str> = before.iter().copied().chain(pieces).chain(after.iter().copied()).collect();
        split.len() > cells.len() && split.len() >= shape.width && whole(&split)
    };
    !whole(cells) && (0..).zip(cells).any(|(at, text)| is_joined(at, text))
}

/// Whether a cell with `before` and `after` others beside it is the end of one line and the beginning of another: each
/// would then have one of the `widths`.
pub(crate) fn joins_lines(
    text: &str,
    before: usize,
    after: usize,
    delimiter: char,
    widths: &[usize],
) -> bool {
    let text = text.trim_matches(['\n', '\r']);
    let (Some(first), Some(last)) = (text.lines().next(), text.lines().next_back()) else { return false };
    let pieces = |line: &str| line.split(delimiter).count();
    let is_line = |cells: usize| widths.contains(&cells);
    text.contains(['\n', '\r']) && is_line(before + pieces(first)) && is_line(pieces(last) + after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_after_a_closing_mark_is_a_fault() {
        for (record, due) in [
            ("a;b;19\" tv", None),
            ("\"a\";\"b\";c", None),
            ("\"a\" ;b", None),
            ("\"a\"\"b\";\"\"\n", None),
            ("\"a;b\nc\";d", None),
            ("\"a\"b;c", Some(Fault::TextAfterMark)),
            ("x;\"a\" b\n", Some(Fault::TextAfterMark)),
            ("x;\"a;1\ny;\"b;2\n", Some(Fault::TextAfterLines)),
            ("\"never closed", None),
        ] {
            assert_eq!(fault(record, b';'), due, "{record:?}");
        }
    }

    #[test]
    fn a_line_in_marks_is_seen() {
        let shape = LineShape { delimiter: ',', sku: 1, quantities: &[2], width: 4 };
        let joins = |cells: &[&str]| joins_cells(cells, &shape, &|piece| piece.trim().parse::<i64>().is_ok());
        assert!(joins(&["шт,art 5,3,\"Mug, white\""]));
        assert!(joins(&["шт,art 5", "3", "Mug"]), "two cells of a line");
        assert!(!joins(&["шт", "art 5", "3", "Mug, white"]));
        assert!(!joins(&["Mugs, cups"]));
        assert!(!joins(&["Mugs, cups, plates, and more"]));
    }

    #[test]
    fn a_heading_that_joins_lines_is_seen() {
        let joins = |text: &str, before, after| joins_lines(text, before, after, ',', &[4]);
        assert!(joins("Остаток,Сумма\n,Мебель,", 2, 1));
        assert!(joins("Сумма\nA-1,7,3,", 3, 0));
        assert!(!joins("Цена,\nруб.", 2, 1), "a heading in two lines");
        assert!(!joins("Остаток\nна складе", 3, 0));
        assert!(!joins("Остаток,Сумма", 2, 1), "one line");
    }

    #[test]
    fn lines_in_a_cell_are_seen() {
        let holds = |text: &str, at, delimiter| {
            let shape = LineShape { delimiter, sku: 0, quantities: &[2], width: 3 };
            holds_lines(text, (at, 0), &shape, &|piece| piece.trim().parse::<i64>().is_ok())
        };
        assert!(holds("Cable;7\nA-2;", 1, ';'));
        assert!(holds("Cable\nA-2;Wire;5\nA-3", 1, ';'));
        assert!(holds("Cable,7\nA-2,", 1, ','));
        assert!(!holds("Cable; long\nblack; thick", 2, ';'), "a description in the last column");
        assert!(!holds("Cable, long\nblack", 1, ','));
        assert!(!holds("Cable\nlong", 1, ';'));
        assert!(!holds("Cable;7", 1, ';'), "one line");
    }
}
