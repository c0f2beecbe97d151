//! The variants of one product (contract 3.3).

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::product_view::{VariantView, variant_views};
use super::products::Metadata;
use super::{Bend, product_not_found};
use crate::guid::Guid;
use crate::query::parse_paging;
use crate::reply::Reply;
use crate::site::Site;
use crate::violation::Checks;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'c> {
    variants: Vec<VariantView<'c>>,
    metadata: Metadata,
    total_results: usize,
}

const MEMBERS: [&str; 5] = ["id", "choices", "variantIds", "paging", "includeMerchantSpecificData"];

/// `POST /stores-reader/v1/products/{id}/variants/query`: all, or those with these ids or these choices.
pub(super) fn query(site: &Site, id: &str, body: &Json, bend: Bend) -> Result<Reply, Reply> {
    let mut checks = Checks::default();
    let empty = Map::new();
    let map = checks.object(body, "", &MEMBERS).unwrap_or(&empty);
    checks.echo(map, "", "id", id);
    checks.flag(map, "", "includeMerchantSpecificData", false);
    let ids = checks.guids(map, "", "variantIds");
    let choices = map.get("choices").map(|json| wanted(json, &mut checks));
    if ids.is_some() && choices.is_some() {
        checks.wrong("choices", "give either choices or variantIds, not both");
    }
    let page = parse_paging(map.get("paging"), "paging", site.behaviour().max_offset, &mut checks);
    checks.done()?;
    let catalog = site.read();
    let slot = id.guid().and_then(|id| catalog.by_id(id));
    let product = slot.and_then(|slot| catalog.product(slot)).ok_or_else(|| product_not_found(id))?;
    let mut variants = variant_views(product, &catalog.currency, site.query_lens(bend));
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
    let variants = bend.rows(variants.into_iter().skip(page.offset).take(page.limit).collect());
    let metadata = Metadata { items: variants.len(), offset: page.offset };
    Ok(Reply::ok(&Answer { variants, metadata, total_results: bend.total(total) }))
}

fn wanted(json: &Json, checks: &mut Checks) -> Vec<(String, String)> {
    let Some(map) = json.as_object() else {
        checks.wrong("choices", "choices must be an object");
        return Vec::new();
    };
    let mut found = Vec::with_capacity(map.len());
    for (name, choice) in map {
        match choice.as_str() {
            Some(choice) => found.push((name.clone(), choice.to_owned())),
            None => checks.wrong("choices", format!("choice {name} must be a string")),
        }
    }
    found
}
