//! The OpenAPI document as a whole: a change of the API shows here, and is looked at; and each answer has its schema.

#![expect(clippy::expect_used, reason = "helpers of tests: what is not there fails the test")]

use serde_json::{Value, json};

#[test]
fn the_openapi_document_is_as_it_was() {
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_json_snapshot!("openapi", server::openapi());
    });
}

/// Every answer of every operation without a schema that says what it holds.
fn undescribed(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            for (status, answer) in operation["responses"].as_object().expect("answers") {
                let content = answer["content"].as_object();
                let told = content.is_some_and(|content| {
                    !content.is_empty()
                        && content.values().all(|media| says_what(document, &media["schema"], 0))
                });
                if !told {
                    found.push(format!("{method} {path}: {status}"));
                }
            }
        }
    }
    found
}

/// Deeper than any answer; below it stands a type that holds itself.
const DEPTH: usize = 32;

/// Whether a schema, and each that it names, tells the fields of its objects.
fn says_what(document: &Value, schema: &Value, depth: usize) -> bool {
    if depth > DEPTH {
        return true;
    }
    let deeper = |schema: &Value| says_what(document, schema, depth + 1);
    if let Some(name) = schema["$ref"].as_str() {
        return document.pointer(name.trim_start_matches('#')).is_some_and(deeper);
    }
    for several in ["oneOf", "allOf", "anyOf"] {
        if let Some(parts) = schema[several].as_array() {
            return !parts.is_empty() && parts.iter().all(deeper);
        }
    }
    let is = |name: &str| {
        schema["type"] == name || schema["type"].as_array().is_some_and(|types| types.contains(&json!(name)))
    };
    if is("array") {
        return deeper(&schema["items"]);
    }
    if is("object") {
        let fields = schema["properties"].as_object();
        let told = fields.is_some_and(|fields| !fields.is_empty() && fields.values().all(deeper));
        return told || schema["additionalProperties"].is_object();
    }
    ["string", "integer", "number", "boolean", "null"].iter().any(|name| is(name))
}

#[test]
fn every_answer_of_every_route_has_a_schema() {
    let document = serde_json::to_value(server::openapi()).expect("the document is JSON");
    assert_eq!(undescribed(&document), Vec::<String>::new());
}

/// The rule above finds what breaks it: an object without fields, at the top or deep below, and no schema at all.
#[test]
fn an_answer_without_a_schema_is_found() {
    let document = serde_json::to_value(server::openapi()).expect("the document is JSON");
    let with = |pointer: &str, value: Value| {
        let mut broken = document.clone();
        *broken.pointer_mut(pointer).expect("the document has it") = value;
        undescribed(&broken)
    };
    let run = "/paths/~1api~1v1~1runs~1{run_id}/get/responses/200";
    assert_eq!(with(&format!("{run}/content"), json!({})), ["get /api/v1/runs/{run_id}: 200"]);
    let schema = format!("{run}/content/application~1json/schema");
    assert_eq!(with(&schema, json!({"type": "object"})), ["get /api/v1/runs/{run_id}: 200"]);
    let deep = with("/components/schemas/Counters", json!({"type": "object"}));
    assert!(deep.contains(&"get /warehouse/sync-wix/status/{task_id}: 200".to_owned()), "{deep:?}");
}

/// Whether a field of this name holds a moment.
fn is_moment(name: &str) -> bool {
    // `moved_since` counts changes that moved since they were written.
    let is_count = name == "moved_since";
    let by_end = ["_at", "_since", "_until", "_slot"].iter().any(|end| name.ends_with(end));
    !is_count && (by_end || ["at", "from", "to", "since", "until"].contains(&name))
}

/// Every field of every schema, with the schema's name.
fn fields(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).expect("schemas");
    for (schema, value) in schemas {
        for (name, field) in value["properties"].as_object().into_iter().flatten() {
            found.push((schema.clone(), name.clone(), field.clone()));
        }
    }
    found
}

/// The schema that a field names, also where the field may be `null`.
fn named(field: &Value) -> Option<&str> {
    let mut parts = field["oneOf"].as_array().into_iter().flatten();
    field["$ref"].as_str().or_else(|| parts.find_map(|part| part["$ref"].as_str()))
}

/// Each moment has the one type that writes it in RFC 3339 and UTC, and only moments have it.
#[test]
fn every_moment_is_an_rfc_3339_time_in_utc() {
    let document = serde_json::to_value(server::openapi()).expect("the document is JSON");
    let time = &document["components"]["schemas"]["UtcTime"];
    assert_eq!((&time["type"], &time["format"]), (&json!("string"), &json!("date-time")));
    let of_time = "#/components/schemas/UtcTime";
    let fields = fields(&document);
    let wrong: Vec<_> =
        fields.iter().filter(|(_, name, field)| is_moment(name) != (named(field) == Some(of_time))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(fields.iter().filter(|(_, name, _)| is_moment(name)).count() > 10, "there are moments");
}
