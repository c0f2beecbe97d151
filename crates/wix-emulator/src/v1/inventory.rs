//! Reading inventory items (contract 3.5).

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::Bend;
use super::product_view::Digits;
use super::products::Metadata;
use crate::catalog::{Catalog, Lens, Product, Whose};
use crate::guid::Guid;
use crate::query::{
    Fields, FilterStyle, Index, Kind, Row, Rules, Search, Spec, Value, find, parse_filter, parse_paging,
    parse_sort,
};
use crate::reply::Reply;
use crate::site::Site;
use crate::stamp::Stamp;
use crate::violation::Checks;

/// The fields that `inventoryItems/query` filters and sorts by.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Field {
    Id,
    ProductId,
    NumericId,
    LastUpdated,
}

impl Fields for Field {
    fn named(name: &str, _: &Rules) -> Option<Spec<Self>> {
        Some(match name {
            "id" => Spec::sortable(Self::Id, Kind::Guid),
            "productId" => Spec::sortable(Self::ProductId, Kind::Guid),
            "numericId" => Spec::sortable(Self::NumericId, Kind::Digits),
            "lastUpdated" => Spec::sortable(Self::LastUpdated, Kind::Time),
            _ => return None,
        })
    }

    fn index(&self) -> Option<Index> {
        match self {
            Self::Id => Some(Index::Item),
            Self::ProductId => Some(Index::Product),
            Self::NumericId => None,
            Self::LastUpdated => Some(Index::Time(Whose::Item)),
        }
    }
}

struct ItemRow<'c> {
    product: &'c Product,
    lens: Lens,
}

impl Row<Field> for ItemRow<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        match field {
            Field::Id => Value::Guid(self.product.item_id),
            Field::ProductId => Value::Guid(self.product.id),
            Field::NumericId => Value::Digits(self.product.numeric_id),
            Field::LastUpdated => Value::Time(self.product.item_updated(self.lens)),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemView<'c> {
    id: Uuid,
    external_id: Uuid,
    product_id: Uuid,
    track_quantity: bool,
    variants: Vec<LevelView>,
    last_updated: Stamp,
    numeric_id: Digits,
    preorder_info: PreorderView<'c>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LevelView {
    variant_id: Uuid,
    in_stock: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<i64>,
    available_for_preorder: bool,
}

#[derive(Debug, Serialize)]
struct PreorderView<'c> {
    enabled: bool,
    message: Option<&'c str>,
    limit: Option<u64>,
}

impl<'c> ItemView<'c> {
    /// The item, with these variants only where some are named. Untracked ones show no quantity.
    fn new(product: &'c Product, only: Option<&[Uuid]>, lens: Lens) -> Self {
        let preorder = &product.preorder;
        let level = |(place, variant): (usize, &crate::catalog::Variant)| LevelView {
            variant_id: variant.id,
            in_stock: product.in_stock(place, lens),
            quantity: product.tracked.then(|| product.quantity(place, lens)),
            available_for_preorder: preorder.enabled,
        };
        let wanted = |variant: Uuid| only.is_none_or(|only| only.contains(&variant));
        Self {
            id: product.item_id,
            external_id: product.id,
            product_id: product.id,
            track_quantity: product.tracked,
            variants: product.variants.iter().enumerate().filter(|row| wanted(row.1.id)).map(level).collect(),
            last_updated: product.item_updated(lens),
            numeric_id: Digits(product.numeric_id),
            preorder_info: PreorderView {
                enabled: preorder.enabled,
                message: preorder.message.as_deref(),
                limit: preorder.limit,
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'c> {
    inventory_items: Vec<ItemView<'c>>,
    metadata: Metadata,
    total_results: usize,
}

/// `POST /stores-reader/v2/inventoryItems/query`; items of hidden products too.
pub(super) fn query(site: &Site, body: &Json, bend: Bend) -> Result<Reply, Reply> {
    let mut checks = Checks::default();
    let behaviour = site.behaviour();
    let rules = Rules::from(&behaviour);
    let members = ["paging", "filter", "sort"];
    let outer = checks.object(body, "", &["query"]);
    let inner = outer.and_then(|map| checks.object(map.get("query")?, "query", &members));
    let part = |name: &str| inner.and_then(|map| map.get(name));
    let page = parse_paging(part("paging"), "query.paging", behaviour.max_offset, &mut checks);
    let filter = parse_filter::<Field>(part("filter"), FilterStyle::Text, &rules, &mut checks);
    let sort = parse_sort::<Field>(part("sort"), FilterStyle::Text, &rules, &mut checks);
    checks.done()?;
    let catalog = site.read();
    let lens = site.query_lens(bend);
    let search = Search {
        filter: filter.as_ref(),
        sort: &sort,
        page,
        with_hidden: true,
        default_order: behaviour.default_order,
        lagging: !lens.lag.is_zero(),
    };
    let found = find(&catalog, &search, |product| ItemRow { product, lens });
    let shown = found.slots.iter().filter_map(|slot| catalog.product(*slot));
    let items = bend.rows(shown.map(|product| ItemView::new(product, None, lens)).collect());
    let metadata = Metadata { items: items.len(), offset: page.offset };
    Ok(Reply::ok(&Answer { inventory_items: items, metadata, total_results: bend.total(found.total) }))
}

/// `POST …/inventoryItems/{id}/getVariants` and `…/product/{productId}/getVariants`.
pub(super) fn get(
    site: &Site,
    id: &str,
    body: &Json,
    find: fn(&Catalog, Uuid) -> Option<usize>,
    id_name: &str,
    bend: Bend,
) -> Result<Reply, Reply> {
    let mut checks = Checks::default();
    let map = checks.object(body, "", &[id_name, "variantIds"]);
    let only = map.and_then(|map| {
        checks.echo(map, "", id_name, id);
        checks.guids(map, "", "variantIds")
    });
    checks.done()?;
    let catalog = site.read();
    let slot = id.guid().and_then(|id| find(&catalog, id));
    let product = slot.and_then(|slot| catalog.product(slot));
    let product = product.ok_or_else(|| item_not_found(id))?;
    let view = ItemView::new(product, only.as_deref(), site.id_lens(bend));
    Ok(Reply::ok(&json!({"inventoryItem": view})))
}

pub(super) fn item_not_found(id: &str) -> Reply {
    Reply::not_found("INVENTORY_ITEM_NOT_FOUND", &format!("inventory item {id} not found"))
}

/// The answer for an entry that a fault refuses.
pub(super) fn poisoned(id: &str) -> Reply {
    let message = format!("item {id} cannot be changed");
    Reply::application(StatusCode::BAD_REQUEST, "ENTRY_REFUSED", &message)
}
