//! `config example` and `config check`.
//!
//! One catalog: settings know no catalog.

use std::path::Path;

use serde_json::{Value, json};
use testkit::{Program, TestWarehouse};

use crate::support::{between, program, world};

/// The example at the project's root is what the program prints.
#[tokio::test(flavor = "multi_thread")]
async fn the_example_at_the_projects_root_is_the_programs_own() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wixsync.example.toml");
    let kept = std::fs::read_to_string(kept).expect("the example is there");
    let printed = program().run(["config", "example", "--lang", "en"]).await.ends(0);
    assert_eq!(printed.stdout, kept, "wixsync config example --lang en > wixsync.example.toml");
    let russian = program().run(["config", "example", "--lang", "ru"]).await.ends(0);
    let settings =
        |text: &str| text.lines().filter(|line| line.contains(" = ")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(settings(&russian.stdout), settings(&kept));
    // A file that is wrong, or a variable, does not keep it from being printed.
    let _ = program().toml("nonsense").run(["config", "example"]).await.ends(0);
}

/// The example is a configuration as it stands.
#[tokio::test(flavor = "multi_thread")]
async fn the_example_is_a_configuration() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let text = program().run(["config", "example"]).await.ends(0).stdout;
    let program = between(&shop, &warehouse).toml(&text);
    let told = checked(&program, 0).await;
    assert_eq!(
        (&told["status"], &told["problems"], &told["remarks"]),
        (&json!("ok"), &json!([]), &json!([]))
    );
    let _ = program.run(["sync"]).await.ends(0);
}

async fn checked(program: &Program, code: i32) -> Value {
    program.run(["config", "check", "--json"]).await.ends(code).json()
}

fn messages(told: &Value) -> Vec<&str> {
    told.as_array().expect("a list").iter().map(|one| one["message"].as_str().expect("a message")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_a_run_from_starting_is_told_all_at_once() {
    let program = program();
    let told = checked(&program, 2).await;
    let found = messages(&told["problems"]);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("No warehouse database") && found[1].contains("WIX_API_KEY"), "{found:?}");
    let _ = program.run(["config", "check"]).await.ends(2).says("set WIXSYNC_WAREHOUSE_URL");
    let bad = program.toml("sold_out = \"perhaps\"\n");
    let _ = bad.run(["config", "check"]).await.ends(2).says("sold_out cannot be \"perhaps\"");
}

/// No server is asked: a shop that does not exist is no error of the settings.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_worth_a_look_is_told_and_is_no_failure() {
    let warehouse = TestWarehouse::new().await;
    let toml = "[[shop]]\nname = \"a\"\nsite_id = \"s\"\napi_key_file = \"key\"\n";
    let program = program().file("key", "IST.some-key\n").toml(toml);
    let key = program.path("key");
    set_mode(&key, 0o644);
    let told = checked(&program, 0).await;
    let found = messages(&told["remarks"]);
    assert!(found[0].contains("warehouse.db does not exist yet"), "{found:?}");
    assert!(found[1].contains("can read") && found[1].contains("key"), "{found:?}");
    let program = program.warehouse(&warehouse);
    set_mode(&key, 0o600);
    assert_eq!(checked(&program, 0).await["remarks"], json!([]));
    let _ = program.run(["config", "check", "--lang", "ru"]).await.ends(0).says("настройки верны");
}

pub(crate) fn set_mode(file: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).expect("the mode is set");
}
