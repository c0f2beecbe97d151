//! The locations that hold stock (Wix: Stores Locations V3).

use uuid::Uuid;

use super::guid::{Guid, location_id_at, wix_location_id_at};
use super::item::DEFAULT_LOCATION;
use crate::shop_file::{LocationData, Problem};

/// A location of a store. Its id differs from the id of the same place in Wix's Locations API.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    pub(crate) id: Uuid,
    pub(crate) wix_location_id: Uuid,
    pub(crate) name: String,
}

/// The locations of a shop file. A file that names none has one.
pub(super) fn build_locations(data: &[LocationData]) -> Result<Vec<Location>, Vec<Problem>> {
    let only = [LocationData { name: "Main".to_owned(), id: None }];
    let data = if data.is_empty() { &only } else { data };
    let mut problems = Vec::new();
    let mut locations: Vec<Location> = Vec::with_capacity(data.len());
    for (position, given) in data.iter().enumerate() {
        let mut add = |what: String| {
            problems.push(Problem { product: format!("location {} {:?}", position + 1, given.name), what });
        };
        let id = given.id.as_ref().map_or(Some(location_id_at(position)), Guid::guid);
        if id.is_none() {
            add(format!("id {:?} is not a GUID", given.id.as_deref().unwrap_or_default()));
        }
        if !(1..=150).contains(&given.name.chars().count()) {
            add("the name needs 1 to 150 characters".to_owned());
        }
        let id = id.unwrap_or_default();
        if locations.iter().any(|other| other.id == id || other.name == given.name) {
            add("another location has the same id or name".to_owned());
        }
        let wix_location_id = wix_location_id_at(position);
        locations.push(Location { id, wix_location_id, name: given.name.clone() });
    }
    if problems.is_empty() { Ok(locations) } else { Err(problems) }
}

impl Location {
    /// Whether the location at this index is the default one.
    pub(crate) fn is_default(index: usize) -> bool {
        index == DEFAULT_LOCATION
    }
}
