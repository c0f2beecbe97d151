//! Every check can fail: it fails with a deliberate defect, and passes in the same simulations without the defect.

use simulation::{CatalogKind, Check, Defect, Fault, OutOfRange, Profile, Quirks, Rates, play};

/// How many simulations a control plays at most. Most need only a few.
const PROFILES: u64 = 1_000;
/// How many simulations are played without the defect at least.
const MIN_UNBROKEN: usize = 20;

/// Defines one test for each control, and the list of the checks that have one.
macro_rules! controls {
    ($($name:ident: $check:ident by $profiles:expr;)+) => {
        $(#[test]
        fn $name() {
            assert_seen(Check::$check, &$profiles);
        })+

        const CONTROLLED: &[Check] = &[$(Check::$check,)+];
    };
}

#[test]
fn every_check_has_a_control() {
    let is_controlled = |check: &&Check| CONTROLLED.contains(check) || CONTROLLED_ELSEWHERE.contains(check);
    let without: Vec<_> = Check::ALL.iter().filter(|check| !is_controlled(check)).collect();
    assert!(without.is_empty(), "{without:?}");
}

/// The checks that only a shop with revisions, or one that moves, can fail.
const CONTROLLED_ELSEWHERE: &[Check] = &[Check::SoldAgain, Check::WriteToOldCatalog];

/// With a shop of revisions these checks fail for reasons of its own.
#[test]
fn checks_fail_for_what_only_a_shop_with_revisions_can_break() {
    let faults = Rates::none()
        .with(Fault::LostReply, 300)
        .with(Fault::LateApply, 200)
        .with(Fault::ConnectionRefused, 200)
        .with(Fault::Sale, 60)
        .with(Fault::Cancelled, 40)
        .with(Fault::Crash, 20);
    let with = |defect, ignored: &[Check]| -> Vec<Profile> {
        let revisions = |profile| Profile {
            catalog: CatalogKind::Revisions,
            defect: Some(defect),
            ignored_checks: ignored.to_vec(),
            ..profile
        };
        profiles(faults.clone()).map(revisions).collect()
    };
    assert_seen(Check::IllegalStep, &with(Defect::ForgetCopies, &[]));
    assert_seen(Check::WrongLineState, &with(Defect::ForgetCopies, &[Check::IllegalStep]));
    assert_seen(Check::WrongLineState, &with(Defect::ConflictAsSuccess, &[]));
    assert_seen(Check::LandsTwice, &with(Defect::IgnoreRevision, &[]));
    assert_seen(Check::LandsTwice, &with(Defect::UnclearAsConflict, &[]));
}

/// The rules of compare-and-swap: each is broken by a defect of its own.
#[test]
fn checks_fail_for_each_rule_of_compare_and_swap() {
    let faults = Rates::none()
        .with(Fault::SilentSuccess, 200)
        .with(Fault::FailuresCounted, 500)
        .with(Fault::RowsUnnamed, 200)
        .with(Fault::Sale, 150);
    let with = |defect| of_catalog(CatalogKind::Revisions, with_defect(defect, faults.clone()));
    assert_seen(Check::WrongLineState, &with(Defect::UnnamedAsSuccess));
    assert_seen(Check::WrongLineState, &with(Defect::BelieveSuccess));
    assert_seen(Check::SoldAgain, &with(Defect::OldLevels));
    let changing = Rates::none().with(Fault::Edit, 60).with(Fault::Sale, 60);
    let hidden = of_catalog(CatalogKind::Revisions, with_defect(Defect::HideChanges, changing));
    assert_seen(Check::LevelAtTheEnd, &hidden);
    let incomplete = Rates::none().with(Fault::ReadIncomplete, 300);
    let passed_on = of_catalog(CatalogKind::Revisions, with_defect(Defect::HideIncomplete, incomplete));
    assert_seen(Check::WriteAfterFailedRead, &passed_on);
}

/// The rules of a shop that moves to another catalog: each is broken by a defect of its own.
#[test]
fn checks_fail_for_each_rule_of_the_move() {
    let moves = Rates::none().with(Fault::CatalogMoved, 8).with(Fault::WarehouseMoves, 100);
    let from = |catalog, defect| of_catalog(catalog, with_defect(defect, moves.clone()));
    assert_seen(Check::LevelAtTheEnd, &from(CatalogKind::Deltas, Defect::NeverAskCatalog));
    assert_seen(Check::LevelAtTheEnd, &from(CatalogKind::Revisions, Defect::NeverAskCatalog));
    assert_seen(Check::LevelAtTheEnd, &from(CatalogKind::Deltas, Defect::ForgetMapCatalog));
    let slow = moves.clone().with(Fault::SlowRead, 500).with(Fault::SlowWarehouse, 500);
    let asked_once = of_catalog(CatalogKind::Deltas, with_defect(Defect::AskCatalogOnce, slow));
    assert_seen(Check::WriteToOldCatalog, &asked_once);
}

fn of_catalog(catalog: CatalogKind, profiles: Vec<Profile>) -> Vec<Profile> {
    profiles.into_iter().map(|profile| Profile { catalog, ..profile }).collect()
}

