//! A client in TypeScript whose types are generated from the OpenAPI document. It compiles, so that the document says of
//! each answer what a program needs. `cargo xtask test` installs the generator and the compiler.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests: what is not there fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The client, whose types stand in `./api`.
const CONSUMER: &str = include_str!("client/consumer.ts");

/// Runs a program of `target/node` in `folder`.
fn run(folder: &Path, program: &str, args: &[&str]) -> Output {
    let programs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/node/node_modules/.bin");
    Command::new(programs.join(program))
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("{program}, which `cargo xtask test` installs: {error}"))
}

/// A folder with the types, generated anew.
fn generated() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("api-client");
    fs::create_dir_all(&folder).expect("a folder");
    let document = serde_json::to_vec(&server::openapi()).expect("the document is JSON");
    fs::write(folder.join("openapi.json"), document).expect("a file");
    let ended = run(&folder, "openapi-typescript", &["openapi.json", "--output", "api.d.ts"]);
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    folder
}

/// What the compiler says of a client; `None` where it compiles.
fn wrong(folder: &Path, name: &str, client: &str) -> Option<String> {
    fs::write(folder.join(name), client).expect("a file");
    let ended =
        run(folder, "tsc", &["--noEmit", "--strict", "--skipDefaultLibCheck", "--target", "es2022", name]);
    (!ended.status.success()).then(|| String::from_utf8_lossy(&ended.stdout).into_owned())
}

#[test]
fn a_generated_client_compiles_and_one_that_asks_for_a_wrong_field_does_not() {
    let folder = generated();
    assert_eq!(wrong(&folder, "consumer.ts", CONSUMER), None);
    let mistaken = CONSUMER.replacen("result.updated_in_wix", "result.updated", 1);
    let mistaken = mistaken.replacen("\"suspect\"", "\"suspicious\"", 1);
    let told = wrong(&folder, "mistaken.ts", &mistaken).expect("mistakes are found");
    let found: Vec<&str> = told.lines().filter(|line| line.starts_with("mistaken.ts(")).collect();
    assert!(found.len() == 2 && told.contains("'updated'") && told.contains("'\"suspicious\"'"), "{told}");
}
