//! What each answer of the shop leads to: states, counters, outcome; and nothing is ever sent twice.

use domain::write::settle::LEFT_OUT;
use domain::{LineState, Outcome};
use sync::Work;
use sync::ports::{Clock, Journal, ShopErrorClass};

use super::fixture::{Answer, RunFixture};

#[tokio::test]
async fn a_clean_run_converges_and_the_next_one_writes_nothing() {
    let fixture = RunFixture::new(&[("a", 1), ("b", 5)], &[("a", 2), ("b", 0)]);
    let summary = fixture.sync(300).await;
    assert_eq!(summary.outcome, Outcome::Converged);
    assert_eq!((summary.counters.planned, summary.counters.verified), (2, 2));
    assert_eq!((fixture.level("a"), fixture.level("b")), (2, 0));
    let again = fixture.run("r2", Work::Sync { dry_run: false }, 300).await.unwrap();
    assert_eq!((again.outcome, again.counters.planned), (Outcome::Converged, 0));
    assert_eq!(fixture.count("write"), 2);
}

#[tokio::test]
async fn plans_and_dry_runs_write_nothing() {
    for work in [Work::Plan, Work::Sync { dry_run: true }] {
        let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]);
        let summary = fixture.run("r", work, 300).await.unwrap();
        assert_eq!(summary.outcome, Outcome::Planned);
        assert_eq!((summary.counters.planned, summary.counters.not_sent), (1, 1));
        assert_eq!(fixture.count("write"), 0);
    }
}

#[tokio::test]
async fn i2_a_lost_reply_is_settled_and_sent_again_only_if_it_was_not_applied() {
    for (answer, state, writes) in
        [(Answer::ApplyAndLose, LineState::Converged, 1), (Answer::Lose, LineState::Verified, 2)]
    {
        let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]).answering(&[answer]);
        let summary = fixture.sync(300).await;
        assert_eq!(fixture.states("r1")["a"], state);
        assert_eq!(summary.outcome, Outcome::Converged);
        assert_eq!(summary.counters.planned, 1, "a line that went out again is one line");
        assert_eq!(fixture.count("write"), writes);
        assert_eq!(fixture.level("a"), 2);
    }
}

/// I2: if a level is unchanged but its item changed after the write was sent, our raise may have been sold at once.
#[tokio::test]
async fn i2_a_raise_that_was_sold_at_once_is_suspect_and_not_sent_again() {
    for (changed_at, writes, state) in [(100, 1, LineState::Suspect), (99, 2, LineState::Verified)] {
        let fixture = RunFixture::new(&[("a", 1)], &[("a", 3)]).answering(&[Answer::Lose]);
        fixture.now.store(100, std::sync::atomic::Ordering::Relaxed);
        fixture.changed_at.lock().unwrap().insert("a".to_owned(), changed_at);
        fixture.sync(300).await;
        assert_eq!((fixture.count("write"), fixture.states("r1")["a"]), (writes, state), "{changed_at}");
    }
}

