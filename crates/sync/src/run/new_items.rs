//! Makes the inventory items that stand in the way of a change.
//!
//! This is a write, so it follows the guard and goes through the gate. Nothing of it is in the journal: making an item
//! twice has no effect, it begins at zero, and the next run reads what came of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::plan::Plan;
use domain::plan::guard::{self, Past};
use domain::{InventoryItemId, Level, Listing, ListingKey, Policy, Scope, SkipReason, Sku, Stock};

use super::{Abort, Run};
use crate::calls::BATCH_SIZE;
use crate::observer::Event;
use crate::ports::{CreateReply, Creation, ShopError, ShopErrorClass};

/// So many calls that Wix refuses as a whole are made again in halves. Where it refuses everything, halving down to
/// single listings would use up the run.
const MOST_HALVED: u32 = 40;
/// So many different reasons are told.
const MOST_REASONS: usize = 10;
/// The error text for an item that neither the answer nor a read shows.
const NOT_SHOWN: &str = "the shop does not show the new item";

/// What a plan is made of, beside the listings.
pub(super) struct Basis<'a> {
    pub(super) stock: Stock,
    pub(super) policy: Policy,
    pub(super) scope: &'a Scope,
    /// What the guard knows; `None` for quantities that a user names, which it does not check.
    pub(super) past: Option<Past>,
}

impl Basis<'_> {
    pub(super) fn plan(&self, listings: &[Listing]) -> Plan {
        Plan::make(&self.stock, listings, self.policy, self.scope)
    }

    /// The listings without an item that would have a change if they had one of level zero.
    fn due(&self, listings: &[Listing]) -> Vec<Listing> {
        let with_item = |one: &Listing| {
            if !one.inventory_item.is_missing() {
                return one.clone();
            }
            let (inventory_item, level) = (InventoryItemId::new("new"), Level::new(0));
            Listing { inventory_item, level, tracked: true, ..one.clone() }
        };
        let supposed: Vec<Listing> = listings.iter().map(with_item).collect();
        let bare = listings.iter().filter(|one| one.inventory_item.is_missing());
        let mut bare: HashMap<&ListingKey, &Listing> = bare.map(|one| (&one.key, one)).collect();
        let changes = self.plan(&supposed).changes;
        changes.iter().filter_map(|change| bare.remove(&change.key).cloned()).collect()
    }
}

/// What came of all calls.
#[derive(Default)]
struct NewItems {
    /// The listings that have an item now.
    items: HashMap<ListingKey, Listing>,
    /// Whether some of these were read, not made: they may show any level, and buyers may have bought of it.
    some_were_read: bool,
    /// By what the shop said.
    refused: BTreeMap<String, Vec<Sku>>,
}

impl NewItems {
    fn take(&mut self, item: Listing) {
        self.items.insert(item.key.clone(), item);
    }

    fn refuse<'l>(&mut self, listings: impl IntoIterator<Item = &'l Listing>, error: &ShopError) {
        let skus = listings.into_iter().filter_map(|one| one.sku.clone());
        self.refused.entry(error.detail.clone()).or_default().extend(skus);
    }

    /// Gives the items to the listings that had none.
    fn give_to(&mut self, listings: &mut [Listing]) {
        for listing in listings {
            if let Some(item) = self.items.remove(&listing.key) {
                // The answer to a write names no SKU.
                *listing = Listing { sku: listing.sku.take(), ..item };
            }
        }
    }
}

