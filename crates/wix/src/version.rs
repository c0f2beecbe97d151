//! The catalog version of a site.

use reqwest::Method;
use serde::Deserialize;

use crate::{Client, WixError};

/// The catalog version of a site (`GET /stores/v3/provision/version`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
    /// A version that this client does not know, as Wix names it.
    #[serde(untagged)]
    Unknown(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VersionReply {
    catalog_version: CatalogVersion,
}

impl Client {
    /// Asks for the catalog version of the site. The answer must not be stored, because Wix may move a site from V1
    /// to V3.
    pub async fn catalog_version(&self) -> Result<CatalogVersion, WixError> {
        let reply: VersionReply = self.read(Method::GET, "stores/v3/provision/version", None::<&()>).await?;
        Ok(reply.catalog_version)
    }
}
