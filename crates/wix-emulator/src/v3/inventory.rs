//! Reading inventory items (Wix: Query, Search, Count, Get Inventory Items).

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::errors::ItemError;
use super::free_text::FreeText;
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

/// `POST /stores/v3/inventory-items/query` (member `query`) and `…/search` (member `search`); items of hidden products
/// and variants too. Only the search says `hasNext`.
pub(super) fn query(
    site: &Site,
    member: &'static str,
    body: &Json,
    mutation: Mutation,
) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let behavior = site.behavior();
    let body = validation.object(body, "", &[member]);
    let max_limit = behavior.items_page_limit;
    let limits = QueryLimits { member, max_limit, default_limit: DEFAULT_LIMIT.min(max_limit), only: None };
    let is_search = member == "search";
    let order = Field::by_creation(is_search || behavior.default_order == DefaultOrder::NewestFirst);
    let view = site.query_view(mutation);
    let query = KeysetQuery::read(body, limits, order, millis(view), &behavior, &mut validation);
    let text = FreeText::of(query.text.as_ref(), "search.search", &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let page = Shelves { catalog: &catalog, view, text: text.as_ref() }.find(&query, &behavior);
    let has_next = page.next.is_some();
    let items = mutation.rows(page.rows.into_iter().map(ItemView::new).collect::<Vec<_>>());
    let mut paging_metadata = json!({"count": items.len(), "cursors": cursors(page.next)});
    if let (true, Some(map)) = (is_search, paging_metadata.as_object_mut()) {
        map.insert("hasNext".to_owned(), Json::from(has_next));
    }
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
    let text = FreeText::of(map.and_then(|map| map.get("search")), "search", &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let shelves = Shelves { catalog: &catalog, view: site.query_view(mutation), text: text.as_ref() };
    let count = shelves.known_count(filter.as_ref()).unwrap_or_else(|| shelves.count(filter.as_ref()));
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