impl Run<'_> {
    /// Lets the shop make the items that changes wait for, where it is set up to and this run writes; then plans anew.
    /// `plan` is one that the guard let through.
    pub(super) async fn with_new_items(
        &mut self,
        plan: Plan,
        basis: Basis<'_>,
        listings: Vec<Listing>,
    ) -> Result<Plan, Abort> {
        let lacks_items = plan.skips.iter().any(|skip| skip.reason == SkipReason::NoInventoryItem);
        if self.request.work.writes_nothing() || !lacks_items || !self.ports.shop.creates_items() {
            return Ok(plan);
        }
        let due = basis.due(&listings);
        let mut new = NewItems::default();
        let unclear = self.make_items(&due, &mut new).await?;
        self.read_items(&unclear, &mut new).await?;
        for (reason, skus) in new.refused.iter().take(MOST_REASONS) {
            self.ports.observer.event(&Event::ItemsNotMade { skus, reason });
        }
        let not_made: HashSet<Sku> = new.refused.values().flatten().cloned().collect();
        let mut plan = self.planned_anew(plan, basis, listings, new).await?;
        for skip in &mut plan.skips {
            if skip.reason == SkipReason::NoInventoryItem && not_made.contains(&*skip.sku) {
                skip.reason = SkipReason::ItemNotMade;
            }
        }
        Ok(plan)
    }

    /// The plan with the new items, if the guard lets it through too.
    async fn planned_anew(
        &self,
        plan: Plan,
        mut basis: Basis<'_>,
        mut listings: Vec<Listing>,
        mut new: NewItems,
    ) -> Result<Plan, Abort> {
        if new.items.is_empty() {
            return Ok(plan);
        }
        let items = u64::try_from(new.items.len()).unwrap_or(u64::MAX);
        new.give_to(&mut listings);
        if new.some_were_read && basis.past.is_some() {
            // I13: the warehouse is read after the shop.
            basis.stock = self.read_stock().await?;
        }
        let anew = basis.plan(&listings);
        if basis.past.is_none_or(|past| guard::check(&anew.facts, &past).is_empty()) {
            return Ok(anew);
        }
        // A held run could not have made the items (I11). The next one is held, and a user can let its plan through.
        self.ports.observer.event(&Event::NewItemsWait { items });
        Ok(plan)
    }

    /// Makes an item for each of `due`. What the shop refuses does not end the run. Gives the listings that may have one
    /// now, which the answers do not show.
    async fn make_items<'l>(
        &self,
        due: &'l [Listing],
        new: &mut NewItems,
    ) -> Result<Vec<&'l Listing>, Abort> {
        let terms = self.ports.unless_stopped(self.ports.shop.connect()).await?;
        let most = terms.batches.within(self.settings.write_batch).most.max(1);
        let mut left: Vec<&[Listing]> = due.chunks(most).rev().collect();
        let (mut halved, mut unclear) = (0, Vec::new());
        while let Some(group) = left.pop() {
            self.may_go_on()?;
            // No line stands for an item, so the commit of the gate asks for the lease and a pause alone.
            let gate = self.gate(Vec::new(), self.findings.batches);
            match self.through(&gate, self.ports.shop.create_items(group, &gate)).await? {
                CreateReply::NotCommitted(error) => return Err(error.into()),
                CreateReply::Answered(said) => {
                    for (listing, said) in group.iter().zip(said) {
                        match said {
                            Creation::Made(item) => new.take(item),
                            Creation::Refused(error) => new.refuse([listing], &error),
                            Creation::Unclear => unclear.push(listing),
                        }
                    }
                }
                CreateReply::Failed(error) if !may_be_of_one(&error) => {
                    // The other calls would fare alike.
                    new.refuse(group.iter().chain(left.drain(..).flatten()), &error);
                }
                CreateReply::Failed(_) if group.len() > 1 && halved < MOST_HALVED => {
                    halved += 1;
                    let (first, second) = group.split_at(group.len() / 2);
                    left.extend([second, first]);
                }
                CreateReply::Failed(error) => new.refuse(group, &error),
            }
        }
        Ok(unclear)
    }

    /// Asks for the items of `unclear`.
    async fn read_items(&self, unclear: &[&Listing], new: &mut NewItems) -> Result<(), Abort> {
        if unclear.is_empty() {
            return Ok(());
        }
        let skus: Vec<Sku> = unclear.iter().filter_map(|one| one.sku.clone()).collect();
        let found = async { Ok::<_, Abort>(self.ports.shop.find(&skus, BATCH_SIZE).await) };
        let found = match self.ports.unless_stopped(found).await? {
            Ok(found) => found.unwrap_or_default(),
            Err(error) => {
                new.refuse(unclear.iter().copied(), &error);
                return Ok(());
            }
        };
        let with_item = found.into_iter().filter(|one| !one.inventory_item.is_missing());
        let mut found: HashMap<ListingKey, Listing> = with_item.map(|one| (one.key.clone(), one)).collect();
        for listing in unclear {
            match found.remove(&listing.key) {
                Some(item) => {
                    new.some_were_read = true;
                    new.take(item);
                }
                None => new.refuse([*listing], &ShopError::new(ShopErrorClass::Incomplete, NOT_SHOWN)),
            }
        }
        Ok(())
    }
}

/// Whether a call may have failed because of one of its entries.
fn may_be_of_one(error: &ShopError) -> bool {
    matches!(error.class, ShopErrorClass::Refused | ShopErrorClass::NotFound)
}
