//! Reading products (Wix: Query, Search, Get Product V3), hidden ones too. A list never shows variants.

use serde_json::{Map, Value as Json, json};

use super::free_text::FreeText;
use super::inventory::{cursors, millis};
use super::product_view::{Detail, show};
use crate::catalog::{Catalog, Guid, ItemPosition, LastUpdated, ListingPosition, Product};
use crate::fault::Mutation;
use crate::query::{
    Expr, FieldSpec, Index, KeysetPage, KeysetQuery, QueryField, QueryLimits, Row, SortKey, Value, ValueKind,
};
use crate::rest::{Reply, Validation};
use crate::site::{Behavior, DefaultOrder, Site};

/// The most rows of a page, and the rows of a page when the request names no limit.
const LIMIT: usize = 100;
/// The fields that the query takes; the search takes the name too.
const QUERY_FIELDS: &[&str] = &["id", "handle", "slug", "visible", "createdDate", "updatedDate"];

/// The fields that products are filtered and sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Handle,
    Slug,
    Visible,
    Created,
    Updated,
    Name,
    /// Where the product stands in the catalog: the order of a request that names none.
    Position,
}

impl QueryField for Field {
    fn named(name: &str, _: &Behavior) -> Option<FieldSpec<Self>> {
        Some(match name {
            "id" => FieldSpec::filter_only(Self::Id, ValueKind::Guid),
            "handle" => FieldSpec::filter_only(Self::Handle, ValueKind::Text),
            "slug" => FieldSpec::sortable(Self::Slug, ValueKind::Text),
            "visible" => FieldSpec::sortable(Self::Visible, ValueKind::Flag),
            "createdDate" => FieldSpec::sortable(Self::Created, ValueKind::Time),
            "updatedDate" => FieldSpec::sortable(Self::Updated, ValueKind::Time),
            "name" => FieldSpec::sortable(Self::Name, ValueKind::Text),
            _ => return None,
        })
    }

    fn index(&self) -> Option<Index> {
        match self {
            Self::Id => Some(Index::Product),
            Self::Updated => Some(Index::Time(LastUpdated::Product)),
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
struct ProductRow<'c> {
    product: &'c Product,
    slot: usize,
}

impl Row<Field> for ProductRow<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        let product = self.product;
        match field {
            Field::Id => Value::Guid(product.id),
            Field::Handle | Field::Slug => Value::text(&product.slug),
            Field::Visible => Value::Flag(product.visible),
            Field::Created => Value::Time(product.created),
            Field::Updated => Value::Time(product.updated),
            Field::Name => Value::text(&product.name),
            Field::Position => Value::Digits(u128::try_from(self.slot).unwrap_or(u128::MAX)),
        }
    }
}

/// `POST /stores/v3/products/query` (member `query`) and `…/search` (member `search`).
pub(super) fn query(
    site: &Site,
    member: &'static str,
    body: &Json,
    mutation: Mutation,
) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let behavior = site.behavior();
    let empty = Map::new();
    let body = validation.object(body, "", &[member, "fields"]).unwrap_or(&empty);
    let fields = read_fields(body, &mut validation);
    let only = (member == "query").then_some(QUERY_FIELDS);
    let limits = QueryLimits { member, max_limit: LIMIT, default_limit: LIMIT, only };
    let descending = behavior.default_order == DefaultOrder::NewestFirst;
    let order = SortKey { field: Field::Position, kind: ValueKind::Digits, descending, by_numeric_id: false };
    let view = site.query_view(mutation);
    let query = KeysetQuery::read(Some(body), limits, vec![order], millis(view), &behavior, &mut validation);
    let text = FreeText::of(query.text.as_ref(), "search.search", &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let page = find(&catalog, &query, text.as_ref(), &behavior);
    let has_next = page.next.is_some();
    let shown = page.rows.iter().map(|row| show(row.product, &catalog, Detail::List, &fields, view));
    let products = mutation.rows(shown.collect::<Vec<_>>());
    let metadata = json!({"count": products.len(), "cursors": cursors(page.next), "hasNext": has_next});
    Ok(Reply::ok(&json!({"products": products, "pagingMetadata": metadata})))
}

fn find<'c>(
    catalog: &'c Catalog,
    query: &KeysetQuery<Field>,
    text: Option<&FreeText>,
    behavior: &Behavior,
) -> KeysetPage<ProductRow<'c>> {
    let row = |slot: usize| {
        let product = catalog.product(slot)?;
        let skus = product.variants.iter().map(|variant| variant.sku.as_str());
        let mut texts = vec![product.name.as_str(), &product.description];
        texts.extend(skus);
        let at = ItemPosition::new(ListingPosition { slot, variant: 0 }, 0);
        text.is_none_or(|text| text.is_in(&texts)).then_some((at, ProductRow { product, slot }))
    };
    let lookups = query.filter.as_ref().map(Expr::lookups).unwrap_or_default();
    if let Some(mut slots) = lookups.iter().find_map(|lookup| lookup.slots(catalog)) {
        slots.sort_unstable();
        slots.dedup();
        return query.page_of(slots.into_iter().filter_map(row), behavior);
    }
    let Some((Field::Position, descending)) = query.single_key() else {
        return query.page_of((0..catalog.slots()).filter_map(row), behavior);
    };
    let after = query.after().map(|(_, at)| at.listing().slot);
    if descending {
        let before = after.unwrap_or(catalog.slots());
        return query.page_of_ordered((0..before).rev().filter_map(row), behavior);
    }
    let first = after.map_or(0, |slot| slot + 1);
    query.page_of_ordered((first..catalog.slots()).filter_map(row), behavior)
}

/// Reads `fields`, which takes constants such as `PLAIN_DESCRIPTION`.
fn read_fields(body: &Map<String, Json>, validation: &mut Validation) -> Vec<String> {
    let Some(json) = body.get("fields").filter(|json| !json.is_null()) else { return Vec::new() };
    let read = |json: &Json| json.as_str().map(ToOwned::to_owned);
    let fields: Option<Vec<String>> = json.as_array().and_then(|list| list.iter().map(read).collect());
    let fields = fields.unwrap_or_else(|| {
        validation.invalid("fields", "fields must be a list of strings");
        Vec::new()
    });
    check_fields(&fields, validation);
    fields
}

fn check_fields(fields: &[String], validation: &mut Validation) {
    let is_constant = |field: &String| field.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    if let Some(wrong) = fields.iter().find(|field| !is_constant(field)) {
        validation.invalid("fields", format!("unknown field {wrong}"));
    }
}

/// `GET /stores/v3/products/{id}`, with `fields` in the query string: the one read that shows variants.
pub(super) fn get(site: &Site, id: &str, fields: &[String], mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    check_fields(fields, &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let slot = id.guid().and_then(|id| catalog.by_id(id));
    let product = slot.and_then(|slot| catalog.product(slot));
    let product = product.ok_or_else(|| not_found(id))?;
    let json = show(product, &catalog, Detail::WithVariants, fields, site.by_id_view(mutation));
    Ok(Reply::ok(&json!({"product": json})))
}

fn not_found(id: &str) -> Reply {
    Reply::not_found("PRODUCT_NOT_FOUND", &format!("product {id} not found"))
}