/// I8: Wix answers with a success and leaves an entry out. That is never told as sold. The next run sends the line
/// alone, after the others of its direction, until it is applied.
#[tokio::test]
async fn i8_an_entry_that_wix_left_out_is_unresolved_and_goes_out_alone() {
    let fixture = RunFixture::new(&[("a", 1), ("b", 1), ("c", 9)], &[("a", 5), ("b", 6), ("c", 4)])
        .answering(&[
            Answer::LeaveOut("c"),
            Answer::LeaveOut("a"),
            Answer::Apply,
            Answer::Apply,
            Answer::LeaveOut("a"),
        ]);
    let summary = fixture.sync(300).await;
    assert_eq!(
        (summary.outcome, summary.counters.unresolved, summary.counters.verified),
        (Outcome::Partial, 2, 1)
    );
    let details: Vec<&str> = summary.errors.iter().map(|error| error.detail.as_str()).collect();
    assert_eq!(details, [LEFT_OUT; 2], "{:?}", summary.errors);
    let writes = |fixture: &RunFixture| -> Vec<String> {
        fixture.log().into_iter().filter(|entry| entry.starts_with("write")).collect()
    };
    assert_eq!(writes(&fixture), ["write c-5", "write a+4 b+5"]);

    fixture.stock.lock().unwrap().push(("d".to_owned(), 2));
    fixture.levels.lock().unwrap().insert("d".to_owned(), 1);
    let again = fixture.run("r2", Work::Sync { dry_run: false }, 300).await.unwrap();
    assert_eq!((again.outcome, again.counters.unresolved, again.counters.verified), (Outcome::Partial, 1, 2));
    assert_eq!(writes(&fixture)[2..], ["write c-5", "write d+1", "write a+4"]);

    *fixture.stock.lock().unwrap() =
        [("a", 5), ("b", 7), ("c", 3), ("d", 2)].map(|(k, v)| (k.to_owned(), v)).into();
    let last = fixture.run("r3", Work::Sync { dry_run: false }, 300).await.unwrap();
    assert_eq!(last.outcome, Outcome::Converged);
    assert_eq!(writes(&fixture)[5..], ["write c-1", "write b+1", "write a+4"]);
    fixture.stock.lock().unwrap()[0].1 = 6;
    fixture.stock.lock().unwrap()[1].1 = 8;
    fixture.run("r4", Work::Sync { dry_run: false }, 300).await.unwrap();
    assert_eq!(writes(&fixture)[8..], ["write a+1 b+1"], "it was applied, so it needs no call of its own");
}

#[tokio::test]
async fn i2_not_applied_takes_two_looks_one_settle_time_apart() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 2)]).answering(&[Answer::Lose]);
    fixture.sync(300).await;
    let looks: Vec<_> = fixture.log().into_iter().filter(|entry| entry.starts_with("levels read")).collect();
    assert_eq!(looks[..2], ["levels read at 40000", "levels read at 50000"]);
}

#[tokio::test]
async fn a_sale_after_an_acknowledged_write_is_moved_since() {
    let fixture = RunFixture::new(&[("a", 10)], &[("a", 18)]);
    fixture.sold_after_write.lock().unwrap().insert("a".to_owned(), 3);
    let summary = fixture.sync(300).await;
    assert_eq!(fixture.states("r1")["a"], LineState::MovedSince);
    assert_eq!(summary.outcome, Outcome::Converged);
    assert_eq!(fixture.level("a"), 15);
}

#[tokio::test]
async fn a_refusal_is_certain_for_one_entry_only() {
    let refuse = Answer::Refuse(ShopErrorClass::Refused);
    let alone = RunFixture::new(&[("a", 1)], &[("a", 2)]).answering(std::slice::from_ref(&refuse));
    let summary = alone.sync(300).await;
    assert_eq!(alone.states("r1")["a"], LineState::Rejected);
    assert_eq!((summary.outcome, summary.counters.rejected), (Outcome::Partial, 1));
    assert_eq!(summary.errors.len(), 1);

    let three = [("a", 1), ("b", 1), ("c", 1)];
    let fixture = RunFixture::new(&three, &[("a", 2), ("b", 2), ("c", 2)]).answering(&[refuse]);
    let summary = fixture.sync(300).await;
    assert_eq!(summary.outcome, Outcome::Converged);
    let writes: Vec<_> = fixture.log().into_iter().filter(|entry| entry.starts_with("write")).collect();
    assert_eq!(writes, ["write a+1 b+1 c+1", "write a+1 b+1", "write c+1"], "it goes on in halves");
}

#[tokio::test]
async fn the_entry_that_is_refused_ends_alone_and_the_rest_goes_through() {
    let levels = [("a", 1), ("b", 1), ("c", 1), ("d", 1)];
    let stock = [("a", 2), ("b", 2), ("c", 2), ("d", 2)];
    let refuse = || Answer::Refuse(ShopErrorClass::Refused);
    // All; a and b; a alone; b alone, refused; c and d.
    let answers = [refuse(), refuse(), Answer::Apply, refuse(), Answer::Apply];
    let fixture = RunFixture::new(&levels, &stock).answering(&answers);
    let summary = fixture.sync(300).await;
    assert_eq!(fixture.states("r1")["b"], LineState::Rejected);
    assert_eq!((summary.counters.verified, summary.counters.rejected), (3, 1));
    assert_eq!(fixture.level("b"), 1);
}

