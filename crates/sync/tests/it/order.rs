//! The order of a run: shop before warehouse, journal before bytes, lowering before raising.

use sync::Work;
use sync::ports::Sending;

use super::fixture::{Answer, RunFixture};

#[tokio::test]
async fn i13_the_warehouse_is_read_after_the_shop_in_sync_and_in_apply() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]);
    fixture.run("p", Work::Plan, 300).await.unwrap();
    fixture.run("r", Work::Apply { plan: domain::RunId::new("p") }, 300).await.unwrap();
    let reads: Vec<_> = fixture.log().into_iter().filter(|entry| entry.ends_with("read")).collect();
    assert_eq!(reads, ["shop read", "warehouse read", "shop read", "warehouse read"]);
    assert_eq!(fixture.level("a"), 2);
}

#[tokio::test]
async fn i3_sent_is_committed_before_the_bytes_leave() {
    let fixture = RunFixture::new(&[("a", 1), ("b", 1)], &[("a", 2), ("b", 0)]);
    fixture.sync(1).await;
    let log = fixture.log();
    let writes: Vec<usize> = (0..log.len()).filter(|at| log[*at].starts_with("write")).collect();
    assert_eq!(writes.len(), 2);
    for at in writes {
        assert_eq!(log[at - 1], "sent committed", "{log:?}");
        assert_eq!(log[at + 1], "lines updated", "{log:?}");
    }
}

#[tokio::test]
async fn i3_a_commit_of_sent_that_fails_means_no_send() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]);
    *fixture.refused_commit.lock().unwrap() = Some("sent committed");
    let ended = fixture.run("r", Work::Sync { dry_run: false }, 300).await;
    assert!(ended.is_err());
    assert_eq!(fixture.count("write"), 0);
    assert_eq!(fixture.level("a"), 1);
}

#[tokio::test]
async fn lowering_goes_before_raising_and_lowest_targets_first() {
    let levels = [("a", 1), ("b", 9), ("c", 9), ("d", 0)];
    let fixture = RunFixture::new(&levels, &[("a", 7), ("b", 5), ("c", 0), ("d", 2)]);
    fixture.sync(300).await;
    let writes: Vec<_> = fixture.log().into_iter().filter(|entry| entry.starts_with("write")).collect();
    assert_eq!(writes, ["write c-9 b-4", "write d+2 a+6"]);
}

#[tokio::test]
async fn i2_the_settle_wait_ends_after_time_out_and_settle_time() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]).answering(&[Answer::Lose]);
    fixture.now.store(1_000, std::sync::atomic::Ordering::Relaxed);
    fixture.sync(300).await;
    let log = fixture.log();
    let slept = log.iter().position(|entry| entry == "slept until 41000").expect("sent + 30 s + 10 s");
    assert_eq!(log[slept + 1], "levels read at 41000");
}

/// A run first waits until no unclear write of an earlier run can land any more.
#[tokio::test]
async fn a_run_waits_for_what_may_still_land_before_its_first_read() {
    let set = Work::Set { quantities: vec![(domain::Sku::parse("b").unwrap(), 7)] };
    for work in [Work::Sync { dry_run: false }, Work::Apply { plan: domain::RunId::new("p") }, set] {
        let fixture = RunFixture::new(&[("a", 9), ("b", 1)], &[("a", 2), ("b", 1)]);
        fixture.run("p", Work::Plan, 300).await.unwrap();
        let lost = fixture.store.lines_of(&domain::RunId::new("p"))[0].line.change.clone();
        let sending = Sending { batch: 1, sent_at: 0, send_before: 5_000, timeout_ms: 30_000 };
        fixture.leave_unresolved("lost", lost, sending).await;
        fixture.run("r", work, 300).await.unwrap();
        let log = fixture.log();
        let began = log.iter().rposition(|entry| entry == "run created").unwrap();
        let read: Vec<usize> = (began..log.len()).filter(|at| log[*at] == "shop read").collect();
        assert_eq!(read.len(), 1, "{log:#?}");
        // 5 s to leave, 30 s to land, 10 s until every read shows it.
        assert_eq!(log[read[0] - 1], "slept until 45000", "{log:#?}");
    }
}

#[tokio::test]
async fn what_goes_out_again_goes_before_everything_that_waits() {
    let fixture = RunFixture::new(&[("a", 5), ("b", 5), ("c", 5)], &[("a", 1), ("b", 2), ("c", 6)]);
    let fixture = fixture.answering(&[Answer::Lose]);
    fixture.sync(1).await;
    let writes: Vec<_> = fixture.log().into_iter().filter(|entry| entry.starts_with("write")).collect();
    assert_eq!(writes, ["write a-4", "write a-4", "write b-3", "write c+1"]);
}
