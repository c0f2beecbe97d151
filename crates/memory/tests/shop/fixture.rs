//! The shop in memory, as the suite of the shop port drives it.

use std::sync::Arc;

use async_trait::async_trait;
use conformance::shop::{Fixture, JumpingClock, LostCall};
use domain::Sku;
use memory::{RevisionShop, WriteFault};
use sync::ports::{Clock, Shop};

pub(crate) struct ShopInMemory {
    pub(crate) shop: RevisionShop,
    pub(crate) clock: Arc<JumpingClock>,
}

#[async_trait]
impl Fixture for ShopInMemory {
    async fn with(goods: &[(&str, i64)]) -> Self {
        let clock = Arc::new(JumpingClock::at(1_000_000));
        let shop = RevisionShop::new(Arc::clone(&clock) as Arc<dyn Clock>);
        for (sku, level) in goods {
            shop.add(&Sku::parse(sku).unwrap(), *level);
        }
        Self { shop, clock }
    }

    fn shop(&self) -> &dyn Shop {
        &self.shop
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock) as Arc<dyn Clock>
    }

    fn level(&self, sku: &Sku) -> i64 {
        self.shop.level(sku).unwrap()
    }

    fn add(&self, sku: &Sku, level: i64) {
        self.shop.add(sku, level);
    }

    fn sell_before_the_next_write(&self, sku: &Sku, units: i64) {
        self.shop.sell_before_the_next_write(sku, units);
    }

    fn lose_the_next_write(&self, what: LostCall) {
        self.shop.fail_next_write(match what {
            LostCall::Request => WriteFault::LostRequest,
            LostCall::Reply => WriteFault::LostReply,
            LostCall::Connection => WriteFault::NotConnected,
        });
    }

    fn refuse(&self, sku: &Sku) {
        self.shop.refuse(sku);
    }

    fn cut_reads(&self, reads: u32) {
        self.shop.cut_reads(reads);
    }

    fn settle_ms(&self) -> i64 {
        10_000
    }
}
