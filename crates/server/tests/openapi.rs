//! The OpenAPI document as a whole: a change of the API shows here, and is looked at.

#[test]
fn the_openapi_document_is_as_it_was() {
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_json_snapshot!("openapi", server::openapi());
    });
}
