//! Plans: they write nothing, and an apply writes a plan's lines as far as they still hold.

use serde_json::{Value, json};
use testkit::Program;

use crate::serve::change_state;
use crate::support::{assert_levels, between, on_every_catalog, report, sync, world};

on_every_catalog! {
    a_plan_writes_nothing_and_names_every_change,
    apply_writes_the_plan_and_a_second_apply_nothing,
    a_dry_run_leaves_a_plan_too,
    lines_whose_level_moved_are_capped_or_left_out,
    each_line_that_was_left_out_is_told_with_its_reason,
    a_line_that_was_left_out_tells_nothing_of_sales_since_the_run_before,
    lines_whose_target_changed_are_left_out,
    lines_whose_listing_changed_are_left_out,
    a_plan_made_under_other_rules_is_refused,
    an_unknown_plan_is_refused,
    a_run_that_left_no_plan_is_refused,
}

async fn plan(program: &Program) -> String {
    let plan = program.run(["plan", "--json"]).await.ends(0).json();
    assert_eq!(plan["outcome"], "planned");
    assert_eq!(plan["updated_in_wix"], 0);
    plan["plan_id"].as_str().expect("the plan's id").to_owned()
}

async fn apply(program: &Program, plan: &str, code: i32) -> Value {
    report(&program.run(["apply", plan, "--json"]).await.ends(code))
}

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

/// SKU, code and reason of each line that was left out.
fn left_out(report: &Value) -> Vec<(String, String, String)> {
    let entries = report["stale"].as_array().expect("a list of lines that were left out");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    entries.iter().map(|entry| (text(&entry["sku"]), text(&entry["code"]), text(&entry["reason"]))).collect()
}

async fn apply_writes_the_plan_and_a_second_apply_nothing() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    let program = between(&shop, &warehouse);
    let _ = program.run(["plan"]).await.ends(0).says("`wixsync apply 1` writes exactly these changes");
    let _ = program.run(["run", "1"]).await.ends(0).says("`wixsync apply 1` writes exactly these changes");
    let plan = plan(&program).await;
    let report = apply(&program, &plan, 0).await;
    assert_levels(&shop, [("A", 15), ("B", 4)]);
    assert_eq!(report["outcome"], "converged");
    assert_eq!(report["updated_in_wix"], 2);
    let shown = program.run(["run", "2"]).await.ends(0).says("run 3 applied this plan");
    assert!(!shown.stdout.contains("wixsync apply"), "{}", shown.stdout);
    change_state(&program, &["UPDATE run SET created_at = created_at - 86500000"]).await;
    let _ = program.run(["run", "1"]).await.ends(0).says("older than 24 hours");
    change_state(&program, &["UPDATE run SET created_at = created_at + 86500000"]).await;
    let requests = shop.write_requests().len();

    let report = apply(&program, &plan, 0).await;
    assert_eq!(shop.write_requests().len(), requests);
    assert_eq!(report["updated_in_wix"], 0);
    assert_eq!(report["counters"]["skipped_in_apply"], 2);
    let told = left_out(&report);
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|(_, code, _)| code == "reached"), "{told:?}");
    shop.assert_written_at_most_once();
}

async fn a_dry_run_leaves_a_plan_too() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = program.run(["sync", "--dry-run", "--json"]).await.ends(0).json();
    let _ = apply(&program, plan["plan_id"].as_str().expect("an id"), 0).await;
    assert_levels(&shop, [("A", 15)]);
}

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
    assert_eq!((&report["outcome"], &report["status"]), (&json!("partial"), &json!("success")));
    let id = report["run_id"].as_str().expect("an id");
    let why = "Exit code 3: the run finished (status: success), but 3 changes were left out";
    let _ = program.run(["run", id]).await.ends(0).says(why);
    assert_eq!(report["counters"]["verified"], 2);
    assert_eq!(report["counters"]["skipped_in_apply"], 3);
    let told = left_out(&report);
    let codes: Vec<_> = told.iter().map(|(sku, code, _)| (sku.as_str(), code.as_str())).collect();
    assert_eq!(codes.len(), 3);
    for due in [("TURNED", "level_moved"), ("FARTHER", "level_moved"), ("REACHED", "reached")] {
        assert!(codes.contains(&due), "{due:?} in {codes:?}");
    }
    assert_eq!(codes[2].0, "REACHED", "what was refused stands before what is done already");
}

