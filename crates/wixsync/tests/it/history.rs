//! `runs` and `run`: what was done, told from the state database.

use serde_json::{Value, json};

use crate::support::{assert_levels, between, keys, on_every_catalog, sync, world};

on_every_catalog! {
    no_runs_yet,
    moments_are_shown_with_their_zone,
    runs_are_listed_newest_first_and_told_line_by_line,
    a_run_keeps_every_sku_that_was_left_alone,
    lists_fit_a_terminal_and_stay_whole_without_one,
    runs_are_listed_by_their_outcome,
    a_run_is_named_by_the_beginning_of_its_id,
}

async fn no_runs_yet() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    assert_eq!(runs, json!({"runs": []}));
    let _ = program.run(["runs"]).await.ends(0).says("No runs yet");
    let told = program.run(["run", "no-such-run", "--json"]).await.ends(2).json();
    assert_eq!(told["status"], "error");
}

async fn moments_are_shown_with_their_zone() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse).set("TZ", "XXX-9:30");
    let _ = sync(&program, 0).await;
    let _ = program.run(["runs"]).await.ends(0).says(" +09:30 ");
}

async fn runs_are_listed_newest_first_and_told_line_by_line() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4), ("C", 10, 10)]).await;
    let program = between(&shop, &warehouse);
    let plan = program.run(["plan", "--json"]).await.ends(0).json();
    let first = sync(&program, 0).await;
    let _ = program.run(["set", "C=11", "--json"]).await.ends(0);
    let broken = between(&shop, &warehouse)
        .set("WIXSYNC_STATE_URL", format!("sqlite://{}", program.path("state.db").display()))
        .set("WIXSYNC_WAREHOUSE_URL", "sqlite:///no/such/file");
    let failed = sync(&broken, 5).await;
    assert_levels(&shop, [("A", 15), ("B", 4), ("C", 11)]);

    let runs = program.run(["runs", "--json"]).await.ends(0).json();
    let told: Vec<_> = runs["runs"]
        .as_array()
        .expect("runs")
        .iter()
        .map(|run| {
            [&run["kind"], &run["status"], &run["result"]["outcome"]].map(|text| text.as_str().unwrap_or("-"))
        })
        .collect();
    let due = [
        ["sync", "FAILURE", "failed"],
        ["set", "SUCCESS", "converged"],
        ["sync", "SUCCESS", "converged"],
        ["plan", "SUCCESS", "planned"],
    ];
    assert_eq!(told, due);
    assert!(
        runs["runs"].as_array().expect("runs").iter().all(|run| run["ready"] == true && run["attempt"] == 1)
    );
    assert_eq!(runs["runs"][0]["run_id"], failed["run_id"]);
    assert_eq!(runs["runs"][3]["run_id"], plan["run_id"]);
    let two = program.run(["runs", "--limit", "2", "--json"]).await.ends(0).json();
    assert_eq!(two["runs"].as_array().map(Vec::len), Some(2));
    assert_eq!(two["runs"][0]["run_id"], failed["run_id"]);

    let id = first["run_id"].as_str().expect("an id");
    let run = program.run(["run", id, "--json"]).await.ends(0).json();
    assert_eq!(run["result"]["counters"], first["counters"]);
    assert_eq!(run["result"]["details"], first["details"]);
    let mut lines: Vec<_> = run["lines"].as_array().expect("lines").iter().map(line).collect();
    lines.sort_by_key(|line| line[0].to_string());
    let due = [
        [json!("A"), json!(10), json!(15), json!(5), json!("verified"), json!(15)],
        [json!("B"), json!(10), json!(4), json!(-6), json!("verified"), json!(4)],
    ];
    assert_eq!(lines, due);

    let text = program.run(["runs"]).await.ends(0).stdout;
    assert!(text.contains(id), "{text}");
    let text = program.run(["run", id]).await.ends(0).stdout;
    for word in [id, "A", "B", "verified"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    let failed = failed["run_id"].as_str().expect("an id");
    let _ = program.run(["run", failed]).await.ends(0).says("There is no warehouse database at");
}

fn line(line: &Value) -> [Value; 6] {
    ["sku", "level", "target", "delta", "state", "level_after"].map(|key| line[key].clone())
}

async fn a_run_keeps_every_sku_that_was_left_alone() {
    let skus: Vec<String> = (0..1_200).map(|n| format!("ONLY-HERE-{n}")).collect();
    let shop = testkit::TestShop::of([("A", 10)]).await;
    let warehouse = testkit::TestWarehouse::of(skus.iter().map(|sku| (sku.as_str(), 1))).await;
    warehouse.add("main", [("A", 12)]).await;
    let program = between(&shop, &warehouse);
    let report = sync(&program, 0).await;
    assert_eq!(report["skipped_total"], 1_200);
    assert_eq!(report["skipped"].as_array().map(Vec::len), Some(1_000), "the first 1,000");
    assert_eq!(keys(&report["skipped"][0]), ["sku", "reason"]);
    let id = report["run_id"].as_str().expect("an id");
    let run = program.run(["run", id, "--json"]).await.ends(0).json();
    assert_eq!(run["skipped"].as_array().map(Vec::len), Some(1_200), "all of them");
}

