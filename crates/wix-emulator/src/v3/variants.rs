//! The variants of the whole store (Wix: Read-Only Variants V3): each with its SKU, whether it has an inventory item or
//! not. An id is unique only together with the product's.

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::free_text::FreeText;
use super::inventory::{cursors, millis};
use super::product_view::{add_details, choices_of, prices};
use crate::catalog::{Catalog, ItemPosition, ListingPosition, Product, Variant};
use crate::fault::Mutation;
use crate::query::{
    Expr, FieldSpec, Index, KeysetPage, KeysetQuery, QueryField, QueryLimits, Row, SortKey, Value, ValueKind,
};
use crate::rest::{Reply, Validation};
use crate::site::{Behavior, Site, VariantQuery};

const MAX_LIMIT: usize = 1_000;
const DEFAULT_LIMIT: usize = 100;
/// The fields that the query takes; the search takes all.
const QUERY_FIELDS: &[&str] = &["productData.productId", "variantId"];

/// The two ways to ask for variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// By product and variant id alone. Products without options may be missing (measured live).
    Query,
    /// By SKU and more, and complete.
    Search,
}

/// The fields that variants are filtered and sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    VariantId,
    ProductId,
    Sku,
    Barcode,
    Visible,
    InStock,
    ProductName,
    ProductSlug,
    ProductVisible,
    ProductCreated,
    ProductUpdated,
}

impl QueryField for Field {
    fn named(name: &str, _: &Behavior) -> Option<FieldSpec<Self>> {
        Some(match name {
            "variantId" => FieldSpec::sortable(Self::VariantId, ValueKind::Guid),
            "productData.productId" => FieldSpec::sortable(Self::ProductId, ValueKind::Guid),
            "sku" => FieldSpec::sortable(Self::Sku, ValueKind::Text),
            "barcode" => FieldSpec::sortable(Self::Barcode, ValueKind::Text),
            "visible" => FieldSpec::sortable(Self::Visible, ValueKind::Flag),
            "inventoryStatus.inStock" => FieldSpec::sortable(Self::InStock, ValueKind::Flag),
            "productData.name" => FieldSpec::sortable(Self::ProductName, ValueKind::Text),
            "productData.slug" | "productData.handle" => {
                FieldSpec::sortable(Self::ProductSlug, ValueKind::Text)
            }
            "productData.visible" => FieldSpec::sortable(Self::ProductVisible, ValueKind::Flag),
            "productData.createdDate" => FieldSpec::sortable(Self::ProductCreated, ValueKind::Time),
            "productData.updatedDate" => FieldSpec::sortable(Self::ProductUpdated, ValueKind::Time),
            _ => return None,
        })
    }

    fn index(&self) -> Option<Index> {
        match self {
            Self::VariantId => Some(Index::Variant),
            Self::ProductId => Some(Index::Product),
            Self::Sku => Some(Index::Sku),
            _ => None,
        }
    }
}

/// A variant with its product.
#[derive(Debug, Clone, Copy)]
pub(super) struct VariantRow<'c> {
    product: &'c Product,
    variant: &'c Variant,
}

impl Row<Field> for VariantRow<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        let Self { product, variant } = self;
        match field {
            Field::VariantId => Value::Guid(variant.v3_id),
            Field::ProductId => Value::Guid(product.id),
            Field::Sku => Value::some_text(&variant.sku),
            Field::Barcode => Value::some_text(&variant.details().barcode),
            Field::Visible => Value::Flag(variant.visible),
            Field::InStock => Value::Flag(variant.item.exists && variant.item.is_in_stock()),
            Field::ProductName => Value::text(&product.name),
            Field::ProductSlug => Value::text(&product.slug),
            Field::ProductVisible => Value::Flag(product.visible),
            Field::ProductCreated => Value::Time(product.created),
            Field::ProductUpdated => Value::Time(product.updated),
        }
    }
}

impl<'c> VariantRow<'c> {
    fn at(catalog: &'c Catalog, listing: ListingPosition) -> Option<(ItemPosition, Self)> {
        let (product, variant) = catalog.listing(listing)?;
        Some((ItemPosition::new(listing, 0), Self { product, variant }))
    }

    fn to_json(self) -> Json {
        let Self { product, variant } = self;
        let mut json = json!({
            "id": variant.v3_id,
            "variantId": variant.v3_id,
            "visible": variant.visible,
            "price": prices(product, variant),
            "inventoryStatus": {
                "inStock": variant.item.exists && variant.item.is_in_stock(),
                "preorderEnabled": variant.item.preorder().enabled,
            },
            "optionChoices": choices_of(variant),
            "productData": {
                "productId": product.id,
                "name": product.name,
                "slug": product.slug,
                "handle": product.slug,
                "revision": product.revision.to_string(),
                "visible": product.visible,
                "createdDate": product.created,
                "updatedDate": product.updated,
            },
        });
        add_details(variant, &mut json);
        json
    }
}

