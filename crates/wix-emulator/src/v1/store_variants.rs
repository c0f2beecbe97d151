//! The variants of the whole store (contract 3.4). Here the filter is an object, not a string.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::Bend;
use super::product_view::VariantStockView;
use crate::catalog::{Catalog, Lens, Product, Variant};
use crate::query::{
    DEFAULT_LIMIT, Expr, Fields, FilterStyle, Index, Kind, Page, Row, Rules, Sort, Spec, Value, parse_filter,
    parse_limit, parse_paging, parse_sort,
};
use crate::reply::Reply;
use crate::site::Site;
use crate::violation::Checks;

/// The fields that `variants/query` filters and sorts by.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Field {
    Id,
    VariantId,
    ProductId,
    VariantName,
    Sku,
}

impl Fields for Field {
    fn named(name: &str, rules: &Rules) -> Option<Spec<Self>> {
        Some(match name {
            "id" => Spec::sortable(Self::Id, Kind::Word),
            "variantId" => Spec::sortable(Self::VariantId, Kind::Guid),
            "productId" => Spec::sortable(Self::ProductId, Kind::Guid),
            "variantName" => Spec::sortable(Self::VariantName, Kind::Word),
            "sku" if rules.variants_sku_filter => Spec::sortable(Self::Sku, Kind::Word),
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
    place: usize,
}

impl VariantRow<'_> {
    fn id(&self) -> String {
        format!("{}-{}", self.product.id, self.variant.id)
    }

    fn name(&self) -> String {
        self.variant.choices.values().map(String::as_str).collect::<Vec<_>>().join(" | ")
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
struct View<'c> {
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

impl<'c> View<'c> {
    fn new(row: VariantRow<'c>, lens: Lens) -> Self {
        Self {
            id: row.id(),
            variant_id: row.variant.id,
            product_id: row.product.id,
            variant_name: row.name(),
            product_name: &row.product.name,
            managed_variant: row.product.manage_variants,
            sku: &row.variant.sku,
            stock: VariantStockView::new(row.product, row.place, lens),
            choices: &row.variant.choices,
            collection_ids: &row.product.collection_ids,
            media: Map::new(),
            preorder_info: json!({"enabled": row.product.preorder.enabled}),
        }
    }
}

/// The query of a request, sent in full or taken from its cursor.
#[derive(Debug)]
struct Wanted {
    filter: Option<Json>,
    sort: Option<Json>,
    page: Page,
    by_cursor: bool,
}

/// `POST /stores-reader/v1/variants/query`.
pub(super) fn query(site: &Site, body: &Json, bend: Bend) -> Result<Reply, Reply> {
    let mut checks = Checks::default();
    let behaviour = site.behaviour();
    let rules = Rules::from(&behaviour);
    let empty = Map::new();
    let members = ["paging", "cursorPaging", "filter", "sort"];
    let outer = checks.object(body, "", &["query"]).unwrap_or(&empty);
    let inner = outer.get("query").and_then(|query| checks.object(query, "query", &members));
    let wanted = wanted(inner.unwrap_or(&empty), behaviour.max_offset, &mut checks);
    let filter = parse_filter::<Field>(wanted.filter.as_ref(), FilterStyle::Object, &rules, &mut checks);
    let sort = parse_sort::<Field>(wanted.sort.as_ref(), FilterStyle::Object, &rules, &mut checks);
    checks.done()?;
    let catalog = site.read();
    let rows = rows(&catalog, filter.as_ref(), &sort);
    let lens = site.query_lens(bend);
    let page = wanted.page;
    let shown = rows.iter().skip(page.offset).take(page.limit).map(|row| View::new(*row, lens));
    let variants = bend.rows(shown.collect());
    let end = page.offset.saturating_add(page.limit);
    let next = (wanted.by_cursor && end < rows.len()).then(|| cursor(&wanted, end));
    let metadata = json!({
        "count": variants.len(), "offset": page.offset, "total": bend.total(rows.len()),
        "cursors": next.map_or_else(|| json!({}), |next| json!({"next": next})),
    });
    Ok(Reply::ok(&json!({"variants": variants, "metadata": metadata})))
}

/// All rows that pass, in order. A product without managed variants is one row.
fn rows<'c>(catalog: &'c Catalog, filter: Option<&Expr<Field>>, sort: &Sort<Field>) -> Vec<VariantRow<'c>> {
    let of_product = |product: &'c Product| {
        let row = move |(place, variant)| VariantRow { product, variant, place };
        product.variants.iter().enumerate().map(row)
    };
    let passes = |row: &VariantRow<'_>| filter.is_none_or(|filter| filter.holds(row));
    let ordered = || catalog.order(true).all().iter().filter_map(|key| catalog.product(key.1));
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

fn wanted(map: &Map<String, Json>, max_offset: usize, checks: &mut Checks) -> Wanted {
    let (filter, sort) = (map.get("filter").cloned(), map.get("sort").cloned());
    let Some(paging) = map.get("cursorPaging") else {
        let page = parse_paging(map.get("paging"), "query.paging", max_offset, checks);
        return Wanted { filter, sort, page, by_cursor: false };
    };
    if map.contains_key("paging") {
        checks.wrong("query.paging", "give either paging or cursorPaging, not both");
    }
    let path = "query.cursorPaging";
    let mut page = Page { limit: DEFAULT_LIMIT, offset: 0 };
    let Some(paging) = checks.object(paging, path, &["limit", "cursor"]) else {
        return Wanted { filter, sort, page, by_cursor: true };
    };
    page.limit = parse_limit(paging, path, checks);
    let Some(text) = checks.text(paging, path, "cursor") else {
        return Wanted { filter, sort, page, by_cursor: true };
    };
    if filter.is_some() || sort.is_some() {
        checks.wrong(path, "a cursor carries its filter and sort; do not send them again");
    }
    let Some((offset, filter, sort)) = open(text) else {
        checks.wrong(format!("{path}.cursor"), "the cursor is not valid");
        return Wanted { filter: None, sort: None, page, by_cursor: true };
    };
    page.offset = offset;
    Wanted { filter, sort, page, by_cursor: true }
}

/// The cursor that goes on at this row: JSON in hexadecimal, so that nobody reads meaning into it.
fn cursor(wanted: &Wanted, offset: usize) -> String {
    let text = json!([offset, wanted.filter, wanted.sort]).to_string();
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
    text.bytes().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn open(cursor: &str) -> Option<(usize, Option<Json>, Option<Json>)> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let text: Vec<u8> = cursor.as_bytes().chunks(2).map(byte).collect::<Option<_>>()?;
    serde_json::from_slice(&text).ok()
}
