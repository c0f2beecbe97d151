//! Saved options, and lists that come by themselves.
//!
//! One catalog: an import knows no catalog.

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, Response};
use axum::routing::get;
use testkit::TestWarehouse;
use tokio::net::TcpListener;

use super::row;
use crate::support::program;

/// Waits until a file is there.
async fn until_there(file: &Path) {
    let looked = async {
        while !file.exists() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), looked)
        .await
        .unwrap_or_else(|_| panic!("no {}", file.display()));
}

/// What a profile keeps is used by its name, and what is typed beside it wins.
#[tokio::test(flavor = "multi_thread")]
async fn options_are_saved_and_used_by_name() {
    let warehouse = TestWarehouse::new().await;
    let list = "Код;Название;Юг;Север\nA;x;5 шт;1\nB;y;есть;2\n";
    let program = program().warehouse(&warehouse).file("list", list).toml("# ours\nsettle = \"1s\"\n");
    let options =
        ["--column", "sku=Код", "--column", "quantity=Юг", "--strip-units", "--quantity-words", "есть=7"];
    let words = ["import", "list", "--save-profile", "юг"].into_iter().chain(options);
    let saved = program.run(words).await.ends(0);
    let _ = saved.says("wixsync import FILE --profile юг");
    assert_eq!(warehouse.rows().await, [row("A", "main", "5"), row("B", "main", "7")]);
    let toml = std::fs::read_to_string(program.path("wixsync.toml")).unwrap();
    assert!(
        toml.starts_with("# ours\n") && toml.contains("column = [\"sku=Код\", \"quantity=Юг\"]"),
        "{toml}"
    );

    let again = program.run(["import", "list", "--profile", "юг", "--json"]).await.ends(0).json();
    assert_eq!(again["unchanged"], 2, "{again:#}");
    let north = ["import", "list", "--profile", "юг", "--column", "sku=A", "--column", "quantity=D"];
    let _ = program.run(north).await.ends(0);
    assert_eq!(warehouse.rows().await, [row("A", "main", "1"), row("B", "main", "2")]);
    let unknown = program.run(["import", "list", "--profile", "юк"]).await.ends(2);
    let _ = unknown.says("WX6128").says("юг");
}

/// Without a configuration file one is made, and the state database stays where it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_first_profile_moves_no_state_database() {
    let warehouse = TestWarehouse::new().await;
    let program = program().warehouse(&warehouse).file("list", "sku;qty\nA;5\n");
    let state = |shown: &serde_json::Value| {
        let settings = shown["settings"].as_array().unwrap();
        settings.iter().find(|row| row["name"] == "state_url").unwrap()["value"].clone()
    };
    let before = program.run(["config", "show", "--json"]).await.ends(0).json();
    let _ = program.run(["import", "list", "--save-profile", "main"]).await.ends(0);
    let after = program.run(["config", "show", "--json"]).await.ends(0).json();
    assert_eq!(state(&before), state(&after));
    let _ = program.run(["import", "list", "--profile", "main"]).await.ends(0);
}

/// The service takes whole files of a folder and a list at an address; what it refuses stands aside with the reason.
#[tokio::test(flavor = "multi_thread")]
async fn the_service_takes_new_files_and_lists_at_an_address() {
    let list = async |headers: HeaderMap| {
        let is_known = headers.get("if-none-match").is_some_and(|mark| mark == "\"1\"");
        let response = Response::builder().status(if is_known { 304 } else { 200 }).header("etag", "\"1\"");
        response.body(if is_known { "" } else { "sku;qty\nWEB;9\n" }.to_owned()).unwrap()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/stock.csv", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/stock.csv", get(list))).await });

    let shop = testkit::TestShop::of([("A", 1)]).await;
    let warehouse = TestWarehouse::new().await;
    let toml = format!(
        "listen = \"127.0.0.1:0\"\nschedule = \"off\"\n[import.main]\ncolumn = [\"sku=Код\"]\nwarehouse = \"main\"\n\
         watch = \"lists/*.csv\"\n[import.web]\nurl = \"{url}\"\nwarehouse = \"web\"\nmerge = true\n"
    );
    let program = crate::support::between(&shop, &warehouse).toml(&toml);
    let lists = program.path("lists");
    std::fs::create_dir(&lists).unwrap();
    let service = program.start(["serve"]).await;
    std::fs::write(lists.join("good.csv.part"), "Код;Остаток\nA;5\n").unwrap();
    std::fs::write(lists.join("bad.csv"), "Код;Остаток\nA;много\n").unwrap();
    std::fs::rename(lists.join("good.csv.part"), lists.join("good.csv")).unwrap();
    until_there(&lists.join("done/good.csv")).await;
    until_there(&lists.join("refused/bad.csv")).await;
    let reason = std::fs::read_to_string(lists.join("refused/bad.csv.txt")).unwrap();
    assert!(reason.contains("много") && reason.contains("WX6119"), "{reason}");
    assert_eq!(warehouse.rows().await, [row("A", "main", "5"), row("WEB", "web", "9")]);
    assert_eq!(service.stop().await, Some(0));
}

/// The same from the command line, until it is stopped.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_watched_until_the_command_is_stopped() {
    let warehouse = TestWarehouse::new().await;
    let program = program().warehouse(&warehouse);
    let lists = program.path("lists");
    std::fs::create_dir(&lists).unwrap();
    std::fs::write(lists.join("a.csv"), "sku;qty\nA;5\n").unwrap();
    let watching = program.spawn(["import", "--watch", "lists"]);
    until_there(&lists.join("done/a.csv")).await;
    assert_eq!(watching.stop().await, Some(0));
    assert_eq!(warehouse.rows().await, [row("A", "main", "5")]);
    let missing = program.run(["import", "--watch", "nowhere"]).await.ends(2);
    let _ = missing.says("WX6129");
}
