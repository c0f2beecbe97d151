//! Increment and decrement (contract 3.6): relative, up to 300 entries, the answer is `{}`.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Bend;
use super::inventory::{item_not_found, poisoned};
use crate::behaviour::{AboveCeiling, Atomicity, Behaviour, BelowZero, Duplicates, Untracked};
use crate::catalog::{Catalog, Place};
use crate::data::MAX_QUANTITY;
use crate::endpoint::Endpoint;
use crate::fault::Poison;
use crate::guid::Guid;
use crate::reply::Reply;
use crate::site::Site;
use crate::violation::{Checks, join};

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
    /// The inventory item's or the product's id, not resolved yet.
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
    bend: Bend,
) -> Result<Reply, Reply> {
    let mut entries = parse(direction, body)?;
    entries.truncate(bend.entries.unwrap_or(MAX_ENTRIES));
    let behaviour = site.behaviour();
    let mut catalog = site.write();
    let moment = site.write_moment(number);
    let mut plan = Plan::new(behaviour, site.poison(direction.endpoint()), direction);
    let refused = plan.entries(&catalog, &entries)?;
    if plan.poisoned {
        site.control().faults.hit();
    }
    if refused.is_none() || behaviour.atomicity != Atomicity::AllOrNothing {
        for (place, level) in &plan.steps {
            catalog.set_quantity(*place, *level, &moment);
        }
    }
    match refused {
        Some(reply) if behaviour.atomicity != Atomicity::SkipBadEntries => Err(reply),
        _ => Ok(Reply::done()),
    }
}

/// What a batch will do, worked out before anything is done.
struct Plan {
    behaviour: Behaviour,
    poison: Poison,
    /// Whether a poisoned entry was met.
    poisoned: bool,
    direction: Direction,
    levels: BTreeMap<Place, i64>,
    steps: Vec<(Place, i64)>,
}

impl Plan {
    fn new(behaviour: Behaviour, poison: Poison, direction: Direction) -> Self {
        Self { behaviour, poison, poisoned: false, direction, levels: BTreeMap::new(), steps: Vec::new() }
    }

    /// Works out all entries. `Err` refuses the call as such; `Ok(Some)` is the first bad entry's answer.
    fn entries(&mut self, catalog: &Catalog, entries: &[Entry]) -> Result<Option<Reply>, Reply> {
        let mut refused = None;
        let mut seen = BTreeSet::new();
        let mut checks = Checks::default();
        let places: Vec<_> = entries.iter().map(|entry| place(catalog, entry)).collect();
        for place in places.iter().flatten() {
            if !seen.insert(*place) && self.behaviour.duplicates == Duplicates::Refused {
                checks.wrong(self.direction.list(), "the same variant stands twice in one call");
            }
        }
        checks.done()?;
        for (entry, place) in entries.iter().zip(places) {
            if let Err(reply) = place.and_then(|place| self.entry(catalog, entry, place)) {
                refused = refused.or(Some(reply));
                if self.behaviour.atomicity != Atomicity::SkipBadEntries {
                    break;
                }
            }
        }
        Ok(refused)
    }

    fn entry(&mut self, catalog: &Catalog, entry: &Entry, place: Place) -> Result<(), Reply> {
        let Some(product) = catalog.product(place.0) else { return Err(item_not_found(&entry.id)) };
        let variant = product.variants.get(place.1);
        if variant.is_some_and(|variant| self.poison.holds(product, variant)) {
            self.poisoned = true;
            return Err(poisoned(&entry.id));
        }
        if !product.tracked {
            return match self.behaviour.untracked {
                Untracked::SilentlyIgnored => Ok(()),
                Untracked::Refused => {
                    Err(refusal("INVENTORY_NOT_TRACKED", &format!("item {} is not tracked", entry.id)))
                }
            };
        }
        let stored = variant.map_or(0, |variant| variant.quantity);
        let level = self.levels.get(&place).copied().unwrap_or(stored);
        let next = match self.direction {
            Direction::Up => level.saturating_add(entry.by),
            Direction::Down => level.saturating_sub(entry.by),
        };
        let ahead = entry.preorder && product.preorder.enabled;
        let next = match next {
            above if above > MAX_QUANTITY => match self.behaviour.above_ceiling {
                AboveCeiling::ClampedToCeiling => MAX_QUANTITY,
                AboveCeiling::Refused => {
                    let message = format!("item {}: {above} is above {MAX_QUANTITY}", entry.id);
                    return Err(refusal("QUANTITY_TOO_HIGH", &message));
                }
            },
            below if below < 0 && !ahead => match self.behaviour.below_zero {
                BelowZero::ClampedToZero => 0,
                BelowZero::Refused => {
                    let message = format!("item {}: {} of {level} cannot be taken", entry.id, entry.by);
                    return Err(refusal("INSUFFICIENT_INVENTORY", &message));
                }
            },
            next => next,
        };
        self.levels.insert(place, next);
        self.steps.push((place, next));
        Ok(())
    }
}

