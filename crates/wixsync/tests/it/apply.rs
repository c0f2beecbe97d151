//! Plans: they write nothing, and an apply writes a plan's lines as far as they still hold.

use serde_json::Value;
use testkit::Program;

use crate::support::{assert_levels, between, report, sync, world};

async fn plan(program: &Program) -> String {
    let plan = program.run(["plan", "--json"]).await.ends(0).json();
    assert_eq!(plan["outcome"], "planned");
    assert_eq!(plan["updated_in_wix"], 0);
    plan["plan_id"].as_str().expect("the plan's id").to_owned()
}

async fn apply(program: &Program, plan: &str, code: i32) -> Value {
    report(&program.run(["apply", plan, "--json"]).await.ends(code))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_writes_nothing_and_names_every_change() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4), ("C", 10, 10)]).await;
    let program = between(&shop, &warehouse);
    let plan = program.run(["plan", "--json"]).await.ends(0).json();
    shop.assert_not_written();
    let mut changes: Vec<_> = plan["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| (change["sku"].clone(), change["level"].clone(), change["target"].clone()))
        .collect();
    changes.sort_by_key(|(sku, ..)| sku.to_string());
    assert_eq!(changes, [("A".into(), 10.into(), 15.into()), ("B".into(), 10.into(), 4.into())]);
    let text = program.run(["plan"]).await.ends(0).says("10 -> 15").says("10 -> 4").stdout;
    assert!(text.contains("wixsync apply"), "{text}");
    shop.assert_not_written();
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_writes_the_plan_and_a_second_apply_nothing() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    let program = between(&shop, &warehouse);
    let plan = plan(&program).await;
    let report = apply(&program, &plan, 0).await;
    assert_levels(&shop, [("A", 15), ("B", 4)]);
    assert_eq!(report["outcome"], "converged");
    assert_eq!(report["updated_in_wix"], 2);
    let requests = shop.write_requests().len();

    let report = apply(&program, &plan, 0).await;
    assert_eq!(shop.write_requests().len(), requests);
    assert_eq!(report["updated_in_wix"], 0);
    assert_eq!(report["counters"]["skipped_in_apply"], 2);
    shop.assert_written_at_most_once();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_leaves_a_plan_too() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = program.run(["sync", "--dry-run", "--json"]).await.ends(0).json();
    let _ = apply(&program, plan["plan_id"].as_str().expect("an id"), 0).await;
    assert_levels(&shop, [("A", 15)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_whose_level_moved_are_capped_or_left_out() {
    let rows =
        [("NEARER", 10, 15), ("TURNED", 10, 5), ("FARTHER", 10, 20), ("REACHED", 10, 12), ("SAME", 10, 9)];
    let (shop, warehouse) = world(&rows).await;
    let program = between(&shop, &warehouse);
    let plan = plan(&program).await;
    for (sku, level) in [("NEARER", 12), ("TURNED", 3), ("FARTHER", 5), ("REACHED", 12)] {
        shop.set_level(sku, level);
    }

    let report = apply(&program, &plan, 3).await;

    let due = [("NEARER", 15), ("TURNED", 3), ("FARTHER", 5), ("REACHED", 12), ("SAME", 9)];
    assert_levels(&shop, due);
    assert_eq!(shop.written_to("NEARER"), [(12, 15)], "the fresh delta is sent");
    assert_eq!(shop.written().len(), 2);
    assert_eq!(report["outcome"], "partial");
    assert_eq!(report["counters"]["verified"], 2);
    assert_eq!(report["counters"]["skipped_in_apply"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_whose_target_changed_are_left_out() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 15), ("C", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = plan(&program).await;
    warehouse.set("A", 14).await;
    warehouse.execute("DELETE FROM product WHERE sku = 'C'").await;
    let report = apply(&program, &plan, 3).await;
    assert_levels(&shop, [("A", 10), ("B", 15), ("C", 10)]);
    assert_eq!(report["counters"]["skipped_in_apply"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_whose_listing_changed_are_left_out() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = plan(&program).await;
    let (product, variant) = shop.live().find("A")[0];
    shop.live().rename_sku(product, variant, "OTHER").expect("renamed");
    let report = apply(&program, &plan, 3).await;
    assert_levels(&shop, [("OTHER", 10), ("B", 15)]);
    assert_eq!(report["counters"]["skipped_in_apply"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_made_under_other_rules_is_refused() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = plan(&program).await;
    let program = program.toml("sold_out = 'ignore'\n");
    let report = apply(&program, &plan, 5).await;
    shop.assert_not_written();
    assert_eq!(report["status"], "error");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_plan_is_refused() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let told = program.run(["apply", "no-such-plan", "--json"]).await.ends(2).json();
    assert_eq!(shop.live().total_requests(), 0);
    assert_eq!(told["status"], "error");
    assert!(told["message"].as_str().expect("a message").contains("no-such-plan"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_left_no_plan_is_refused() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let run = sync(&program, 0).await["run_id"].as_str().expect("an id").to_owned();
    shop.set_level("A", 10);
    let report = apply(&program, &run, 5).await;
    assert_levels(&shop, [("A", 10)]);
    assert_eq!(report["status"], "error");
}
