//! The warehouse port over real database servers.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;
use std::time::Duration;

use domain::SkipReason;
use domain::stock::{StockRow, StockRows, Warehouses};
use sync::ports::{Warehouse, WarehouseErrorClass, WarehouseRead};
use testkit::{Server, TestDatabase};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use warehouse::inspect::{Column, Table};
use warehouse::{Patience, Source, WarehouseUrl};

const ALL: Warehouses = Warehouses::All;

fn open(url: &str, source: Source, warehouses: Warehouses) -> Box<dyn Warehouse> {
    let url = WarehouseUrl::parse(url, Path::new("/")).unwrap();
    warehouse::open(&url, source, warehouses, Patience::default())
}

async fn query(database: &TestDatabase, query: &str) -> Result<WarehouseRead, WarehouseErrorClass> {
    let port = open(&database.url(), Source::Query(query.to_owned()), ALL);
    port.read().await.map_err(|error| error.class)
}

fn row(sku: &str, warehouse: Option<&str>, quantity: Result<&str, SkipReason>) -> StockRow {
    StockRow {
        sku: sku.into(),
        warehouse: warehouse.map(Into::into),
        quantity: quantity.map(|text| text.parse().unwrap()),
    }
}

/// The rows in an order of their own: a database may return them in any.
fn sorted(mut rows: Vec<StockRow>) -> Vec<StockRow> {
    rows.sort_by_key(|row| (row.sku.clone(), row.warehouse.clone(), format!("{:?}", row.quantity)));
    rows
}

async fn tables(database: &TestDatabase) -> (Vec<String>, Vec<StockRow>) {
    let read = open(&database.url(), Source::Tables, ALL).read().await.unwrap();
    let StockRows::Tables { products, stock } = read.rows else { panic!("not tables") };
    let mut products: Vec<String> = products.iter().map(ToString::to_string).collect();
    products.sort();
    (products, sorted(stock))
}

#[tokio::test]
async fn the_default_tables_are_read_value_by_value() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        database
            .execute(
                "CREATE TABLE product (sku VARCHAR(40), name VARCHAR(40));
                 CREATE TABLE stock (sku VARCHAR(40), warehouse VARCHAR(40), quantity VARCHAR(40));
                 INSERT INTO product VALUES ('A', 'x'), ('07', 'y'), ('я-1', 'z'), (NULL, 'none');
                 INSERT INTO stock VALUES ('A', 'M', '1'), ('A', NULL, '2.50'), ('я-1', 'Склад', NULL),
                     ('07', 'M', 'many'), ('a', 'M', '1e300');",
            )
            .await;
        let (products, stock) = tables(&database).await;
        assert_eq!(products, ["", "07", "A", "я-1"], "{server:?}");
        let due = sorted(vec![
            row("A", Some("M"), Ok("1")),
            row("A", None, Ok("2.50")),
            row("я-1", Some("Склад"), Err(SkipReason::QuantityUnknown)),
            row("07", Some("M"), Err(SkipReason::QuantityNotANumber)),
            row("a", Some("M"), Err(SkipReason::QuantityOutOfRange)),
        ]);
        assert_eq!(stock, due, "{server:?}");
    }
}

