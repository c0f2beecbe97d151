//! Checks that cannot fail are worth nothing: each rule is seen to be broken where something is broken on
//! purpose.

use std::collections::BTreeMap;

use simulation::{Broken, Fault, OutOfRange, Profile, Quirks, Rates, play};

/// The rules that `worlds` break, with how often.
fn rules(worlds: impl Iterator<Item = Profile>) -> BTreeMap<&'static str, u64> {
    let mut rules = BTreeMap::new();
    for violation in worlds.filter_map(|world| play(world, false).violation) {
        *rules.entry(violation.rule).or_default() += 1;
    }
    rules
}

fn broken(broken: Broken, rates: &Rates) -> BTreeMap<&'static str, u64> {
    rules((0..150).map(|seed| Profile {
        broken: Some(broken),
        rates: rates.clone(),
        runs: 3,
        ..Profile::calm(seed)
    }))
}

fn assert_names(rule: &str, found: &BTreeMap<&'static str, u64>) {
    assert!(found.contains_key(rule), "{rule} is not named: {found:?}");
}

#[test]
fn calm_worlds_break_nothing() {
    assert_eq!(rules((0..300).map(Profile::calm)), BTreeMap::new());
}

#[test]
fn i1_a_shop_that_takes_one_too_many() {
    assert_names("I1", &broken(Broken::OneTooMany, &Rates::none()));
}

/// A listing map that is not told of what changed leads to the wrong listings.
#[test]
fn i1_a_shop_that_hides_which_products_have_changed() {
    let rates = Rates::none().with(Fault::SkuSwapped, 40);
    assert_names("I1", &broken(Broken::HideChanges, &rates));
}

#[test]
fn i2_no_waiting_before_the_second_try() {
    let rates = Rates::none().with(Fault::LateApply, 500);
    assert_names("I2", &broken(Broken::NoWaiting, &rates));
}

#[test]
fn i2_a_settle_time_of_zero_where_reads_lag() {
    let rates = Rates::none().with(Fault::LateApply, 500).with(Fault::StaleLevels, 800);
    let world = |seed| Profile { settle_ms: 0, rates: rates.clone(), runs: 3, ..Profile::calm(seed) };
    assert_names("I2", &rules((0..300).map(world)));
}

#[test]
fn i3_every_write_sent_twice() {
    assert_names("I3", &broken(Broken::SendTwice, &Rates::none()));
}

#[test]
fn i3_a_journal_that_forgets_sent() {
    assert_names("I3", &broken(Broken::ForgetSent, &Rates::none()));
}

#[test]
fn i3_and_i6_a_fence_that_lets_everyone_in() {
    let rates = Rates::none().with(Fault::SecondProcess, 1_000).with(Fault::LateApply, 300);
    let found = broken(Broken::OpenFence, &rates);
    assert_names("I3", &found);
}

#[test]
fn i3_a_body_that_leaves_after_its_moment() {
    let rates =
        Rates::none().with(Fault::Paused, 60).with(Fault::SecondProcess, 1_000).with(Fault::SlowToLeave, 300);
    assert_names("I3", &broken(Broken::IgnoreDeadline, &rates));
}

#[test]
fn i4_a_shop_that_lets_a_level_go_below_zero() {
    let rates = Rates::none().with(Fault::SaleStorm, 200);
    let worlds = (0..150).map(|seed| {
        let calm = Profile::calm(seed);
        let quirks = Quirks { out_of_range: OutOfRange::Taken, ..calm.quirks };
        Profile { rates: rates.clone(), quirks, runs: 3, ..calm }
    });
    assert_names("I4", &rules(worlds));
}

#[test]
fn i5_an_incomplete_read_passed_on_as_whole() {
    let rates = Rates::none().with(Fault::ReadIncomplete, 300);
    assert_names("I5", &broken(Broken::HideIncomplete, &rates));
}

#[test]
fn i6_two_writes_under_way_at_once() {
    let rates = Rates::none().with(Fault::SecondProcess, 1_000);
    assert_names("I6", &broken(Broken::OpenFenceUnseen, &rates));
}

#[test]
fn i7_nobody_is_told_of_runs_without_an_end() {
    let rates = Rates::none().with(Fault::Crash, 15);
    assert_names("I7", &broken(Broken::HideAbandoned, &rates));
}

#[test]
fn i8_a_record_that_miscounts() {
    assert_names("I8", &broken(Broken::Miscount, &Rates::none()));
}

#[test]
fn i8_a_success_for_what_was_never_sent() {
    assert_names("I8", &broken(Broken::AckNothing, &Rates::none()));
}

#[test]
fn i11_a_guard_that_forgot_the_last_good_run() {
    let rates = Rates::none().with(Fault::WarehouseShrinks, 30);
    assert_names("I11", &broken(Broken::ForgetLastGood, &rates));
}

#[test]
fn i13_a_warehouse_read_before_the_shop() {
    assert_names("I13", &broken(Broken::OldSnapshot, &Rates::none()));
}

#[test]
fn stale_read_a_journal_that_does_not_tell_of_recent_writes() {
    let rates = Rates::none().with(Fault::StaleRead, 600);
    assert_names("stale read", &broken(Broken::HideRecent, &rates));
}
