//! The free text of a search (Wix: Search Inventory Items): up to 100 characters.

use serde_json::Value as Json;

use crate::rest::{Validation, join};

const MAX: usize = 100;

/// A text to look for, in upper or lower case.
#[derive(Debug)]
pub(super) struct FreeText(String);

impl FreeText {
    /// Reads `search{expression}` at this path, if there is one.
    pub(super) fn of(json: Option<&Json>, path: &str, validation: &mut Validation) -> Option<Self> {
        let json = json.filter(|json| !json.is_null())?;
        let map = validation.object(json, path, &["expression", "fields", "mode", "fuzzy"])?;
        let text = validation.text(map, path, "expression").filter(|text| !text.is_empty())?;
        validation.size(&join(path, "expression"), text.chars().count(), MAX);
        Some(Self(text.to_lowercase()))
    }

    /// Whether one of these texts contains it.
    pub(super) fn is_in(&self, texts: &[&str]) -> bool {
        texts.iter().any(|text| text.to_lowercase().contains(&self.0))
    }
}