/// Every type that a number may have is read exactly. A float is what it prints: 0.1, not 0.1000000015.
#[tokio::test]
async fn numbers_of_every_type_are_exact() {
    let same = [
        ("SMALLINT", "-32768", "-32768"),
        ("INTEGER", "2147483647", "2147483647"),
        ("BIGINT", "-9223372036854775808", "-9223372036854775808"),
        ("DECIMAL(20,6)", "12345678901234.123456", "12345678901234.123456"),
        ("DECIMAL(10,0)", "7", "7"),
        ("DOUBLE PRECISION", "0.1", "0.1"),
        ("DOUBLE PRECISION", "16777217", "16777217"),
        ("VARCHAR(20)", "' 12.5 '", "12.5"),
    ];
    let postgres = [
        ("REAL", "0.1", "0.1"),
        ("REAL", "16777216", "16777216"),
        ("NUMERIC", "0.1234567890123456789012345678", "0.1234567890123456789012345678"),
        ("CHAR(8)", "'3'", "3"),
    ];
    let mariadb = [
        ("TINYINT", "-128", "-128"),
        ("TINYINT(1)", "5", "5"),
        ("MEDIUMINT UNSIGNED", "16777215", "16777215"),
        ("INT UNSIGNED ZEROFILL", "42", "42"),
        ("BIGINT UNSIGNED", "18446744073709551615", "18446744073709551615"),
        ("FLOAT", "0.1", "0.1"),
        ("FLOAT", "16777216", "16777216"),
        ("DECIMAL(20,6) UNSIGNED", "0.000001", "0.000001"),
        ("VARCHAR(20) CHARACTER SET latin1", "'12'", "12"),
        ("VARCHAR(20) COLLATE utf8mb4_bin", "'12'", "12"),
        ("ENUM('10', '20')", "'20'", "20"),
    ];
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        let own: &[_] = if server == Server::Postgres { &postgres } else { &mariadb };
        for (at, (kind, written, due)) in same.iter().chain(own).enumerate() {
            database
                .execute(&format!("CREATE TABLE t{at} (q {kind}); INSERT INTO t{at} VALUES ({written})"))
                .await;
            let read =
                query(&database, &format!("SELECT 'A' AS sku, q AS quantity FROM t{at}")).await.unwrap();
            assert_eq!(read.rows, StockRows::Query(vec![row("A", None, Ok(due))]), "{server:?} {kind}");
        }
    }
}

/// What is no number is told as one listing's fault.
#[tokio::test]
async fn what_is_no_number_leaves_that_listing_alone() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        let mut wrong = vec!["'12,5'", "''", "CURRENT_DATE"];
        if server == Server::Postgres {
            wrong.extend(["'NaN'::numeric", "'Infinity'::float8", "true", "'\\x31'::bytea", "'5'::money"]);
        }
        for value in wrong {
            let read = query(&database, &format!("SELECT 'A' AS sku, {value} AS quantity")).await.unwrap();
            let due = StockRows::Query(vec![row("A", None, Err(SkipReason::QuantityNotANumber))]);
            assert_eq!(read.rows, due, "{server:?} {value}");
        }
    }
}

/// SKUs are told apart by their bytes, whatever the collation takes for equal. The padding of CHAR is no part of one.
#[tokio::test]
async fn skus_are_as_the_merchant_wrote_them() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        let fold = if server == Server::Mariadb { " COLLATE utf8mb4_unicode_ci" } else { "" };
        database
            .execute(&format!(
                "CREATE TABLE product (sku CHAR(6){fold}, id BIGINT);
                 CREATE TABLE stock (sku CHAR(6){fold}, warehouse CHAR(6), quantity INTEGER);
                 INSERT INTO product VALUES ('Ab', 1), ('AB', 2), ('é', 3), ('e', 4);
                 INSERT INTO stock VALUES ('Ab', 'M', 1), ('AB', 'M', 2), ('é', 'm', 3), ('e', 'm', 4);"
            ))
            .await;
        let (products, stock) = tables(&database).await;
        assert_eq!(products, ["AB", "Ab", "e", "é"], "{server:?}");
        let due = [("AB", "M", "2"), ("Ab", "M", "1"), ("e", "m", "4"), ("é", "m", "3")];
        assert_eq!(stock, due.map(|(sku, place, n)| row(sku, Some(place), Ok(n))), "{server:?}");
        let ids =
            query(&database, "SELECT id AS sku, 1 AS quantity FROM product WHERE id = 3").await.unwrap();
        assert_eq!(ids.rows, StockRows::Query(vec![row("3", None, Ok("1"))]), "{server:?}");
    }
}

