//! SKUs as people read them.

/// A SKU as a terminal can show it: spaces at the ends and control characters are made visible.
pub(crate) fn printable(sku: &str) -> String {
    if sku.trim() != sku || sku.chars().any(char::is_control) { format!("{sku:?}") } else { sku.to_owned() }
}
