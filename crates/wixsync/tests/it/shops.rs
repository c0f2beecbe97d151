//! Several shops in one configuration.
//!
//! One catalog: the rest are about names.

use testkit::{CANARY, Program, TestShop, TestWarehouse};

use crate::support::{assert_levels, between, on_every_catalog, program};

on_every_catalog! {
    only_the_named_shop_is_written,
}

struct Two {
    first: TestShop,
    second: TestShop,
    warehouse: TestWarehouse,
    program: Program,
}

async fn two() -> Two {
    let (first, second) = (TestShop::of([("A", 10)]).await, TestShop::of([("A", 20)]).await);
    let warehouse = TestWarehouse::of([("A", 15)]).await;
    let shop = |name: &str, shop: &TestShop| {
        format!(
            "[[shop]]\nname = '{name}'\napi_key_file = 'key'\nsite_id = '{}'\nbase_url = '{}'\n",
            shop.site_id(),
            shop.base_url()
        )
    };
    let toml = shop("first", &first) + &shop("second", &second);
    let program = program().warehouse(&warehouse).file("key", format!("{CANARY}\n")).toml(&toml);
    Two { first, second, warehouse, program }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_shops_one_must_be_named() {
    let two = two().await;
    let _ = two.program.run(["sync", "--json"]).await.ends(2).says("first").says("second").says("--shop");
    assert_eq!(two.first.live().total_requests() + two.second.live().total_requests(), 0);
}

async fn only_the_named_shop_is_written() {
    let two = two().await;
    let report = two.program.run(["sync", "--shop", "second", "--json"]).await.ends(0).json();
    assert_eq!(report["shop"], "second");
    assert_levels(&two.second, [("A", 15)]);
    assert_eq!(two.first.live().total_requests(), 0);
    let plan = two.program.run(["plan", "--shop", "first", "--json"]).await.ends(0).json();
    let plan = plan["plan_id"].as_str().expect("an id").to_owned();
    let report = two.program.run(["apply", &plan, "--shop", "second", "--json"]).await.ends(5).json();
    assert_eq!(report["status"], "error");
    two.first.assert_not_written();
    assert_eq!(two.second.written().len(), 1, "a plan of another shop is refused");

    let runs = two.program.run(["runs", "--shop", "first", "--json"]).await.ends(0).json();
    let runs = runs["runs"].as_array().expect("runs");
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0]["shop"], "first");
}

/// What a pause tells to type is what takes it back.
#[tokio::test(flavor = "multi_thread")]
async fn a_paused_shop_tells_the_command_that_resumes_it() {
    let two = two().await;
    let program = two.program.set("WIXSYNC_LISTEN", "127.0.0.1:0").set("WIXSYNC_SCHEDULE", "off");
    let told = program.run(["pause", "--shop", "second"]).await.ends(0).stdout;
    let startup_text = program.start(["serve"]).await.stop_and_collect().await.ends(0).stdout;
    for text in [&told, &startup_text] {
        assert!(text.contains("`wixsync resume --shop second`"), "{text}");
    }
    let _ =
        program.run(["sync", "--shop", "second"]).await.ends(5).says("`wixsync resume`").says("--shop NAME");
    let command = told.split('`').nth(1).expect("it stands between ticks");
    let _ = program.run(command.split(' ').skip(1)).await.ends(0);
    let _ = program.run(["sync", "--shop", "second"]).await.ends(0);
    assert_levels(&two.second, [("A", 15)]);

    let alone = TestShop::of([("A", 1)]).await;
    let program = between(&alone, &two.warehouse);
    let _ = program.run(["pause"]).await.ends(0).says("until `wixsync resume`\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_shop_is_told() {
    let two = two().await;
    let _ = two.program.run(["sync", "--shop", "third", "--json"]).await.ends(2).says("third").says("first");
    let _ = two.program.run(["set", "--shop", "third", "--json", "A=1"]).await.ends(2);
    two.first.assert_not_written();
    two.second.assert_not_written();
}

/// Its name stands in every log line of a shop.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_would_forge_a_log_line_is_an_error() {
    for name in [r"a\nERROR: forged", r"\u001b[31m", " ", &"n".repeat(101)] {
        let toml = format!("[[shop]]\nname = \"{name}\"\n");
        let _ = program().toml(&toml).run(["config", "check"]).await.ends(2).says("error[WX1204]");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_shops_of_one_name_are_an_error() {
    let toml = "[[shop]]\nname = 'same'\n[[shop]]\nname = 'same'\n";
    let _ = program().toml(toml).run(["config", "show", "--json"]).await.ends(2).says("same");
}
