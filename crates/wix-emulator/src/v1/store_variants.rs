//! The variants of the whole store (Wix: Query Store Variants). Here the filter is an object, not a string.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::product_view::VariantStockView;
use crate::catalog::{Catalog, Guid, Product, ReadView, Variant, VariantIds};
use crate::fault::Mutation;
use crate::query::{
    Cursor, Expr, FieldSpec, FilterStyle, Index, Page, QueryField, Row, Sort, Value, ValueKind,
    parse_cursor_paging, parse_filter, parse_paging, parse_sort,
};
use crate::rest::{Reply, Validation};
use crate::site::{Behavior, Site};

/// The fields that `variants/query` filters and sorts by.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Field {
    Id,
    VariantId,
    ProductId,
    VariantName,
    Sku,
}

impl QueryField for Field {
    fn named(name: &str, behavior: &Behavior) -> Option<FieldSpec<Self>> {
        Some(match name {
            "id" => FieldSpec::sortable(Self::Id, ValueKind::Word),
            "variantId" => FieldSpec::sortable(Self::VariantId, ValueKind::Guid),
            "productId" => FieldSpec::sortable(Self::ProductId, ValueKind::Guid),
            "variantName" => FieldSpec::sortable(Self::VariantName, ValueKind::Word),
            "sku" if behavior.variants_sku_filter => FieldSpec::sortable(Self::Sku, ValueKind::Word),
            _ => return None,
        })
    }

    fn index(&self) -> Option<Index> {
        match self {
            Self::ProductId => Some(Index::Product),
            Self::Sku => Some(Index::Sku),
            Self::Id | Self::VariantId | Self::VariantName => None,
        }
    }
}

#[derive(Clone, Copy)]
struct VariantRow<'c> {
    product: &'c Product,
    variant: &'c Variant,
    /// The index of the variant in its product.
    index: usize,
}

impl VariantRow<'_> {
    fn id(&self) -> String {
        format!("{}-{}", self.product.id, self.variant.id)
    }

    fn name(&self) -> String {
        self.variant.name()
    }
}

impl Row<Field> for VariantRow<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        match field {
            Field::Id => Value::Text(Cow::Owned(self.id())),
            Field::VariantId => Value::Guid(self.variant.id),
            Field::ProductId => Value::Guid(self.product.id),
            Field::VariantName => Value::Text(Cow::Owned(self.name())),
            Field::Sku => Value::text(&self.variant.sku),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VariantView<'c> {
    id: String,
    variant_id: Uuid,
    product_id: Uuid,
    variant_name: String,
    product_name: &'c str,
    managed_variant: bool,
    sku: &'c str,
    stock: VariantStockView,
    choices: &'c BTreeMap<String, String>,
    collection_ids: &'c [String],
    media: Map<String, Json>,
    preorder_info: Json,
}

impl<'c> VariantView<'c> {
    fn new(row: VariantRow<'c>, view: ReadView) -> Self {
        Self {
            id: row.id(),
            variant_id: row.variant.id,
            product_id: row.product.id,
            variant_name: row.name(),
            product_name: &row.product.name,
            managed_variant: row.product.manage_variants,
            sku: &row.variant.sku,
            stock: VariantStockView::new(row.product, row.index, view),
            choices: &row.variant.choices,
            collection_ids: &row.product.collection_ids,
            media: Map::new(),
            preorder_info: json!({"enabled": row.variant.item.preorder().enabled}),
        }
    }
}

/// The query of a request, sent in full or taken from its cursor.
#[derive(Debug)]
struct VariantQuery {
    filter: Option<Json>,
    sort: Option<Json>,
    page: Page,
    by_cursor: bool,
}

impl VariantQuery {
    fn read(map: &Map<String, Json>, max_offset: usize, validation: &mut Validation) -> Self {
        let (filter, sort) = (map.get("filter").cloned(), map.get("sort").cloned());
        let Some(paging) = map.get("cursorPaging") else {
            let page = parse_paging(map.get("paging"), "query.paging", max_offset, validation);
            return Self { filter, sort, page, by_cursor: false };
        };
        if map.contains_key("paging") {
            validation.invalid("query.paging", "give either paging or cursorPaging, not both");
        }
        let (page, Cursor { filter, sort, .. }) = parse_cursor_paging(paging, filter, sort, validation);
        Self { filter, sort, page, by_cursor: true }
    }