/// A database from before UTF-8 became the rule.
#[tokio::test]
async fn an_old_character_set_is_read() {
    let database = TestDatabase::on(Server::Mariadb).await;
    database
        .execute(
            "CREATE TABLE t (sku VARCHAR(9), warehouse CHAR(9), quantity INTEGER) CHARACTER SET cp1251;
             INSERT INTO t VALUES ('Чай-1', 'Склад', 2)",
        )
        .await;
    let read = query(&database, "SELECT * FROM t").await.unwrap();
    assert_eq!(read.rows, StockRows::Query(vec![row("Чай-1", Some("Склад"), Ok("2"))]));
}

/// Types of the merchant's own.
#[tokio::test]
async fn own_types_of_postgres_are_read() {
    let database = TestDatabase::on(Server::Postgres).await;
    database
        .execute(
            "CREATE TYPE place AS ENUM ('main', 'outlet'); CREATE DOMAIN article AS text CHECK (VALUE <> '');
             CREATE TABLE t (\"SKU\" article, warehouse place, quantity numeric, photo bytea);
             INSERT INTO t VALUES ('A', 'outlet', 3, 'x');",
        )
        .await;
    let read = query(&database, "SELECT * FROM t").await.unwrap();
    assert_eq!(read.rows, StockRows::Query(vec![row("A", Some("outlet"), Ok("3"))]));
}

#[tokio::test]
async fn a_query_needs_its_columns_also_when_it_gives_no_row() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        database.execute("CREATE TABLE t (article VARCHAR(9), n INTEGER)").await;
        let empty =
            query(&database, "SELECT article AS SKU, n AS Quantity, 1 AS other FROM t").await.unwrap();
        assert_eq!(empty.rows, StockRows::Query(Vec::new()), "{server:?}");
        for lacking in ["SELECT article AS sku FROM t", "SELECT n AS quantity FROM t"] {
            assert_eq!(
                query(&database, lacking).await.unwrap_err(),
                WarehouseErrorClass::Schema,
                "{server:?}"
            );
        }
        let chosen = Warehouses::Chosen(["M".into()].into());
        let source = Source::Query("SELECT article AS sku, n AS quantity FROM t".to_owned());
        let error = open(&database.url(), source, chosen).read().await.unwrap_err();
        assert_eq!(error.class, WarehouseErrorClass::Schema, "{server:?}");
    }
}

#[tokio::test]
async fn failures_are_of_a_class() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        database
            .execute("CREATE TABLE t (n INTEGER, d DOUBLE PRECISION); INSERT INTO t VALUES (1, 1.5)")
            .await;
        for (wrong, class) in [
            ("SELECT sku FROM nowhere", WarehouseErrorClass::Schema),
            ("SELECT absent AS sku FROM t", WarehouseErrorClass::Schema),
            ("SELEKT sku FROM t", WarehouseErrorClass::Query),
            ("SELECT 1 AS sku, 2 AS quantity; SELECT 3, 4", WarehouseErrorClass::Query),
            ("COMMIT; SELECT 1 AS sku, 2 AS quantity", WarehouseErrorClass::Query),
            ("SELECT d AS sku, n AS quantity FROM t", WarehouseErrorClass::Value),
        ] {
            assert_eq!(query(&database, wrong).await.unwrap_err(), class, "{server:?} {wrong}");
        }
        for (url, class) in [
            (database.url_for("tester", "s3cret"), WarehouseErrorClass::Unreachable),
            (format!("{}_absent", database.url()), WarehouseErrorClass::Unreachable),
        ] {
            let error = open(&url, Source::Tables, ALL).read().await.unwrap_err();
            assert_eq!(error.class, class, "{server:?} {error}");
            assert!(error.detail.contains("127.0.0.1") && !error.detail.contains("s3cret"), "{error}");
        }
    }
    let nobody = open("postgres://u:s3cret@127.0.0.1:1/x", Source::Tables, ALL).read().await.unwrap_err();
    assert_eq!(nobody.class, WarehouseErrorClass::Unreachable);
}

