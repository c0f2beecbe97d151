//! `init` without a terminal: three layouts of databases, from nothing to the first run.
//!
//! One catalog: the rest are about tables, files and questions; the shop is read by what `products` reads too.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use testkit::{CANARY, Program, TestShop, TestWarehouse};

use crate::configuration::set_mode;
use crate::support::{assert_levels, on_every_catalog, program, sync};

on_every_catalog! {
    the_default_schema,
}

/// The program with the shop in its environment, and the database given by a flag.
async fn init(program: &Program, warehouse: &TestWarehouse, more: &[&str]) -> Value {
    let database = warehouse.path().display().to_string();
    let words = ["init", "--yes", "--json", "--database", &database].into_iter().chain(more.iter().copied());
    program.run(words).await.ends(0).json()
}

fn sample<'a>(told: &'a Value, sku: &str) -> &'a Value {
    let all = told["wix"]["sample"].as_array().expect("a sample");
    all.iter().find(|one| one["sku"] == sku).unwrap_or_else(|| panic!("no {sku} in {told:#}"))
}

/// Goods and units in the program's own tables.
async fn the_default_schema() {
    let shop = TestShop::builder()
        .product("A", 10)
        .product("B", 5)
        .product("TWICE", 1)
        .product("TWICE", 2)
        .product("ONLY-WIX", 3)
        .product("A-7", 3)
        .start()
        .await;
    let warehouse = TestWarehouse::of([("A", 12), ("B", 5), ("TWICE", 4), ("a-007", 1)]).await;
    let program = program().shop(&shop);
    let told = init(&program, &warehouse, &[]).await;
    assert_eq!((&told["shape"], &told["query"]), (&json!("default"), &Value::Null));
    assert_eq!((&told["warehouse"]["skus"], &told["wix"]["found"]), (&json!(4), &json!(3)));
    assert_eq!(told["wix"]["duplicates"], json!({"count": 1, "skus": ["TWICE"]}));
    let a = sample(&told, "A");
    assert_eq!(
        (&a["warehouse"], &a["wix"], &a["action"], &a["delta"]),
        (&json!("12"), &json!(10), &json!("change"), &json!(2))
    );
    assert_eq!(sample(&told, "B")["action"], "none");
    assert_eq!(sample(&told, "a-007")["reason"], "not_in_wix");
    let near = json!([{"warehouse": "a-007", "shop": "A-7", "differences": ["case", "leading_zeros"]}]);
    assert_eq!(told["wix"]["near_misses"], json!({"count": 1, "pairs": near}));
    let page = program.run(["init", "--yes", "--force", "--database", &warehouse.url()]).await.ends(0);
    let _ =
        page.says("1 SKU nearly matches").says("a-007 in the warehouse, A-7 in Wix (upper and lower case");
    shop.assert_not_written();

    let _ = program.run(["config", "check"]).await.ends(0).says("the settings are valid");
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 12), ("B", 5), ("ONLY-WIX", 3), ("A-7", 3)]);
}

/// Goods in one table, units in another, with names in Russian and by number; goods without units are sold out.
#[tokio::test(flavor = "multi_thread")]
async fn two_tables_of_an_accounting_program() {
    let shop = TestShop::of([("А-1", 10), ("А-2", 5), ("А-3", 5)]).await;
    let sql = "CREATE TABLE \"Номенклатура\" (id INTEGER PRIMARY KEY, \"Артикул\" TEXT UNIQUE, \"Наименование\" TEXT);
        CREATE TABLE \"Остатки\" (item INTEGER REFERENCES \"Номенклатура\"(id), \"Склад\" TEXT, \"Количество\" NUMERIC);
        CREATE TABLE \"Продажи\" (item INTEGER REFERENCES \"Номенклатура\"(id), \"Количество\" NUMERIC);
        INSERT INTO \"Номенклатура\" VALUES (1, 'А-1', 'Чай'), (2, 'А-2', 'Кофе'), (3, 'А-3', 'Сок');
        INSERT INTO \"Остатки\" VALUES (1, 'Юг', 6), (1, 'Север', 3), (2, 'Север', 7);
        INSERT INTO \"Продажи\" VALUES (1, 99);";
    let warehouse = TestWarehouse::custom(sql).await;
    let program = program().shop(&shop);
    let told = init(&program, &warehouse, &[]).await;
    assert_eq!(
        (&told["shape"], &told["warehouse"]["warehouses"]),
        (&json!("two_tables"), &json!(["Север", "Юг"]))
    );
    assert_eq!(told["wix"]["changes"], 3);
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("А-1", 9), ("А-2", 7), ("А-3", 0)]);

    let north = init(&program, &warehouse, &["--force", "--warehouse", "Север"]).await;
    assert_eq!(north["warehouses"], json!(["Север"]));
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("А-1", 3), ("А-2", 7), ("А-3", 0)]);
}

