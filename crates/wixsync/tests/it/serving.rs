//! What the service tells its operator.

use jiff::Timestamp;

use crate::service::{serve, served};
use crate::support::{between, world};

/// Lines of several shops and runs stand side by side, and are read long after.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_s_log_lines_tell_time_shop_and_run() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_LANG", "en");
    let program = program.set("WIXSYNC_TIME_ZONE", "Asia/Kathmandu");
    let service = serve(&program).await;
    let task = service.start().await;
    let _ = service.poll(&task).await;
    let log = service.running.stop_heard().await.ends(0).stderr;
    let inside = format!(" INFO: [shop=default run_id={task}] ");
    for words in ["Start of synchronising", "Making 1 update in Wix", "Synchronisation finished"] {
        let line = log.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {log}"));
        assert!(line.contains(&format!("{inside}{words}")), "{line}");
    }
    assert!(!log.is_empty());
    for line in log.lines() {
        let time = line.split(' ').next().unwrap_or_default();
        assert!(time.len() == 25 && time.ends_with("+05:45"), "{line}");
        let _: Timestamp = time.parse().unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}

/// Also where the log is for warnings alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_warning_tells_its_run() {
    let (shop, warehouse) = world(&[("A", 10, 15)]).await;
    shop.break_with(
        testkit::emulator::Endpoint::QueryProducts,
        testkit::emulator::FaultKind::Status { code: 403, body: None },
        u32::MAX,
    );
    let program = served(between(&shop, &warehouse)).set("WIXSYNC_LOG", "warn");
    let service = serve(&program).await;
    let task = service.start().await;
    let _ = service.poll(&task).await;
    let log = service.running.stop_heard().await.ends(0).stderr;
    let inside = format!("[shop=default run_id={task}] ");
    assert!(!log.is_empty() && log.lines().all(|line| line.contains(&inside)), "{log}");
}
