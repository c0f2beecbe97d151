//! The cases that are measured.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::shop::{PRODUCTS, id, sku};
use crate::wire::{Body, Connections};

const QUERY_PRODUCTS: &str = "/stores-reader/v1/products/query";
const QUERY_INVENTORY: &str = "/stores-reader/v2/inventoryItems/query";
const INCREMENT: &str = "/stores/v2/inventoryItems/increment";
const QUERY_ITEMS: &str = "/stores/v3/inventory-items/query";
const COUNT_ITEMS: &str = "/stores/v3/inventory-items/count";
const UPDATE_ITEMS: &str = "/stores/v3/bulk/inventory-items/update";
const SEARCH_VARIANTS: &str = "/stores/v3/products/search-variants";
const LOCATION: &str = "50000000-0000-4000-8000-000000000001";
const ZERO: &str = "00000000-0000-0000-0000-000000000000";
/// The last hundred products are newer; generated times are a second apart.
const RECENT: &str = "2026-01-02T03:45:00Z";

/// Builds the next request of a client.
pub(crate) type Request = dyn Fn(&mut Cursor) -> Body + Send + Sync;

/// One thing to measure.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) requests: u32,
    /// The least requests per second that are acceptable.
    pub(crate) floor: Option<u32>,
    pub(crate) connections: Connections,
    pub(crate) request: Arc<Request>,
}

/// How far a client is in its requests.
pub(crate) struct Cursor {
    next: usize,
    after: String,
    /// The cursor of the next page in V3.
    page: Option<String>,
}

impl Cursor {
    pub(crate) fn new(client: usize) -> Self {
        Self { next: client * PRODUCTS / 8, after: "0".to_owned(), page: None }
    }

    /// The next even number: those are plain products.
    fn plain(&mut self) -> usize {
        self.next = (self.next + 2) % PRODUCTS;
        self.next
    }

    /// Remembers the last numeric id of a page and the cursor of the next one. It searches from the end, which costs the
    /// client little time.
    pub(crate) fn answered(&mut self, answer: &[u8]) {
        self.after = last_text(answer, b"\"numericId\":\"").unwrap_or_else(|| "0".to_owned());
        self.page = last_text(answer, b"\"next\":\"");
    }
}

/// The text that follows the last place of this name.
fn last_text(answer: &[u8], name: &[u8]) -> Option<String> {
    let at = answer.windows(name.len()).rposition(|window| window == name)?;
    let text = answer.get(at + name.len()..)?;
    Some(text.iter().take_while(|byte| **byte != b'"').map(|byte| char::from(*byte)).collect())
}

/// The next page of 1,000 items in V3, from the first one on.
fn items(cursor: &mut Cursor) -> Body {
    let paging = json!({"limit": 1_000, "cursor": cursor.page});
    let query = match &cursor.page {
        Some(_) => json!({"cursorPaging": paging}),
        None => json!({"filter": {"locationId": LOCATION}, "cursorPaging": {"limit": 1_000},
            "sort": [{"fieldName": "createdDate", "order": "ASC"}]}),
    };
    Body { path: QUERY_ITEMS, json: json!({"query": query}).to_string() }
}

/// Sets the quantity of 1,000 items. Their revisions are old, so each row conflicts.
fn conflicts(cursor: &mut Cursor) -> Body {
    let row = |_| {
        let id = format!("70000000-0000-4000-8000-{:012x}", (cursor.plain() + 1) << 12 | 1);
        json!({"inventoryItem": {"id": id, "revision": "0", "quantity": 7}})
    };
    let rows: Vec<Value> = (0..1_000).map(row).collect();
    Body { path: UPDATE_ITEMS, json: json!({"inventoryItems": rows, "returnEntity": true}).to_string() }
}