/// One wide table: a column of units for each warehouse.
#[tokio::test(flavor = "multi_thread")]
async fn a_wide_table() {
    let shop = TestShop::of([("A", 10), ("B", 5)]).await;
    let sql = "CREATE TABLE goods (vendor_code TEXT, title TEXT, stock_main INTEGER, stock_shop INTEGER, stock_min INTEGER);
        INSERT INTO goods VALUES ('A', 'Tea', 4, 7, 100), ('B', 'Juice', 5, 0, 100), ('D', 'Twice', 1, 1, 1), ('D', 'Twice', 1, 1, 1);";
    let warehouse = TestWarehouse::custom(sql).await;
    let program = program().shop(&shop);
    let told = init(&program, &warehouse, &[]).await;
    assert_eq!(told["shape"], "wide");
    assert_eq!(told["warehouse"]["duplicates"], json!({"count": 1, "skus": ["D"]}));
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 11), ("B", 5)]);
    let page = program.run(["init", "--yes", "--force", "--database", &warehouse.url()]).await.ends(0);
    let _ = page.says("UNION ALL").says("1 SKU has several rows instead of one").says("wixsync plan");
}

/// From no database at all: configured, imported, in the shop.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_yet_is_for_an_import() {
    let shop = TestShop::of([("A", 10)]).await;
    let program = program().shop(&shop).file("stock.csv", "Артикул;Остаток\nA;12\n");
    let page = program.run(["init", "--yes", "--database", "stock.db"]).await.ends(0);
    let _ = page.says("does not exist yet").says("wixsync import FILE");
    let _ = program.run(["import", "stock.csv"]).await.ends(0);
    assert!(program.path("stock.db").is_file());
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 12)]);
}

/// What several tables may hold is not guessed at, and a query settles it.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_clear_is_asked_for() {
    let shop = TestShop::of([("A", 10)]).await;
    let sql = "CREATE TABLE a (sku TEXT, qty INTEGER); INSERT INTO a VALUES ('A', 1);
        CREATE TABLE b (sku TEXT, qty INTEGER); INSERT INTO b VALUES ('A', 12);";
    let warehouse = TestWarehouse::custom(sql).await;
    let program = program().shop(&shop);
    let words = ["init", "--yes", "--database", &warehouse.url()];
    let _ = program.run(words).await.ends(2).says("a (sku, qty), 1 row").says("--query").says("FROM \"b\"");
    assert!(!program.path("wixsync.toml").exists());
    let told = init(&program, &warehouse, &["--query", "SELECT sku, qty AS quantity FROM b"]).await;
    assert_eq!(sample(&told, "A")["delta"], 2);
    let nothing = TestWarehouse::custom("CREATE TABLE people (id, name)").await;
    let words = ["init", "--yes", "--force", "--database", &nothing.url()];
    let _ = program.run(words).await.ends(2).says("No table in").says("people (id, name)");
}

/// Without a terminal, without --yes, with something missing: told at once, and with what to give.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_told_at_once() {
    let program = program();
    let _ = program.run(["init"]).await.ends(2).says("without a terminal").says("--yes").says("--database");
    let told = program.run(["init", "--yes", "--json"]).await.ends(2).json();
    let message = told["message"].as_str().expect("a message");
    for name in ["--api-key-file", "--site-id", "--database"] {
        assert!(message.contains(name), "{message}");
    }
    let _ = program
        .run(["init", "--yes", "--database", "oracle://h/d", "--offline"])
        .await
        .ends(2)
        .says("oracle");
    let shop = TestShop::of([("A", 1)]).await;
    let both = program.shop(&shop);
    let _ = both
        .run(["init", "--yes", "--site-id", "x", "--database", "w.db"])
        .await
        .ends(2)
        .says("WIX_SITE_ID and --site-id are both set");
    assert!(!both.path("wixsync.toml").exists());
}

