//! I7 and I8: every line ends, once, and is counted once.

use domain::LineState as S;
use domain::run::report::Counters;
use domain::{Line, Outcome};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample;

use super::batches::line;
use super::support::many_cases;

fn any_state() -> impl Strategy<Value = S> {
    sample::select(S::ALL.to_vec())
}

/// The states of a run's lines: any, or nearly all of them right.
fn states() -> impl Strategy<Value = Vec<S>> {
    let right = sample::select(vec![S::Verified, S::MovedSince, S::Converged]);
    let nearly_right = (vec(right, 0..20), vec(any_state(), 0..=1));
    prop_oneof![
        vec(any_state(), 0..200),
        nearly_right.prop_map(|(right, other)| right.into_iter().chain(other).collect()),
    ]
}

/// The states of a line that was asked to take each of `requested` in turn.
fn walk(requested: &[S]) -> Vec<S> {
    let mut path = vec![S::Planned];
    for to in requested {
        let from = *path.last().unwrap();
        match from.step(*to) {
            Ok(now) => {
                assert_eq!(now, *to);
                path.push(now);
            }
            Err(illegal) => assert_eq!((illegal.from, illegal.to), (from, *to)),
        }
    }
    path
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn i8_counters_add_up(states in states()) {
        let c = Counters::tally(states.iter().copied());
        prop_assert!(c.add_up());
        let ended = |wanted: S| states.iter().filter(|state| state.at_end() == wanted).count() as u64;
        // A line that was sent again is counted as its last intent.
        prop_assert_eq!(c.planned, states.iter().filter(|state| **state != S::Retried).count() as u64);
        prop_assert_eq!(c.verified, ended(S::Verified));
        prop_assert_eq!(c.moved_since, ended(S::MovedSince));
        prop_assert_eq!(c.converged, ended(S::Converged));
        prop_assert_eq!(c.rejected, ended(S::Rejected));
        prop_assert_eq!(c.suspect, ended(S::Suspect));
        prop_assert_eq!(c.unresolved, ended(S::Unresolved));
        prop_assert_eq!(c.not_sent, ended(S::NotSent));
        prop_assert_eq!(c.skipped_in_apply, ended(S::SkippedInApply));
        prop_assert_eq!(c.executed(), c.verified + c.moved_since + c.converged);
        prop_assert_eq!(c.errors(), c.rejected + c.suspect + c.unresolved);

        // The caller judges what an apply leaves out, because it may already be at its target.
        let right = [S::Verified, S::MovedSince, S::Converged, S::SkippedInApply];
        let counted = states.iter().filter(|state| **state != S::Retried);
        let all_right = counted.map(|state| state.at_end()).all(|state| right.contains(&state));
        let outcome = if all_right { Outcome::Converged } else { Outcome::Partial };
        prop_assert_eq!(Outcome::of(&c, false), outcome);
        prop_assert_eq!(Outcome::of(&c, true), Outcome::Partial);
    }

    #[test]
    fn a_line_that_is_counted_wrong_does_not_add_up(
        states in vec(any_state(), 0..20),
        slot in 0..9_usize,
        more in 1..5_u64,
    ) {
        let mut c = Counters::tally(states);
        let slots = [
            &mut c.planned, &mut c.verified, &mut c.moved_since, &mut c.converged, &mut c.rejected,
            &mut c.suspect, &mut c.unresolved, &mut c.not_sent, &mut c.skipped_in_apply,
        ];
        *slots.into_iter().nth(slot).unwrap() += more;
        prop_assert!(!c.add_up());
    }

    #[test]
    fn i7_every_walk_ends_and_tells_the_truth_about_its_way(requested in vec(any_state(), 0..200)) {
        let path = walk(&requested);
        let end = *path.last().unwrap();
        let came_by = |state: S| path.contains(&state);

        prop_assert!(path.len() <= 5, "longer than planned, sent, answered, judged, sent again: {path:?}");
        for state in S::ALL {
            prop_assert!(path.iter().filter(|s| *s == state).count() <= 1, "{state} twice in {path:?}");
        }
        let (last, on_the_way) = path.split_last().unwrap();
        prop_assert!(on_the_way.iter().all(|state| !state.is_final()), "{path:?}");
        prop_assert!(last.at_end().is_final());
        prop_assert!(*last == last.at_end() || last.step(last.at_end()).is_ok());

        match end {
            S::Verified => prop_assert!(came_by(S::Acked), "{path:?}"),
            S::MovedSince => prop_assert!(came_by(S::Acked) || came_by(S::Unknown), "{path:?}"),
            S::Converged | S::Suspect => {
                prop_assert!(came_by(S::Unknown) || came_by(S::NotApplied), "{path:?}");
            }
            S::Rejected | S::Unresolved | S::Acked | S::Unknown => {
                prop_assert!(came_by(S::Sent), "{path:?}");
            }
            S::NotSent => prop_assert!(!came_by(S::Sent) || came_by(S::NotApplied), "{path:?}"),
            S::Retried => prop_assert!(came_by(S::NotApplied), "{path:?}"),
            S::NotApplied => prop_assert!(came_by(S::Sent), "{path:?}"),
            S::SkippedInApply => prop_assert_eq!(path, [S::Planned, S::SkippedInApply]),
            S::Planned | S::Sent => {}
        }
    }
}

