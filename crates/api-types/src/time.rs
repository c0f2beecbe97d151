//! Moments. Every moment of the API is a [`UtcTime`].

use std::fmt;

use domain::UnixMillis;
use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// A moment (RFC 3339, UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-05-04T10:00:00Z")]
pub struct UtcTime(Timestamp);

impl From<UnixMillis> for UtcTime {
    fn from(at: UnixMillis) -> Self {
        Self(Timestamp::from_millisecond(at).unwrap_or_default())
    }
}

impl fmt::Display for UtcTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for UtcTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for UtcTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_rfc_3339_in_utc_in_both_directions() {
        for (at, due) in [(0, "1970-01-01T00:00:00Z"), (1_777_888_800_250, "2026-05-04T10:00:00.25Z")] {
            let text = serde_json::to_string(&UtcTime::from(at)).unwrap();
            assert_eq!(text, format!("\"{due}\""));
            assert_eq!(serde_json::from_str::<UtcTime>(&text).unwrap(), UtcTime::from(at));
        }
        assert!(serde_json::from_str::<UtcTime>("\"yesterday\"").is_err());
    }
}
