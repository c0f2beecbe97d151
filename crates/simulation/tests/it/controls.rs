//! Checks that cannot fail are worth nothing: each is seen to fail where something is broken on purpose, and to
//! hold in the same worlds with nothing broken.

use simulation::{Broken, Check, Fault, OutOfRange, Profile, Quirks, Rates, play};

/// Worlds that a control plays at most; most need a few.
const WORLDS: u64 = 1_000;
/// Worlds that are played with nothing broken at least.
const WHOLE: usize = 20;

/// Defines one test for each control, and the list of the checks that have one.
macro_rules! controls {
    ($($name:ident: $check:ident by $worlds:expr;)+) => {
        $(#[test]
        fn $name() {
            assert_seen(Check::$check, &$worlds);
        })+

        const CONTROLLED: &[Check] = &[$(Check::$check,)+];
    };
}

#[test]
fn every_check_has_a_control() {
    let without: Vec<_> = Check::ALL.iter().filter(|check| !CONTROLLED.contains(check)).collect();
    assert!(without.is_empty(), "{without:?}");
}

#[test]
fn calm_worlds_break_nothing() {
    for seed in 0..300 {
        assert_eq!(failure(Profile::calm(seed)), None, "seed {seed}");
    }
}

/// The first check that fails in a world.
fn failure(world: Profile) -> Option<Check> {
    play(world, false).violation.map(|violation| violation.check)
}

fn assert_seen(check: Check, worlds: &[Profile]) {
    let seen = worlds.iter().position(|world| failure(world.clone()) == Some(check));
    assert!(seen.is_some(), "{check:?} is not seen to fail");
    for world in worlds.iter().take(seen.map_or(0, |at| at + 1).max(WHOLE)) {
        assert_eq!(failure(mended(world.clone())), None, "with nothing broken, in world {}", world.seed);
    }
}

/// The same world with nothing broken.
fn mended(world: Profile) -> Profile {
    let quirks = Quirks { out_of_range: OutOfRange::Refused, ..world.quirks };
    Profile { broken: None, unseen: Vec::new(), settle_ms: world.lag_ms, quirks, ..world }
}

fn worlds(rates: Rates) -> impl Iterator<Item = Profile> {
    (0..WORLDS).map(move |seed| Profile { runs: 3, rates: rates.clone(), ..Profile::calm(seed) })
}

fn broken(broken: Broken, rates: Rates) -> Vec<Profile> {
    worlds(rates).map(|world| Profile { broken: Some(broken), ..world }).collect()
}

/// The same, past checks that would be the first to see it.
fn unseen_by(unseen: &[Check], worlds: Vec<Profile>) -> Vec<Profile> {
    worlds.into_iter().map(|world| Profile { unseen: unseen.to_vec(), ..world }).collect()
}

fn calm() -> Rates {
    Rates::none()
}

fn late() -> Rates {
    Rates::none().with(Fault::LateApply, 500)
}

fn lost() -> Rates {
    Rates::none().with(Fault::LostRequest, 600)
}

fn two_processes() -> Rates {
    Rates::none().with(Fault::SecondProcess, 1_000)
}

fn settled_too_early() -> Vec<Profile> {
    let rates = late().with(Fault::StaleLevels, 800);
    worlds(rates).map(|world| Profile { settle_ms: 0, ..world }).collect()
}

fn below_zero() -> Vec<Profile> {
    let taken = |quirks| Quirks { out_of_range: OutOfRange::Taken, ..quirks };
    let rates = Rates::none().with(Fault::SaleStorm, 200);
    worlds(rates).map(|world| Profile { quirks: taken(world.quirks), ..world }).collect()
}

