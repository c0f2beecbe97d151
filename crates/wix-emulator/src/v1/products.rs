//! Query products and get product (contract 3.2).

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::product_view::ProductView;
use super::{Bend, product_not_found};
use crate::catalog::{Lens, Product, Whose};
use crate::guid::Guid;
use crate::query::{
    Fields, FilterStyle, Index, Kind, Row, Rules, Search, Spec, Value, find, parse_filter, parse_paging,
    parse_sort,
};
use crate::reply::Reply;
use crate::site::Site;
use crate::violation::Checks;

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

impl Fields for Field {
    fn named(name: &str, _: &Rules) -> Option<Spec<Self>> {
        Some(match name {
            "name" => Spec::sortable(Self::Name, Kind::Text),
            "sku" => Spec::sortable(Self::Sku, Kind::Text),
            "slug" => Spec::sortable(Self::Slug, Kind::Text),
            "id" => Spec::sortable(Self::Id, Kind::Guid),
            "productType" => Spec::sortable(Self::ProductType, Kind::Word),
            "price" => Spec::sortable(Self::Price, Kind::Number),
            "numericId" => Spec::sortable(Self::NumericId, Kind::Digits),
            "lastUpdated" => Spec::sortable(Self::LastUpdated, Kind::Time),
            "createdDate" => Spec::sortable(Self::CreatedDate, Kind::Time),
            "description" => Spec::filter_only(Self::Description, Kind::Text),
            "collections.id" => Spec::filter_only(Self::Collections, Kind::Many),
            "inventoryStatus" => Spec::filter_only(Self::InventoryStatus, Kind::Word),
            "visible" => Spec::filter_only(Self::Visible, Kind::Flag),
            _ => {
                let option = name.strip_prefix("options.").filter(|option| !option.is_empty())?;
                Spec::filter_only(Self::Option(option.to_owned()), Kind::Many)
            }
        })
    }

    fn index(&self) -> Option<Index> {
        match self {
            Self::Id => Some(Index::Product),
            Self::Sku => Some(Index::Sku),
            Self::LastUpdated => Some(Index::Time(Whose::Product)),
            _ => None,
        }
    }
}

struct ProductRow<'c> {
    product: &'c Product,
    lens: Lens,
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
            Field::ProductType => Value::text(product.goods.as_str()),
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
            Field::InventoryStatus => Value::text(product.status(self.lens).as_str()),
            Field::Visible => Value::Flag(product.visible),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'c> {
    products: Vec<ProductView<'c>>,
    metadata: Metadata,
    total_results: usize,
}

/// `metadata` of the queries by offset.
#[derive(Debug, Serialize)]
pub(super) struct Metadata {
    pub(super) items: usize,
    pub(super) offset: usize,
}

const MEMBERS: [&str; 4] =
    ["query", "includeVariants", "includeHiddenProducts", "includeMerchantSpecificData"];

/// `POST /stores-reader/v1/products/query`. Hidden products are left out, also of the total, unless asked for.
pub(super) fn query(site: &Site, body: &Json, bend: Bend) -> Result<Reply, Reply> {
    let mut checks = Checks::default();
    let behaviour = site.behaviour();
    let rules = Rules::from(&behaviour);
    let (mut with_variants, mut with_hidden) = (false, false);
    let mut inner = None;
    if let Some(map) = checks.object(body, "", &MEMBERS) {
        with_variants = checks.flag(map, "", "includeVariants", false);
        with_hidden = checks.flag(map, "", "includeHiddenProducts", false);
        checks.flag(map, "", "includeMerchantSpecificData", false);
        let members = ["paging", "filter", "sort"];
        inner = map.get("query").and_then(|query| checks.object(query, "query", &members));
    }
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
        with_hidden,
        default_order: behaviour.default_order,
        lagging: !lens.lag.is_zero(),
    };
    let found = find(&catalog, &search, |product| ProductRow { product, lens });
    let shown = found.slots.iter().filter_map(|slot| catalog.product(*slot));
    let products: Vec<_> =
        shown.map(|product| ProductView::new(product, &catalog.currency, with_variants, lens)).collect();
    let products = bend.rows(products);
    let metadata = Metadata { items: products.len(), offset: page.offset };
    Ok(Reply::ok(&Answer { products, metadata, total_results: bend.total(found.total) }))
}

/// `GET /stores-reader/v1/products/{id}`; hidden products too.
pub(super) fn get(site: &Site, id: &str, bend: Bend) -> Result<Reply, Reply> {
    let catalog = site.read();
    let slot = id.guid().and_then(|id| catalog.by_id(id));
    let product = slot.and_then(|slot| catalog.product(slot)).ok_or_else(|| product_not_found(id))?;
    let view = ProductView::new(product, &catalog.currency, true, site.id_lens(bend));
    Ok(Reply::ok(&json!({"product": view})))
}
