//! What buyers and the merchant do to a live shop.

use uuid::Uuid;

use crate::catalog::{Catalog, Place};
use crate::data::{MAX_QUANTITY, Problem, ProductData, check_sku};
use crate::guid::Guid;
use crate::ledger::Cause;
use crate::listing::Listing;
use crate::shop::Shop;

/// Why an edit was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// There is no such product.
    #[error("there is no such product")]
    UnknownProduct,
    /// There is no such variant.
    #[error("there is no such product or variant")]
    UnknownVariant,
    /// A SKU that does not name exactly one listing.
    #[error("the SKU {sku:?} stands on {listings} listings")]
    Listing {
        /// The SKU.
        sku: String,
        /// How many listings have it.
        listings: usize,
    },
    /// A variant that cannot be made anew, for the product has no variants of its own.
    #[error("the product has no managed variants")]
    NotManaged,
    /// A level outside 0 to 99,999.
    #[error("level {0} is outside 0..=99999")]
    Level(i64),
    /// A SKU that is too long.
    #[error("{0}")]
    Sku(String),
    /// A product that Wix would not take.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Product(Vec<Problem>),
}

impl Shop {
    /// A buyer takes up to this many units and gets the number there were. Only tracked products lose them.
    pub fn sell(&self, product: impl Guid, variant: impl Guid, units: u32) -> Result<u32, EditError> {
        let place = self.known(product, variant)?;
        let mut catalog = self.site.write();
        let moment = self.site.moment(Cause::Sale);
        let Some(level) = catalog.level(place) else { return Ok(units) };
        let taken = units.min(u32::try_from(level).unwrap_or(0));
        catalog.set_quantity(place, level - i64::from(taken), &moment);
        Ok(taken)
    }

    /// The merchant sets a level.
    pub fn set_level(&self, product: impl Guid, variant: impl Guid, level: i64) -> Result<(), EditError> {
        if !(0..=MAX_QUANTITY).contains(&level) {
            return Err(EditError::Level(level));
        }
        let place = self.known(product, variant)?;
        let mut catalog = self.site.write();
        let moment = self.site.moment(Cause::Edit);
        catalog.set_quantity(place, level, &moment);
        Ok(())
    }

    /// The merchant switches tracking on or off; the quantities stay as they were.
    pub fn set_tracking(&self, product: impl Guid, tracked: bool) -> Result<(), EditError> {
        let moment = self.site.moment(Cause::Edit);
        self.edit(product, |catalog, slot| {
            catalog.change(slot, &moment, |product| product.tracked = tracked);
            catalog.touch(slot, moment.time);
        })
    }

    /// The merchant shows or hides a product.
    pub fn set_visible(&self, product: impl Guid, visible: bool) -> Result<(), EditError> {
        let time = self.site.clock.now();
        self.edit(product, |catalog, slot| {
            catalog.set_visible(slot, visible);
            catalog.touch(slot, time);
        })
    }

    /// The merchant deletes a product.
    pub fn remove_product(&self, product: impl Guid) -> Result<(), EditError> {
        let moment = self.site.moment(Cause::Edit);
        self.edit(product, |catalog, slot| {
            if let Some(product) = catalog.remove(slot) {
                catalog.log_whole(&product, &moment, false);
            }
        })
    }

    /// The merchant adds a product and gets its id. Times that the data does not give are now.
    pub fn add_product(&self, data: &ProductData) -> Result<Uuid, EditError> {
        let moment = self.site.moment(Cause::Edit);
        let now = moment.time.to_string();
        let mut data = data.clone();
        data.created_date.get_or_insert_with(|| now.clone());
        data.last_updated.get_or_insert(now);
        let mut catalog = self.site.write();
        let id = catalog.add(&data).map_err(EditError::Product)?;
        if let Some(product) = catalog.by_id(id).and_then(|slot| catalog.product(slot)).cloned() {
            catalog.log_whole(&product, &moment, true);
        }
        Ok(id)
    }

    /// The merchant gives a variant another SKU.
    pub fn rename_sku(&self, product: impl Guid, variant: impl Guid, sku: &str) -> Result<(), EditError> {
        check_sku(sku).map_err(EditError::Sku)?;
        let place = self.known(product, variant)?;
        let time = self.site.clock.now();
        let mut catalog = self.site.write();
        catalog.rename_sku(place, sku);
        catalog.touch(place.0, time);
        Ok(())
    }

    /// Two listings swap their SKUs, at one moment.
    pub fn swap_skus(&self, one: &Listing, other: &Listing) -> Result<(), EditError> {
        let time = self.site.clock.now();
        let mut catalog = self.site.write();
        let places = [one.place(&catalog)?, other.place(&catalog)?];
        let skus = places.map(|place| catalog.sku(place).to_owned());
        for (place, sku) in places.into_iter().zip(skus.iter().rev()) {
            catalog.rename_sku(place, sku);
            catalog.touch(place.0, time);
        }
        Ok(())
    }

    /// The merchant deletes a managed variant and makes the same anew; gives its new id.
    pub fn recreate_variant(&self, product: impl Guid, variant: impl Guid) -> Result<Uuid, EditError> {
        let place = self.known(product, variant)?;
        let mut catalog = self.site.write();
        let moment = self.site.moment(Cause::Edit);
        catalog.recreate_variant(place, &moment).ok_or(EditError::NotManaged)
    }

    fn known(&self, product: impl Guid, variant: impl Guid) -> Result<Place, EditError> {
        self.place(product, variant).ok_or(EditError::UnknownVariant)
    }

    fn edit(&self, product: impl Guid, change: impl FnOnce(&mut Catalog, usize)) -> Result<(), EditError> {
        let id = product.guid().ok_or(EditError::UnknownProduct)?;
        let mut catalog = self.site.write();
        let slot = catalog.by_id(id).ok_or(EditError::UnknownProduct)?;
        change(&mut catalog, slot);
        Ok(())
    }
}
