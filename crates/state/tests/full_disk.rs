//! The state over a disk that fills up and is freed again.
//!
//! A file of its own, with one test: what stands for the full disk, the limit on the size of files, holds for the
//! whole process.
#![cfg(unix)]

use std::path::Path;

use domain::ShopName;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigSet, Signal};
use state::StateUrl;
use sync::ports::{StateError, WindowLimit, WindowPlace};

const LIMIT: WindowLimit = WindowLimit { requests: 9, window_ms: 1_000, timeout_ms: 300, pace: None };

#[test]
fn the_writers_write_again_once_a_full_disk_has_room() {
    // Else the signal that comes with the refused write ends the process. Threads begun from here on block it too.
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGXFSZ);
    signals.thread_block().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.db");
        let store = state::open(&StateUrl::in_file(file.clone())).await.unwrap();
        let shop = ShopName::new("a");
        store.pause(&shop, 1_000).await.unwrap();
        assert!(matches!(store.enter_window(&shop, LIMIT, 1_000).await.unwrap(), WindowPlace::Taken(_)));

        let (soft, hard) = getrlimit(Resource::RLIMIT_FSIZE).unwrap();
        let size = std::fs::metadata(log_of(&file)).unwrap().len();
        setrlimit(Resource::RLIMIT_FSIZE, size, hard).unwrap();
        let resumed = store.resume(&shop, 2_000).await;
        let entered = store.enter_window(&shop, LIMIT, 2_000).await;
        setrlimit(Resource::RLIMIT_FSIZE, soft, hard).unwrap();
        assert!(matches!(resumed, Err(StateError::Unavailable(_))), "the disk is full: {resumed:?}");
        assert!(matches!(entered, Err(StateError::Unavailable(_))), "the disk is full: {entered:?}");

        assert_eq!(store.paused_since(&shop).await.unwrap(), Some(1_000));
        store.resume(&shop, 2_000).await.unwrap();
        assert_eq!(store.paused_since(&shop).await.unwrap(), None);
        assert!(matches!(store.enter_window(&shop, LIMIT, 3_000).await.unwrap(), WindowPlace::Taken(_)));
    });
}

/// The write-ahead log, where what is committed goes first.
fn log_of(file: &Path) -> std::path::PathBuf {
    file.with_extension("db-wal")
}
