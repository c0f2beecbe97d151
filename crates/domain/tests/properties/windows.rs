//! I10: the request window of a shop.

use domain::admission::pace::{self, Pace, PaceState, Throttling};
use domain::admission::window::{self, WindowLimit, WindowState};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::support::many_cases;

proptest! {
    #![proptest_config(many_cases())]

    /// I10: never more requests than the limit hold a place, and no request waits longer than necessary.
    #[test]
    fn i10_no_more_places_are_taken_than_there_are(
        requests in 1u32..4,
        steps in vec((0i64..200, option::of(0usize..4)), 1..60),
    ) {
        let limit = WindowLimit { requests, window_ms: 100, timeout_ms: 30, pace: None };
        let (mut now, mut places) = (0, Vec::<i64>::new());
        for (pause, reply) in steps {
            now += pause;
            places.retain(|held_until| *held_until > now);
            if let Some(place) = reply.and_then(|at| places.get_mut(at)) {
                *place = limit.held_from_reply(now);
            }
            let window = WindowState {
                taken: places.len() as u64,
                first_free: places.iter().min().copied(),
                closed_until: None,
                pace: PaceState::default(),
            };
            match window::enter(window, limit, now) {
                Ok(_) => places.push(limit.held_from_sending(now)),
                Err(moment) => {
                    prop_assert_eq!(places.len(), requests as usize);
                    prop_assert!(moment > now);
                    prop_assert_eq!(Some(&moment), places.iter().min());
                }
            }
            prop_assert!(places.len() <= requests as usize);
            prop_assert!(places.iter().all(|held_until| *held_until <= limit.latest_hold(now)));
        }
    }

    #[test]
    fn i10_a_closed_window_opens_again(closed_until in 0i64..10_000_000, now in 0i64..10_000_000, taken in 0u64..3) {
        let limit = WindowLimit { requests: 1, window_ms: 100, timeout_ms: 30, pace: None };
        let first_free = (taken > 0).then_some(now + 50);
        let window = WindowState { taken, first_free, closed_until: Some(closed_until), pace: PaceState::default() };
        let due = match (closed_until > now, taken > 0) {
            (true, _) => Some(closed_until.min(now + 3_600_000)),
            (false, true) => Some(now + 50),
            (false, false) => None,
        };
        prop_assert_eq!(window::enter(window, limit, now).err(), due);
    }
}

proptest! {
    #![proptest_config(many_cases())]

    /// In no period do more requests leave than the burst and what the steady pace adds, and none waits for longer than
    /// it must.
    #[test]
    fn a_pace_is_kept_in_every_period(
        burst in 1u32..6,
        per_second in 1u32..20,
        pauses in vec(0i64..400, 1..80),
    ) {
        let pace = Pace { burst, per_second };
        let interval = 1_000 / i64::from(per_second);
        let (mut now, mut state, mut left) = (1_000_000_i64, PaceState::default(), Vec::new());
        for pause in pauses {
            now += pause;
            state = match pace::enter(pace, state, now) {
                Ok(state) => state,
                Err(moment) => {
                    prop_assert!(moment > now && moment <= now + interval, "{} after {now}", moment);
                    prop_assert!(pace::enter(pace, state, moment - 1).is_err(), "it waits no longer than it must");
                    now = moment;
                    pace::enter(pace, state, now).unwrap()
                }
            };
            left.push(now);
        }
        for (at, first) in left.iter().enumerate() {
            for (n, last) in left.iter().enumerate().skip(at) {
                let most = i64::from(burst) + (last - first) / interval;
                prop_assert!(i64::try_from(n - at + 1).unwrap() <= most, "{left:?}");
            }
        }
    }

    /// A clock that is turned back, or a faster pace before, never holds requests back for longer than a burst takes.
    #[test]
    fn a_pace_from_another_time_holds_nothing_back(used_until in any::<i64>(), slowed_at in any::<i64>(), halvings in 0u32..6) {
        let state = PaceState { used_until, slowed_at, halvings, ..PaceState::default() };
        let now = 1_000_000;
        if let Err(moment) = pace::enter(Pace::default(), state, now) {
            prop_assert!(moment <= now + (200 << halvings), "{moment}");
        }
    }

    /// The window of a blocked shop opens within the hour, whatever was written before.
    #[test]
    fn a_block_ends_within_an_hour(closed in option::of(any::<i64>()), blocks in 0u32..40, blocked_until in any::<i64>()) {
        let state = PaceState { blocks, blocked_until, ..PaceState::default() };
        let now = 1_000_000;
        for what in [Throttling::Edge, Throttling::Api { pause_ms: i64::MAX }] {
            let after = pace::throttled(what, state, closed, now);
            prop_assert!((now..=now + 3_600_000).contains(&after.closed_until), "{after:?}");
        }
    }
}

#[test]
fn a_pace_is_halved_and_regained_step_by_step() {
    let (now, minute) = (1_000_000, 60_000);
    let asked = |state, now| pace::throttled(Throttling::Api { pause_ms: minute }, state, None, now).pace;
    let once = asked(PaceState::default(), now);
    let twice = asked(once, now + minute);
    assert_eq!((once.halvings_at(now), twice.halvings_at(now + minute)), (1, 2));
    let opens = now + 2 * minute;
    assert_eq!(twice.halvings_at(opens + 5 * minute - 1), 2);
    assert_eq!(twice.halvings_at(opens + 5 * minute), 1);
    assert_eq!(twice.halvings_at(opens + 10 * minute), 0);
    let mut state = PaceState::default();
    for _ in 0..100 {
        state = asked(state, now);
    }
    assert_eq!(state.halvings_at(now), 5, "never slower than a thirty-second part");
}