#[tokio::test]
async fn three_unclear_answers_in_a_row_end_the_run() {
    let levels = [("a", 0), ("b", 0), ("c", 0), ("d", 0)];
    let stock = [("a", 1), ("b", 1), ("c", 1), ("d", 1)];
    let fixture = RunFixture::new(&levels, &stock).answering(&[Answer::Lose, Answer::Lose, Answer::Lose]);
    let summary = fixture.sync(1).await;
    assert_eq!(summary.outcome, Outcome::Failed);
    assert_eq!((summary.counters.planned, summary.counters.not_sent), (4, 4));
    assert_eq!(fixture.count("write"), 3);

    let recovering = [Answer::Lose, Answer::Lose, Answer::Apply, Answer::Lose];
    let fixture = RunFixture::new(&levels, &stock).answering(&recovering);
    assert_eq!(fixture.sync(1).await.outcome, Outcome::Converged);
}

#[tokio::test]
async fn access_refused_ends_the_run_at_once() {
    let refuse = Answer::Refuse(ShopErrorClass::Unauthorised);
    let fixture = RunFixture::new(&[("a", 0), ("b", 0)], &[("a", 1), ("b", 1)]).answering(&[refuse]);
    let summary = fixture.sync(1).await;
    assert_eq!(summary.outcome, Outcome::Failed);
    assert_eq!(summary.failure.unwrap().code, "wix_unauthorised");
    assert_eq!((summary.counters.rejected, summary.counters.not_sent), (1, 1));
}

#[tokio::test]
async fn what_never_left_is_tried_again_and_at_last_given_up() {
    let fixture = RunFixture::new(&[("a", 0), ("b", 0)], &[("a", 1), ("b", 1)]).answering(&[Answer::NotSent]);
    assert_eq!(fixture.sync(1).await.outcome, Outcome::Converged);

    let never = [Answer::NotSent, Answer::NotSent, Answer::NotSent];
    let fixture = RunFixture::new(&[("a", 0), ("b", 0)], &[("a", 1), ("b", 1)]).answering(&never);
    let summary = fixture.sync(1).await;
    assert_eq!(summary.outcome, Outcome::Failed);
    assert_eq!(summary.counters.not_sent, 2);
    assert!(summary.counters.add_up());
}

#[tokio::test]
async fn a_stop_ends_the_run_between_two_batches() {
    let fixture = RunFixture::new(&[("a", 0), ("b", 0)], &[("a", 1), ("b", 1)]);
    *fixture.stop_after_writes.lock().unwrap() = Some(1);
    let summary = fixture.sync(1).await;
    assert_eq!(summary.outcome, Outcome::Interrupted);
    assert_eq!(fixture.count("write"), 1);
    assert_eq!(summary.counters.not_sent, 1);
    // Its answer came, and it was read back before the run left.
    assert_eq!((summary.counters.verified, summary.counters.unresolved), (1, 0));
}

/// A stopped run leaves lines open that it cannot verify at once, and does not wait for them.
#[tokio::test]
async fn a_stopped_run_leaves_open_what_it_does_not_see_at_once() {
    let stopped = || {
        let fixture = RunFixture::new(&[("a", 0), ("b", 0)], &[("a", 3), ("b", 4)]);
        *fixture.stop_after_writes.lock().unwrap() = Some(1);
        fixture
    };
    let sold = stopped();
    sold.sold_after_write.lock().unwrap().insert("a".to_owned(), 1);
    let silent = stopped();
    silent.levels_hang.store(true, std::sync::atomic::Ordering::Relaxed);
    for (fixture, waited) in [(sold, 0), (silent, 5_000)] {
        let summary = fixture.sync(1).await;
        assert_eq!((summary.outcome, summary.counters.unresolved), (Outcome::Interrupted, 1));
        assert_eq!(fixture.now(), waited);
        let lines = fixture.lines(&domain::RunId::new("r1")).await.unwrap();
        assert!(lines[0].acked, "the next run need not wait for it");
    }
}

