//! Looking up SKUs: the guide's two reading calls, and why a SKU has its level.

use std::collections::BTreeMap;
use std::sync::Arc;

use api_types::{Explanation, InventoryUpdate, ProductInfo};
use axum::Json;
use axum::extract::State;
use domain::Sku;
use messages::Text;
use serde::Deserialize;
use sync::calls::BATCH_SIZE;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Service;
use crate::http::access::Caller;
use crate::http::extract::{Body, Path, Query, shop_of};
use crate::http::language::AnswerLanguage;
use crate::http::problem::{Kind, Problem, Refusals};
use crate::http::raw_input::Within;

/// The largest number of SKUs in one request.
const MOST_SKUS: usize = 10_000;

pub(super) fn routes() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::new().routes(routes!(products)).routes(routes!(inventory_updates)).routes(routes!(explain))
}

/// SKUs to look up.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LookUpBody {
    /// The shop, where several are configured.
    #[serde(default)]
    shop: Option<String>,
    /// The SKUs, at most 10,000.
    #[schema(value_type = Vec<String>, max_items = 10_000, example = json!(["SKU1", "SKU2"]))]
    skus: Vec<Sku>,
    /// SKUs asked for in one request to Wix, 1 to 100.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 100)]
    batch_size: Option<Within<1, 100>>,
}

impl LookUpBody {
    fn batch_size(&self) -> Result<usize, Problem> {
        if self.skus.len() > MOST_SKUS {
            let text = Text::new("fit-too-many").with("path", "skus").with("most", MOST_SKUS);
            return Err(Problem::new(Kind::BadBody).say(text));
        }
        let size = self.batch_size.and_then(|size| usize::try_from(size.get()).ok());
        Ok(size.unwrap_or(BATCH_SIZE))
    }
}

/// Products by SKU
///
/// The guide's `get_wix_products_info_by_sku_list`: an object by SKU; what is not found, or stands on several
/// listings, is absent.
#[utoipa::path(
    post, path = "/api/v1/products/query", tag = "products", operation_id = "products_by_sku",
    request_body = LookUpBody,
    responses((status = 200, description = "SKU → product_id, variant_id, current_quantity, inventory_item_id", body = BTreeMap<String, ProductInfo>), Refusals)
)]
async fn products(
    State(service): State<Arc<Service>>,
    Body(body): Body<LookUpBody>,
) -> Result<Json<BTreeMap<String, ProductInfo>>, Problem> {
    let shop = shop_of(&service, body.shop.as_deref())?;
    let _turn = service.turn_to_look().await;
    let found = service.gateway.products(&shop, &body.skus, body.batch_size()?).await?;
    Ok(Json(found.items))
}

/// Inventory updates by SKU
///
/// The guide's `get_inventory_updates_by_sku_list`: a list, each `quantity` to be filled in by the caller.
#[utoipa::path(
    post, path = "/api/v1/inventory-updates/query", tag = "products", operation_id = "inventory_updates_by_sku",
    request_body = LookUpBody,
    responses((status = 200, description = "sku, inventory_item_id, variant_id, quantity", body = Vec<InventoryUpdate>), Refusals)
)]
async fn inventory_updates(
    State(service): State<Arc<Service>>,
    Body(body): Body<LookUpBody>,
) -> Result<Json<Vec<InventoryUpdate>>, Problem> {
    let shop = shop_of(&service, body.shop.as_deref())?;
    let _turn = service.turn_to_look().await;
    let found = service.gateway.inventory_updates(&shop, &body.skus, body.batch_size()?).await?;
    Ok(Json(found.items))
}

/// What to tell about a SKU.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExplainQuery {
    /// The shop, where several are configured.
    shop: Option<String>,
    /// At most this many earlier runs, 0 to 100; 10 by default.
    #[param(value_type = Option<u32>, maximum = 100)]
    runs: Option<Within<0, 100>>,
}

/// Why a SKU has its level
///
/// The SKU in the warehouse and in the shop, what a run would do now, and what earlier runs did. A token may ask for 30
/// in a minute.
#[utoipa::path(
    get, path = "/api/v1/skus/{sku}/explanation", tag = "products", operation_id = "explain_sku",
    params(("sku" = String, Path, description = "The SKU"), ExplainQuery),
    responses((status = 200, description = "Listings, stock, the next run, the last runs", body = Explanation), Refusals)
)]
async fn explain(
    State(service): State<Arc<Service>>,
    caller: Caller,
    language: AnswerLanguage,
    Path(sku): Path<String>,
    Query(query): Query<ExplainQuery>,
) -> Result<Json<Explanation>, Problem> {
    // An empty SKU does not make a path of this form.
    let sku = Sku::parse(&sku).map_err(|_| Problem::new(Kind::NoSuchPath))?;
    let shop = shop_of(&service, query.shop.as_deref())?;
    let runs = query.runs.map_or(10, Within::get);
    service.explanations.take(&caller.token)?;
    let _turn = service.turn_to_look().await;
    Ok(Json(service.gateway.explain(&shop, &sku, runs, language.0).await?))
}