#[test]
fn the_end_of_a_line_never_claims_more_than_is_known() {
    let unsure = [S::Sent, S::Acked, S::Unknown];
    for state in S::ALL {
        match state.at_end() {
            S::NotSent => assert!([S::Planned, S::NotApplied, S::NotSent].contains(state)),
            S::Unresolved => assert!(unsure.contains(state) || *state == S::Unresolved),
            end => assert_eq!(end, *state),
        }
    }
}

#[test]
fn i8_a_copy_never_ends_by_its_own_fate_alone() {
    let line = |is_copy| Line { is_copy, ..line(0, 1) };
    let (alone, copy) = (line(false), line(true));
    for from in S::ALL {
        for to in S::ALL {
            assert_eq!(alone.step(*from, *to), from.step(*to), "a line that stands alone: {from} to {to}");
            let judged = copy.step(*from, *to).is_ok();
            match (*from, *to) {
                // Neither that it was not sent nor that it was refused tells of the earlier copy.
                (S::Planned, S::NotSent | S::SkippedInApply) | (S::Sent, S::NotApplied | S::Rejected) => {
                    assert!(!judged, "{from} to {to}");
                }
                (S::Planned, S::Unknown | S::Unresolved) | (S::Unknown, S::Rejected) => {
                    assert!(judged, "{from} to {to}");
                }
                _ => assert_eq!(judged, from.step(*to).is_ok(), "{from} to {to}"),
            }
        }
        let end = copy.at_end(*from);
        assert!(end == *from || copy.step(*from, end).is_ok(), "{from} must be allowed to end as {end}");
        assert_eq!(alone.at_end(*from), from.at_end());
    }
    assert_eq!(copy.at_end(S::Planned), S::Unresolved);
}

#[test]
fn every_state_can_be_reached_and_every_answer_be_told() {
    let mut reached = vec![S::Planned];
    let mut at = 0;
    while let Some(from) = reached.get(at).copied() {
        let onward = S::ALL.iter().filter(|to| from.step(**to).is_ok());
        let new: Vec<_> = onward.filter(|to| !reached.contains(to)).copied().collect();
        reached.extend(new);
        at += 1;
    }
    reached.sort();
    let mut all = S::ALL.to_vec();
    all.sort();
    assert_eq!(reached, all);

    // Every verdict about a read must be a step that the journal allows.
    for answer in [S::Verified, S::MovedSince, S::Unresolved] {
        assert_eq!(S::Acked.step(answer), Ok(answer));
    }
    for answer in [S::Converged, S::MovedSince, S::Suspect, S::NotApplied, S::Unresolved] {
        assert_eq!(S::Unknown.step(answer), Ok(answer));
    }
    // One entry that Wix refuses, a connection that was refused, a lost reply.
    for answer in [S::Acked, S::Rejected, S::NotApplied, S::Unknown] {
        assert_eq!(S::Sent.step(answer), Ok(answer));
    }
}