fn refusal(code: &str, message: &str) -> Reply {
    Reply::application(StatusCode::BAD_REQUEST, code, message)
}

fn place(catalog: &Catalog, entry: &Entry) -> Result<Place, Reply> {
    let id = entry.id.guid();
    let slot = id.and_then(|id| if entry.by_product { catalog.by_id(id) } else { catalog.by_item(id) });
    let found = slot.and_then(|slot| catalog.product(slot).map(|product| (slot, product)));
    let (slot, product) = found.ok_or_else(|| item_not_found(&entry.id))?;
    let variant = product.place_of(entry.variant).ok_or_else(|| {
        let message = format!("item {} has no variant {}", entry.id, entry.variant);
        Reply::not_found("VARIANT_NOT_FOUND", &message)
    })?;
    Ok((slot, variant))
}

impl Direction {
    pub(super) fn endpoint(self) -> Endpoint {
        match self {
            Self::Up => Endpoint::IncrementInventory,
            Self::Down => Endpoint::DecrementInventory,
        }
    }

    fn list(self) -> &'static str {
        match self {
            Self::Up => "incrementData",
            Self::Down => "decrementData",
        }
    }

    fn amount(self) -> &'static str {
        match self {
            Self::Up => "incrementBy",
            Self::Down => "decrementBy",
        }
    }
}

fn parse(direction: Direction, body: &Json) -> Result<Vec<Entry>, Reply> {
    let mut checks = Checks::default();
    let name = direction.list();
    let list = checks.object(body, "", &[name]).and_then(|map| map.get(name)).and_then(Json::as_array);
    let mut entries = Vec::new();
    match list {
        None => checks.wrong(name, format!("{name} must be a list")),
        Some(list) if list.is_empty() || list.len() > MAX_ENTRIES => checks.outside(name, 1, MAX_ENTRIES),
        Some(list) => {
            for (number, json) in list.iter().enumerate() {
                let path = format!("{name}[{number}]");
                entries.extend(parse_entry(direction, json, &path, &mut checks));
            }
        }
    }
    checks.done()?;
    Ok(entries)
}

fn parse_entry(direction: Direction, json: &Json, path: &str, checks: &mut Checks) -> Option<Entry> {
    let members = ["inventoryId", "productId", "variantId", direction.amount(), "preorderRequest"];
    let allowed = if direction == Direction::Down { &members[..] } else { &members[..4] };
    let map = checks.object(json, path, allowed)?;
    let item = checks.text(map, path, "inventoryId");
    let product = checks.text(map, path, "productId");
    if map.contains_key("inventoryId") == map.contains_key("productId") {
        checks.wrong(path, "give exactly one of inventoryId and productId");
    }
    let id = item.or(product).unwrap_or("");
    if id.chars().count() > 36 {
        checks.wrong(path, "inventoryId and productId have at most 36 characters");
    }
    let variant = checks.guid(map, path, "variantId");
    let preorder = checks.flag(map, path, "preorderRequest", false);
    let amount = map.get(direction.amount());
    let by = amount.and_then(Json::as_i64).filter(|by| *by >= 1);
    // A whole number that does not fit 64 bits is as good as the largest one that does.
    let by = by.or_else(|| amount.and_then(Json::as_u64).filter(|by| *by >= 1).map(|_| i64::MAX));
    if by.is_none() {
        let field = join(path, direction.amount());
        checks.wrong(field, format!("{} must be a whole number from 1", direction.amount()));
    }
    Some(Entry { id: id.to_owned(), by_product: item.is_none(), variant: variant?, by: by?, preorder })
}
