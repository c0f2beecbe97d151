//! Reading inventory items (Wix: Query, Count, Get Inventory Item).

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::errors::ItemError;
use super::item_row::{Field, ItemRow};
use super::item_select::Shelves;
use super::item_view::ItemView;
use crate::catalog::{Guid, ReadView};
use crate::fault::Mutation;
use crate::query::{FilterStyle, KeysetQuery, QueryLimits, parse_filter};
use crate::rest::{Reply, Validation};
use crate::site::{DefaultOrder, Site};

/// The rows of a page when the request names no limit (undocumented for the query).
const DEFAULT_LIMIT: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueryResponse<'c> {
    inventory_items: Vec<ItemView<'c>>,
    paging_metadata: Json,
}

/// `POST /stores/v3/inventory-items/query`; items of hidden products and variants too. The metadata has no `hasNext`.
pub(super) fn query(site: &Site, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let behavior = site.behavior();
    let body = validation.object(body, "", &["query"]);
    let limits =
        QueryLimits { member: "query", max_limit: behavior.items_page_limit, default_limit: DEFAULT_LIMIT };
    let order = Field::by_creation(behavior.default_order == DefaultOrder::NewestFirst);
    let view = site.query_view(mutation);
    let query = KeysetQuery::read(body, limits, order, millis(view), &behavior, &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let page = Shelves { catalog: &catalog, view }.find(&query, &behavior);
    let items = mutation.rows(page.rows.into_iter().map(ItemView::new).collect::<Vec<_>>());
    let paging_metadata = json!({"count": items.len(), "cursors": cursors(page.next)});
    Ok(Reply::ok(&QueryResponse { inventory_items: items, paging_metadata }))
}

/// `cursors` of a page.
pub(super) fn cursors(next: Option<String>) -> Json {
    next.map_or_else(|| json!({}), |next| json!({"next": next}))
}

/// The time of a read in milliseconds since the start.
pub(super) fn millis(view: ReadView) -> u64 {
    u64::try_from(view.now.as_millis()).unwrap_or(u64::MAX)
}

/// `POST /stores/v3/inventory-items/count`: how many items a query would give.
pub(super) fn count(site: &Site, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let behavior = site.behavior();
    let map = validation.object(body, "", &["filter", "search"]);
    let filter = map.and_then(|map| map.get("filter"));
    let filter = parse_filter::<Field>(filter, FilterStyle::Rich, "filter", &behavior, &mut validation);
    let text = map.and_then(|map| map.get("search")).filter(|json| !json.is_null());
    let text = text.and_then(|json| FreeText::read(json, "search", &mut validation));
    validation.finish()?;
    let catalog = site.read();
    let shelves = Shelves { catalog: &catalog, view: site.query_view(mutation) };
    let known = if text.is_some() { None } else { shelves.known_count(filter.as_ref()) };
    let count = known.unwrap_or_else(|| {
        shelves.count(filter.as_ref(), |row| text.as_ref().is_none_or(|text| text.finds(row)))
    });
    Ok(Reply::ok(&json!({"count": mutation.total(count)})))
}

/// `GET /stores/v3/inventory-items/{id}`.
pub(super) fn get(site: &Site, id: &str, mutation: Mutation) -> Result<Reply, Reply> {
    let catalog = site.read();
    let at = id.guid().and_then(|id| catalog.items().by_id(id));
    let row = at.and_then(|at| ItemRow::at(&catalog, at, site.by_id_view(mutation)));
    let row = row.ok_or_else(|| ItemError::not_found(id))?;
    Ok(Reply::ok(&json!({"inventoryItem": ItemView::new(row)})))
}

/// The free text of a search, in the names and the SKU of an item (Wix: Search Inventory Items).
#[derive(Debug)]
pub(super) struct FreeText(String);

impl FreeText {
    /// Reads `search{expression}`, up to 100 characters.
    pub(super) fn read(json: &Json, path: &str, validation: &mut Validation) -> Option<Self> {
        let map = validation.object(json, path, &["expression", "fields", "mode", "fuzzy"])?;
        let text = validation.text(map, path, "expression").filter(|text| !text.is_empty())?;
        validation.size(&format!("{path}.expression"), text.chars().count(), 100);
        Some(Self(text.to_lowercase()))
    }

    pub(super) fn finds(&self, row: &ItemRow<'_>) -> bool {
        let name = row.variant.name();
        [row.product.name.as_str(), &name, &row.variant.sku]
            .iter()
            .any(|text| text.to_lowercase().contains(&self.0))
    }
}
