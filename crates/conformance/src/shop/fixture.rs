//! What a shop must offer to be tested.

use std::sync::Arc;

use async_trait::async_trait;
use domain::Sku;
use sync::ports::{Clock, Shop};

/// What happens to a call that gets no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LostCall {
    /// Its request never arrives.
    Request,
    /// It takes effect, but its reply gets lost.
    Reply,
    /// No connection is made, so nothing was sent.
    Connection,
}

/// A shop with products, and ways to act on it as buyers and failures do.
#[async_trait]
pub trait Fixture: Send + Sync + Sized {
    /// A shop that sells these SKUs at these levels, each a product with one variant.
    async fn with(goods: &[(&str, i64)]) -> Self;

    /// Its port.
    fn shop(&self) -> &dyn Shop;

    /// The clock that drives it.
    fn clock(&self) -> Arc<dyn Clock>;

    /// The level that buyers see.
    fn level(&self, sku: &Sku) -> i64;

    /// Adds a product.
    fn add(&self, sku: &Sku, level: i64);

    /// A buyer buys `units` after the next write was planned and before it takes effect.
    fn sell_before_the_next_write(&self, sku: &Sku, units: i64);

    /// Loses the next write.
    fn lose_the_next_write(&self, what: LostCall);

    /// Refuses every write to a SKU from now on.
    fn refuse(&self, sku: &Sku);

    /// Makes the next `reads` of the whole shop incomplete.
    fn cut_reads(&self, reads: u32);

    /// How long a run of this shop waits before it reads again, in milliseconds.
    fn settle_ms(&self) -> i64;
}
