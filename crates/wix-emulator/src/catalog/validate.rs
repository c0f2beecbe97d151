//! Checking a shop file: it is valid when the catalog can be built from it.

use super::Catalog;
use crate::json::is_object;
use crate::shop_file::{DataError, ShopData};

impl ShopData {
    /// Reads and validates a shop file.
    pub fn from_json(text: &str) -> Result<Self, DataError> {
        if !is_object(text) {
            return Err(DataError::NotAnObject);
        }
        let data: Self = serde_json::from_str(text).map_err(DataError::Json)?;
        data.validate()?;
        Ok(data)
    }

    /// Checks every product, and what must be unique among them; the error lists each product with its problem.
    pub fn validate(&self) -> Result<(), DataError> {
        Catalog::build(self).map(drop)
    }
}
