//! Reading request bodies strictly: every wrong field becomes a violation of the standard 400 body.

use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::guid::Guid;
use crate::reply::Reply;

/// One wrong field (contract 6.1).
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Violation {
    field: String,
    pub(crate) description: String,
    violated_rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
}

/// The violations found so far.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    found: Vec<Violation>,
}

impl Checks {
    /// A value that is of the wrong kind, or unknown.
    pub(crate) fn wrong(&mut self, field: impl Into<String>, description: impl Into<String>) {
        let (field, description) = (field.into(), description.into());
        self.found.push(Violation { field, description, violated_rule: "INVALID_ARGUMENT", data: None });
    }

    /// A value that is of the right kind, but too large or too small.
    pub(crate) fn outside(&mut self, field: &str, min: usize, max: usize) {
        self.found.push(Violation {
            field: field.to_owned(),
            description: format!("{field} must be between {min} and {max}"),
            violated_rule: "OUT_OF_RANGE",
            data: Some(json!({"threshold": max})),
        });
    }

    /// All good, or the 400 answer.
    pub(crate) fn done(self) -> Result<(), Reply> {
        if self.found.is_empty() { Ok(()) } else { Err(Reply::invalid(&self.found)) }
    }

    /// An object with no members but these.
    pub(crate) fn object<'v>(
        &mut self,
        value: &'v Value,
        path: &str,
        members: &[&str],
    ) -> Option<&'v Map<String, Value>> {
        let Some(map) = value.as_object() else {
            self.wrong(path, format!("{} must be an object", shown(path)));
            return None;
        };
        for name in map.keys() {
            if !members.contains(&name.as_str()) {
                self.wrong(join(path, name), format!("unknown field {name}"));
            }
        }
        Some(map)
    }

    /// A whole number that is not negative; absent or wrong is `None`.
    pub(crate) fn whole(&mut self, map: &Map<String, Value>, path: &str, name: &str) -> Option<u64> {
        let number = map.get(name)?.as_u64();
        if number.is_none() {
            self.wrong(join(path, name), format!("{name} must be a whole number, not negative"));
        }
        number
    }

    /// A boolean; absent is the default.
    pub(crate) fn flag(&mut self, map: &Map<String, Value>, path: &str, name: &str, default: bool) -> bool {
        match map.get(name) {
            None => default,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.wrong(join(path, name), format!("{name} must be true or false"));
                default
            }
        }
    }

    /// A text; absent or wrong is `None`.
    pub(crate) fn text<'v>(
        &mut self,
        map: &'v Map<String, Value>,
        path: &str,
        name: &str,
    ) -> Option<&'v str> {
        let text = map.get(name)?.as_str();
        if text.is_none() {
            self.wrong(join(path, name), format!("{name} must be a string"));
        }
        text
    }

    /// A GUID that must be there.
    pub(crate) fn guid(&mut self, map: &Map<String, Value>, path: &str, name: &str) -> Option<Uuid> {
        let guid = map.get(name).and_then(Value::as_str).and_then(Guid::guid);
        if guid.is_none() {
            self.wrong(join(path, name), format!("{name} must be a GUID"));
        }
        guid
    }

    /// A list of GUIDs; absent is `None`.
    pub(crate) fn guids(&mut self, map: &Map<String, Value>, path: &str, name: &str) -> Option<Vec<Uuid>> {
        let value = map.get(name)?;
        let read = |value: &Value| value.as_str().and_then(Guid::guid);
        let list = value.as_array().and_then(|list| list.iter().map(read).collect());
        if list.is_none() {
            self.wrong(join(path, name), format!("{name} must be a list of GUIDs"));
        }
        list
    }

    /// An id that some clients repeat in the body; it must be the one of the path.
    pub(crate) fn echo(&mut self, map: &Map<String, Value>, path: &str, name: &str, expected: &str) {
        if map.get(name).is_some_and(|value| value.as_str() != Some(expected)) {
            self.wrong(join(path, name), format!("{name} differs from the id in the path"));
        }
    }
}

/// `a` and `b` become `a.b`.
pub(crate) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn shown(path: &str) -> &str {
    if path.is_empty() { "the body" } else { path }
}

/// The body as JSON, or the 400 answer.
pub(crate) fn parse(body: &[u8]) -> Result<Value, Reply> {
    serde_json::from_slice(body).map_err(|error| {
        let mut checks = Checks::default();
        checks.wrong("", format!("the body is not JSON: {error}"));
        Reply::invalid(&checks.found)
    })
}