/// The report, `run` and `explain` say of each line why it was not sent, in the reader's language.
async fn each_line_that_was_left_out_is_told_with_its_reason() {
    let rows = [("MOVED", 10, 5), ("ASKED", 10, 15), ("DONE", 10, 12), ("LEFT", 10, 3), ("GONE", 10, 4)];
    let (shop, warehouse) = world(&rows).await;
    let program = between(&shop, &warehouse);
    let plan = plan(&program).await;
    shop.set_level("MOVED", 11);
    warehouse.set("ASKED", 14).await;
    shop.set_level("DONE", 12);
    warehouse.execute("DELETE FROM product WHERE sku = 'LEFT'").await;
    let (product, variant) = shop.live().find("GONE")[0];
    shop.live().rename_sku(product, variant, "OTHER").expect("renamed");

    let page = program.run(["apply", &plan]).await.ends(3);
    let page = page
        .says("Lines of the plan that were skipped:")
        .says("MOVED: Wix showed 10 when the plan was made and shows 11 now")
        .says("ASKED: the plan wanted 15, now the warehouse wants 14")
        .says("DONE: Wix already shows this quantity")
        .says("LEFT: now skipped: has stock rows but no row in the product table")
        .says("GONE: the SKU is now used by another product or variant, or by none");
    assert!(!page.stdout.contains("level_moved"), "{}", page.stdout);
    shop.assert_not_written();

    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    let run = runs["runs"][0]["run_id"].as_str().expect("a run").to_owned();
    let told = program.run(["run", &run, "--json"]).await.ends(0).json();
    assert_eq!(left_out(&told["result"]).len(), 5);
    let details: Vec<_> =
        told["lines"].as_array().expect("lines").iter().map(|line| &line["detail"]).collect();
    assert!(details.contains(&&Value::from("level_moved: 10 -> 11")), "{details:?}");
    let page = program.run(["run", &run, "--lang", "ru"]).await.ends(0);
    let _ = page.says("Пропущенные строки плана:").says("MOVED: при составлении плана");
    let page = program.run(["explain", "ASKED"]).await.ends(0);
    let _ = page.says("the plan wanted 15, now the warehouse wants 14");
}

/// The level in a line that was left out is the one of the plan's read, which may be older than the run before.
async fn a_line_that_was_left_out_tells_nothing_of_sales_since_the_run_before() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = plan(&program).await;
    let _ = sync(&program, 0).await;
    warehouse.set("A", 16).await;
    let _ = apply(&program, &plan, 3).await;
    let told = program.run(["explain", "A", "--json"]).await.ends(0).json();
    assert_eq!(told["history"][0]["kind"], "apply");
    assert_eq!(told["history"][0]["since_the_run_before"], Value::Null, "{told:#}");
}

async fn lines_whose_target_changed_are_left_out() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 15), ("C", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = plan(&program).await;
    warehouse.set("A", 14).await;
    warehouse.execute("DELETE FROM product WHERE sku = 'C'").await;
    let report = apply(&program, &plan, 3).await;
    assert_levels(&shop, [("A", 10), ("B", 15), ("C", 10)]);
    assert_eq!(report["counters"]["skipped_in_apply"], 2);
    let told = left_out(&report);
    let codes: Vec<_> = told.iter().map(|(sku, code, _)| (sku.as_str(), code.as_str())).collect();
    assert_eq!(codes, [("A", "target_changed"), ("C", "left_alone_now")]);
}

async fn lines_whose_listing_changed_are_left_out() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = plan(&program).await;
    let (product, variant) = shop.live().find("A")[0];
    shop.live().rename_sku(product, variant, "OTHER").expect("renamed");
    let report = apply(&program, &plan, 3).await;
    assert_levels(&shop, [("OTHER", 10), ("B", 15)]);
    assert_eq!(report["counters"]["skipped_in_apply"], 1);
    assert_eq!(left_out(&report)[0].1, "listing_changed");
}

async fn a_plan_made_under_other_rules_is_refused() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = plan(&program).await;
    let program = program.toml("sold_out = 'ignore'\n");
    let report = apply(&program, &plan, 5).await;
    shop.assert_not_written();
    assert_eq!(report["status"], "error");
}

async fn an_unknown_plan_is_refused() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let told = program.run(["apply", "no-such-plan", "--json"]).await.ends(2).json();
    assert_eq!(shop.live().total_requests(), 0);
    assert_eq!(told["status"], "error");
    assert!(told["message"].as_str().expect("a message").contains("no-such-plan"));
}

async fn a_run_that_left_no_plan_is_refused() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let run = sync(&program, 0).await["run_id"].as_str().expect("an id").to_owned();
    shop.set_level("A", 10);
    let report = apply(&program, &run, 5).await;
    assert_levels(&shop, [("A", 10)]);
    assert_eq!(report["status"], "error");
}
