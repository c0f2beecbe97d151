//! Simulations that once broke a rule, by the defect behind it. There are many of each kind, so that the order of the
//! random numbers does not matter: with the defect put back, several of each kind break the rule.

use simulation::{Fault, Profile, Quirks, Rates, crash_everywhere, fixed_plans, play};

fn assert_hold(profiles: impl IntoIterator<Item = Profile>) {
    let broken: Vec<String> = profiles
        .into_iter()
        .filter_map(|profile| Some((profile.seed, play(profile, false).violation?)))
        .map(|(seed, found)| format!("seed {seed}: {found}"))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

fn profiles(count: u64, runs: u64, rates: Rates) -> impl Iterator<Item = Profile> {
    (0..count).map(move |seed| Profile { runs, rates: rates.clone(), ..Profile::calm(seed) })
}

fn two_processes() -> Rates {
    Rates::none().with(Fault::SecondProcess, 1_000)
}

/// The same settings, where every run reads the whole shop.
fn read_whole(profiles: impl Iterator<Item = Profile>) -> impl Iterator<Item = Profile> {
    profiles.map(|profile| Profile { quirks: Quirks { tells_changes: false, ..profile.quirks }, ..profile })
}

/// I11: a warehouse that loses a part in each run is compared with the largest good run, and one whose SKUs are written
/// differently is held too.
#[test]
fn a_warehouse_that_shrinks_in_steps_is_compared_with_its_last_step() {
    let rates = Rates::none()
        .with(Fault::WarehouseShrinks, 40)
        .with(Fault::WarehouseForeign, 20)
        .with(Fault::WarehouseMoves, 100);
    assert_hold(profiles(300, 6, rates).map(|profile| Profile { listings: 12, ..profile }));
}

/// I8, I11: two installations with stores of their own make every change twice. A run that sees that is partial, and
/// the next one is held.
#[test]
fn two_installations_double_every_change() {
    let rates = Rates::none().with(Fault::SecondInstallation, 1_000).with(Fault::WarehouseMoves, 100);
    assert_hold(profiles(300, 6, rates).map(|profile| Profile { listings: 12, write_batch: 300, ..profile }));
}

/// I8: a line that the shop acknowledged and left out is not told as sold, and the next run sends it alone.
#[test]
fn an_entry_that_the_shop_left_out_is_told_as_sold() {
    let rates =
        Rates::none().with(Fault::EntryLeftOut, 500).with(Fault::StaleLevels, 200).with(Fault::Sale, 50);
    assert_hold(profiles(300, 4, rates.clone()));
    assert_hold(profiles(300, 4, rates.with(Fault::Crash, 10).with(Fault::Task, 300)));
}

/// I6: a request joins a running task only. It does not join one that has ended but still holds the lease, because it
/// died before the release, could not write, or is about to release it.
#[test]
fn a_request_joins_a_run_that_is_over() {
    assert_hold(profiles(400, 3, two_processes().with(Fault::Crash, 10)));
}

/// I6: a change of stock that was made before a request is in the answer to it, no matter who answers: a task, or a process
/// that works already.
#[test]
fn a_request_joins_a_run_that_has_read_the_warehouse() {
    let rates = two_processes().with(Fault::WarehouseMoves, 100).with(Fault::SlowWarehouse, 500);
    for task in [0, 500, 1_000] {
        assert_hold(profiles(200, 4, rates.clone().with(Fault::Task, task)));
    }
}

/// I6: first come, first served, also when processes and services come and go.
#[test]
fn a_later_request_overtakes_the_one_that_waits() {
    let rates = two_processes().with(Fault::Cancelled, 10).with(Fault::Crash, 5);
    for task in [0, 500] {
        assert_hold(profiles(200, 4, rates.clone().with(Fault::Task, task)));
    }
}

/// The same without random faults: a crash between the commit of the end and the release.
#[test]
fn a_crash_before_the_release_makes_the_next_request_do_nothing() {
    let (_, broken) = crash_everywhere(&fixed_plans()[0]);
    let violations: Vec<_> = broken.iter().map(|(at, result)| (at, &result.violation)).collect();
    assert!(violations.is_empty(), "{violations:?}");
}

/// Stale reads: what counts is whether the settle time was over when the read of the shop began.
#[test]
fn a_slow_read_outlasts_the_settle_time_and_is_taken_for_fresh() {
    let rates = Rates::none()
        .with(Fault::StaleRead, 600)
        .with(Fault::StaleLevels, 100)
        .with(Fault::SlowRead, 400)
        .with(Fault::SlowWarehouse, 400)
        .with(Fault::WarehouseMoves, 30);
    assert_hold(read_whole(profiles(200, 4, rates.clone())).chain(profiles(300, 4, rates)));
}

/// Stale reads: after the wait the second read must not be stale for any listing, even one that the first plan did
/// not touch.
#[test]
fn the_second_read_is_stale_on_another_listing() {
    let rates = Rates::none()
        .with(Fault::StaleRead, 800)
        .with(Fault::StaleLevels, 200)
        .with(Fault::SlowToLeave, 900)
        .with(Fault::WarehouseMoves, 30);
    let many = || profiles(400, 6, rates.clone()).map(|profile| Profile { write_batch: 1, ..profile });
    assert_hold(read_whole(many()).chain(many()));
}

/// I2: the wait after an unclear reply counts from when the bytes left, up to five seconds after the commit of
/// SENT: a request must not land after it was judged not applied.
#[test]
fn a_short_settle_time_and_bytes_that_leave_late() {
    let rates = Rates::none()
        .with(Fault::LateApply, 600)
        .with(Fault::ServerErrorLate, 300)
        .with(Fault::SlowToLeave, 900)
        .with(Fault::StaleLevels, 300)
        .with(Fault::Paused, 10);
    assert_hold(profiles(500, 3, rates).map(|profile| Profile {
        settle_ms: 1_000,
        lag_ms: 1_000,
        ..profile
    }));
}

/// I1: a run that ended with an unresolved line leaves a request under way. The next run waits for it even if the
/// listing shows its target meanwhile.
#[test]
fn a_request_left_under_way_lands_on_a_listing_that_needed_nothing() {
    let rates = Rates::none()
        .with(Fault::LateApply, 800)
        .with(Fault::Cancelled, 40)
        .with(Fault::LevelsFail, 400)
        .with(Fault::WarehouseMoves, 200);
    assert_hold(profiles(1_000, 5, rates).map(|profile| Profile { listings: 1, ..profile }));
}

/// I6: a waiting process that was paused judges the lease by an old time. That must not end a valid lease.
#[test]
fn a_waiter_that_stood_still_cuts_a_lease_short() {
    let rates = two_processes().with(Fault::Paused, 30).with(Fault::SlowToLeave, 800);
    assert_hold(profiles(400, 5, rates).map(|profile| Profile { listings: 12, write_batch: 1, ..profile }));
}

/// I6: a waiting process that started before the clock was turned back sees a valid lease as expired from the start.
#[test]
fn a_living_lease_is_past_its_moment_by_the_clock_of_whoever_waits() {
    let rates = two_processes()
        .with(Fault::ClockTurnedBack, 400)
        .with(Fault::SlowRead, 300)
        .with(Fault::LateApply, 200)
        .with(Fault::LostReply, 200)
        .with(Fault::SlowToLeave, 200);
    assert_hold(profiles(1_500, 4, rates));
}