/// A user with SELECT alone is enough, and one without it is told what to give.
#[tokio::test]
async fn the_right_to_read_is_enough() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        let reader = format!("reader_{}", database.name());
        database
            .execute("CREATE TABLE t (sku VARCHAR(9), quantity INTEGER); INSERT INTO t VALUES ('A', 4)")
            .await;
        database.execute("CREATE TABLE secret (sku VARCHAR(9), quantity INTEGER)").await;
        database
            .execute(&match server {
                Server::Postgres => {
                    format!("CREATE ROLE {reader} LOGIN PASSWORD 'r'; GRANT SELECT ON t TO {reader}")
                }
                Server::Mariadb => format!(
                    "CREATE OR REPLACE USER {reader} IDENTIFIED BY 'r'; GRANT SELECT ON {}.t TO {reader}",
                    database.name()
                ),
            })
            .await;
        let read = |table: &str| {
            let source = Source::Query(format!("SELECT sku, quantity FROM {table}"));
            open(&database.url_for(&reader, "r"), source, ALL)
        };
        let rows = read("t").read().await.unwrap().rows;
        assert_eq!(rows, StockRows::Query(vec![row("A", None, Ok("4"))]), "{server:?}");
        let denied = read("secret").read().await.unwrap_err();
        assert_eq!(denied.class, WarehouseErrorClass::Denied, "{server:?} {denied}");
    }
}

/// The merchant's query cannot write, not even through a function that does.
#[tokio::test]
async fn nothing_is_ever_written() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        database
            .execute("CREATE TABLE t (sku VARCHAR(9), quantity INTEGER); INSERT INTO t VALUES ('A', 1)")
            .await;
        let function = match server {
            Server::Postgres => {
                "CREATE FUNCTION sell() RETURNS integer LANGUAGE sql AS
                 'UPDATE t SET quantity = 0 RETURNING quantity'"
            }
            Server::Mariadb => {
                "CREATE FUNCTION sell() RETURNS INTEGER MODIFIES SQL DATA
                 BEGIN UPDATE t SET quantity = 0; RETURN 0; END"
            }
        };
        database.execute(function).await;
        for writes in [
            "SELECT sku, sell() AS quantity FROM t",
            "DELETE FROM t RETURNING sku, quantity",
            "UPDATE t SET quantity = 9",
            "SELECT sku, quantity FROM t FOR UPDATE",
        ] {
            let refused = query(&database, writes).await;
            // A lock changes nothing, and MariaDB lets a read-only transaction take it.
            let locks = server == Server::Mariadb && writes.ends_with("FOR UPDATE");
            assert!(refused.is_err() || locks, "{server:?} {writes}: {refused:?}");
            let rows = query(&database, "SELECT sku, quantity FROM t;").await.unwrap().rows;
            assert_eq!(rows, StockRows::Query(vec![row("A", None, Ok("1"))]), "{server:?} {writes}");
        }
        let commented =
            query(&database, "SELECT sku, quantity FROM t -- all of them\n ; ").await.unwrap().rows;
        assert_eq!(commented, StockRows::Query(vec![row("A", None, Ok("1"))]), "{server:?}");
    }
}

/// Both tables are read from one snapshot, even if another program commits between the two SELECTs.
#[tokio::test]
async fn a_read_is_one_snapshot() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        database
            .execute(
                "CREATE TABLE product (sku VARCHAR(20) PRIMARY KEY);
                 CREATE TABLE stock (sku VARCHAR(20), warehouse VARCHAR(9), quantity INTEGER);",
            )
            .await;
        for thousand in 0..10 {
            let rows: Vec<String> = (0..1000).map(|n| format!("('sku-{thousand}-{n}')")).collect();
            database.execute(&format!("INSERT INTO product VALUES {}", rows.join(", "))).await;
        }
        let port = open(&database.url(), Source::Tables, ALL);
        for round in 0..10u32 {
            let sql = format!(
                "BEGIN; INSERT INTO product VALUES ('new-{round}'); INSERT INTO stock VALUES ('new-{round}', 'M', 1); COMMIT;"
            );
            let (read, ()) = tokio::join!(port.read(), database.execute(&sql));
            let StockRows::Tables { products, stock } = read.unwrap().rows else { panic!("not tables") };
            let listed = products.iter().filter(|sku| sku.starts_with("new")).count();
            assert_eq!(listed, stock.len(), "{server:?}");
        }
    }
}

