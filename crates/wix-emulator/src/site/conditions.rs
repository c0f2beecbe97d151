//! The conditions that a site runs under. They are one JSON object in the faults file and at the control endpoint.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::behavior::Behavior;
use super::rate_limit::RateLimit;
use crate::catalog::CatalogVersion;
use crate::fault::{Chaos, Fault};
use crate::json::is_object;

/// Everything about a site except its products: `{"latencyMs":50,"faults":[{"kind":"dropAfterApply"}]}`. Absent members
/// are as in [`Config::new`](crate::Config::new).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Conditions {
    /// What the site does where Wix's documentation is silent.
    #[serde(rename = "behaviour")]
    pub behavior: Behavior,
    /// Faults that are armed.
    pub faults: Vec<Fault>,
    /// Faults by chance.
    pub chaos: Option<Chaos>,
    /// A wait before every answer.
    #[serde(with = "crate::json::milliseconds", rename = "latencyMs")]
    pub latency: Duration,
    /// The wait is longer by a random part of this.
    #[serde(with = "crate::json::milliseconds", rename = "jitterMs")]
    pub jitter: Duration,
    /// The seed of the jitter.
    pub seed: u64,
    /// Requests per sliding window; `None` is no limit.
    pub rate_limit: Option<RateLimit>,
    /// Requests per sliding window at the edge, which answers more with an HTML page; `None` is no limit.
    pub edge_limit: Option<RateLimit>,
    /// The site's catalog version.
    pub catalog: CatalogVersion,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            behavior: Behavior::default(),
            faults: Vec::new(),
            chaos: None,
            latency: Duration::ZERO,
            jitter: Duration::ZERO,
            seed: 0,
            rate_limit: None,
            edge_limit: None,
            catalog: CatalogVersion::V1Catalog,
        }
    }
}

/// Why conditions were refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConditionsError {
    /// The text is JSON but not an object, for example a bare list of faults.
    #[error(
        "expected one JSON object; faults stand in it like this: {{\"faults\":[{{\"kind\":\"dropAfterApply\"}}]}}"
    )]
    NotAnObject,
    /// The text is not JSON, or has an unknown field or value.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// A value makes no sense.
    #[error("{0}")]
    Value(String),
}

impl Conditions {
    /// Reads a faults file.
    pub fn from_json(text: &str) -> Result<Self, ConditionsError> {
        if !is_object(text) {
            return Err(ConditionsError::NotAnObject);
        }
        let conditions: Self = serde_json::from_str(text)?;
        conditions.check()?;
        Ok(conditions)
    }

    /// Refuses values that make no sense; the error says which.
    pub(crate) fn check(&self) -> Result<(), ConditionsError> {
        let chaos = self.chaos.as_ref().map_or(Ok(()), Chaos::check);
        let faults = self.faults.iter().try_for_each(|fault| fault.kind.check());
        chaos.and(faults).map_err(ConditionsError::Value)
    }

    /// These conditions with some members replaced. Switches of the behavior that are not named stay as they are.
    pub(crate) fn with(&self, changes: Map<String, Value>) -> Result<Self, ConditionsError> {
        let mut all = serde_json::to_value(self)?;
        for (name, change) in changes {
            match (all.get_mut(&name), change) {
                (Some(Value::Object(switches)), Value::Object(changes)) if name == "behaviour" => {
                    switches.extend(changes);
                }
                (Some(old), change) => *old = change,
                (None, change) => {
                    all.as_object_mut().map(|all| all.insert(name, change));
                }
            }
        }
        let conditions: Self = serde_json::from_value(all)?;
        conditions.check()?;
        Ok(conditions)
    }
}

#[cfg(test)]
mod tests {
    use super::Conditions;
    use crate::catalog::CatalogVersion;
    use crate::fault::{Chaos, ChaosKind, Fault, FaultKind};
    use crate::site::behavior::{Atomicity, BelowZero};
    use serde_json::{Value, json};

