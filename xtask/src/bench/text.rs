//! Formats numbers and tables for people.

/// A number with commas between groups of three digits.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Milliseconds as seconds with two decimals.
pub(super) fn seconds(ms: u64) -> String {
    format!("{}.{:02}", grouped(ms / 1_000), ms % 1_000 / 10)
}

/// Bytes as mebibytes, rounded up so that the number is a valid upper bound.
pub(super) fn mebibytes(bytes: u64) -> String {
    grouped(bytes.div_ceil(1 << 20))
}

/// An aligned Markdown table. The first `left` columns are words, the others are numbers.
pub(super) fn table(head: &[&str], left: usize, rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let widths: Vec<usize> = (0..head.len())
        .map(|at| {
            let cells = rows.iter().chain([&head]).filter_map(|row| row.get(at));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0).max(3)
        })
        .collect();
    let rule = |(at, width): (usize, &usize)| {
        if at < left { "-".repeat(*width) } else { format!("{}:", "-".repeat(width - 1)) }
    };
    let rule: Vec<String> = widths.iter().enumerate().map(rule).collect();
    let lines = [&head, &rule].into_iter().chain(rows).map(|row| line(row, &widths, left));
    lines.collect()
}

fn line(row: &[String], widths: &[usize], left: usize) -> String {
    let padded = row.iter().zip(widths).enumerate().map(|(at, (cell, width))| {
        let gap = " ".repeat(width.saturating_sub(cell.chars().count()));
        if at < left { format!("{cell}{gap}") } else { format!("{gap}{cell}") }
    });
    format!("| {} |\n", padded.collect::<Vec<_>>().join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups() {
        let shown = [0, 999, 1_000, 12_345, 1_000_000].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "12,345", "1,000,000"]);
    }

    #[test]
    fn units() {
        assert_eq!(seconds(0), "0.00");
        assert_eq!(seconds(61_239), "61.23");
        assert_eq!(mebibytes(1), "1");
        assert_eq!(mebibytes(400 << 20), "400");
    }

    #[test]
    fn a_table_is_markdown_with_numbers_to_the_right() {
        let rows = [["warm – all", "7"], ["cold", "1,024"]].map(|row| row.map(String::from).to_vec());
        assert_eq!(
            table(&["run", "n"], 1, &rows),
            "| run        |     n |\n\
             | ---------- | ----: |\n\
             | warm – all |     7 |\n\
             | cold       | 1,024 |\n"
        );
    }
}
