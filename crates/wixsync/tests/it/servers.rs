//! Warehouses on database servers, from `init` to a run. What is shown never has the password.
//!
//! One catalog: these are about the warehouse.

use testkit::{Server, TestDatabase, TestShop};

use crate::support::{assert_levels, program, sync};

/// The password of the servers of the tests, as it is and as an address has it.
const PASSWORD: [&str; 2] = ["p@ss/word", "p%40ss%2Fword"];

async fn warehouse_on(server: Server) -> TestDatabase {
    let database = TestDatabase::on(server).await;
    database
        .execute(
            "CREATE TABLE product (sku VARCHAR(40) PRIMARY KEY, name VARCHAR(40));
             CREATE TABLE stock (sku VARCHAR(40), warehouse VARCHAR(40), quantity DECIMAL(20,6),
                 PRIMARY KEY (sku, warehouse));
             INSERT INTO product VALUES ('A', 'x'), ('B', 'y');
             INSERT INTO stock VALUES ('A', 'M', 7.5), ('A', 'N', 7.5), ('B', 'M', 3);",
        )
        .await;
    database
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warehouse_on_a_server_is_set_up_and_synced() {
    for server in Server::ALL {
        let shop = TestShop::of([("A", 10), ("B", 10)]).await;
        let database = warehouse_on(server).await;
        let program = program().shop(&shop);
        let mut told = Vec::new();
        told.push(program.run(["init", "--yes", "--database", &database.url()]).await.ends(0));
        assert_levels(&shop, [("A", 10), ("B", 10)]);
        let report = sync(&program, 0).await;
        assert_eq!(report["outcome"], "converged", "{server:?} {report:#}");
        assert_levels(&shop, [("A", 15), ("B", 3)]);
        for words in
            [vec!["config", "show"], vec!["doctor"], vec!["explain", "A"], vec!["init", "--yes", "--force"]]
        {
            told.push(program.run(words).await.ends(0));
        }
        for page in &told {
            let shown = format!("{}{}", page.stdout, page.stderr);
            assert!(!PASSWORD.iter().any(|password| shown.contains(password)), "{server:?} {shown}");
        }
        assert!(told[1].stdout.contains(database.name()), "{}", told[1].stdout);
        // The whole address is kept where its owner alone can read it.
        database.execute("UPDATE stock SET quantity = 4 WHERE sku = 'B'").await;
        let _ = sync(&program, 0).await;
        assert_levels(&shop, [("A", 15), ("B", 4)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_is_told_without_its_password() {
    for server in Server::ALL {
        let shop = TestShop::of([("A", 10)]).await;
        let database = warehouse_on(server).await;
        let at = |url: &str| program().shop(&shop).set("WIXSYNC_WAREHOUSE_URL", url);
        let absent = format!("{}_absent", database.url());
        for (url, code) in [(absent, "WX2101"), (database.url_for("tester", "wr0ng"), "WX2101")] {
            let told = at(&url).run(["sync"]).await.ends(5).says(&format!("error[{code}]"));
            let shown = format!("{}{}", told.stdout, told.stderr);
            assert!(!shown.contains("wr0ng") && !PASSWORD.iter().any(|one| shown.contains(one)), "{shown}");
        }
        let slow = if server == Server::Postgres { "pg_sleep(60)::text" } else { "SLEEP(60)" };
        let toml = format!(
            "[warehouse]\nquery = \"SELECT 'A' AS sku, {slow} AS quantity\"\nstatement_timeout = '200ms'\n"
        );
        let _ = at(&database.url()).toml(&toml).run(["sync"]).await.ends(5).says("error[WX2113]");
        let list = "sku,quantity\nA,7\n";
        let importing = at(&database.url());
        std::fs::write(importing.path("list.csv"), list).expect("a list can be written");
        let _ = importing.run(["import", "list.csv"]).await.ends(2).says("error[WX6012]");
        shop.assert_not_written();
    }
}
