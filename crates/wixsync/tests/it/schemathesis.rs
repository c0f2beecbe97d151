//! The API against its own description: everything that it allows, and much that it does not.
//!
//! One catalog: it asks the API for its shapes, and `described.rs` compares those of each catalog.

use std::path::Path;

use tokio::process::Command;

use crate::service::{serve, served};
use crate::support::{between, world};

/// What an answer must not be: a failure of the server, or anything that the description does not name.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_answered_with_what_the_description_does_not_name() {
    let (shop, warehouse) = world(&[("A", 10, 12), ("B", 10, 3), ("C", 0, 1)]).await;
    let served = served(between(&shop, &warehouse));
    let service = serve(&served).await;
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/python/bin/schemathesis");
    let ended = Command::new(program)
        .arg("run")
        .arg(format!("{}/openapi.json", service.url))
        .args(["--header", &format!("Authorization: Bearer {}", service.token)])
        .args(["--checks", CHECKS, "--max-examples", "10", "--seed", "1", "--no-color"])
        // It keeps what it has found where it runs.
        .current_dir(served.home())
        .kill_on_drop(true)
        .output()
        .await
        .expect("schemathesis, which `cargo xtask test` installs");
    let told = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{told}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(told.contains("Selected: 25/25"), "every operation is asked: {told}");
    assert_eq!(service.running.stop().await, Some(0));
}
