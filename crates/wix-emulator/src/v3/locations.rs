//! The locations of the store (Wix: Stores Locations V3). They are read-only here.

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::inventory::{cursors, millis};
use crate::catalog::{Catalog, Guid, ItemPosition, ListingPosition, Location};
use crate::fault::Mutation;
use crate::query::{FieldSpec, Index, KeysetQuery, QueryField, QueryLimits, Row, SortKey, Value, ValueKind};
use crate::rest::{Reply, Validation};
use crate::site::{Behavior, DefaultOrder, Site};

/// The most rows of a page, and the rows of a page when the request names no limit.
const LIMIT: usize = 100;

/// The fields that locations are filtered and sorted by.
#[derive(Debug, Clone)]
enum Field {
    Id,
    WixLocationId,
    Name,
    DefaultLocation,
    Position,
}

impl QueryField for Field {
    fn named(name: &str, _: &Behavior) -> Option<FieldSpec<Self>> {
        Some(match name {
            "id" => FieldSpec::sortable(Self::Id, ValueKind::Guid),
            "wixLocationId" => FieldSpec::sortable(Self::WixLocationId, ValueKind::Guid),
            "name" => FieldSpec::sortable(Self::Name, ValueKind::Text),
            "defaultLocation" => FieldSpec::filter_only(Self::DefaultLocation, ValueKind::Flag),
            _ => return None,
        })
    }

    fn index(&self) -> Option<Index> {
        None
    }
}

struct LocationRow<'c> {
    location: &'c Location,
    position: usize,
}

impl Row<Field> for LocationRow<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        match field {
            Field::Id => Value::Guid(self.location.id),
            Field::WixLocationId => Value::Guid(self.location.wix_location_id),
            Field::Name => Value::text(&self.location.name),
            Field::DefaultLocation => Value::Flag(Location::is_default(self.position)),
            Field::Position => Value::Digits(u128::try_from(self.position).unwrap_or(u128::MAX)),
        }
    }
}

impl LocationRow<'_> {
    fn to_json(&self) -> Json {
        json!({
            "id": self.location.id,
            "revision": "1",
            "wixLocationId": self.location.wix_location_id,
            "locationType": "PHYSICAL",
            "name": self.location.name,
            "defaultLocation": Location::is_default(self.position),
        })
    }
}

fn rows(catalog: &Catalog) -> impl Iterator<Item = LocationRow<'_>> {
    catalog.locations().iter().enumerate().map(|(position, location)| LocationRow { location, position })
}

/// `POST /stores/v3/locations/query`.
pub(super) fn query(site: &Site, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let behavior = site.behavior();
    let body = validation.object(body, "", &["query"]);
    let limits = QueryLimits { member: "query", max_limit: LIMIT, default_limit: LIMIT, only: None };
    let newest = behavior.default_order == DefaultOrder::NewestFirst;
    let order =
        SortKey { field: Field::Position, kind: ValueKind::Digits, descending: newest, by_numeric_id: false };
    let now = millis(site.query_view(mutation));
    let query = KeysetQuery::read(body, limits, vec![order], now, &behavior, &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let keyed = rows(&catalog)
        .map(|row| (ItemPosition::new(ListingPosition { slot: row.position, variant: 0 }, 0), row));
    let page = query.page_of(keyed, &behavior);
    let found = mutation.rows(page.rows.iter().map(LocationRow::to_json).collect::<Vec<_>>());
    let metadata = json!({"count": found.len(), "cursors": cursors(page.next)});
    Ok(Reply::ok(&json!({"storesLocations": found, "pagingMetadata": metadata})))
}

/// `GET /stores/v3/locations/default`.
pub(super) fn get_default(site: &Site) -> Result<Reply, Reply> {
    show(site, |row| Location::is_default(row.position)).ok_or_else(|| not_found("default"))
}

/// `GET /stores/v3/locations/{id}`.
pub(super) fn get(site: &Site, id: &str) -> Result<Reply, Reply> {
    let wanted: Option<Uuid> = id.guid();
    show(site, |row| Some(row.location.id) == wanted).ok_or_else(|| not_found(id))
}

fn show(site: &Site, is_wanted: impl Fn(&LocationRow<'_>) -> bool) -> Option<Reply> {
    let catalog = site.read();
    let row = rows(&catalog).find(is_wanted)?;
    Some(Reply::ok(&json!({"storesLocation": row.to_json()})))
}

fn not_found(id: &str) -> Reply {
    Reply::not_found("STORES_LOCATION_NOT_FOUND", &format!("stores location {id} not found"))
}
