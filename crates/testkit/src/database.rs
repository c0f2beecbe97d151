//! A database of a test's own on the servers that `cargo xtask test` runs.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// A fresh, empty database. It goes with the server.
#[derive(Debug)]
pub struct TestDatabase {
    server: Server,
    address: String,
    name: String,
}

/// A kind of database server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// PostgreSQL.
    Postgres,
    /// MariaDB, which speaks MySQL's protocol.
    Mariadb,
}

impl Server {
    /// Every value.
    pub const ALL: [Self; 2] = [Self::Postgres, Self::Mariadb];

    fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "WIXSYNC_TEST_POSTGRES",
            Self::Mariadb => "WIXSYNC_TEST_MARIADB",
        }
    }
}

impl TestDatabase {
    /// Creates the database.
    pub async fn on(server: Server) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        let address = variable(server.variable());
        let name = format!("test_{}_{made}", std::process::id());
        let own = match server {
            Server::Postgres => "postgres",
            Server::Mariadb => "mysql",
        };
        let there = Self { server, address: address.clone(), name: own.to_owned() };
        // A process id comes again.
        there.execute(&format!("DROP DATABASE IF EXISTS {name}")).await;
        there.execute(&format!("CREATE DATABASE {name}")).await;
        Self { server, address, name }
    }

    /// Its URL, with user and password.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}/{}", self.address, self.name)
    }

    /// Its URL for another user.
    #[must_use]
    pub fn url_for(&self, user: &str, password: &str) -> String {
        let (scheme, rest) = self.address.split_once("://").expect("an address has a scheme");
        let (_, host) = rest.rsplit_once('@').expect("an address has a user");
        format!("{scheme}://{user}:{password}@{host}/{}", self.name)
    }

    /// Its name on the server.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file of the certificate that the server shows.
    #[must_use]
    pub fn certificate() -> String {
        variable("WIXSYNC_TEST_CERTIFICATE")
    }

    /// Executes SQL statements.
    pub async fn execute(&self, sql: &str) {
        let statements = AssertSqlSafe(sql);
        let done = match self.server {
            Server::Postgres => {
                let options: PgConnectOptions = self.url().parse().expect("an address");
                let mut db = options.connect().await.expect("PostgreSQL answers");
                let done = sqlx::raw_sql(statements).execute(&mut db).await.map(drop);
                db.close().await.expect("the connection closes");
                done
            }
            Server::Mariadb => {
                let options: MySqlConnectOptions = self.url().parse().expect("an address");
                let mut db = options.connect().await.expect("MariaDB answers");
                let done = sqlx::raw_sql(statements).execute(&mut db).await.map(drop);
                db.close().await.expect("the connection closes");
                done
            }
        };
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "only the environment of the test run knows where its servers are"
)]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set. Run `cargo xtask test`, or `cargo xtask databases` beside `cargo nextest run`.")
    })
}