#[test]
fn calm_worlds_break_nothing() {
    for seed in 0..300 {
        assert_eq!(failure(Profile::calm(seed)), None, "seed {seed}");
    }
}

/// The first check that fails in a simulation.
fn failure(profile: Profile) -> Option<Check> {
    play(profile, false).violation.map(|violation| violation.check)
}

fn assert_seen(check: Check, profiles: &[Profile]) {
    let seen = profiles.iter().position(|profile| failure(profile.clone()) == Some(check));
    assert!(seen.is_some(), "{check:?} is not seen to fail");
    for profile in profiles.iter().take(seen.map_or(0, |at| at + 1).max(MIN_UNBROKEN)) {
        assert_eq!(
            failure(without_defect(profile.clone())),
            None,
            "without the defect, in seed {}",
            profile.seed
        );
    }
}

/// The same settings without the defect.
fn without_defect(profile: Profile) -> Profile {
    let quirks = Quirks { out_of_range: OutOfRange::Refused, ..profile.quirks };
    Profile { defect: None, ignored_checks: Vec::new(), settle_ms: profile.lag_ms, quirks, ..profile }
}

fn profiles(rates: Rates) -> impl Iterator<Item = Profile> {
    (0..PROFILES).map(move |seed| Profile { runs: 3, rates: rates.clone(), ..Profile::calm(seed) })
}

fn with_defect(defect: Defect, rates: Rates) -> Vec<Profile> {
    profiles(rates).map(|profile| Profile { defect: Some(defect), ..profile }).collect()
}