/// The list and the settings fit a terminal of 80 columns; where none is, a row is a line, with the whole id.
async fn lists_fit_a_terminal_and_stay_whole_without_one() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = || between(&shop, &warehouse).toml("time_zone = \"Europe/Moscow\"");
    let one = program();
    for _ in 0..3 {
        let _ = sync(&one, 0).await;
    }
    let _ = one.run(["plan"]).await.ends(0);
    let _ = one.run(["sync", "--dry-run"]).await.ends(0);
    let _ = one.run(["token", "create", "till", "--days", "30"]).await.ends(0);
    let listed = one.run(["runs", "--json"]).await.ends(0).json();
    let ids: Vec<&str> =
        listed["runs"].as_array().expect("runs").iter().filter_map(|run| run["run_id"].as_str()).collect();
    let numbers: Vec<u64> =
        listed["runs"].as_array().expect("runs").iter().filter_map(|run| run["number"].as_u64()).collect();
    for lang in ["en", "ru"] {
        let mut program = program().set("WIXSYNC_LANG", lang);
        program = program.set("WIXSYNC_STATE_URL", format!("sqlite://{}", one.path("state.db").display()));
        for words in [["runs"].as_slice(), &["config", "show"], &["token", "list"]] {
            let seen = program.run_at_terminal(words).await.ends(0);
            for line in seen.stdout.lines() {
                assert!(line.chars().count() <= 80, "{words:?}: {line:?}\n{}", seen.stdout);
            }
        }
        let seen = program.run_at_terminal(["runs"]).await;
        for number in &numbers {
            let is_told = seen.stdout.lines().any(|line| line.trim().starts_with(&format!("{number} ")));
            assert!(is_told, "{number} is not told:\n{}", seen.stdout);
        }
        let whole = match lang {
            "en" => ["done/planned", "sync", "dry run", " planned ", "up to date"],
            _ => ["факт/план", "синхронизация", "пробный запуск", "план готов", "актуален"],
        };
        for words in whole {
            assert!(seen.stdout.contains(words), "{words} is not there in one piece:\n{}", seen.stdout);
        }
        assert!(seen.stdout.lines().count() <= 1 + 2 * numbers.len(), "{}", seen.stdout);
        let tokens = program.run_at_terminal(["token", "list"]).await;
        assert_eq!(tokens.stdout.lines().count(), 2, "{}", tokens.stdout);
        let piped = program.run(["runs"]).await.ends(0);
        assert_eq!(piped.stdout.lines().count(), 1 + numbers.len(), "{}", piped.stdout);
        for (line, id) in piped.stdout.lines().skip(1).zip(&ids) {
            assert!(line.contains(id), "{line}");
        }
        let piped = program.run(["config", "show"]).await.ends(0);
        let rows = program.run(["config", "show", "--json"]).await.ends(0).json();
        let rows = rows["settings"].as_array().expect("settings").len();
        assert_eq!(piped.stdout.lines().count(), 1 + rows, "{}", piped.stdout);
    }
}

/// A user who looks for failed runs need not page through the good ones.
async fn runs_are_listed_by_their_outcome() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let _ = sync(&program, 0).await;
    warehouse.execute("ALTER TABLE stock RENAME TO kept").await;
    let _ = program.run(["sync"]).await.ends(5);
    let listed = async |outcome| {
        let told = program.run(["runs", "--outcome", outcome, "--json"]).await.ends(0).json();
        let runs = told["runs"].as_array().expect("runs").clone();
        runs.iter().map(|run| run["result"]["outcome"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed("failed").await, ["failed"]);
    assert_eq!(listed("converged").await, ["converged"]);
    assert_eq!(listed("partial").await, Vec::<Value>::new());
    let _ = program.run(["runs", "--outcome", "bad"]).await.ends(2);
}

/// An id may be cut short as long as it is clear which run is meant.
async fn a_run_is_named_by_the_beginning_of_its_id() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = between(&shop, &warehouse);
    let plan = program.run(["plan", "--json"]).await.ends(0).json();
    let plan = plan["run_id"].as_str().expect("an id").to_owned();
    let other = program.run(["plan", "--json"]).await.ends(0).json();
    let other = other["run_id"].as_str().expect("an id").to_owned();
    let alike = plan.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let (common, telling) = (&plan[..alike], &plan[..=alike]);

    let told = program.run(["run", telling, "--json"]).await.ends(0).json();
    assert_eq!(told["run_id"], plan);
    let told = program.run(["run", &telling.to_uppercase(), "--json"]).await.ends(0).json();
    assert_eq!(told["run_id"], plan);
    for words in [["run", common], ["apply", common]] {
        let told = program.run(words).await.ends(2);
        let _ = told.says("error[WX5009]").says(&plan).says(&other).says("hint: ");
    }
    // Too little to be meant, whether or not it is clear.
    let _ = program.run(["apply", &plan[..3]]).await.ends(2).says("error[WX5006]");
    let _ = program.run(["run", "zzzz"]).await.ends(2).says("error[WX5006]");
    let _ = program.run(["run", &format!("{plan}0")]).await.ends(2).says("error[WX5006]");
    assert_levels(&shop, [("A", 10)]);
    let _ = program.run(["apply", telling]).await.ends(0);
    assert_levels(&shop, [("A", 15)]);
}
