//! The variants of one product (Wix: Query Product Variants).

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::errors::product_not_found;
use super::product_view::{Metadata, VariantView, variant_views};
use crate::catalog::Guid;
use crate::fault::Mutation;
use crate::query::parse_paging;
use crate::rest::{Reply, Validation};
use crate::site::Site;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueryResponse<'c> {
    variants: Vec<VariantView<'c>>,
    metadata: Metadata,
    total_results: usize,
}

const MEMBERS: [&str; 5] = ["id", "choices", "variantIds", "paging", "includeMerchantSpecificData"];

/// `POST /stores-reader/v1/products/{id}/variants/query`: all, or those with these ids or these choices.
pub(super) fn query(site: &Site, id: &str, body: &Json, mutation: Mutation) -> Result<Reply, Reply> {
    let mut validation = Validation::default();
    let empty = Map::new();
    let map = validation.object(body, "", &MEMBERS).unwrap_or(&empty);
    validation.same_id(map, "", "id", id);
    validation.flag(map, "", "includeMerchantSpecificData", false);
    let ids = validation.guids(map, "", "variantIds");
    let choices = map.get("choices").map(|json| parse_choices(json, &mut validation));
    if ids.is_some() && choices.is_some() {
        validation.invalid("choices", "give either choices or variantIds, not both");
    }
    let page = parse_paging(map.get("paging"), "paging", site.behavior().max_offset, &mut validation);
    validation.finish()?;
    let catalog = site.read();
    let slot = id.guid().and_then(|id| catalog.by_id(id));
    let product = slot.and_then(|slot| catalog.product(slot)).ok_or_else(|| product_not_found(id))?;
    let mut variants = variant_views(product, &catalog.currency, site.query_view(mutation));
    if let Some(ids) = ids {
        variants.retain(|variant| ids.contains(&variant.id()));
    }
    if let Some(wanted) = choices {
        let matches = |variant: &VariantView<'_>| {
            wanted.iter().all(|(name, choice)| variant.choices().get(name) == Some(choice))
        };
        variants.retain(matches);
    }
    let total = variants.len();
    let variants = mutation.rows(variants.into_iter().skip(page.offset).take(page.limit).collect());
    let metadata = Metadata { items: variants.len(), offset: page.offset };
    Ok(Reply::ok(&QueryResponse { variants, metadata, total_results: mutation.total(total) }))
}

fn parse_choices(json: &Json, validation: &mut Validation) -> Vec<(String, String)> {
    let Some(map) = json.as_object() else {
        validation.invalid("choices", "choices must be an object");
        return Vec::new();
    };
    let mut found = Vec::with_capacity(map.len());
    for (name, choice) in map {
        match choice.as_str() {
            Some(choice) => found.push((name.clone(), choice.to_owned())),
            None => validation.invalid("choices", format!("choice {name} must be a string")),
        }
    }
    found
}