    fn refused(json: &Value) -> String {
        Conditions::from_json(&json.to_string()).unwrap_err().to_string()
    }

    #[test]
    fn reads_a_whole_file() {
        let json = json!({
            "behaviour": {"belowZero": "clampedToZero"},
            "faults": [{"kind": "dropAfterApply"}],
            "chaos": {"seed": 7, "requests": 100, "rates": {"lostReply": 30}, "delayMs": [1, 2]},
            "latencyMs": 5, "jitterMs": 6, "seed": 8,
            "rateLimit": {"requests": 200, "windowMs": 60_000},
            "catalog": "V3_CATALOG",
        });
        let read = Conditions::from_json(&json.to_string()).unwrap();
        assert_eq!(read.behavior.below_zero, BelowZero::ClampedToZero);
        assert_eq!(read.faults, [Fault::new(FaultKind::DropAfterApply)]);
        let chaos = Chaos {
            seed: 7,
            requests: Some(100),
            rates: [(ChaosKind::LostReply, 30)].into(),
            delay_ms: [1, 2],
            ..Chaos::default()
        };
        assert_eq!(read.chaos, Some(chaos));
        assert_eq!((read.latency.as_millis(), read.jitter.as_millis(), read.seed), (5, 6, 8));
        assert_eq!((read.rate_limit.unwrap().requests, read.catalog), (200, CatalogVersion::V3Catalog));
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(Conditions::from_json(&written).unwrap(), read);
        assert_eq!(Conditions::from_json("{}").unwrap(), Conditions::default());
    }

    #[test]
    fn names_what_is_wrong() {
        for (json, what) in [
            (json!({"latency": 5}), "unknown field `latency`"),
            (json!({"behaviour": {"atomic": true}}), "unknown field `atomic`"),
            (json!({"faults": [{"kind": "notJson", "often": 1}]}), "unknown field `often`"),
            (json!({"chaos": {"rates": {"meteor": 1}}}), "unknown variant `meteor`"),
            (json!({"chaos": {"rates": {"sale": 1_001}}}), r#""sale": 1001"#),
            (json!({"chaos": {"rates": {"lostReply": 600, "throttled": 500}}}), "writes adds up to 1100"),
            (json!({"chaos": {"rates": {"slowRead": 600, "throttled": 500}}}), "reads adds up to 1100"),
            (json!({"chaos": {"delayMs": [3, 2]}}), "3 is more than 2"),
            (json!({"rateLimit": {"requests": 1}}), "missing field `windowMs`"),
            (json!({"catalog": "V2"}), "unknown variant `V2`"),
        ] {
            let error = refused(&json);
            assert!(error.contains(what), "{json}: {error}");
        }
    }

    #[test]
    fn a_list_alone_is_told_where_it_belongs() {
        for json in [json!([{"kind": "dropAfterApply"}]), json!([]), json!("faults"), json!(7)] {
            let error = refused(&json);
            assert!(error.contains(r#"{"faults":[{"kind":"dropAfterApply"}]}"#), "{json}: {error}");
        }
    }

    #[test]
    fn changes_leave_the_rest() {
        let text = r#"{"behaviour":{"belowZero":"clampedToZero"},"latencyMs":5,"rateLimit":{"requests":1,"windowMs":2}}"#;
        let before = Conditions::from_json(text).unwrap();
        let change = json!({"behaviour": {"atomicity": "skipBadEntries"}, "rateLimit": null});
        let after = before.with(change.as_object().unwrap().clone()).unwrap();
        assert_eq!(after.behavior.atomicity, Atomicity::SkipBadEntries);
        assert_eq!(after.behavior.below_zero, BelowZero::ClampedToZero);
        assert_eq!((after.latency, after.rate_limit), (before.latency, None));
        let unknown = before.with(json!({"jitter": 1}).as_object().unwrap().clone()).unwrap_err();
        assert!(unknown.to_string().contains("unknown field `jitter`"));
    }
}