controls! {
    i1_a_shop_that_takes_one_too_many: LevelAtTheEnd by
        broken(Broken::OneTooMany, calm());
    i1_a_shop_that_hides_which_products_have_changed: LevelAtTheEnd by
        broken(Broken::HideChanges, Rates::none().with(Fault::SkuSwapped, 40));
    i2_a_batch_with_a_listing_twice: ListingTwiceInBatch by
        broken(Broken::RepeatLine, calm());
    i2_a_batch_for_the_call_of_the_other_sign: BatchOfTwoSigns by
        broken(Broken::TurnSign, calm());
    i2_batches_without_a_limit: BatchTooLarge by
        broken(Broken::IgnoreLimit, calm());
    i2_a_journal_that_forgets_that_a_line_went_out_again: ResendUnfit by
        broken(Broken::ForgetRetried, lost());
    i2_a_line_that_leaves_in_the_place_of_one_not_judged: ResentUnjudged by
        unseen_by(&[Check::ResendUnfit], broken(Broken::ForgetRetried, lost()));
    i2_no_waiting_before_the_next_write: WriteOverWrite by
        broken(Broken::NoWaiting, late());
    i2_no_waiting_before_the_judgement: LandsAfterJudgement by
        unseen_by(&[Check::WriteOverWrite], broken(Broken::NoWaiting, late()));
    i2_a_settle_time_of_zero_where_reads_lag: LandsTwice by
        settled_too_early();
    i3_a_fence_that_lets_everyone_in: WriteWithoutLease by
        broken(Broken::OpenFence, two_processes().with(Fault::LateApply, 300));
    i3_a_body_that_leaves_after_its_moment: WriteWithoutLease by
        broken(Broken::IgnoreDeadline, two_processes().with(Fault::Paused, 60).with(Fault::SlowToLeave, 300));
    i3_a_journal_that_forgets_sent: LeavesUnrecorded by
        broken(Broken::ForgetSent, calm());
    i3_a_line_that_is_not_the_one_in_the_journal: LeavesUnrecorded by
        broken(Broken::TakeTooMuch, calm());
    i3_every_write_sent_twice: ReceivedTwice by
        broken(Broken::SendTwice, calm());
    i3_a_journal_that_verifies_what_nobody_read: IllegalStep by
        broken(Broken::VerifyUnseen, calm());
    i4_a_line_that_takes_more_than_there_is: TargetOutOfRange by
        unseen_by(&[Check::LeavesUnrecorded], broken(Broken::TakeTooMuch, calm()));
    i4_a_shop_that_lets_a_level_go_below_zero: LevelOutOfRange by
        below_zero();
    i5_an_incomplete_read_passed_on_as_whole: WriteAfterFailedRead by
        broken(Broken::HideIncomplete, Rates::none().with(Fault::ReadIncomplete, 300));
    i6_two_writes_under_way_at_once: TwoRunsWrite by
        unseen_by(&[Check::WriteWithoutLease], broken(Broken::OpenFence, two_processes()));
    i6_a_request_that_joins_a_run_that_is_over: JoinsTheDead by
        broken(Broken::HideEnds, two_processes().with(Fault::Crash, 30));
    i7_a_journal_that_forgets_how_lines_ended: EndsWithOpenLine by
        unseen_by(&[Check::Miscounted, Check::RaiseBeforeLowering], broken(Broken::ForgetSteps, calm()));
    i7_nobody_is_told_of_runs_without_an_end: RunWithoutEnd by
        broken(Broken::HideAbandoned, Rates::none().with(Fault::Crash, 15));
    i7_a_disk_that_stays_full: NoRunAtTheEnd by
        broken(Broken::DiskStaysFull, Rates::none().with(Fault::DiskFull, 6));
    i7_a_clock_that_wakes_nobody: StandStill by
        broken(Broken::NoWaking, late());
    i7_a_lease_that_is_never_given_back: NoEnd by
        broken(Broken::KeepLease, calm());
    i8_a_record_that_miscounts: Miscounted by
        broken(Broken::Miscount, calm());
    i8_a_record_that_says_that_all_went_well: ConvergedTooSoon by
        broken(Broken::CallItConverged, lost());
    i8_a_success_for_what_was_never_sent: FalseAccount by
        broken(Broken::AckNothing, calm());
    i8_a_refusal_of_what_was_applied: FalseAccount by
        broken(Broken::TakeNoneForRefusal, Rates::none().with(Fault::LostReply, 500));
    i11_a_plan_that_is_held_and_sent: HeldPlanWrites by
        broken(Broken::HoldNothing, calm());
    i11_a_dry_run_that_writes: DryRunWrites by
        broken(Broken::LoseDryRun, calm());
    i11_a_warehouse_that_answers_from_memory: WriteFromNothing by
        broken(Broken::AnswerFromMemory, Rates::none().with(Fault::WarehouseEmpty, 300));
    i11_a_guard_that_forgot_the_last_good_run: WriteFromTooLittle by
        broken(Broken::ForgetLastGood, Rates::none().with(Fault::WarehouseShrinks, 30));
    i13_a_warehouse_read_before_the_shop: SnapshotTooOld by
        broken(Broken::OldSnapshot, calm());
    stale_read_a_journal_that_does_not_tell_of_recent_writes: PlannedFromStaleRead by
        broken(Broken::HideRecent, Rates::none().with(Fault::StaleRead, 600));
    pace_no_answer_taken_for_a_refusal: WriteAfterThreeUnclear by
        broken(Broken::TakeNoneForRefusal, lost());
    pace_no_answer_taken_for_a_yes: RaiseBeforeLowering by
        broken(Broken::TakeNoneForYes, lost());
    pace_a_journal_that_forgets_that_a_lowering_was_answered: RaiseBeforeLowering by
        broken(Broken::ForgetSteps, calm());
}
