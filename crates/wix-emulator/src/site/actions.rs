//! Performing the actions that a file or a request describes.

use super::shop::Shop;
use crate::catalog::{EditError, Listing};
use crate::fault::{Action, ActionResult};

impl Shop {
    /// Performs an action. The error says why it is not possible.
    pub fn perform(&self, action: &Action) -> Result<ActionResult, EditError> {
        let ids = |listing: &Listing| listing.resolve(&self.site.read());
        let product = |listing: &Listing| listing.product(&self.site.read());
        let mut result = ActionResult::default();
        match action {
            Action::Sale { listing, units } => {
                let at = ids(listing)?;
                result.units = Some(self.sell(at.product, at.variant, *units)?);
            }
            Action::SetLevel { listing, level } => {
                let at = ids(listing)?;
                self.set_level(at.product, at.variant, *level)?;
            }
            Action::SetTracking { listing, tracked } => self.set_tracking(product(listing)?, *tracked)?,
            Action::SetVisible { listing, visible } => self.set_visible(product(listing)?, *visible)?,
            Action::AddProduct { product } => result.product = Some(self.add_product(product)?),
            Action::RemoveProduct { listing } => self.remove_product(product(listing)?)?,
            Action::RenameSku { listing, sku } => {
                let at = ids(listing)?;
                self.rename_sku(at.product, at.variant, sku)?;
            }
            Action::SwapSkus { one, other } => self.swap_skus(one, other)?,
            Action::MoveCatalog { to } => self.set_catalog(*to),
            Action::RevokeTokens => self.revoke_tokens(),
            Action::RecreateVariant { listing } => {
                let at = ids(listing)?;
                result.variant = Some(self.recreate_variant(at.product, at.variant)?);
            }
        }
        Ok(result)
    }
}
