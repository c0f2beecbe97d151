//! What the READMEs show: the demo, and a picture of the plan that their reader sees.
//!
//! `cargo xtask pages` copies the demo's snapshot into the READMEs.

use anstyle_svg::{Term, WIN10_CONSOLE};
use serde_json::Value;

use super::shown::{LANGS, assert_shown, both, steady};
use crate::pages::{READMES, file, page};
use crate::support::program;

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration() {
    for lang in LANGS {
        let program = program().unset("WIXSYNC_STATE_URL").set("WIXSYNC_LANG", lang);
        let seen = program.run_at_terminal(["demo"]).await.ends(0);
        assert_shown(&format!("demo_{lang}_terminal"), &both(&seen));
    }
}

/// The picture has the output up to the first line that differs from run to run.
fn picture(stdout: &str) -> String {
    let lines = stdout.lines().take_while(|line| steady(line) == **line);
    let shown: Vec<&str> = ["$ wixsync plan"].into_iter().chain(lines).collect();
    // Of the palettes, the one whose red can be read on black.
    Term::new().palette(WIN10_CONSOLE).min_width_px(560).render_svg(&shown.join("\n"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plan_of_the_readmes_trial() {
    for (lang, name) in READMES {
        let text = page(name);
        let program = program()
            .set("WIXSYNC_LANG", lang)
            .file("shop.json", file(&text, "shop.json"))
            .file("stock.csv", file(&text, "stock.csv"));
        let running = program.start(["emulator", "shop.json", "--json"]).await;
        let address: Value = serde_json::from_str(&running.first_line).expect("one JSON value");
        let setting = |key: &str| address[key].as_str().expect("a text").to_owned();
        let program = program
            .set("WIX_BASE_URL", setting("base_url"))
            .set("WIX_API_KEY", setting("api_key"))
            .set("WIX_SITE_ID", setting("site_id"))
            .set("WIXSYNC_WAREHOUSE_URL", "sqlite://warehouse.db");
        let _ = program.run(["import", "stock.csv"]).await.ends(0);
        let seen = program.run_at_terminal(["plan"]).await.ends(0);
        assert!(seen.stdout.contains("TEA 10 -> 12 "), "{}", seen.stdout);
        insta::with_settings!({
            omit_expression => true,
            prepend_module_to_snapshot => false,
            snapshot_path => "../../../../../docs/pictures",
        }, { insta::assert_binary_snapshot!(&format!("plan_{lang}.svg"), picture(&seen.stdout).into_bytes()) });
        let _ = running.stop().await;
    }
}
