//! The SKU: the text by which goods in the warehouse and in the shop are matched.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};

/// The longest SKU that Wix stores, in characters (Wix Stores V1 and V3, field `sku`).
pub const MAX_CHARS: usize = 40;

/// A SKU: any text that is not empty. SKUs are compared byte for byte, never trimmed, case-folded or parsed.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct Sku(Arc<str>);

/// The error for a SKU without characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a SKU has at least one character")]
pub struct EmptySku;

impl Sku {
    /// Takes `text` as it is.
    pub fn parse(text: &str) -> Result<Self, EmptySku> {
        if text.is_empty() { Err(EmptySku) } else { Ok(Self(Arc::from(text))) }
    }

    /// The same for a text that is already shared, without a copy.
    pub fn of(text: &Arc<str>) -> Result<Self, EmptySku> {
        if text.is_empty() { Err(EmptySku) } else { Ok(Self(Arc::clone(text))) }
    }

    /// The text of the SKU.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is longer than [`MAX_CHARS`], so that no listing can carry it.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        self.0.chars().nth(MAX_CHARS).is_some()
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Borrow<str> for Sku {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Sku {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .map_err(|_| serde::de::Error::invalid_length(0, &"a SKU of at least one character"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_byte_for_byte() {
        for text in [" A ", "007", "ünï", "a'b\"c\\%", "$in", "🙂", "\u{0}"] {
            assert_eq!(Sku::parse(text).unwrap().as_str(), text);
        }
        assert_ne!(Sku::parse("a").unwrap(), Sku::parse("A").unwrap());
        assert_ne!(Sku::parse("7").unwrap(), Sku::parse("07").unwrap());
        assert_eq!(Sku::parse(""), Err(EmptySku));
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(!Sku::parse(&"Я".repeat(40)).unwrap().is_too_long());
        assert!(Sku::parse(&"Я".repeat(41)).unwrap().is_too_long());
    }
}