/// The same settings with some checks left out, which would otherwise be the first to fail.
fn ignoring(ignored_checks: &[Check], profiles: Vec<Profile>) -> Vec<Profile> {
    profiles
        .into_iter()
        .map(|profile| Profile { ignored_checks: ignored_checks.to_vec(), ..profile })
        .collect()
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

fn left_out() -> Rates {
    Rates::none().with(Fault::EntryLeftOut, 600)
}

fn two_installations() -> Rates {
    Rates::none().with(Fault::SecondInstallation, 1_000)
}

fn two_processes() -> Rates {
    Rates::none().with(Fault::SecondProcess, 1_000)
}

fn settled_too_early() -> Vec<Profile> {
    let rates = late().with(Fault::StaleLevels, 800);
    profiles(rates).map(|profile| Profile { settle_ms: 0, ..profile }).collect()
}

fn below_zero() -> Vec<Profile> {
    let taken = |quirks| Quirks { out_of_range: OutOfRange::Taken, ..quirks };
    let rates = Rates::none().with(Fault::SaleStorm, 200);
    profiles(rates).map(|profile| Profile { quirks: taken(profile.quirks), ..profile }).collect()
}

controls! {
    i1_a_shop_that_takes_one_too_many: LevelAtTheEnd by
        with_defect(Defect::OffByOne, calm());
    i1_a_shop_that_hides_which_products_have_changed: LevelAtTheEnd by
        with_defect(Defect::HideChanges, Rates::none().with(Fault::SkuSwapped, 40));
    i2_a_batch_with_a_listing_twice: ListingTwiceInBatch by
        with_defect(Defect::DuplicateLine, calm());
    i2_a_batch_for_the_call_of_the_other_sign: BatchOfTwoSigns by
        with_defect(Defect::FlipSign, calm());
    i2_batches_without_a_limit: BatchTooLarge by
        with_defect(Defect::IgnoreBatchLimit, calm());
    i2_a_journal_that_forgets_that_a_line_went_out_again: ResendMismatch by
        with_defect(Defect::ForgetRetried, lost());
    i2_a_line_that_leaves_in_the_place_of_one_not_judged: ResentUnsettled by
        ignoring(&[Check::ResendMismatch], with_defect(Defect::ForgetRetried, lost()));
    i2_no_waiting_before_the_next_write: WriteOverWrite by
        with_defect(Defect::NoWaiting, late());
    i2_no_waiting_before_the_judgement: LandsAfterSettled by
        ignoring(&[Check::WriteOverWrite], with_defect(Defect::NoWaiting, late()));
    i2_a_settle_time_of_zero_where_reads_lag: LandsTwice by
        settled_too_early();
    i3_a_fence_that_lets_everyone_in: WriteWithoutLease by
        with_defect(Defect::NoFencing, two_processes().with(Fault::LateApply, 300));
    i3_a_body_that_leaves_after_its_moment: WriteWithoutLease by
        with_defect(Defect::IgnoreDeadline, two_processes().with(Fault::Paused, 60).with(Fault::SlowToLeave, 300));
    i3_a_journal_that_forgets_sent: SentUnrecorded by
        with_defect(Defect::ForgetSent, calm());
    i3_a_line_that_is_not_the_one_in_the_journal: SentUnrecorded by
        with_defect(Defect::ExcessiveDelta, calm());
    i3_every_write_sent_twice: ReceivedTwice by
        with_defect(Defect::SendTwice, calm());
    i3_a_journal_that_verifies_what_nobody_read: IllegalStep by
        with_defect(Defect::VerifyUnread, calm());
    i4_a_line_that_takes_more_than_there_is: TargetOutOfRange by
        ignoring(&[Check::SentUnrecorded], with_defect(Defect::ExcessiveDelta, calm()));
    i4_a_shop_that_lets_a_level_go_below_zero: LevelOutOfRange by
        below_zero();
    i5_an_incomplete_read_passed_on_as_whole: WriteAfterFailedRead by
        with_defect(Defect::HideIncomplete, Rates::none().with(Fault::ReadIncomplete, 300));
    i6_two_writes_under_way_at_once: TwoRunsWrite by
        ignoring(&[Check::WriteWithoutLease], with_defect(Defect::NoFencing, two_processes()));
    i6_a_later_request_that_overtakes_the_one_that_waits: Overtaken by
        with_defect(Defect::NoQueue, two_processes());
    i6_a_request_that_joins_a_run_that_is_over: JoinsEndedRun by
        with_defect(Defect::HideRunEnds, two_processes().with(Fault::Crash, 30));
    i6_a_request_that_joins_a_run_that_has_read_the_warehouse: AnsweredFromOldSnapshot by
        with_defect(Defect::ForgetSnapshot, two_processes().with(Fault::Task, 500));
    i7_a_journal_that_forgets_how_lines_ended: EndsWithOpenLine by
        ignoring(&[Check::Miscounted, Check::RaiseBeforeLowering], with_defect(Defect::ForgetSteps, calm()));
    i7_nobody_is_told_of_runs_without_an_end: RunWithoutEnd by
        with_defect(Defect::HideAbandoned, Rates::none().with(Fault::Crash, 15));
    i7_a_disk_that_stays_full: NoRunAtTheEnd by
        with_defect(Defect::DiskStaysFull, Rates::none().with(Fault::DiskFull, 6));
    i7_a_clock_that_wakes_nobody: Deadlock by
        with_defect(Defect::NeverWake, late());
    i7_a_lease_that_is_never_given_back: TooManySteps by
        with_defect(Defect::NeverReleaseLease, calm());
    i8_a_record_that_miscounts: Miscounted by
        with_defect(Defect::Miscount, calm());
    i8_a_record_that_says_that_all_went_well: FalselyConverged by
        with_defect(Defect::AlwaysConverged, lost());
    i8_a_success_for_what_was_never_sent: WrongLineState by
        with_defect(Defect::AckWithoutSending, Rates::none().with(Fault::Sale, 300));
    i8_a_refusal_of_what_was_applied: WrongLineState by
        with_defect(Defect::UnclearAsRefusal, Rates::none().with(Fault::LostReply, 500));
    i8_an_item_that_seems_to_have_changed: WrongLineState by
        with_defect(Defect::FreshMarks, left_out());
    i8_a_journal_that_forgets_what_was_left_out: LeftOutNotAlone by
        with_defect(Defect::ForgetLeftOut, left_out());
    i11_a_plan_that_is_held_and_sent: HeldPlanWrites by
        with_defect(Defect::IgnoreGuard, calm());
    i8_a_second_installation_that_nobody_tells_of: AnotherWriterUnnoticed by
        ignoring(&[Check::FalselyConverged], with_defect(Defect::AlwaysConverged, two_installations()));
    i11_a_second_installation_that_is_forgotten: WriteBesideAnotherWriter by
        with_defect(Defect::ForgetAnotherWriter, two_installations());
    i11_a_dry_run_that_writes: DryRunWrites by
        with_defect(Defect::IgnoreDryRun, calm());
    i11_a_warehouse_that_answers_from_memory: WriteFromEmptyWarehouse by
        with_defect(Defect::CachedWarehouse, Rates::none().with(Fault::WarehouseEmpty, 300));
    i11_a_guard_that_forgot_the_last_good_run: WriteFromShrunkenWarehouse by
        ignoring(&[Check::WriteFromFewMatches],
            with_defect(Defect::ForgetLastGood, Rates::none().with(Fault::WarehouseShrinks, 30)));
    i11_a_guard_that_forgot_how_much_matched: WriteFromFewMatches by
        with_defect(Defect::ForgetLastGood, Rates::none().with(Fault::WarehouseForeign, 30));
    i13_a_warehouse_read_before_the_shop: SnapshotTooOld by
        with_defect(Defect::OldSnapshot, calm());
    stale_read_a_journal_that_does_not_tell_of_recent_writes: PlannedFromStaleRead by
        with_defect(Defect::HideRecentWrites, Rates::none().with(Fault::StaleRead, 600));
    pace_no_answer_taken_for_a_refusal: WriteAfterThreeUnclear by
        with_defect(Defect::UnclearAsRefusal, lost());
    pace_no_answer_taken_for_a_yes: RaiseBeforeLowering by
        with_defect(Defect::UnclearAsSuccess, lost());
    pace_a_journal_that_forgets_that_a_lowering_was_answered: RaiseBeforeLowering by
        with_defect(Defect::ForgetSteps, calm());
}