/// A wrong key, a shop that is not there: told with a hint, and nothing is written.
#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_cannot_be_read_leaves_no_configuration() {
    let shop = TestShop::of([("A", 1)]).await;
    let warehouse = TestWarehouse::of([("A", 1)]).await;
    let wrong = program().shop(&shop).set("WIX_API_KEY", "IST.another-key");
    let words = ["init", "--yes", "--database", &warehouse.url()];
    let _ = wrong.run(words).await.ends(5).says("does not accept the key").says("hint: Check the API key");
    let gone = program().shop(&shop).set("WIX_BASE_URL", "http://127.0.0.1:1/");
    let _ = gone.run(words).await.ends(5).says("Cannot reach");
    for program in [&wrong, &gone] {
        assert!(!program.path("wixsync.toml").exists());
        let left: Vec<_> = program
            .files()
            .into_iter()
            .filter(|file| file.extension().is_some_and(|e| e == "toml"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
    let _ = gone.run(words.into_iter().chain(["--offline"])).await.ends(0).says("Wix was not contacted");
}

fn mode(file: &Path) -> u32 {
    std::fs::metadata(file).expect("the file is there").permissions().mode() & 0o777
}

/// A key that has no place yet gets a file that only the user may read; nothing is overwritten unasked.
#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_kept_apart_and_nothing_is_overwritten_unasked() {
    let warehouse = TestWarehouse::of([("A", 1)]).await;
    let program = program();
    let url = warehouse.url();
    let words =
        ["init", "--yes", "--offline", "--site-id", "site-1", "--api-key-file", "-", "--database", &url];
    let _ = program.run(words).await.ends(2).says("There is no key on stdin");
    let _ = program.run_with(words, b"IST.typed-key\n").await.ends(0).says("which only you can read");
    let (key, toml) = (program.path("wix-api-key"), program.path("wixsync.toml"));
    assert_eq!(std::fs::read_to_string(&key).expect("a key"), "IST.typed-key\n");
    assert_eq!(mode(&key), 0o600);
    let text = std::fs::read_to_string(&toml).expect("a configuration");
    assert!(
        text.contains("\napi_key_file = \"wix-api-key\"\n") && text.contains("\nsite_id = \"site-1\"\n"),
        "{text}"
    );
    assert!(!text.contains("typed-key"));
    let _ = program.run(["config", "check"]).await.ends(0);

    assert!(text.contains("\nlang = \"en\"\n"), "a service has no locale to follow: {text}");

    let again = program.run_with(words, b"IST.other-key\n").await.ends(2).says("already exists");
    let _ = again.says("--force");
    assert_eq!(std::fs::read_to_string(&toml).expect("a configuration"), text);
    std::fs::remove_file(&toml).expect("it goes");
    let _ = program.run_with(words, b"IST.other-key\n").await.ends(2).says("wix-api-key already exists");
    assert_eq!(std::fs::read_to_string(&key).expect("a key"), "IST.typed-key\n");

    let forced = words.into_iter().chain(["--force"]);
    let page = program.run_with(forced, b"IST.other-key\n").await.ends(0).says("wix-api-key.old");
    assert!(!page.stdout.contains("IST."), "{}", page.stdout);
    assert_eq!(std::fs::read_to_string(&key).expect("a key"), "IST.other-key\n");
    let old = program.path("wix-api-key.old");
    assert_eq!(
        (std::fs::read_to_string(&old).expect("a key").as_str(), mode(&old)),
        ("IST.typed-key\n", 0o600)
    );

    std::fs::remove_file(&toml).expect("it goes");
    set_mode(&key, 0o644);
    let words =
        ["init", "--yes", "--offline", "--site-id", "s", "--api-key-file", "wix-api-key", "--database", &url];
    let _ = program.run(words).await.ends(0).says("Other users of this machine can read").says("chmod 600");
    let named = ["--config", "other/wixsync.toml", "init", "--yes", "--offline", "--database", "w.db"];
    let _ = program.run(named).await.ends(5).says("Cannot write").says("--config");
}

/// The emulator's key and site must not go to Wix with the first run whose terminal has another environment.
#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_the_environment_is_kept() {
    let shop = TestShop::of([("A", 10)]).await;
    let warehouse = TestWarehouse::of([("A", 12)]).await;
    let program = program().shop(&shop);
    let _ = init(&program, &warehouse, &[]).await;
    let written = std::fs::read_to_string(program.path("wixsync.toml")).expect("the configuration");
    let line = written.lines().find(|line| line.starts_with("base_url = "));
    assert!(line.is_some_and(|line| line.contains("http://127.0.0.1:")), "{written}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_no_database_is_refused_before_anything_is_written() {
    let shop = TestShop::of([("A", 10)]).await;
    let program = program().shop(&shop).file("stock.csv", "Артикул;Остаток\nA;12\n");
    let list = program.run(["init", "--yes", "--database", "stock.csv"]).await.ends(2);
    let _ = list.says("WX6213").says("wixsync import");
    let _ = program.run(["init", "--yes", "--database", "nowhere/stock.db"]).await.ends(2).says("WX6212");
    assert!(!program.path("wixsync.toml").exists());
}

/// A key that was kept for a configuration that could not be would stand in the way of the next try.
#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_cannot_be_written_leaves_no_key() {
    let shop = TestShop::of([("A", 10)]).await;
    let warehouse = TestWarehouse::of([("A", 12)]).await;
    let program = program().set("WIX_SITE_ID", shop.site_id()).set("WIX_BASE_URL", shop.base_url());
    std::os::unix::fs::symlink("no/such/folder.toml", program.path("wixsync.toml"))
        .expect("a link to nothing");
    let words = ["init", "--yes", "--database", &warehouse.url(), "--api-key-file", "-"];
    let _ = program.run_with(words, CANARY.as_bytes()).await.ends(5).says("WX6209");
    assert!(!program.path("wix-api-key").exists());
}

