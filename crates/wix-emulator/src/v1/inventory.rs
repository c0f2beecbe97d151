//! Reading inventory items (Wix: Query Inventory).

use serde::Serialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::errors::item_not_found;
use super::product_view::{Digits, Metadata};
use crate::catalog::{Catalog, Guid, LastUpdated, Product, ReadView, Timestamp, Variant};
use crate::fault::Mutation;
use crate::query::{FieldSpec, FilterStyle, Index, OffsetQuery, QueryField, Row, Value, ValueKind};
use crate::rest::{Reply, Validation};
use crate::site::{Behavior, Site};

/// The fields that `inventoryItems/query` filters and sorts by.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Field {
    Id,
    ProductId,
    NumericId,
    LastUpdated,
}

impl QueryField for Field {
    fn named(name: &str, _: &Behavior) -> Option<FieldSpec<Self>> {
        Some(match name {
            "id" => FieldSpec::sortable(Self::Id, ValueKind::Guid),
            "productId" => FieldSpec::sortable(Self::ProductId, ValueKind::Guid),
            "numericId" => FieldSpec::sortable(Self::NumericId, ValueKind::Digits),
            "lastUpdated" => FieldSpec::sortable(Self::LastUpdated, ValueKind::Time),
            _ => return None,
        })
    }

    fn index(&self) -> Option<Index> {
        match self {
            Self::Id => Some(Index::Item),
            Self::ProductId => Some(Index::Product),
            Self::NumericId => Some(Index::NumericId),
            Self::LastUpdated => Some(Index::Time(LastUpdated::Item)),
        }
    }
}

struct ItemRow<'c> {
    product: &'c Product,
    view: ReadView,
}

impl Row<Field> for ItemRow<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        match field {
            Field::Id => Value::Guid(self.product.item_id),
            Field::ProductId => Value::Guid(self.product.id),
            Field::NumericId => Value::Digits(self.product.numeric_id),
            Field::LastUpdated => Value::Time(self.product.item_updated(self.view)),
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
    last_updated: Timestamp,
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
    /// The item with all its variants or, where ids are given, with those. Untracked variants show no quantity.
    fn new(product: &'c Product, only: Option<&[Uuid]>, view: ReadView) -> Self {
        let preorder = product.preorder();
        let tracked = product.tracked();
        let level = |(index, variant): (usize, &Variant)| LevelView {
            variant_id: variant.id,
            in_stock: product.in_stock(index, view),
            quantity: tracked.then(|| product.quantity(index, view)),
            available_for_preorder: preorder.is_some_and(|preorder| preorder.enabled),
        };
        let wanted = |variant: Uuid| only.is_none_or(|only| only.contains(&variant));
        Self {
            id: product.item_id,
            external_id: product.id,
            product_id: product.id,
            track_quantity: tracked,
            variants: product.variants.iter().enumerate().filter(|row| wanted(row.1.id)).map(level).collect(),
            last_updated: product.item_updated(view),
            numeric_id: Digits(product.numeric_id),
            preorder_info: PreorderView {
                enabled: preorder.is_some_and(|preorder| preorder.enabled),
                message: preorder.and_then(|preorder| preorder.message.as_deref()),
                limit: preorder.and_then(|preorder| preorder.limit),
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueryResponse<'c> {
    inventory_items: Vec<ItemView<'c>>,
    metadata: Metadata,
    total_results: usize,
}

/// `POST /stores-reader/v2/inventoryItems/query`; items of hidden products too.
pub(super) fn query(site: &Site, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let behavior = site.behavior();
    let body = validation.object(body, "", &["query"]);
    let query = OffsetQuery::<Field>::read(body, FilterStyle::Text, &behavior, &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let view = site.query_view(mutation);
    let found = query.find(&catalog, true, &behavior, view, |product| ItemRow { product, view });
    let shown = found.slots.iter().filter_map(|slot| catalog.product(*slot));
    let items = mutation.rows(shown.map(|product| ItemView::new(product, None, view)).collect());
    let metadata = Metadata { items: items.len(), offset: query.page.offset };
    let total_results = mutation.total(found.total);
    Ok(Reply::ok(&QueryResponse { inventory_items: items, metadata, total_results }))
}

/// `POST …/inventoryItems/{id}/getVariants` and `…/product/{productId}/getVariants`.
pub(super) fn get(
    site: &Site,
    id: &str,
    body: &Json,
    find: fn(&Catalog, Uuid) -> Option<usize>,
    id_name: &str,
    mutation: Mutation,
) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let map = validation.object(body, "", &[id_name, "variantIds"]);
    let only = map.and_then(|map| {
        validation.same_id(map, "", id_name, id);
        validation.guids(map, "", "variantIds")
    });
    validation.finish()?;
    let catalog = site.read();
    let slot = id.guid().and_then(|id| find(&catalog, id));
    let product = slot.and_then(|slot| catalog.product(slot));
    let product = product.ok_or_else(|| item_not_found(id))?;
    let item = ItemView::new(product, only.as_deref(), site.by_id_view(mutation));
    Ok(Reply::ok(&json!({"inventoryItem": item})))
}
