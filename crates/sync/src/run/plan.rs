//! Reads and plans: the shop first, the warehouse second.

use std::collections::HashSet;

use domain::listing::map::ListingMap;
use domain::plan::Plan;
use domain::plan::guard::{self, Past};
use domain::plan::skip::Skip;
use domain::stock::near_miss::{NearMiss, misspelled, near_misses};
use domain::stock::{StockRows, Warehouses};
use domain::{Change, LineState, Listing, ListingKey, Policy, Scope, SkipReason, Sku, Stock, UnixMillis};

use super::new_items::Basis;
use super::{Abort, LineBook, Run};
use crate::observer::{Event, Wait};
use crate::ports::{RecentWrite, WarehouseError};

/// What a run read on both sides.
pub(super) struct Reads {
    pub(super) listings: Vec<Listing>,
    pub(super) stock: Stock,
}

impl Run<'_> {
    pub(super) async fn plan_from_warehouse(&mut self) -> Result<(), Abort> {
        self.wait_for_unclear_writes().await?;
        let began_at = self.ports.clock.now();
        let request = self.request;
        let make = |reads: &Reads| Plan::make(&reads.stock, &reads.listings, request.policy, &request.scope);
        let mut reads = self.read_both(&request.scope).await?;
        let mut plan = make(&reads);
        if self.waited_for_recent_writes(&plan.changes, began_at).await? {
            reads = self.read_both(&request.scope).await?;
            plan = make(&reads);
        }
        self.find_near_misses(&reads, &plan).await?;
        let past = self.past().await?;
        self.findings.trips = guard::check(&plan.facts, &past);
        if self.findings.trips.is_empty() {
            let Reads { listings, stock } = reads;
            let (policy, scope) = (request.policy, &request.scope);
            let basis = Basis { stock, policy, scope, past: Some(past) };
            plan = self.with_new_items(plan, basis, listings).await?;
        }
        self.record_plan(plan).await?;
        if !self.findings.trips.is_empty() {
            self.ports.observer.event(&Event::Held { trips: &self.findings.trips });
        }
        Ok(())
    }

    /// Finds spellings that nearly match, if a SKU has no match. Only a read of the whole shop shows all of them; a
    /// filtered run looks for those of the SKUs that the user named, and names what keeps SKUs from being sold out.
    pub(super) async fn find_near_misses(&mut self, reads: &Reads, plan: &Plan) -> Result<(), Abort> {
        self.findings.unmatched_warehouses = reads.stock.unmatched_warehouses().to_vec();
        let has_no_match = |skip: &&Skip| {
            use SkipReason::{NearMiss, NotInWarehouse, NotInWix, UnknownSku};
            matches!(skip.reason, NotInWix | NotInWarehouse | UnknownSku | NearMiss)
        };
        let mut unmatched = plan.skips.iter().filter(has_no_match).peekable();
        if unmatched.peek().is_none() {
            return Ok(());
        }
        let stock = reads.stock.iter().map(|(sku, _)| sku);
        let in_shop = reads.listings.iter().filter_map(|listing| listing.sku.as_ref());
        if !self.request.scope.is_filtered() {
            self.findings.near_misses = near_misses(stock, in_shop);
            return Ok(());
        }
        self.findings.near_misses = plan.slips.iter().cloned().map(NearMiss::from).collect();
        let unmatched = unmatched.filter(|skip| skip.reason != SkipReason::NearMiss);
        let named: Vec<Sku> = unmatched.filter_map(|skip| Sku::parse(&skip.sku).ok()).collect();
        // What was read may be only what was asked for.
        let map = self.ports.store.load_map(&self.request.shop).await?;
        let remembered = map.iter().flat_map(ListingMap::skus);
        self.findings.misspelled = misspelled(&named, stock.chain(in_shop).chain(remembered));
        Ok(())
    }

    pub(super) async fn plan_explicit(&mut self, quantities: &[(Sku, u32)]) -> Result<(), Abort> {
        let stock = Stock::explicit(quantities.iter().map(|(sku, units)| (sku.clone(), (*units).into())));
        let scope = Scope::Skus(quantities.iter().map(|(sku, _)| sku.clone()).collect());
        self.wait_for_unclear_writes().await?;
        let began_at = self.ports.clock.now();
        let basis = Basis { stock, policy: Policy::default(), scope: &scope, past: None };
        let mut listings = self.read_listings(&basis.stock, &scope).await?;
        let mut plan = basis.plan(&listings);
        if self.waited_for_recent_writes(&plan.changes, began_at).await? {
            listings = self.read_listings(&basis.stock, &scope).await?;
            plan = basis.plan(&listings);
        }
        plan = self.with_new_items(plan, basis, listings).await?;
        self.record_plan(plan).await
    }

    async fn read_listings(&mut self, stock: &Stock, scope: &Scope) -> Result<Vec<Listing>, Abort> {
        let mut listings = self.read_shop(scope).await?;
        self.add_without_item(scope, stock, &mut listings).await?;
        Ok(listings)
    }

    /// Called before the first read. A write of an earlier run without a clear answer may land until its request has
    /// timed out, and reads may lag behind it by the settle time. This waits until both have passed, so that the shop
    /// need not be read twice.
    pub(super) async fn wait_for_unclear_writes(&self) -> Result<(), Abort> {
        if self.request.work.writes_nothing() {
            return Ok(());
        }
        let now = self.ports.clock.now();
        let recent = self.recent_writes(now).await?;
        if recent.iter().any(|(write, _)| write.lies_ahead(now)) {
            self.ports.store.bring_back_writes(&self.keeper.fence, now).await?;
        }
        let unclear = recent.iter().filter(|(write, _)| !write.has_clear_answer());
        match unclear.map(|(_, quiet_at)| *quiet_at).max() {
            Some(until) if until > now => self.wait_for_reads(until, Wait::EarlierWrite).await,
            _ => Ok(()),
        }
    }

    /// A read may lag behind a write by the settle time. If the read that began at `began_at` may have missed a write
    /// to a listing in `changes`, this waits until reads show every recent write. Gives whether it waited, so that
    /// everything must be read again.
    pub(super) async fn waited_for_recent_writes(
        &self,
        changes: &[Change],
        began_at: UnixMillis,
    ) -> Result<bool, Abort> {
        if self.request.work.writes_nothing() {
            return Ok(false);
        }
        let recent = self.recent_writes(began_at).await?;
        let touched: HashSet<&ListingKey> = changes.iter().map(|change| &change.key).collect();
        if !recent.iter().any(|(write, quiet_at)| touched.contains(&write.key) && *quiet_at > began_at) {
            return Ok(false);
        }
        // It waits for all writes, because the next plan may change other listings than this one.
        let until = recent.iter().map(|(_, quiet_at)| *quiet_at).max().unwrap_or(began_at);
        self.wait_for_reads(until, Wait::LateWrite).await?;
        Ok(true)
    }

    /// The writes that a read beginning at `now` may miss, each with the time from which reads show it.
    async fn recent_writes(&self, now: UnixMillis) -> Result<Vec<(RecentWrite, UnixMillis)>, Abort> {
        let since = now.saturating_sub(self.settings.settle_ms);
        let recent = self.ports.store.recent_writes(&self.request.shop, since).await?;
        let with_moment = |write: RecentWrite| {
            let quiet_at = write.quiet_at(now).saturating_add(self.settings.settle_ms);
            (write, quiet_at)
        };
        Ok(recent.into_iter().map(with_moment).collect())
    }

    async fn wait_for_reads(&self, until: UnixMillis, why: Wait) -> Result<(), Abort> {
        self.ports.observer.event(&Event::Settling { until, why });
        self.ports.pause_until(until).await
    }

    /// I13: the warehouse snapshot begins after the last page of the shop was read, so that a sale in between errs
    /// toward selling too little.
    pub(super) async fn read_both(&mut self, scope: &Scope) -> Result<Reads, Abort> {
        let mut listings = self.read_shop(scope).await?;
        let stock = self.read_stock().await?;
        self.add_without_item(scope, &stock, &mut listings).await?;
        self.add_unread(scope, &stock, &mut listings).await?;
        Ok(Reads { listings, stock })
    }

    pub(super) async fn read_stock(&self) -> Result<Stock, Abort> {
        self.ports.store.begin_snapshot(&self.request.id, &self.keeper.fence).await?;
        self.ports.observer.event(&Event::ReadingWarehouse);
        let read = self.ports.unless_stopped(self.ports.warehouse.read()).await?;
        self.check_warehouses(&read.rows, &read.warehouses)?;
        Ok(Stock::sum(&read.rows, &read.warehouses))
    }

    /// Records the plan in the journal before anything else is done with it.
    async fn record_plan(&mut self, plan: Plan) -> Result<(), Abort> {
        self.findings.facts = plan.facts;
        self.findings.skips = plan.skips;
        self.findings.notes = plan.notes;
        self.record_lines(LineBook::new(
            self.first_seq,
            plan.changes.into_iter().map(|change| (change, LineState::Planned)),
        ))
        .await
    }

    pub(super) async fn record_lines(&mut self, book: LineBook) -> Result<(), Abort> {
        self.findings.book = book;
        self.report_plan();
        let findings = &self.findings;
        let (lines, skips) = (findings.book.lines(), &findings.skips);
        let (run, fence) = (&self.request.id, &self.keeper.fence);
        self.findings.new_skips =
            self.ports.store.save_plan(run, fence, &findings.facts, lines, skips).await?;
        Ok(())
    }

    /// What the guard knows of earlier runs.
    async fn past(&self) -> Result<Past, Abort> {
        let now = self.ports.clock.now();
        let baseline = self.ports.store.baseline(&self.request.shop, now).await?;
        let another_writer = self.ports.store.another_writer(&self.request.shop).await?;
        Ok(Past::of(baseline, self.request.scope.is_filtered()).with(another_writer))
    }

    fn report_plan(&self) {
        let facts = &self.findings.facts;
        let of = u64::try_from(self.findings.book.lines().len()).unwrap_or(u64::MAX);
        self.ports.observer.event(&Event::Planned {
            with_stock: facts.with_stock,
            local: facts.with_stock + facts.sold_out,
            found: facts.found,
            lines: of,
        });
        for record in self.findings.book.in_state(LineState::Planned) {
            let change = &record.line.change;
            self.ports.observer.event(&Event::Prepared {
                sku: &change.sku,
                from: change.level,
                to: change.target,
                of,
            });
        }
    }

    /// Fails if no row names any of the chosen warehouses, because then every target would be zero. If only some are
    /// missing, they may be sold out; this reports them to the observer.
    fn check_warehouses(&self, rows: &StockRows, warehouses: &Warehouses) -> Result<(), Abort> {
        let missing = warehouses.without_rows(rows);
        if missing.is_empty() {
            return Ok(());
        }
        let names = missing.join(", ");
        if warehouses.chosen() == Some(missing.len()) {
            return Err(WarehouseError::no_such(names).into());
        }
        self.ports.observer.event(&Event::WarehousesMissing { names: &names });
        Ok(())
    }
}