fn query(path: &'static str, filter: &Value, limit: usize, hidden: bool) -> Body {
    let query =
        json!({"paging": {"limit": limit}, "filter": filter.to_string(), "sort": r#"[{"numericId":"asc"}]"#});
    let json = if path == QUERY_PRODUCTS {
        json!({"query": query, "includeVariants": true, "includeHiddenProducts": hidden})
    } else {
        json!({"query": query})
    };
    Body { path, json: json.to_string() }
}

fn increment(cursor: &mut Cursor, entries: usize) -> Body {
    let entry = |_| json!({"productId": id(cursor.plain()), "variantId": ZERO, "incrementBy": 1});
    let rows: Vec<Value> = (0..entries).map(entry).collect();
    Body { path: INCREMENT, json: json!({"incrementData": rows}).to_string() }
}

fn case(
    name: &'static str,
    requests: u32,
    floor: Option<u32>,
    request: impl Fn(&mut Cursor) -> Body + Send + Sync + 'static,
) -> Case {
    Case { name, requests, floor, connections: Connections::Kept, request: Arc::new(request) }
}

fn over_new_connections(case: Case) -> Case {
    Case { connections: Connections::New, ..case }
}

/// All cases, in the order in which they run.
pub(crate) fn cases() -> Vec<Case> {
    let page =
        |cursor: &mut Cursor| query(QUERY_PRODUCTS, &json!({"numericId": {"$gt": cursor.after}}), 100, true);
    let some = |cursor: &mut Cursor, name: fn(usize) -> String| -> Vec<String> {
        (0..100).map(|_| name(cursor.plain())).collect()
    };
    vec![
        // These come first, because the writes change most items.
        case("products changed since, 100 of them", 4_000, None, |_| {
            query(QUERY_PRODUCTS, &json!({"lastUpdated": {"$gte": RECENT}}), 100, true)
        }),
        case("items changed since, 100 of them", 4_000, None, |_| {
            query(
                QUERY_INVENTORY,
                &json!({"lastUpdated": {"$gte": RECENT}, "numericId": {"$gt": "0"}}),
                100,
                true,
            )
        }),
        case("writes of one entry", 40_000, Some(2_000), |cursor| increment(cursor, 1)),
        over_new_connections(case("writes of one entry, new connections", 10_000, None, |cursor| {
            increment(cursor, 1)
        })),
        case("writes of 300 entries", 800, None, |cursor| increment(cursor, 300)),
        case("pages of 100 with variants, by numericId", 4_000, Some(500), page),
        over_new_connections(case("pages of 100, new connections", 2_000, None, page)),
        case("inventory of 100 products by id", 4_000, None, move |cursor| {
            query(QUERY_INVENTORY, &json!({"productId": {"$hasSome": some(cursor, id)}}), 100, true)
        }),
        case("100 products by sku", 4_000, None, move |cursor| {
            query(QUERY_PRODUCTS, &json!({"sku": {"$hasSome": some(cursor, sku)}}), 100, true)
        }),
        case("one product by name, without an index", 40, None, |cursor| {
            query(QUERY_PRODUCTS, &json!({"name": format!("Product {}", cursor.plain())}), 100, true)
        }),
        case("the site moves to V3", 4, None, |_| Body {
            path: "/_emulator/acts",
            json: json!({"moveCatalog": {"to": "V3_CATALOG"}}).to_string(),
        }),
        case("V3: pages of 1,000 items, by cursor", 400, None, items),
        case("V3: items changed since, 1,000 at most", 400, None, |_| {
            let filter = json!({"locationId": LOCATION, "updatedDate": {"$gte": "2026-01-02T03:45:00Z"}});
            let sort = json!([{"fieldName": "updatedDate", "order": "DESC"}]);
            let query = json!({"filter": filter, "sort": sort, "cursorPaging": {"limit": 1_000}});
            Body { path: QUERY_ITEMS, json: json!({"query": query}).to_string() }
        }),
        case("V3: items of a location counted", 4_000, None, |_| Body {
            path: COUNT_ITEMS,
            json: json!({"filter": {"locationId": LOCATION}}).to_string(),
        }),
        case("V3: 50 SKUs in search-variants", 4_000, None, |cursor| {
            let skus: Vec<String> = (0..50).map(|_| sku(cursor.plain())).collect();
            let search = json!({"filter": {"sku": {"$in": skus}}, "cursorPaging": {"limit": 1_000}});
            Body { path: SEARCH_VARIANTS, json: json!({"search": search}).to_string() }
        }),
        case("V3: updates of 1,000 items that conflict", 200, None, conflicts),
    ]
}