#[tokio::test]
async fn i11_a_held_plan_writes_nothing_and_can_be_applied() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 50)]);
    let summary = fixture.sync(300).await;
    assert_eq!(summary.outcome, Outcome::HeldByGuard);
    assert_eq!(fixture.count("write"), 0);
    let applied = fixture.run("r2", Work::Apply { plan: domain::RunId::new("r1") }, 300).await.unwrap();
    assert_eq!(applied.outcome, Outcome::Converged);
    assert_eq!(fixture.level("a"), 50);
}

#[tokio::test]
async fn an_apply_sends_no_line_that_no_longer_holds() {
    let fixture = RunFixture::new(&[("a", 1), ("b", 1), ("c", 5)], &[("a", 3), ("b", 3), ("c", 2)]);
    fixture.run("p", Work::Plan, 300).await.unwrap();
    // a: sold meanwhile, so the new delta would be larger. b: the target has changed. c: closer to its target.
    fixture.levels.lock().unwrap().extend([("a".to_owned(), 0), ("c".to_owned(), 3)]);
    *fixture.stock.lock().unwrap() = [("a", 3), ("b", 2), ("c", 2)].map(|(k, v)| (k.to_owned(), v)).to_vec();
    let summary = fixture.run("r", Work::Apply { plan: domain::RunId::new("p") }, 300).await.unwrap();
    assert_eq!((fixture.level("a"), fixture.level("b"), fixture.level("c")), (0, 1, 2));
    assert_eq!(summary.outcome, Outcome::Partial);
    assert_eq!((summary.counters.verified, summary.counters.skipped_in_apply), (1, 2));
    let reported: Vec<_> =
        summary.stale.iter().map(|line| (line.sku.as_str(), line.why.to_string())).collect();
    let due = [("a", "level_moved: 1 -> 0".to_owned()), ("b", "target_changed: 3 -> 2".to_owned())];
    assert_eq!(reported, due);
    let lines = fixture.lines(&domain::RunId::new("r")).await.unwrap();
    let kept: Vec<_> = lines.iter().filter_map(|line| line.detail.clone()).collect();
    assert_eq!(kept, due.map(|(_, detail)| detail), "each line says why it was left out");
    let again = fixture.run("r2", Work::Apply { plan: domain::RunId::new("r") }, 300).await.unwrap();
    assert_eq!(again.failure.unwrap().code, "plan_not_applicable");
}

#[tokio::test]
async fn a_plan_can_be_applied_for_a_day() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 3)]);
    fixture.run("p", Work::Plan, 300).await.unwrap();
    fixture.now.fetch_add(24 * 60 * 60 * 1_000 + 1, std::sync::atomic::Ordering::Relaxed);
    let summary = fixture.run("r", Work::Apply { plan: domain::RunId::new("p") }, 300).await.unwrap();
    assert_eq!(summary.failure.unwrap().code, "plan_expired");
    assert_eq!(fixture.level("a"), 1);
}

/// Its age is not known: it was made by a clock that was ahead.
#[tokio::test]
async fn a_plan_of_a_moment_that_lies_ahead_is_not_applied() {
    let fixture = RunFixture::new(&[("a", 1)], &[("a", 3)]);
    fixture.now.fetch_add(400 * 24 * 60 * 60 * 1_000, std::sync::atomic::Ordering::Relaxed);
    fixture.run("p", Work::Plan, 300).await.unwrap();
    fixture.now.fetch_sub(400 * 24 * 60 * 60 * 1_000, std::sync::atomic::Ordering::Relaxed);
    let summary = fixture.run("r", Work::Apply { plan: domain::RunId::new("p") }, 300).await.unwrap();
    assert_eq!(summary.failure.unwrap().code, "plan_expired");
    assert_eq!(fixture.level("a"), 1);
}

#[tokio::test]
async fn set_writes_what_was_named_and_reads_no_warehouse() {
    let fixture = RunFixture::new(&[("a", 1), ("b", 1)], &[("a", 5)]);
    let quantities = vec![(domain::Sku::parse("b").unwrap(), 200_000)];
    let summary = fixture.run("r", Work::Set { quantities }, 300).await.unwrap();
    assert_eq!(summary.outcome, Outcome::Converged);
    assert_eq!((fixture.level("a"), fixture.level("b")), (1, 99_999));
    assert_eq!(summary.notes.len(), 1);
    assert_eq!(fixture.count("warehouse read"), 0);
}
