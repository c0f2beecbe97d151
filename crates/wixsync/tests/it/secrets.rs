//! The key turns up nowhere (I9), whatever fails and however much is logged.
//!
//! `Program` searches stdout, stderr and every written file after each run; here everything is logged that can be.

use testkit::emulator::{CatalogVersion, Endpoint, FaultKind};
use testkit::{CANARY, Program};

use crate::support::{between, on_every_catalog, world};

on_every_catalog! {
    runs_that_go_well,
    everything_that_is_refused,
    an_answer_that_echoes_the_key,
}

/// Our own rooms at trace, and then every library too, in both formats.
const LOGS: [(&str, &str); 3] =
    [("trace", "text"), ("trace,wixsync=trace", "text"), ("trace,sync=trace", "json")];

async fn each_log(program: Program, words: &[&str]) {
    let mut program = program;
    for (log, format) in LOGS {
        program = program.set("WIXSYNC_LOG", log).set("WIXSYNC_LOG_FORMAT", format);
        let _ = program.run(words).await;
    }
}

macro_rules! tests {
    ($($name:ident: $endpoint:ident, $kind:expr;)*) => {
        on_every_catalog! { $($name,)* }

        $(
            async fn $name() {
                let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
                let program = between(&shop, &warehouse).set("WIXSYNC_HTTP_TIMEOUT", "300ms");
                shop.break_with(shop.$endpoint(), $kind, 3);
                each_log(program, &["sync", "--json"]).await;
                assert!(shop.live().faults_fired() > 0);
            }
        )*
    };
}

tests! {
    a_read_that_fails: reading, FaultKind::Html { code: 502 };
    a_read_that_is_cut: reading, FaultKind::CutBody;
    a_read_that_is_refused: reading, FaultKind::Status { code: 403, body: None };
    a_write_without_an_answer: raising, FaultKind::DropBeforeApply;
    a_write_that_is_refused: raising, FaultKind::Status { code: 400, body: None };
}

async fn runs_that_go_well() {
    let (shop, warehouse) = world(&[("A", 10, 15), ("B", 10, 4)]).await;
    let program = || between(&shop, &warehouse);
    each_log(program(), &["sync", "--json"]).await;
    each_log(program(), &["plan"]).await;
    each_log(program(), &["products", "A", "B", "C"]).await;
    each_log(program(), &["set", "A=3"]).await;
    each_log(program(), &["config", "show"]).await;
    each_log(program(), &["runs"]).await;
}

async fn everything_that_is_refused() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = || between(&shop, &warehouse);
    each_log(program().set("WIX_API_KEY", format!("wrong-{CANARY}")), &["sync", "--json"]).await;
    each_log(program().set("WIX_SITE_ID", "elsewhere"), &["sync"]).await;
    each_log(program().set("WIX_API_KEY", format!("{CANARY}\u{e9}")), &["sync", "--json"]).await;
    each_log(program().set("WIX_API_KEY", format!("{CANARY}\n")), &["products", "A"]).await;
    each_log(program().set("WIXSYNC_WAREHOUSE_URL", "sqlite:///no/such/file"), &["sync", "--json"]).await;
    each_log(program().set("WIXSYNC_STATE_URL", format!("postgres://u:{CANARY}@h/d")), &["runs"]).await;
    shop.set_catalog(CatalogVersion::StoresNotInstalled);
    each_log(program(), &["sync", "--json"]).await;
    shop.assert_not_written();
}

/// An answer of Wix that repeats what it was sent must not carry the key into the report.
async fn an_answer_that_echoes_the_key() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let body = serde_json::json!({"message": format!("Authorization: {CANARY} is not accepted")});
    let kind = FaultKind::Status { code: 401, body: Some(body) };
    shop.break_with(Endpoint::CatalogVersion, kind, u32::MAX);
    each_log(between(&shop, &warehouse), &["sync", "--json"]).await;
    shop.assert_not_written();
}
