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
