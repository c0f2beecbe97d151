//! Codes for programs are the same word everywhere.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use domain::checkup::{CheckId, Finding, Status};
use domain::code::UnknownCode;
use domain::listing::reading::{ReadReason, ReadWay};
use domain::plan::NoteCode;
use domain::plan::guard::TripCode;
use domain::plan::recheck::StaleCode;
use domain::run::FailedAt;
use domain::stock::near_miss::Difference;
use domain::{LineState, Outcome, RunKind, SkipReason, SoldOut, TaskStatus};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Checks every requirement of codes for every value of one enumeration.
fn keeps_its_promises<T>(all: &[T], code: impl Fn(T) -> &'static str)
where
    T: Copy + Eq + Debug + Display + FromStr<Err = UnknownCode> + Serialize + DeserializeOwned,
{
    let mut codes = BTreeSet::new();
    for value in all.iter().copied() {
        let code = code(value);
        assert!(codes.insert(code), "{code} stands for two values");
        assert!(
            !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'),
            "{code}"
        );
        assert_eq!(value.to_string(), code);
        assert_eq!(code.parse(), Ok(value));
        assert_eq!(serde_json::to_value(value).unwrap(), serde_json::Value::from(code));
        assert_eq!(serde_json::from_value::<T>(code.into()).unwrap(), value);
        for damaged in [format!(" {code}"), format!("{code} "), swapped_case(code), String::new()] {
            assert_eq!(damaged.parse::<T>(), Err(UnknownCode(damaged.clone())));
            assert!(serde_json::from_value::<T>(damaged.into()).is_err());
        }
    }
}

fn swapped_case(code: &str) -> String {
    let lower = code.to_lowercase();
    if lower == code { code.to_uppercase() } else { lower }
}

#[test]
fn every_code_is_the_same_word_in_json_in_text_and_in_the_database() {
    keeps_its_promises(SoldOut::ALL, SoldOut::code);
    keeps_its_promises(TripCode::ALL, TripCode::code);
    keeps_its_promises(LineState::ALL, LineState::code);
    keeps_its_promises(NoteCode::ALL, NoteCode::code);
    keeps_its_promises(SkipReason::ALL, SkipReason::code);
    keeps_its_promises(ReadWay::ALL, ReadWay::code);
    keeps_its_promises(ReadReason::ALL, ReadReason::code);
    keeps_its_promises(RunKind::ALL, RunKind::code);
    keeps_its_promises(TaskStatus::ALL, TaskStatus::code);
    keeps_its_promises(Outcome::ALL, Outcome::code);
    keeps_its_promises(FailedAt::ALL, FailedAt::code);
    keeps_its_promises(StaleCode::ALL, StaleCode::code);
    keeps_its_promises(Difference::ALL, Difference::code);
    keeps_its_promises(CheckId::ALL, CheckId::code);
    keeps_its_promises(Finding::ALL, Finding::code);
    keeps_its_promises(Status::ALL, Status::code);
}

/// The words that the design fixes for other programs.
#[test]
fn the_words_of_the_design() {
    let codes = |all: &[TaskStatus]| all.iter().map(|status| status.code()).collect::<Vec<_>>();
    assert_eq!(codes(TaskStatus::ALL), ["PENDING", "STARTED", "RETRY", "SUCCESS", "FAILURE", "REVOKED"]);
    let ready: Vec<_> = TaskStatus::ALL.iter().copied().filter(|status| status.is_ready()).collect();
    assert_eq!(codes(&ready), ["SUCCESS", "FAILURE", "REVOKED"]);

    let table = [
        (Outcome::Converged, "converged", TaskStatus::Success, 0),
        (Outcome::Partial, "partial", TaskStatus::Success, 3),
        (Outcome::HeldByGuard, "held_by_guard", TaskStatus::Success, 4),
        (Outcome::Failed, "failed", TaskStatus::Failure, 5),
        (Outcome::Interrupted, "interrupted", TaskStatus::Revoked, 130),
    ];
    for (outcome, code, status, exit) in table {
        assert_eq!((outcome.code(), outcome.task_status(), outcome.exit_code()), (code, status, exit));
    }
    let ends = [
        (LineState::Verified, "verified"),
        (LineState::MovedSince, "moved_since"),
        (LineState::Converged, "converged"),
        (LineState::Rejected, "rejected"),
        (LineState::Suspect, "suspect"),
        (LineState::Unresolved, "unresolved"),
        (LineState::NotSent, "not_sent"),
        (LineState::SkippedInApply, "skipped_in_apply"),
    ];
    for (state, code) in ends {
        assert_eq!(state.code(), code);
    }
    assert_eq!(SkipReason::DuplicateRow.code(), "duplicate_row");
    assert_eq!((SoldOut::Zero.code(), SoldOut::Ignore.code()), ("zero", "ignore"));
    assert_eq!(
        Outcome::ALL.iter().filter(|outcome| outcome.task_status().is_ready()).count(),
        Outcome::ALL.len()
    );
}

proptest! {
    #[test]
    fn other_words_are_refused(word: String) {
        prop_assume!(SkipReason::ALL.iter().all(|reason| reason.code() != word));
        prop_assert_eq!(word.parse::<SkipReason>(), Err(UnknownCode(word)));
    }
}
