//! What buyers and the merchant do to a live shop, as methods of its handle.

use uuid::Uuid;

use super::shop::Shop;
use crate::catalog::{Catalog, Cause, EditError, Guid, Listing, ListingPosition, MAX_QUANTITY, check_sku};
use crate::shop_file::ProductData;

impl Shop {
    /// A buyer buys up to this many units; returns how many there were. An untracked product loses none.
    pub fn sell(&self, product: impl Guid, variant: impl Guid, units: u32) -> Result<u32, EditError> {
        let position = self.known_position(product, variant)?;
        let mut catalog = self.site.write();
        let context = self.site.change_context(Cause::Sale);
        let Some(level) = catalog.level(position) else { return Ok(units) };
        let taken = units.min(u32::try_from(level).unwrap_or(0));
        catalog.set_quantity(position, level - i64::from(taken), &context);
        Ok(taken)
    }

    /// The merchant sets a level.
    pub fn set_level(&self, product: impl Guid, variant: impl Guid, level: i64) -> Result<(), EditError> {
        if !(0..=MAX_QUANTITY).contains(&level) {
            return Err(EditError::Level(level));
        }
        let position = self.known_position(product, variant)?;
        let mut catalog = self.site.write();
        let context = self.site.change_context(Cause::Edit);
        catalog.set_quantity(position, level, &context);
        Ok(())
    }

    /// The merchant switches tracking on or off; the quantities stay as they were.
    pub fn set_tracking(&self, product: impl Guid, tracked: bool) -> Result<(), EditError> {
        let context = self.site.change_context(Cause::Edit);
        self.edit(product, |catalog, slot| {
            catalog.change(slot, &context, |product| {
                product.variants.iter_mut().for_each(|variant| variant.item.tracked = tracked);
            });
            catalog.touch(slot, context.time);
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
        let context = self.site.change_context(Cause::Edit);
        self.edit(product, |catalog, slot| {
            if let Some(product) = catalog.remove(slot) {
                catalog.record_removed(&product, &context);
            }
        })
    }

    /// The merchant adds a product; returns its id. Times that the data does not give are now.
    pub fn add_product(&self, data: &ProductData) -> Result<Uuid, EditError> {
        let context = self.site.change_context(Cause::Edit);
        let now = context.time.to_string();
        let mut data = data.clone();
        data.created_date.get_or_insert_with(|| now.clone());
        data.last_updated.get_or_insert(now);
        let mut catalog = self.site.write();
        let id = catalog.add(&data).map_err(EditError::Product)?;
        if let Some(slot) = catalog.by_id(id) {
            catalog.record_added(slot, &context);
        }
        Ok(id)
    }

    /// The merchant gives a variant another SKU.
    pub fn rename_sku(&self, product: impl Guid, variant: impl Guid, sku: &str) -> Result<(), EditError> {
        check_sku(sku).map_err(EditError::Sku)?;
        let position = self.known_position(product, variant)?;
        let time = self.site.clock.now();
        let mut catalog = self.site.write();
        catalog.rename_sku(position, sku);
        catalog.touch(position.slot, time);
        Ok(())
    }

    /// Two listings swap their SKUs, at the same moment.
    pub fn swap_skus(&self, one: &Listing, other: &Listing) -> Result<(), EditError> {
        let time = self.site.clock.now();
        let mut catalog = self.site.write();
        let positions = [one.position(&catalog)?, other.position(&catalog)?];
        let skus = positions.map(|position| catalog.sku(position).to_owned());
        for (position, sku) in positions.into_iter().zip(skus.iter().rev()) {
            catalog.rename_sku(position, sku);
            catalog.touch(position.slot, time);
        }
        Ok(())
    }

    /// The merchant deletes a managed variant and creates the same one again; returns its new id.
    pub fn recreate_variant(&self, product: impl Guid, variant: impl Guid) -> Result<Uuid, EditError> {
        let position = self.known_position(product, variant)?;
        let mut catalog = self.site.write();
        let context = self.site.change_context(Cause::Edit);
        catalog.recreate_variant(position, &context).ok_or(EditError::NotManaged)
    }

    fn known_position(&self, product: impl Guid, variant: impl Guid) -> Result<ListingPosition, EditError> {
        self.position(product, variant).ok_or(EditError::UnknownVariant)
    }

    fn edit(&self, product: impl Guid, change: impl FnOnce(&mut Catalog, usize)) -> Result<(), EditError> {
        let id = product.guid().ok_or(EditError::UnknownProduct)?;
        let mut catalog = self.site.write();
        let slot = catalog.by_id(id).ok_or(EditError::UnknownProduct)?;
        change(&mut catalog, slot);
        Ok(())
    }
}
