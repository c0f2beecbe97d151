//! I10: the request window of a shop.

use domain::admission::window::{WindowLimit, WindowState, wait_for_place};
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
        let limit = WindowLimit { requests, window_ms: 100, timeout_ms: 30 };
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
            };
            match wait_for_place(window, limit, now) {
                None => places.push(limit.held_from_sending(now)),
                Some(moment) => {
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
        let limit = WindowLimit { requests: 1, window_ms: 100, timeout_ms: 30 };
        let first_free = (taken > 0).then_some(now + 50);
        let window = WindowState { taken, first_free, closed_until: Some(closed_until) };
        let due = match (closed_until > now, taken > 0) {
            (true, _) => Some(closed_until.min(now + 3_600_000)),
            (false, true) => Some(now + 50),
            (false, false) => None,
        };
        prop_assert_eq!(wait_for_place(window, limit, now), due);
    }
}
