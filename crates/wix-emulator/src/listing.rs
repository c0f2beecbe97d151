//! How a file or a request names a listing: by its SKU, or by its ids.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::catalog::{Catalog, Place, Product, Variant};
use crate::guid::IMPLICIT_VARIANT;
use crate::shop_edits::EditError;

/// One listing: `"A-1"`, or `{"product":"…","variant":"…"}`. Without a variant the implicit one is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Listing {
    /// The one listing with this SKU.
    Sku(String),
    /// The listing with these ids.
    Ids(ListingIds),
}

/// The ids of a listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListingIds {
    /// The product's id.
    pub product: Uuid,
    /// The variant's id; all zeros without managed variants.
    #[serde(default = "implicit")]
    pub variant: Uuid,
}

fn implicit() -> Uuid {
    IMPLICIT_VARIANT
}

impl Listing {
    /// The listing with this SKU.
    #[must_use]
    pub fn sku(sku: impl Into<String>) -> Self {
        Self::Sku(sku.into())
    }

    /// The listing with these ids.
    #[must_use]
    pub fn ids(product: Uuid, variant: Uuid) -> Self {
        Self::Ids(ListingIds { product, variant })
    }

    /// Where it is in the catalog.
    pub(crate) fn place(&self, catalog: &Catalog) -> Result<Place, EditError> {
        match self {
            Self::Sku(sku) => match catalog.by_sku(sku) {
                [place] => Ok(*place),
                places => Err(EditError::Listing { sku: sku.clone(), listings: places.len() }),
            },
            Self::Ids(ids) => {
                let slot = catalog.by_id(ids.product).ok_or(EditError::UnknownVariant)?;
                let place = catalog.product(slot).and_then(|product| product.place_of(ids.variant));
                Ok((slot, place.ok_or(EditError::UnknownVariant)?))
            }
        }
    }

    /// The ids of the listing.
    pub(crate) fn resolve(&self, catalog: &Catalog) -> Result<ListingIds, EditError> {
        let place = self.place(catalog)?;
        let ids = catalog.product(place.0).and_then(|product| {
            let variant = product.variants.get(place.1)?.id;
            Some(ListingIds { product: product.id, variant })
        });
        ids.ok_or(EditError::UnknownVariant)
    }

    /// The id of its product; a variant that is not named, or not there, does not matter.
    pub(crate) fn product(&self, catalog: &Catalog) -> Result<Uuid, EditError> {
        match self {
            Self::Sku(_) => self.resolve(catalog).map(|ids| ids.product),
            Self::Ids(ids) => Ok(ids.product),
        }
    }

    /// Whether this is it.
    pub(crate) fn is(&self, product: &Product, variant: &Variant) -> bool {
        match self {
            Self::Sku(sku) => variant.sku == *sku,
            Self::Ids(ids) => (ids.product, ids.variant) == (product.id, variant.id),
        }
    }
}

impl<'de> Deserialize<'de> for Listing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// Tells the two spellings apart, so that what is wrong with the second is named.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Listing;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"a SKU, or {"product":"<id>","variant":"<id>"}"#)
    }

    fn visit_str<E: Error>(self, sku: &str) -> Result<Listing, E> {
        Ok(Listing::sku(sku))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Listing, A::Error> {
        ListingIds::deserialize(MapAccessDeserializer::new(map)).map(Listing::Ids)
    }
}

#[cfg(test)]
mod tests {
    use super::Listing;

    #[test]
    fn is_a_sku_or_a_pair_of_ids() {
        let read = |text: &str| serde_json::from_str::<Listing>(text);
        assert_eq!(read(r#""A-1""#).unwrap(), Listing::sku("A-1"));
        let id = "aaaaaaaa-0000-4000-8000-000000000001";
        let product = read(&format!(r#"{{"product":"{id}"}}"#)).unwrap();
        assert_eq!(product, Listing::ids(id.parse().unwrap(), uuid::Uuid::nil()));
        let wrong = read(&format!(r#"{{"product":"{id}","sku":"A"}}"#)).unwrap_err();
        assert!(wrong.to_string().contains("unknown field `sku`"), "{wrong}");
        assert!(read("7").unwrap_err().to_string().contains("a SKU, or"));
    }
}
