//! Which catalog a site is on.

use reqwest::Method;
use serde::Deserialize;

use crate::{Client, WixError};

/// The catalog of a site (`GET /stores/v3/provision/version`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum CatalogVersion {
    /// Catalog V1.
    #[serde(rename = "V1_CATALOG")]
    V1,
    /// Catalog V3.
    #[serde(rename = "V3_CATALOG")]
    V3,
    /// The site has no Wix Stores.
    #[serde(rename = "STORES_NOT_INSTALLED")]
    NotInstalled,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VersionReply {
    catalog_version: CatalogVersion,
}

impl Client {
    /// Asks which catalog the site is on. A site may be moved from V1 to V3 one day, so the answer is not for
    /// keeping.
    pub async fn catalog_version(&self) -> Result<CatalogVersion, WixError> {
        let reply: VersionReply = self.read(Method::GET, "stores/v3/provision/version", None::<&()>).await?;
        Ok(reply.catalog_version)
    }
}