#[tokio::test]
async fn a_slow_query_is_ended_and_told() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        let slow = if server == Server::Postgres { "pg_sleep(60)::text" } else { "SLEEP(60)" };
        let url = WarehouseUrl::parse(&database.url(), Path::new("/")).unwrap();
        let source = Source::Query(format!("SELECT 'A' AS sku, {slow} AS quantity"));
        let patience = Patience { statement_timeout: Duration::from_millis(200), ..Patience::default() };
        let error = warehouse::open(&url, source, ALL, patience).read().await.unwrap_err();
        assert_eq!(error.class, WarehouseErrorClass::Timeout, "{server:?} {error}");
    }
}

/// A server that takes the connection and then says nothing.
#[tokio::test]
async fn a_silent_server_is_not_waited_for_for_ever() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    tokio::time::pause();
    for scheme in ["postgres", "mysql"] {
        let error = open(&format!("{scheme}://u:p@127.0.0.1:{port}/x"), Source::Tables, ALL)
            .read()
            .await
            .unwrap_err();
        assert_eq!(error.class, WarehouseErrorClass::Timeout, "{scheme} {error}");
    }
}

/// The server's certificate is checked where the address asks for it.
#[tokio::test]
async fn tls_is_as_the_address_asks() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        database.execute("CREATE TABLE t (sku VARCHAR(9), quantity INTEGER)").await;
        let (mode, full, root) = match server {
            Server::Postgres => ("sslmode", "verify-full", "sslrootcert"),
            Server::Mariadb => ("ssl-mode", "VERIFY_IDENTITY", "ssl-ca"),
        };
        let source = || Source::Query("SELECT sku, quantity FROM t".to_owned());
        let trusted = format!("{}?{mode}={full}&{root}={}", database.url(), TestDatabase::certificate());
        assert!(open(&trusted, source(), ALL).read().await.is_ok(), "{server:?}");
        let unknown = format!("{}?{mode}={full}", database.url());
        let error = open(&unknown, source(), ALL).read().await.unwrap_err();
        assert_eq!(error.class, WarehouseErrorClass::Unreachable, "{server:?} {error}");
    }
}

#[tokio::test]
async fn tables_and_views_are_told_with_their_columns_keys_and_rows() {
    let column = |name: &str, is_key, points_to: Option<(&str, &str)>| Column {
        name: name.to_owned(),
        is_key,
        points_to: points_to.map(|(table, column)| (table.to_owned(), column.to_owned())),
    };
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        let quote = if server == Server::Postgres { '"' } else { '`' };
        let sql = "CREATE TABLE @товары@ (id INTEGER PRIMARY KEY, @арт икул@ VARCHAR(40) UNIQUE, name VARCHAR(40));
            CREATE TABLE stock (product_id INTEGER, place VARCHAR(9), qty INTEGER, PRIMARY KEY (product_id, place),
                FOREIGN KEY (product_id) REFERENCES @товары@ (id));
            CREATE VIEW free AS SELECT qty FROM stock;
            INSERT INTO @товары@ VALUES (1, 'A', 'x'), (2, 'B', 'y');";
        database.execute(&sql.replace('@', &quote.to_string())).await;
        let url = WarehouseUrl::parse(&database.url(), Path::new("/")).unwrap();
        let catalog = warehouse::catalog(&url);
        let table = |name: &str, rows, columns| Table { name: name.to_owned(), columns, rows };
        let stock = vec![
            column("product_id", false, Some(("товары", "id"))),
            column("place", false, None),
            column("qty", false, None),
        ];
        let goods =
            vec![column("id", true, None), column("арт икул", true, None), column("name", false, None)];
        let due = [
            table("free", 0, vec![column("qty", false, None)]),
            table("stock", 0, stock),
            table("товары", 2, goods),
        ];
        assert_eq!(catalog.tables().await.unwrap(), due, "{server:?}");
        assert_eq!(catalog.texts("товары", "NAME", 5).await.unwrap().len(), 2, "{server:?}");
        assert_eq!(catalog.texts("stock", "qty", 5).await.unwrap(), Vec::<String>::new(), "{server:?}");
        assert_eq!(catalog.texts("nowhere", "qty", 5).await.unwrap(), Vec::<String>::new(), "{server:?}");
        assert_eq!(catalog.texts("stock", "absent", 5).await.unwrap(), Vec::<String>::new(), "{server:?}");
        let odd = format!("a{quote}b");
        assert_eq!(catalog.quoted(&odd), format!("{quote}a{quote}{quote}b{quote}"));
    }
}

