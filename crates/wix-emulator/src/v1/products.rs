//! Query products and get product (Wix: Query Products).

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::errors::product_not_found;
use super::product_view::{Metadata, ProductView};
use crate::catalog::{CatalogVersion, Guid, LastUpdated, Product, ReadView};
use crate::fault::Mutation;
use crate::query::{FieldSpec, FilterStyle, Index, OffsetQuery, QueryField, Row, Value, ValueKind};
use crate::rest::{Reply, Validation};
use crate::site::{Behavior, Site};

/// The fields that `products/query` filters and sorts by.
#[derive(Debug, Clone)]
enum Field {
    Name,
    Sku,
    Id,
    Price,
    NumericId,
    ProductType,
    Slug,
    LastUpdated,
    CreatedDate,
    Description,
    Collections,
    Option(String),
    InventoryStatus,
    Visible,
}

impl QueryField for Field {
    fn named(name: &str, _: &Behavior) -> Option<FieldSpec<Self>> {
        Some(match name {
            "name" => FieldSpec::sortable(Self::Name, ValueKind::Text),
            "sku" => FieldSpec::sortable(Self::Sku, ValueKind::Text),
            "slug" => FieldSpec::sortable(Self::Slug, ValueKind::Text),
            "id" => FieldSpec::sortable(Self::Id, ValueKind::Guid),
            "productType" => FieldSpec::sortable(Self::ProductType, ValueKind::Word),
            "price" => FieldSpec::sortable(Self::Price, ValueKind::Number),
            "numericId" => FieldSpec::sortable(Self::NumericId, ValueKind::Digits),
            "lastUpdated" => FieldSpec::sortable(Self::LastUpdated, ValueKind::Time),
            "createdDate" => FieldSpec::sortable(Self::CreatedDate, ValueKind::Time),
            "description" => FieldSpec::filter_only(Self::Description, ValueKind::Text),
            "collections.id" => FieldSpec::filter_only(Self::Collections, ValueKind::Many),
            "inventoryStatus" => FieldSpec::filter_only(Self::InventoryStatus, ValueKind::Word),
            "visible" => FieldSpec::filter_only(Self::Visible, ValueKind::Flag),
            _ => {
                let option = name.strip_prefix("options.").filter(|option| !option.is_empty())?;
                FieldSpec::filter_only(Self::Option(option.to_owned()), ValueKind::Many)
            }
        })
    }

    fn index(&self) -> Option<Index> {
        match self {
            Self::NumericId => Some(Index::NumericId),
            Self::Id => Some(Index::Product),
            Self::Sku => Some(Index::Sku),
            Self::LastUpdated => Some(Index::Time(LastUpdated::Product)),
            _ => None,
        }
    }
}

struct ProductRow<'c> {
    product: &'c Product,
    view: ReadView,
}

impl Row<Field> for ProductRow<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        let product = self.product;
        match field {
            Field::Name => Value::text(&product.name),
            Field::Sku => Value::text(product.sku()),
            Field::Id => Value::Guid(product.id),
            Field::Price => Value::Number(product.price),
            Field::NumericId => Value::Digits(product.numeric_id),
            Field::ProductType => Value::text(product.kind.as_str()),
            Field::Slug => Value::text(&product.slug),
            Field::LastUpdated => Value::Time(product.updated),
            Field::CreatedDate => Value::Time(product.created),
            Field::Description => Value::text(&product.description),
            Field::Collections => Value::Many(product.collection_ids.iter().map(String::as_str).collect()),
            Field::Option(name) => {
                let option = product.options.iter().find(|option| option.name == *name);
                let choices = option.map(|option| option.choices.iter().map(String::as_str).collect());
                Value::Many(choices.unwrap_or_default())
            }
            Field::InventoryStatus => Value::text(product.status(self.view).as_str()),
            Field::Visible => Value::Flag(product.visible),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueryResponse<'c> {
    products: Vec<ProductView<'c>>,
    metadata: Metadata,
    total_results: usize,
}

const MEMBERS: [&str; 4] =
    ["query", "includeVariants", "includeHiddenProducts", "includeMerchantSpecificData"];

/// `POST /stores-reader/v1/products/query`. Hidden products are neither shown nor counted, unless asked for.
pub(super) fn query(site: &Site, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let behavior = site.behavior();
    // Measured live: a site with Catalog V3 shows products without variants here.
    let is_v1 = site.catalog_version() == CatalogVersion::V1Catalog;
    let (mut with_variants, mut with_hidden) = (false, false);
    let body = validation.object(body, "", &MEMBERS);
    if let Some(map) = body {
        with_variants = validation.flag(map, "", "includeVariants", false) && is_v1;
        with_hidden = validation.flag(map, "", "includeHiddenProducts", false);
        validation.flag(map, "", "includeMerchantSpecificData", false);
    }
    let query = OffsetQuery::<Field>::read(body, FilterStyle::Text, &behavior, &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let view = site.query_view(mutation);
    let row = |product| ProductRow { product, view };
    let found = query.find(&catalog, with_hidden, &behavior, view, row);
    let shown = found.slots.iter().filter_map(|slot| catalog.product(*slot));
    let products =
        shown.map(|product| ProductView::new(product, &catalog.currency, with_variants, view)).collect();
    let products = mutation.rows(products);
    let metadata = Metadata { items: products.len(), offset: query.page.offset };
    Ok(Reply::ok(&QueryResponse { products, metadata, total_results: mutation.total(found.total) }))
}

/// `GET` and `POST /stores-reader/v1/products/query-platformized`: the query of the official client. Its filter is an
/// object, it has neither variants nor hidden products, and its metadata has other names.
pub(super) fn query_platformized(site: &Site, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let behavior = site.behavior();
    let body = validation.object(body, "", &["query"]);
    let query = OffsetQuery::<Field>::read(body, FilterStyle::Object, &behavior, &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let view = site.query_view(mutation);
    let found = query.find(&catalog, false, &behavior, view, |product| ProductRow { product, view });
    let shown = found.slots.iter().filter_map(|slot| catalog.product(*slot));
    let products = shown.map(|product| ProductView::new(product, &catalog.currency, false, view));
    let products = mutation.rows(products.collect::<Vec<_>>());
    let metadata = json!({
        "count": products.len(), "offset": query.page.offset, "total": mutation.total(found.total), "cursors": {},
    });
    Ok(Reply::ok(&json!({"products": products, "metadata": metadata})))
}

/// `GET /stores-reader/v1/products/{id}`; hidden products too.
pub(super) fn get(site: &Site, id: &str, mutation: Mutation) -> Result<Reply, Reply> {
    let catalog = site.read();
    let slot = id.guid().and_then(|id| catalog.by_id(id));
    let product = slot.and_then(|slot| catalog.product(slot)).ok_or_else(|| product_not_found(id))?;
    let view = ProductView::new(product, &catalog.currency, true, site.by_id_view(mutation));
    Ok(Reply::ok(&json!({"product": view})))
}
