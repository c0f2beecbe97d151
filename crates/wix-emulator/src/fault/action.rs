//! What buyers and the merchant do, as it is written in files and sent to the control endpoint.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::catalog::{CatalogVersion, Listing};
use crate::shop_file::ProductData;

/// Something that a buyer or the merchant does to the shop, independent of the client under test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Action {
    /// A buyer buys up to this many units.
    Sale {
        /// What is bought.
        listing: Listing,
        /// How many units.
        units: u32,
    },
    /// The merchant sets a level.
    SetLevel {
        /// The listing.
        listing: Listing,
        /// Its new level.
        level: i64,
    },
    /// The merchant switches tracking of a whole product.
    SetTracking {
        /// A listing of the product.
        listing: Listing,
        /// On or off.
        tracked: bool,
    },
    /// The merchant shows or hides a product.
    SetVisible {
        /// A listing of the product.
        listing: Listing,
        /// Shown or hidden.
        visible: bool,
    },
    /// The merchant adds a product, given as in the shop file.
    AddProduct {
        /// The product.
        product: Box<ProductData>,
    },
    /// The merchant deletes a product.
    RemoveProduct {
        /// A listing of the product.
        listing: Listing,
    },
    /// The merchant gives a listing another SKU.
    RenameSku {
        /// The listing, with its present SKU.
        listing: Listing,
        /// Its new SKU.
        sku: String,
    },
    /// Two listings swap their SKUs.
    SwapSkus {
        /// One.
        one: Listing,
        /// The other.
        other: Listing,
    },
    /// The merchant deletes a managed variant and creates the same one again, which gives it a new id.
    RecreateVariant {
        /// The variant.
        listing: Listing,
    },
    /// Wix moves the site to another catalog, or back.
    MoveCatalog {
        /// The catalog that the site has from now on.
        to: CatalogVersion,
    },
    /// All access tokens end before their time.
    RevokeTokens,
}

/// The result of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ActionResult {
    /// The units that a buyer got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    /// The id of a product that was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<Uuid>,
    /// The new id of a variant that was created again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<Uuid>,
}