    /// The cursor of the next page; `None` for a query by offset and after the last page.
    fn next(&self, total: usize) -> Option<String> {
        let offset = self.page.offset.saturating_add(self.page.limit);
        let cursor = Cursor { offset, filter: self.filter.clone(), sort: self.sort.clone() };
        (self.by_cursor && offset < total).then(|| cursor.encode())
    }
}

/// `POST /stores-reader/v1/variants/query`.
pub(super) fn query(site: &Site, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let behavior = site.behavior();
    let empty = Map::new();
    let members = ["paging", "cursorPaging", "filter", "sort"];
    let outer = validation.object(body, "", &["query"]).unwrap_or(&empty);
    let inner = outer.get("query").and_then(|query| validation.object(query, "query", &members));
    let query = VariantQuery::read(inner.unwrap_or(&empty), behavior.max_offset, &mut validation);
    let (filter, sort) = (query.filter.as_ref(), query.sort.as_ref());
    let filter =
        parse_filter::<Field>(filter, FilterStyle::Object, "query.filter", &behavior, &mut validation);
    let sort = parse_sort::<Field>(sort, FilterStyle::Object, "query.sort", &behavior, &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let rows = rows(&catalog, filter.as_ref(), &sort);
    let view = site.query_view(mutation);
    let shown = rows.iter().skip(query.page.offset).take(query.page.limit);
    let variants = mutation.rows(shown.map(|row| VariantView::new(*row, view)).collect());
    let metadata = json!({
        "count": variants.len(), "offset": query.page.offset, "total": mutation.total(rows.len()),
        "cursors": query.next(rows.len()).map_or_else(|| json!({}), |next| json!({"next": next})),
    });
    Ok(Reply::ok(&json!({"variants": variants, "metadata": metadata})))
}

/// `GET /stores-reader/v1/variants/{id}`: the id is the product's, a hyphen, and the variant's.
pub(super) fn get(site: &Site, id: &str, mutation: Mutation) -> Result<Reply, Reply> {
    let catalog = site.read();
    let view = site.by_id_view(mutation);
    let ids = id
        .split_at_checked(36)
        .and_then(|(product, rest)| Some((product.guid()?, rest.strip_prefix('-')?.guid()?)));
    let row = ids.and_then(|(product, variant)| {
        let product = catalog.by_id(product).and_then(|slot| catalog.product(slot))?;
        let index = product.variant_index(variant, VariantIds::V1)?;
        Some(VariantRow { product, variant: product.variants.get(index)?, index })
    });
    let row = row.ok_or_else(|| Reply::not_found("VARIANT_NOT_FOUND", &format!("variant {id} not found")))?;
    Ok(Reply::ok(&json!({"variant": VariantView::new(row, view)})))
}

/// All rows that pass the filter, in order. A product without managed variants is one row.
fn rows<'c>(catalog: &'c Catalog, filter: Option<&Expr<Field>>, sort: &Sort<Field>) -> Vec<VariantRow<'c>> {
    let of_product = |product: &'c Product| {
        let row = move |(index, variant)| VariantRow { product, variant, index };
        product.variants.iter().enumerate().map(row)
    };
    let passes = |row: &VariantRow<'_>| filter.is_none_or(|filter| filter.holds(row));
    let ordered = || catalog.by_numeric_id(true).all().iter().filter_map(|key| catalog.product(key.1));
    let lookups = filter.map(Expr::lookups).unwrap_or_default();
    let mut rows: Vec<_> = match lookups.iter().find_map(|lookup| lookup.slots(catalog)) {
        Some(slots) => {
            let found = slots.into_iter().filter_map(|slot| catalog.product(slot));
            let products: BTreeMap<u128, &Product> =
                found.map(|product| (product.numeric_id, product)).collect();
            products.into_values().flat_map(of_product).filter(passes).collect()
        }
        None => ordered().flat_map(of_product).filter(passes).collect(),
    };
    if !sort.0.is_empty() {
        rows.sort_by(|a, b| sort.order(a, b));
    }
    rows
}
