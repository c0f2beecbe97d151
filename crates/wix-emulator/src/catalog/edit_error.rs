//! Why an edit of the shop was refused.

use crate::shop_file::Problem;

/// Why an edit was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// There is no such product.
    #[error("there is no such product")]
    UnknownProduct,
    /// There is no such variant.
    #[error("there is no such product or variant")]
    UnknownVariant,
    /// The SKU does not name exactly one listing.
    #[error("the SKU {sku:?} stands on {listings} listings")]
    Listing {
        /// The SKU.
        sku: String,
        /// How many listings have it.
        listings: usize,
    },
    /// The variant cannot be created again, because the product has no managed variants.
    #[error("the product has no managed variants")]
    NotManaged,
    /// The level is outside 0 to 99,999.
    #[error("level {0} is outside 0..=99999")]
    Level(i64),
    /// The SKU is too long.
    #[error("{0}")]
    Sku(String),
    /// Wix would not take the product.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Product(Vec<Problem>),
}
