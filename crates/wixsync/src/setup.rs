//! The logic of `init` without its dialogue: which tables may hold the stock, and how warehouse and shop compare.

pub(crate) mod overlooked;
pub(crate) mod preview;
pub(crate) mod proposals;

use sync::ports::WarehouseRead;

use overlooked::Reserved;
use proposals::Shape;
use warehouse::WarehouseUrl;

/// Where the stock comes from.
pub(crate) struct Chosen {
    pub(crate) database: WarehouseUrl,
    /// `None` where the user gave the query, or where there is no database yet.
    pub(crate) shape: Option<Shape>,
    pub(crate) query: Option<String>,
    /// Which warehouses are summed, where not all are.
    pub(crate) warehouses: Option<Vec<String>>,
    /// `None` where there is no database yet.
    pub(crate) read: Option<WarehouseRead>,
    /// Columns of reserved units that are not subtracted.
    pub(crate) reserved: Vec<Reserved>,
    /// Some prices that are no plain numbers.
    pub(crate) odd_prices: Vec<String>,
}
