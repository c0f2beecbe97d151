//! Simulated processes and the points at which they yield to the scheduler.

/// The number of a process within its simulation, counted from 0.
pub type Pid = usize;

/// The place at which a process yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YieldPoint {
    /// While it waits for a moment.
    Sleep,
    /// Before a transaction of the state database.
    Commit,
    /// After a transaction, before its caller gets the result.
    Committed,
    /// Before a query of the state database.
    Query,
    /// Before a page of the shop is read.
    ShopPage,
    /// After the last page, before the caller has it.
    ShopRead,
    /// Before levels are read.
    Levels,
    /// After levels were read.
    LevelsRead,
    /// While a write waits for its place in the request window.
    Window,
    /// After the commit of SENT, before the bytes.
    BeforeBytes,
    /// While the request is on its way.
    OnItsWay,
    /// After the answer arrived, before the caller has it.
    Answer,
    /// Before the warehouse is read.
    Warehouse,
    /// After the warehouse was read.
    WarehouseRead,
}
