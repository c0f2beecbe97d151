//! Increment and decrement (Wix: Increment Inventory): relative changes of up to 300 entries; the answer is `{}`.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use serde_json::Value as Json;
use uuid::Uuid;

use super::errors::{item_not_found, poisoned};
use crate::catalog::{Catalog, Guid, ListingPosition, MAX_QUANTITY, VariantIds};
use crate::endpoint::Endpoint;
use crate::fault::{Mutation, NamedListing, Poison};
use crate::rest::{Reply, Validation, join};
use crate::site::{AboveCeiling, Atomicity, Behavior, BelowZero, Duplicates, Site, Untracked};

const MAX_ENTRIES: usize = 300;

/// Which way the levels go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

/// One entry of a batch, as it was sent.
#[derive(Debug)]
struct Entry {
    /// The id of the inventory item or of the product, as text.
    id: String,
    by_product: bool,
    variant: Uuid,
    by: i64,
    preorder: bool,
}

/// `POST /stores/v2/inventoryItems/increment` and `…/decrement`.
pub(super) fn change(
    site: &Site,
    direction: Direction,
    body: &Json,
    number: u64,
    mutation: Mutation,
) -> Result<Reply, Reply> {
    let mut entries = parse(direction, body)?;
    entries.truncate(mutation.entries.unwrap_or(MAX_ENTRIES));
    let behavior = site.behavior();
    let mut catalog = site.write();
    let context = site.write_context(number);
    let mut batch = Batch::new(behavior, site.poison(direction.endpoint()), direction);
    let refusal = batch.add_all(&catalog, &entries)?;
    if batch.met_poison {
        site.live().faults.count_hit();
    }
    if refusal.is_none() || behavior.atomicity != Atomicity::AllOrNothing {
        for (position, level) in &batch.changes {
            catalog.set_quantity(*position, *level, &context);
        }
    }
    match refusal {
        Some(reply) if behavior.atomicity != Atomicity::SkipBadEntries => Err(reply),
        _ => Ok(Reply::done()),
    }
}

/// The changes of a batch, computed before any is made.
struct Batch {
    behavior: Behavior,
    poison: Poison,
    /// Whether an entry named a poisoned listing.
    met_poison: bool,
    direction: Direction,
    /// The levels after the entries so far.
    levels: BTreeMap<ListingPosition, i64>,
    /// The new level that each entry sets.
    changes: Vec<(ListingPosition, i64)>,
}

impl Batch {
    fn new(behavior: Behavior, poison: Poison, direction: Direction) -> Self {
        Self { behavior, poison, met_poison: false, direction, levels: BTreeMap::new(), changes: Vec::new() }
    }

    /// Adds all entries. `Err` refuses the whole call; `Ok(Some)` is the answer for the first bad entry.
    fn add_all(&mut self, catalog: &Catalog, entries: &[Entry]) -> Result<Option<Reply>, Reply> {
        let positions: Vec<_> = entries.iter().map(|entry| position(catalog, entry)).collect();
        self.check_duplicates(positions.iter().flatten())?;
        let mut refusal = None;
        for (entry, position) in entries.iter().zip(positions) {
            if let Err(reply) = position.and_then(|position| self.add(catalog, entry, position)) {
                refusal = refusal.or(Some(reply));
                if self.behavior.atomicity != Atomicity::SkipBadEntries {
                    break;
                }
            }
        }
        Ok(refusal)
    }

    fn check_duplicates<'p>(
        &self,
        positions: impl Iterator<Item = &'p ListingPosition>,
    ) -> Result<(), Reply> {
        let mut seen = BTreeSet::new();
        let mut validation = Validation::default();
        for position in positions {
            if !seen.insert(*position) && self.behavior.duplicates == Duplicates::Refused {
                validation.invalid(self.direction.list(), "the same variant stands twice in one call");
            }
        }
        validation.finish()
    }

    fn add(&mut self, catalog: &Catalog, entry: &Entry, position: ListingPosition) -> Result<(), Reply> {
        let Some(product) = catalog.product(position.slot) else { return Err(item_not_found(&entry.id)) };
        let variant = product.variants.get(position.variant);
        if variant.is_some_and(|variant| self.poison.covers(product, variant)) {
            self.met_poison = true;
            return Err(poisoned(&entry.id));
        }
        if !product.tracked() {
            return match self.behavior.untracked {
                Untracked::SilentlyIgnored => Ok(()),
                Untracked::Refused => {
                    Err(refused("INVENTORY_NOT_TRACKED", &format!("item {} is not tracked", entry.id)))
                }
            };
        }
        let stored = variant.map_or(0, |variant| variant.item.quantity);
        let level = self.levels.get(&position).copied().unwrap_or(stored);
        let may_go_negative = entry.preorder && product.preorder().is_some_and(|preorder| preorder.enabled);
        let next = self.next_level(entry, level, may_go_negative)?;
        self.levels.insert(position, next);
        self.changes.push((position, next));
        Ok(())
    }

    /// The level after this entry, within the limits or refused.
    fn next_level(&self, entry: &Entry, level: i64, may_go_negative: bool) -> Result<i64, Reply> {
        let next = match self.direction {
            Direction::Up => level.saturating_add(entry.by),
            Direction::Down => level.saturating_sub(entry.by),
        };
        if next > MAX_QUANTITY {
            return match self.behavior.above_ceiling {
                AboveCeiling::ClampedToCeiling => Ok(MAX_QUANTITY),
                AboveCeiling::Refused => {
                    let message = format!("item {}: {next} is above {MAX_QUANTITY}", entry.id);
                    Err(refused("QUANTITY_TOO_HIGH", &message))
                }
            };
        }
        if next < 0 && !may_go_negative {
            return match self.behavior.below_zero {
                BelowZero::ClampedToZero => Ok(0),
                BelowZero::Refused => {
                    let message = format!("item {}: {} of {level} cannot be taken", entry.id, entry.by);
                    Err(refused("INSUFFICIENT_INVENTORY", &message))
                }
            };
        }
        Ok(next)
    }
}