/// What `init` does not ask about is worth as much as what it asks.
#[tokio::test(flavor = "multi_thread")]
async fn force_keeps_what_is_not_asked_about_and_the_old_file() {
    let shop = TestShop::of([("A", 10)]).await;
    let (first, second) = (TestWarehouse::of([("A", 12)]).await, TestWarehouse::of([("A", 7)]).await);
    let old = format!(
        "# ours\nschedule = \"0 6 * * *\" # before the shop opens\nsold_out = \"ignore\"\n\n[warehouse]\nurl = \"{}\"\n\
         query = \"SELECT 'A' AS sku, 1 AS quantity\"\nbusy_timeout = \"5s\"\n\n[[shop]]\nname = \"north\"\n\
         site_id = \"{}\"\nbase_url = \"{}\"\napi_key_file = \"our-key\"\nschedule = \"off\"\n",
        first.url(),
        shop.site_id(),
        shop.base_url()
    );
    let program = program().toml(&old).file("our-key", CANARY);
    set_mode(&program.path("our-key"), 0o600);
    set_mode(&program.path("wixsync.toml"), 0o640);
    let read = |name: &str| std::fs::read_to_string(program.path(name)).expect("the file is there");
    let words = ["init", "--yes", "--database", &second.url()];
    let _ = program.run(words).await.ends(2).says("already exists").says("--force");
    assert_eq!(read("wixsync.toml"), old);

    let page = program.run(words.into_iter().chain(["--force"])).await.ends(0);
    let _ = page.says("The other settings are unchanged").says("wixsync.toml.old");
    assert_eq!(read("wixsync.toml.old"), old);
    let due = old
        .replace(&first.url(), &second.url())
        .replace("query = \"SELECT 'A' AS sku, 1 AS quantity\"\n", "");
    assert_eq!(read("wixsync.toml"), due);
    assert_eq!(mode(&program.path("wixsync.toml")), 0o640);
    let _ = sync(&program, 0).await;
    assert_levels(&shop, [("A", 7)]);

    // The query of the same database stays, too.
    let program = program.toml(&old);
    let told = program.run(["init", "--yes", "--force", "--json"]).await.ends(0).json();
    assert_eq!(told["query"], "SELECT 'A' AS sku, 1 AS quantity");
    assert_eq!(told["old_file"], json!(program.path("wixsync.toml.old").display().to_string()));
    assert_eq!(std::fs::read_to_string(program.path("wixsync.toml")).expect("the file is there"), old);
}