/// `POST /stores/v3/products/query-variants` and `…/search-variants`; those of hidden products too.
pub(super) fn read(site: &Site, reading: Reading, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let behavior = site.behavior();
    let member = if reading == Reading::Query { "query" } else { "search" };
    let empty = Map::new();
    let body = validation.object(body, "", &[member, "fields"]).unwrap_or(&empty);
    let only = (reading == Reading::Query).then_some(QUERY_FIELDS);
    let limits = QueryLimits { member, max_limit: MAX_LIMIT, default_limit: DEFAULT_LIMIT, only };
    let view = site.query_view(mutation);
    let query =
        KeysetQuery::read(Some(body), limits, default_order(), millis(view), &behavior, &mut validation);
    let text = FreeText::of(query.text.as_ref(), "search.search", &mut validation);
    validation.finish()?;
    let omits = reading == Reading::Query && behavior.variant_query == VariantQuery::WithoutPlainProducts;
    let catalog = site.read();
    let shelves = Shelves { catalog: &catalog, omits_plain: omits, text: text.as_ref() };
    let page = shelves.find(&query, &behavior);
    let has_next = page.next.is_some();
    let variants = mutation.rows(page.rows.into_iter().map(VariantRow::to_json).collect::<Vec<_>>());
    let metadata = json!({"count": variants.len(), "cursors": cursors(page.next), "hasNext": has_next});
    Ok(Reply::ok(&json!({"variants": variants, "pagingMetadata": metadata})))
}

/// The product that changed last comes first; rows move while a client reads pages.
fn default_order() -> Vec<SortKey<Field>> {
    let key = |field, kind, descending| SortKey { field, kind, descending, by_numeric_id: false };
    vec![
        key(Field::ProductUpdated, ValueKind::Time, true),
        key(Field::ProductId, ValueKind::Guid, false),
        key(Field::VariantId, ValueKind::Guid, false),
    ]
}

#[derive(Clone, Copy)]
struct Shelves<'c> {
    catalog: &'c Catalog,
    omits_plain: bool,
    text: Option<&'c FreeText>,
}

impl<'c> Shelves<'c> {
    fn row(self, listing: ListingPosition) -> Option<(ItemPosition, VariantRow<'c>)> {
        let (at, row) = VariantRow::at(self.catalog, listing)?;
        let is_plain = row.product.options.is_empty();
        let name = row.variant.name();
        let texts = [row.product.name.as_str(), &row.variant.sku, &name];
        let fits = self.text.is_none_or(|text| text.is_in(&texts));
        (fits && !(self.omits_plain && is_plain)).then_some((at, row))
    }

    fn of_slot(self, slot: usize) -> impl Iterator<Item = ListingPosition> {
        let variants = self.catalog.product(slot).map_or(0, |product| product.variants.len());
        (0..variants).map(move |variant| ListingPosition { slot, variant })
    }

    fn find(self, query: &KeysetQuery<Field>, behavior: &Behavior) -> KeysetPage<VariantRow<'c>> {
        let lookups = query.filter.as_ref().map(Expr::lookups).unwrap_or_default();
        if let Some(mut slots) = lookups.iter().find_map(|lookup| lookup.slots(self.catalog)) {
            slots.sort_unstable();
            slots.dedup();
            let rows = slots.into_iter().flat_map(|slot| self.of_slot(slot));
            return query.page_of(rows.filter_map(|listing| self.row(listing)), behavior);
        }
        if query.is_sorted_by(&[Field::ProductId])
            || query.is_sorted_by(&[Field::ProductId, Field::VariantId])
        {
            // The products are at hand in this order, so a page costs no more than its rows.
            let from = match query.after() {
                Some((Value::Guid(id), _)) => *id,
                _ => Uuid::nil(),
            };
            let rows = self.catalog.by_id_from(from).flat_map(|slot| self.in_order(slot));
            return query.page_of_ordered(rows, behavior);
        }
        let rows = (0..self.catalog.slots()).flat_map(|slot| self.of_slot(slot));
        query.page_of(rows.filter_map(|listing| self.row(listing)), behavior)
    }

    /// The variants of a product in the order of their ids.
    fn in_order(self, slot: usize) -> Vec<(ItemPosition, VariantRow<'c>)> {
        let mut rows: Vec<_> = self.of_slot(slot).filter_map(|listing| self.row(listing)).collect();
        rows.sort_by_key(|(_, row)| row.variant.v3_id);
        rows
    }
}
