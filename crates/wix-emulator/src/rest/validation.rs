//! Strict checks of request bodies: each wrong field becomes a violation in the standard 400 answer.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::reply::Reply;
use crate::catalog::Guid;

/// One wrong field (Wix: Errors).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Violation {
    field: String,
    description: String,
    violated_rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
}

/// The checks of one request: the violations that were found so far.
#[derive(Debug, Default)]
pub(crate) struct Validation {
    violations: Vec<Violation>,
}

impl Validation {
    /// Records a field that is unknown or has a wrong value.
    pub(crate) fn invalid(&mut self, field: impl Into<String>, description: impl Into<String>) {
        let (field, description) = (field.into(), description.into());
        self.violations.push(Violation {
            field,
            description,
            violated_rule: "INVALID_ARGUMENT",
            rule_name: None,
            data: None,
        });
    }

    /// Records a number that is too large or too small.
    pub(crate) fn out_of_range(&mut self, field: &str, min: usize, max: usize) {
        self.violations.push(Violation {
            field: field.to_owned(),
            description: format!("{field} must be between {min} and {max}"),
            violated_rule: "OUT_OF_RANGE",
            rule_name: None,
            data: Some(json!({"threshold": max})),
        });
    }

    /// Records a number or a list that is too large (Wix: Errors; `MAX` with its threshold is an official example).
    pub(crate) fn above_max(&mut self, field: &str, max: usize) {
        self.breaks("MAX", field, format!("{field} must not be greater than {max}"), Some(max));
    }

    /// Records a number or a list that is too small.
    pub(crate) fn below_min(&mut self, field: &str, min: usize) {
        self.breaks("MIN", field, format!("{field} must not be less than {min}"), Some(min));
    }

    /// Records a list with too many members, or none (Wix: Errors; `MIN_SIZE` was seen live).
    pub(crate) fn size(&mut self, field: &str, size: usize, max: usize) {
        if size == 0 {
            self.breaks("MIN_SIZE", field, format!("{field} must not be empty"), Some(1));
        } else if size > max {
            self.breaks(
                "MAX_SIZE",
                field,
                format!("{field} has {size} items, at most {max} are allowed"),
                Some(max),
            );
        }
    }

    /// Records a field that must not be absent (Wix: Errors; `REQUIRED_FIELD` was seen live).
    pub(crate) fn missing(&mut self, field: impl Into<String>, name: &str) {
        let field = field.into();
        self.breaks("REQUIRED_FIELD", &field, format!("{name} must not be empty"), None);
    }

    fn breaks(&mut self, rule: &'static str, field: &str, description: String, threshold: Option<usize>) {
        let data = threshold.map(|threshold| json!({"threshold": threshold}));
        let field = field.to_owned();
        self.violations.push(Violation { field, description, violated_rule: rule, rule_name: None, data });
    }

    /// Records a field that breaks a rule with a name of its own (Wix: Errors; `CUSTOM` and `ruleName`).
    pub(crate) fn custom(&mut self, field: &str, rule_name: &'static str, description: &str) {
        self.breaks("CUSTOM", field, description.to_owned(), None);
        if let Some(violation) = self.violations.last_mut() {
            violation.rule_name = Some(rule_name);
        }
    }

    /// Ends the checks: the 400 answer where a violation was found.
    pub(crate) fn finish(self) -> Result<(), Reply> {
        if self.violations.is_empty() { Ok(()) } else { Err(self.refusal()) }
    }

    /// The 400 answer: its message is the first violation.
    fn refusal(&self) -> Reply {
        let message = self.violations.first().map_or("invalid request", |first| first.description.as_str());
        let error = json!({"fieldViolations": self.violations});
        let body = json!({"message": message, "details": {"validationError": error}});
        let mut reply = Reply::json(StatusCode::BAD_REQUEST, &body);
        let told = |violation: &Violation| format!("{}: {}", violation.field, violation.description);
        reply.violations = self.violations.iter().map(told).collect();
        reply
    }

    /// Reads an object that has no other members than these.
    pub(crate) fn object<'v>(
        &mut self,
        value: &'v Value,
        path: &str,
        members: &[&str],
    ) -> Option<&'v Map<String, Value>> {
        let Some(map) = value.as_object() else {
            self.invalid(path, format!("{} must be an object", shown(path)));
            return None;
        };
        for name in map.keys() {
            if !members.contains(&name.as_str()) {
                self.invalid(join(path, name), format!("unknown field {name}"));
            }
        }
        Some(map)
    }

    /// Reads a whole number from 0; `None` when it is absent or wrong.
    pub(crate) fn unsigned(&mut self, map: &Map<String, Value>, path: &str, name: &str) -> Option<u64> {
        let number = map.get(name)?.as_u64();
        if number.is_none() {
            self.invalid(join(path, name), format!("{name} must be a whole number, not negative"));
        }
        number
    }

    /// Reads a boolean; the default when it is absent or wrong.
    pub(crate) fn flag(&mut self, map: &Map<String, Value>, path: &str, name: &str, default: bool) -> bool {
        match map.get(name) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.invalid(join(path, name), format!("{name} must be true or false"));
                default
            }
        }
    }

    /// Reads a text; `None` when it is absent or wrong.
    pub(crate) fn text<'v>(
        &mut self,
        map: &'v Map<String, Value>,
        path: &str,
        name: &str,
    ) -> Option<&'v str> {
        let text = map.get(name)?.as_str();
        if text.is_none() {
            self.invalid(join(path, name), format!("{name} must be a string"));
        }
        text
    }

    /// Reads a GUID that must not be absent.
    pub(crate) fn guid(&mut self, map: &Map<String, Value>, path: &str, name: &str) -> Option<Uuid> {
        let guid = map.get(name).and_then(Value::as_str).and_then(Guid::guid);
        if guid.is_none() {
            self.invalid(join(path, name), format!("{name} must be a GUID"));
        }
        guid
    }

    /// Reads a list of GUIDs; `None` when it is absent or wrong.
    pub(crate) fn guids(&mut self, map: &Map<String, Value>, path: &str, name: &str) -> Option<Vec<Uuid>> {
        let value = map.get(name)?;
        let read = |value: &Value| value.as_str().and_then(Guid::guid);
        let list = value.as_array().and_then(|list| list.iter().map(read).collect());
        if list.is_none() {
            self.invalid(join(path, name), format!("{name} must be a list of GUIDs"));
        }
        list
    }

    /// Checks an id that some clients repeat in the body; it must be the id in the path.
    pub(crate) fn same_id(&mut self, map: &Map<String, Value>, path: &str, name: &str, expected: &str) {
        if map.get(name).is_some_and(|value| value.as_str() != Some(expected)) {
            self.invalid(join(path, name), format!("{name} differs from the id in the path"));
        }
    }
}

/// Joins `a` and `b` to `a.b`.
pub(crate) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn shown(path: &str) -> &str {
    if path.is_empty() { "the body" } else { path }
}

/// Reads the body as JSON; the 400 answer where it is not.
pub(crate) fn parse_body(body: &[u8]) -> Result<Value, Reply> {
    serde_json::from_slice(body).map_err(|error| {
        let mut validation = Validation::default();
        validation.invalid("", format!("the body is not JSON: {error}"));
        validation.refusal()
    })
}
