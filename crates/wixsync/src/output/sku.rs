//! SKUs as people read them.

use domain::stock::near_miss::is_unseen;

/// A SKU as a terminal can show it: spaces at the ends, control characters and invisible ones are made visible.
pub(crate) fn printable(sku: &str) -> String {
    let is_hidden = |letter: char| letter != ' ' && is_unseen(letter);
    if sku.trim() != sku || sku.chars().any(is_hidden) { escaped(sku) } else { sku.to_owned() }
}

/// In quotation marks, as a string literal. What Rust would print as it is, a person does not see all the same.
fn escaped(sku: &str) -> String {
    let plain = |letter: char| -> String {
        match letter {
            ' ' => " ".to_owned(),
            '\'' => "'".to_owned(),
            unseen if is_unseen(unseen) => unseen.escape_default().to_string(),
            other => other.escape_debug().to_string(),
        }
    };
    format!("\"{}\"", sku.chars().map(plain).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_one_does_not_see_is_escaped() {
        for (sku, due) in [
            ("A-1", "A-1"),
            ("a b'c\"", "a b'c\""),
            ("Артикул", "Артикул"),
            (" A'1", "\" A'1\""),
            ("A-1\u{200b}", "\"A-1\\u{200b}\""),
            ("A\u{a0}1", "\"A\\u{a0}1\""),
            ("A\u{fe0f}", "\"A\\u{fe0f}\""),
            ("A\t\"", "\"A\\t\\\"\""),
        ] {
            assert_eq!(printable(sku), due);
        }
    }
}
