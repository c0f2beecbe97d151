//! What buyers and the merchant do, as it is written in files and sent to the control endpoint.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::data::ProductData;
use crate::listing::Listing;
use crate::shop::Shop;
use crate::shop_edits::EditError;

/// Something that somebody does to the shop beside the client under test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Act {
    /// A buyer takes up to so many units.
    Sale {
        /// What is bought.
        listing: Listing,
        /// How many.
        units: u32,
    },
    /// The merchant sets a level.
    SetLevel {
        /// Of what.
        listing: Listing,
        /// To what.
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
        /// The listing as it is called now.
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
    /// The merchant deletes a managed variant and makes the same anew: it has another id then.
    RecreateVariant {
        /// The variant.
        listing: Listing,
    },
}

/// What came of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Done {
    /// The units that a buyer got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<u32>,
    /// The id of a product that was added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<Uuid>,
    /// The id of a variant that was made anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<Uuid>,
}

impl Shop {
    /// Does this, or says why it cannot be done.
    pub fn act(&self, act: &Act) -> Result<Done, EditError> {
        let ids = |listing: &Listing| listing.resolve(&self.site.read());
        let product = |listing: &Listing| listing.product(&self.site.read());
        let mut done = Done::default();
        match act {
            Act::Sale { listing, units } => {
                let at = ids(listing)?;
                done.units = Some(self.sell(at.product, at.variant, *units)?);
            }
            Act::SetLevel { listing, level } => {
                let at = ids(listing)?;
                self.set_level(at.product, at.variant, *level)?;
            }
            Act::SetTracking { listing, tracked } => self.set_tracking(product(listing)?, *tracked)?,
            Act::SetVisible { listing, visible } => self.set_visible(product(listing)?, *visible)?,
            Act::AddProduct { product } => done.product = Some(self.add_product(product)?),
            Act::RemoveProduct { listing } => self.remove_product(product(listing)?)?,
            Act::RenameSku { listing, sku } => {
                let at = ids(listing)?;
                self.rename_sku(at.product, at.variant, sku)?;
            }
            Act::SwapSkus { one, other } => self.swap_skus(one, other)?,
            Act::RecreateVariant { listing } => {
                let at = ids(listing)?;
                done.variant = Some(self.recreate_variant(at.product, at.variant)?);
            }
        }
        Ok(done)
    }
}
