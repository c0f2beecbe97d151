//! Limits of the catalog that several places check.

/// The highest level that Wix takes (Wix: Query Products).
pub(crate) const MAX_QUANTITY: i64 = 99_999;
/// The longest SKU in characters (Wix: Query Products).
const MAX_SKU: usize = 40;

/// A SKU has at most 40 characters.
pub(crate) fn check_sku(sku: &str) -> Result<(), String> {
    let length = sku.chars().count();
    if length > MAX_SKU {
        return Err(format!("SKU {sku:?} has {length} characters, {MAX_SKU} are allowed"));
    }
    Ok(())
}
