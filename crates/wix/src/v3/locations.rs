//! The stores locations: where stock is kept.

use reqwest::Method;
use serde::Deserialize;

use crate::{Client, WixError};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    stores_location: Location,
}

#[derive(Deserialize)]
struct Location {
    id: String,
}

impl Client {
    /// The id of the default stores location. The standard checkout sells only from there. It is not the id of the
    /// Locations API.
    pub async fn v3_default_location(&self) -> Result<String, WixError> {
        let reply: Reply = self.read(Method::GET, "stores/v3/locations/default", None::<&()>).await?;
        Ok(reply.stores_location.id)
    }
}
