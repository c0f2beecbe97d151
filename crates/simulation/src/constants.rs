//! Values that every simulation shares.

use domain::{ShopName, UnixMillis};

/// The moment at which every simulation begins.
pub const BEGIN: UnixMillis = 1_700_000_000_000;
/// How long a request to the shop may take, in milliseconds.
pub const TIMEOUT_MS: i64 = 30_000;

/// The name of the only shop.
pub(crate) fn shop_name() -> ShopName {
    ShopName::new("default")
}
