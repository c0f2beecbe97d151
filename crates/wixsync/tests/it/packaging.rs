//! What lies in `packaging/`: the settings, the unit and the image.
//!
//! One catalog: the settings and the unit know no catalog.

use std::path::{Path, PathBuf};

use crate::service::{serve, served};
use crate::support::{between, program, world};

fn packaged(name: &str) -> String {
    let file: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging").join(name);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What the unit alone sets, the commands beside the service do not see.
#[tokio::test(flavor = "multi_thread")]
async fn the_service_and_the_commands_beside_it_share_the_packaged_settings() {
    let settings = program().file("wixsync.toml", packaged("wixsync.toml")).unset("WIXSYNC_STATE_URL");
    let shown = settings.set("WIX_API_KEY", "key").run(["config", "show", "--json"]).await.ends(0).json();
    let rows = shown["settings"].as_array().expect("settings");
    let value = |name: &str| rows.iter().find(|row| row["name"] == name).map(|row| row["value"].clone());
    assert_eq!(value("state_url"), Some("sqlite:///var/lib/wixsync/state.db".into()));
    let unit = packaged("wixsync.service");
    assert!(!unit.contains("WIXSYNC_"), "a setting that only the service has");
    let lines: Vec<&str> = unit.lines().collect();
    for due in [
        "ExecStart=/usr/bin/env wixsync serve --config /etc/wixsync/wixsync.toml",
        "Environment=WIX_API_KEY_FILE=%d/api-key",
        "StateDirectory=wixsync",
        "WatchdogSec=60s",
        "LimitCORE=0",
    ] {
        assert!(lines.contains(&due), "{due}");
    }
}

/// The check of the image, run against a service: it fails once the service is gone.
#[tokio::test(flavor = "multi_thread")]
async fn the_image_is_pinned_and_its_health_check_asks_the_service() {
    let image = packaged("Dockerfile");
    let bases: Vec<&str> = image.lines().filter_map(|line| line.strip_prefix("FROM ")).collect();
    for base in &bases {
        let tag = base.split(' ').next().and_then(|base| base.split_once(':')).expect("a tag").1;
        assert!(tag.contains('.') && tag.starts_with(|c: char| c.is_ascii_digit()), "{base} floats");
    }
    assert_eq!(bases.len(), 2);
    let check = image.lines().find_map(|line| line.trim().strip_prefix("CMD [\"bash\"")).expect("a check");
    let words: Vec<String> = serde_json::from_str(&format!("[\"bash\"{check}")).expect("a JSON list");
    assert_eq!((words[0].as_str(), words[1].as_str()), ("bash", "-c"));

    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let program = served(between(&shop, &warehouse));
    let service = serve(&program).await;
    let port = service.url.rsplit(':').next().expect("a port");
    let command = words[2].replace("8080", port);
    let is_well = async || {
        let status = tokio::process::Command::new("bash").args(["-c", &command]).status().await;
        status.expect("bash runs").success()
    };
    assert!(is_well().await, "{command}");
    assert_eq!(service.running.stop().await, Some(0));
    assert!(!is_well().await, "it is gone");
}
