//! How a file or a request names a listing: by its SKU, or by its ids.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use super::edit_error::EditError;
use super::guid::IMPLICIT_VARIANT;
use super::{Catalog, ListingPosition, Product, Variant, VariantIds};

/// One listing: `"A-1"`, or `{"product":"…","variant":"…"}`. Without `variant` it is the implicit one.
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
    /// The variant's id, in either catalog version; all zeros is the one of a product without managed variants.
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

    /// Its position in the catalog.
    pub(crate) fn position(&self, catalog: &Catalog) -> Result<ListingPosition, EditError> {
        match self {
            Self::Sku(sku) => match catalog.by_sku(sku) {
                [position] => Ok(*position),
                positions => Err(EditError::Listing { sku: sku.clone(), listings: positions.len() }),
            },
            Self::Ids(ids) => {
                let slot = catalog.by_id(ids.product).ok_or(EditError::UnknownVariant)?;
                let product = catalog.product(slot);
                let variant = product.and_then(|product| product.any_variant_index(ids.variant));
                Ok(ListingPosition { slot, variant: variant.ok_or(EditError::UnknownVariant)? })
            }
        }
    }

    /// Its ids.
    pub(crate) fn resolve(&self, catalog: &Catalog) -> Result<ListingIds, EditError> {
        catalog.ids(self.position(catalog)?, VariantIds::V1).ok_or(EditError::UnknownVariant)
    }

    /// The id of its product. Given ids, the variant need not exist.
    pub(crate) fn product(&self, catalog: &Catalog) -> Result<Uuid, EditError> {
        match self {
            Self::Sku(_) => self.resolve(catalog).map(|ids| ids.product),
            Self::Ids(ids) => Ok(ids.product),
        }
    }

    /// Whether this variant is the listing.
    pub(crate) fn is(&self, product: &Product, variant: &Variant) -> bool {
        match self {
            Self::Sku(sku) => variant.sku == *sku,
            Self::Ids(ids) => ids.product == product.id && variant.has_id(ids.variant),
        }
    }
}

impl<'de> Deserialize<'de> for Listing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListingVisitor)
    }
}

/// Reads both forms. An untagged enum would not say which field of the second is wrong.
struct ListingVisitor;

impl<'de> Visitor<'de> for ListingVisitor {
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
