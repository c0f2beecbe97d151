//! GUIDs: reading them from text, and generating them where a shop file gives none.

use uuid::Uuid;

/// The id of the one implicit variant of a product without managed variants in Catalog V1: all zeros.
pub const IMPLICIT_VARIANT: Uuid = Uuid::nil();

/// Something that identifies a product or a variant: a GUID, or its text.
pub trait Guid {
    /// The id, or `None` when the text is not a GUID.
    fn guid(&self) -> Option<Uuid>;
}

impl Guid for Uuid {
    fn guid(&self) -> Option<Uuid> {
        Some(*self)
    }
}

impl Guid for str {
    fn guid(&self) -> Option<Uuid> {
        if self.len() == 36 { Uuid::try_parse(self).ok() } else { None }
    }
}

impl Guid for String {
    fn guid(&self) -> Option<Uuid> {
        self.as_str().guid()
    }
}

impl<G: Guid + ?Sized> Guid for &G {
    fn guid(&self) -> Option<Uuid> {
        (**self).guid()
    }
}

const PRODUCT: u128 = 0x1000_0000_0000_4000_8000_0000_0000_0000;
const ITEM: u128 = 0x2000_0000_0000_4000_8000_0000_0000_0000;
const VARIANT: u128 = 0x3000_0000_0000_4000_8000_0000_0000_0000;
const RECREATED: u128 = 0x4000_0000_0000_4000_8000_0000_0000_0000;
const LOCATION: u128 = 0x5000_0000_0000_4000_8000_0000_0000_0000;
const WIX_LOCATION: u128 = 0x5100_0000_0000_4000_8000_0000_0000_0000;
const PLAIN_VARIANT: u128 = 0x6000_0000_0000_4000_8000_0000_0000_0000;
const STOCK_ITEM: u128 = 0x7000_0000_0000_4000_8000_0000_0000_0000;
const NEW_ITEM: u128 = 0x7100_0000_0000_4000_8000_0000_0000_0000;
const LOW_48_BITS: u128 = 0xffff_ffff_ffff;
/// Where the index of a location stands in the id of an inventory item.
const LOCATION_BITS: u128 = 0x0fff << 48;

/// The id of the product at this position of the shop file, counted from 0.
pub(crate) fn product_id_at(position: usize) -> Uuid {
    Uuid::from_u128(PRODUCT | (low(position) + 1) & LOW_48_BITS)
}

/// The inventory item id of the product at this position.
pub(crate) fn item_id_at(position: usize) -> Uuid {
    Uuid::from_u128(ITEM | (low(position) + 1) & LOW_48_BITS)
}

/// The id of the variant at this index of the product at this position.
pub(crate) fn variant_id_at(position: usize, index: usize) -> Uuid {
    Uuid::from_u128(VARIANT | ((low(position) + 1) << 12 | (low(index) + 1)) & LOW_48_BITS)
}

/// The id that Catalog V3 gives the one variant of the product at this position, when it has no options.
pub(crate) fn plain_variant_id_at(position: usize) -> Uuid {
    Uuid::from_u128(PLAIN_VARIANT | (low(position) + 1) & LOW_48_BITS)
}

/// The id of the inventory item of the variant at this index of the product at this position, at the location with
/// this index.
pub(crate) fn stock_item_id_at(position: usize, variant: usize, location: usize) -> Uuid {
    let place = (low(position) + 1) << 12 | (low(variant) + 1);
    Uuid::from_u128(STOCK_ITEM | low(location) << 48 & LOCATION_BITS | place & LOW_48_BITS)
}

/// The id of an inventory item that is created while the shop is live, after this many others were.
pub(crate) fn new_item_id(earlier: usize) -> Uuid {
    Uuid::from_u128(NEW_ITEM | (low(earlier) + 1) & LOW_48_BITS)
}

/// The id of the location at this position of the shop file.
pub(crate) fn location_id_at(position: usize) -> Uuid {
    Uuid::from_u128(LOCATION | (low(position) + 1) & LOW_48_BITS)
}

/// The id of the same place in Wix's Locations API.
pub(crate) fn wix_location_id_at(position: usize) -> Uuid {
    Uuid::from_u128(WIX_LOCATION | (low(position) + 1) & LOW_48_BITS)
}

/// The id of a variant that is created again, after this many others were.
pub(crate) fn recreated_variant_id(earlier: usize) -> Uuid {
    Uuid::from_u128(RECREATED | (low(earlier) + 1) & LOW_48_BITS)
}

/// The numeric id of the product at this position. The first ids are just below a power of ten, so that a shop of more
/// than a few products has ids of different lengths: a client that compares them as text gets them in the wrong order.
pub(crate) fn numeric_id_at(position: usize) -> u128 {
    999_999_999_999_950 + low(position) * 7
}

fn low(number: usize) -> u128 {
    u128::try_from(number).unwrap_or(u128::MAX >> 64)
}
