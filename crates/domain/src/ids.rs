//! Names of things: each its own type, so that a product id cannot stand where a variant id is due.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the id as its owner wrote it.
            #[must_use]
            pub fn new(text: &str) -> Self {
                Self(Arc::from(text))
            }

            /// The id's own text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

text_id! {
    /// A product of the shop, as Wix names it.
    ProductId
}
text_id! {
    /// A variant of a product, as Wix names it. Not unique over products: the key is product and variant.
    VariantId
}
text_id! {
    /// The inventory item of a product (V1) or of a variant at a location (V3), as Wix names it.
    InventoryItemId
}
text_id! {
    /// A place where the shop keeps stock, as Wix names it. Only catalogs that keep a level for each location have it.
    LocationId
}
text_id! {
    /// One run; the API's `task_id`, and the id of the plan that the run made.
    RunId
}
text_id! {
    /// A shop, as the configuration names it.
    ShopName
}

impl VariantId {
    /// The one variant of a product for which the shop keeps no variants of its own, as Wix writes it.
    pub const WHOLE_PRODUCT: &'static str = "00000000-0000-0000-0000-000000000000";

    /// [`VariantId::WHOLE_PRODUCT`] as an id.
    #[must_use]
    pub fn whole_product() -> Self {
        Self::new(Self::WHOLE_PRODUCT)
    }

    /// Whether it stands for a whole product.
    #[must_use]
    pub fn is_whole_product(&self) -> bool {
        self.as_str() == Self::WHOLE_PRODUCT
    }
}

impl InventoryItemId {
    /// Stands where a listing has no inventory item.
    #[must_use]
    pub fn missing() -> Self {
        Self::new("")
    }

    /// Whether there is no inventory item.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.as_str().is_empty()
    }
}

/// What names a listing in a shop.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ListingKey {
    /// The product.
    pub product: ProductId,
    /// The variant of that product.
    pub variant: VariantId,
    /// The location that keeps the level; `None` where the catalog has one level for all locations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<LocationId>,
}

impl ListingKey {
    /// A variant in a catalog without locations.
    #[must_use]
    pub fn new(product: ProductId, variant: VariantId) -> Self {
        Self { product, variant, location: None }
    }

    /// The same variant at a location.
    #[must_use]
    pub fn at(self, location: LocationId) -> Self {
        Self { location: Some(location), ..self }
    }
}