fn refused(code: &str, message: &str) -> Reply {
    Reply::application(StatusCode::BAD_REQUEST, code, message)
}

fn position(catalog: &Catalog, entry: &Entry) -> Result<ListingPosition, Reply> {
    let id = entry.id.guid();
    let slot = id.and_then(|id| if entry.by_product { catalog.by_id(id) } else { catalog.by_item(id) });
    let found = slot.and_then(|slot| catalog.product(slot).map(|product| (slot, product)));
    let (slot, product) = found.ok_or_else(|| item_not_found(&entry.id))?;
    let variant = product.variant_index(entry.variant, VariantIds::V1).ok_or_else(|| {
        let message = format!("item {} has no variant {}", entry.id, entry.variant);
        Reply::not_found("VARIANT_NOT_FOUND", &message)
    })?;
    Ok(ListingPosition { slot, variant })
}

impl Direction {
    pub(super) fn endpoint(self) -> Endpoint {
        match self {
            Self::Up => Endpoint::IncrementInventory,
            Self::Down => Endpoint::DecrementInventory,
        }
    }

    /// The member of the body that holds the entries.
    fn list(self) -> &'static str {
        match self {
            Self::Up => "incrementData",
            Self::Down => "decrementData",
        }
    }

    /// The member of an entry that holds the amount.
    fn amount(self) -> &'static str {
        match self {
            Self::Up => "incrementBy",
            Self::Down => "decrementBy",
        }
    }

    /// The listings that the entries of a body name. Entries that name none are left out.
    pub(super) fn named_listings(self, body: &[u8]) -> Vec<NamedListing> {
        let body: Json = serde_json::from_slice(body).unwrap_or_default();
        let named = |entry: &Json| {
            let guid = |name: &str| entry.get(name).and_then(Json::as_str).and_then(Guid::guid);
            let id = guid("inventoryId").or_else(|| guid("productId"))?;
            Some(NamedListing::Entry { id, variant: guid("variantId")? })
        };
        let entries = body.get(self.list()).and_then(Json::as_array);
        entries.into_iter().flatten().filter_map(named).collect()
    }
}

fn parse(direction: Direction, body: &Json) -> Result<Vec<Entry>, Reply> {
    let mut validation = Validation::default();
    let name = direction.list();
    let list = validation.object(body, "", &[name]).and_then(|map| map.get(name)).and_then(Json::as_array);
    let mut entries = Vec::new();
    match list {
        None => validation.invalid(name, format!("{name} must be a list")),
        Some(list) if list.is_empty() || list.len() > MAX_ENTRIES => {
            validation.out_of_range(name, 1, MAX_ENTRIES);
        }
        Some(list) => {
            for (index, json) in list.iter().enumerate() {
                let path = format!("{name}[{index}]");
                entries.extend(parse_entry(direction, json, &path, &mut validation));
            }
        }
    }
    validation.finish()?;
    Ok(entries)
}

fn parse_entry(direction: Direction, json: &Json, path: &str, validation: &mut Validation) -> Option<Entry> {
    let members = ["inventoryId", "productId", "variantId", direction.amount(), "preorderRequest"];
    let allowed = if direction == Direction::Down { &members[..] } else { &members[..4] };
    let map = validation.object(json, path, allowed)?;
    let item = validation.text(map, path, "inventoryId");
    let product = validation.text(map, path, "productId");
    if map.contains_key("inventoryId") == map.contains_key("productId") {
        validation.invalid(path, "give exactly one of inventoryId and productId");
    }
    let id = item.or(product).unwrap_or("");
    if id.chars().count() > 36 {
        validation.invalid(path, "inventoryId and productId have at most 36 characters");
    }
    let variant = validation.guid(map, path, "variantId");
    let preorder = validation.flag(map, path, "preorderRequest", false);
    let amount = map.get(direction.amount());
    let by = amount.and_then(Json::as_i64).filter(|by| *by >= 1);
    // A whole number above 64 signed bits counts as the largest one.
    let by = by.or_else(|| amount.and_then(Json::as_u64).filter(|by| *by >= 1).map(|_| i64::MAX));
    if by.is_none() {
        let field = join(path, direction.amount());
        validation.invalid(field, format!("{} must be a whole number from 1", direction.amount()));
    }
    Some(Entry { id: id.to_owned(), by_product: item.is_none(), variant: variant?, by: by?, preorder })
}