/// What cannot be read cannot be kept.
#[tokio::test(flavor = "multi_thread")]
async fn force_refuses_a_file_that_it_cannot_read() {
    let program = program().toml("schedule = 1h\n");
    let words = ["init", "--yes", "--force", "--offline", "--database", "w.db"];
    let _ = program.run(words).await.ends(2).says("wixsync.toml").says("line 1");
    assert!(!program.path("wixsync.toml.old").exists());
    // A value that is replaced does not need to be right.
    let program = program.toml("[warehouse]\nurl = \"oracle://h/d\"\n");
    let _ = program.run(words).await.ends(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_environment_gives_is_named() {
    let shop = TestShop::of([("A", 10)]).await;
    let warehouse = TestWarehouse::of([("A", 12)]).await;
    let program = program().shop(&shop);
    let told = init(&program, &warehouse, &[]).await;
    let names = json!(["WIXSYNC_STATE_URL", "WIX_API_KEY", "WIX_SITE_ID", "WIX_BASE_URL"]);
    assert_eq!(told["environment"], names);
    let words = ["init", "--yes", "--force", "--database", &warehouse.url()];
    let page = program.run(words).await.ends(0);
    let _ = page.says("Taken from the environment").says("WIX_API_KEY, WIX_SITE_ID, WIX_BASE_URL");
}

/// A configuration, or a key, that lies elsewhere stays there, and the link stays a link.
#[tokio::test(flavor = "multi_thread")]
async fn links_are_kept_and_what_they_name_is_written() {
    let warehouse = TestWarehouse::of([("A", 1)]).await;
    let program = program().file("etc/ours.toml", "schedule = \"2h\"\n").file("secrets/key", "IST.old\n");
    for (target, name) in [("etc/ours.toml", "wixsync.toml"), ("secrets/key", "wix-api-key")] {
        std::os::unix::fs::symlink(target, program.path(name)).expect("a link");
    }
    let url = warehouse.url();
    let words = [
        "init",
        "--yes",
        "--force",
        "--offline",
        "--site-id",
        "s",
        "--api-key-file",
        "-",
        "--database",
        &url,
    ];
    let _ = program.run_with(words, b"IST.new\n").await.ends(0);
    for name in ["wixsync.toml", "wix-api-key"] {
        assert!(program.path(name).is_symlink(), "{name}");
    }
    let read = |name: &str| std::fs::read_to_string(program.path(name)).expect("the file is there");
    assert_eq!((read("secrets/key").as_str(), read("wix-api-key.old").as_str()), ("IST.new\n", "IST.old\n"));
    assert_eq!(read("wixsync.toml.old"), "schedule = \"2h\"\n");
    assert!(read("etc/ours.toml").contains("site_id = \"s\""), "{}", read("etc/ours.toml"));
    let _ = program.run(["config", "check"]).await.ends(0);
}

/// A service has no locale: what `init` spoke is what the service speaks. Where nobody asked for a language, the API keeps
/// its own default.
#[tokio::test(flavor = "multi_thread")]
async fn the_language_of_init_is_that_of_the_service() {
    for (locale, due) in [("ru_RU.UTF-8", true), ("C", false)] {
        let program = program().unset("WIXSYNC_LANG").set("LANG", locale).set("LC_ALL", locale);
        let words = ["init", "--yes", "--offline", "--site-id", "s", "--database", "w.db"];
        let _ = program.run(words).await.ends(0);
        let text = std::fs::read_to_string(program.path("wixsync.toml")).expect("a configuration");
        assert_eq!(text.contains("\nlang = \"ru\"\n"), due, "{locale}: {text}");
    }
}