/// A list goes into a file. Tables on a server belong to other programs.
#[tokio::test]
async fn an_import_does_not_write_to_a_server() {
    let url = WarehouseUrl::parse("postgres://u:s3cret@127.0.0.1/x", Path::new("/")).unwrap();
    let Err(refused) = warehouse::begin_import(&url, false, Duration::ZERO).await else {
        panic!("an import began");
    };
    assert_eq!(refused.to_string(), "postgres://127.0.0.1/x is on a server");
}

/// The way to a server, which is cut or goes dead once the server has said this many bytes.
async fn way(to: &str, bytes: usize, cut: bool) -> String {
    let (scheme, rest) = to.split_once("://").unwrap();
    let (user, host) = rest.rsplit_once('@').unwrap();
    let (server, database) = host.split_once('/').unwrap();
    let server = server.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = TcpStream::connect(server).await.unwrap().into_split();
        tokio::spawn(async move { drop(tokio::io::copy(&mut from_client, &mut to_server).await) });
        drop(tokio::io::copy(&mut (&mut from_server).take(bytes as u64), &mut to_client).await);
        if !cut {
            std::future::pending::<()>().await;
        }
    });
    format!("{scheme}://{user}@127.0.0.1:{port}/{database}")
}

/// A read that a failing network ends gives an error, and never the rows that came before.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_fails_anywhere_gives_no_rows() {
    for server in Server::ALL {
        let database = TestDatabase::on(server).await;
        let rows: Vec<String> = (0..300).map(|n| format!("('sku-{n}', {n})")).collect();
        let filled = format!("INSERT INTO t VALUES {}", rows.join(", "));
        database.execute(&format!("CREATE TABLE t (sku VARCHAR(20), quantity INTEGER); {filled}")).await;
        let plain = if server == Server::Postgres { "sslmode=disable" } else { "ssl-mode=DISABLED" };
        let url = format!("{}?{plain}", database.url());
        let read = |url: String| async move {
            let url = WarehouseUrl::parse(&url, Path::new("/")).unwrap();
            let source = Source::Query("SELECT sku, quantity FROM t".to_owned());
            let patience = Patience { statement_timeout: Duration::from_millis(100), ..Patience::default() };
            warehouse::open(&url, source, ALL, patience).read().await
        };
        let whole = read(way(&url, usize::MAX, true).await).await.unwrap().rows;
        assert!(matches!(&whole, StockRows::Query(rows) if rows.len() == 300), "{server:?}");
        let mut ends = Vec::new();
        // About twelve thousand bytes are said in all.
        for bytes in (0..4_000).step_by(97) {
            let (at, cut) = (url.clone(), bytes % 2 == 0);
            ends.push((bytes, cut, tokio::spawn(async move { read(way(&at, bytes, cut).await).await })));
        }
        for (bytes, cut, end) in ends {
            let error = end.await.unwrap().expect_err(&format!("{server:?} {bytes}"));
            let due = if cut { WarehouseErrorClass::Unreachable } else { WarehouseErrorClass::Timeout };
            assert_eq!(error.class, due, "{server:?} {bytes} {error}");
        }
    }
}
