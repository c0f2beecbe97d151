//! Which catalog a site has.

use serde::{Deserialize, Serialize};

use super::product::VariantIds;

/// Which catalog the site has (Wix: Catalog versioning).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CatalogVersion {
    /// The V1 endpoints answer; those of V3 answer 428 `CATALOG_V1_SITE_CALLING_CATALOG_V3_API`.
    V1Catalog,
    /// The V3 endpoints answer; those of V1 answer 428 `CATALOG_V3_CALLING_CATALOG_V1_API`, except as
    /// [`Behavior::v1_reads`](crate::Behavior::v1_reads) says.
    V3Catalog,
    /// Stores was just installed, or is being moved to V3: the version endpoint still says V1, which the V1 endpoints
    /// contradict; those of V3 answer 428 `CATALOG_V3_SITE_PROVISIONING`.
    V3Provisioning,
    /// Every V1 endpoint answers 401, every V3 endpoint 428 `REQUIRED_APP_NOT_INSTALLED`.
    StoresNotInstalled,
}

impl CatalogVersion {
    /// What the version endpoint says.
    pub(crate) fn shown(self) -> Self {
        if self == Self::V3Provisioning { Self::V1Catalog } else { self }
    }

    /// Which variant ids the site shows.
    pub(crate) fn variant_ids(self) -> VariantIds {
        match self {
            Self::V3Catalog | Self::V3Provisioning => VariantIds::V3,
            Self::V1Catalog | Self::StoresNotInstalled => VariantIds::V1,
        }
    }
}
