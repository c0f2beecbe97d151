//! Admission of runs to a shop: at most one runs and one waits (I6).

use std::ops::RangeInclusive;

use super::key::RequestKey;
use super::lease::LIFE_MS;
use super::record::{NewRun, RunRecord};
use crate::UnixMillis;
use crate::run::TaskStatus;

/// How many runs of a shop may be open: one that runs and one that waits.
const OPEN: usize = 2;

/// The moments at which a process must have said last that it waits for a run, seen at `now`, to count as alive. A
/// moment far in the future was written by a clock that has been turned back since.
#[must_use]
pub fn alive_at(now: UnixMillis) -> RangeInclusive<UnixMillis> {
    now.saturating_sub(LIFE_MS)..=now.saturating_add(LIFE_MS)
}

/// A request that is to become a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// What it asks for; [`NewRun::durable`].
    pub run: NewRun,
    /// The slot of the shop's schedule that it fills.
    pub slot: Option<Slot>,
    /// What its sender calls it, so that sending it twice starts it once.
    pub key: Option<RequestKey>,
}

/// A moment of a shop's schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The moment.
    pub at: UnixMillis,
    /// How many earlier slots it stands for: no service was running to fill them.
    pub missed: u32,
}

/// A run without an end, and what its store knows of the process behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRun {
    /// The run.
    pub record: RunRecord,
    /// When its process last said that it waits for its turn.
    pub waited_at: Option<UnixMillis>,
    /// Whether it has the shop's lease, run out or not.
    pub holds_shop: bool,
}

impl OpenRun {
    /// Whether it waits for its turn: it has not started, and it is a task or its process is alive.
    #[must_use]
    pub fn waits(&self, alive: &RangeInclusive<UnixMillis>) -> bool {
        let run = &self.record.run;
        let last_heard = self.waited_at.unwrap_or(run.created_at);
        self.record.status == TaskStatus::Pending && (run.durable || alive.contains(&last_heard))
    }

    /// Whether it takes one of the shop's places. A command-line run whose process died takes none; the next run of
    /// the shop closes it.
    #[must_use]
    pub fn takes_place(&self, alive: &RangeInclusive<UnixMillis>) -> bool {
        self.record.run.durable || self.holds_shop || self.waits(alive)
    }

    /// Whether its process has died, as far as the holder of the shop's lease can tell: it started, or no process
    /// waits for it any more.
    #[must_use]
    pub fn is_abandoned(&self, alive: &RangeInclusive<UnixMillis>) -> bool {
        !self.record.status.is_ready() && !self.waits(alive)
    }

    fn order(&self) -> (bool, UnixMillis, &str) {
        let run = &self.record.run;
        (self.record.status == TaskStatus::Pending, run.created_at, run.id.as_str())
    }
}

/// What a store knows that decides about a request for a task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Situation {
    /// What the request's key was used for, where it was: the fingerprint of that request, and its run. A run that
    /// was pruned frees its key.
    pub key_used: Option<(String, RunRecord)>,
    /// Since when the shop is paused.
    pub paused_since: Option<UnixMillis>,
    /// Whether the request's slot has its run.
    pub slot_filled: bool,
    /// The runs of the shop without an end.
    pub open: Vec<OpenRun>,
}

/// What became of a request for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// Its row is written; it is PENDING.
    New,
    /// An open task asks for the same work, or the same key was used for it: that task answers.
    Joined(Box<RunRecord>),
    /// The shop has work, and another request waits already; only one may.
    Full(Box<RunRecord>),
    /// The key stands for another request.
    KeyReused,
    /// The slot has its run.
    SlotTaken,
    /// The shop has been paused since that moment.
    Paused(UnixMillis),
}

/// The decision about a request for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// The answer to the sender. The run's row is written for [`Accepted::New`] alone.
    pub answer: Accepted,
    /// Whether the request's slot and key are recorded, for the new run or for the one that it joins.
    pub records_slot_and_key: bool,
}

impl Admission {
    fn only(answer: Accepted) -> Self {
        Self { answer, records_slot_and_key: false }
    }
}

/// Decides about a request for a task.
#[must_use]
pub fn admit(task: &NewTask, situation: &Situation, alive: &RangeInclusive<UnixMillis>) -> Admission {
    if let Some((key, (fingerprint, record))) = task.key.as_ref().zip(situation.key_used.as_ref()) {
        let same = key.fingerprint == *fingerprint;
        return Admission::only(if same { joined(record) } else { Accepted::KeyReused });
    }
    if let Some(since) = situation.paused_since.filter(|_| !task.run.dry_run()) {
        return Admission::only(Accepted::Paused(since));
    }
    if task.slot.is_some() && situation.slot_filled {
        return Admission::only(Accepted::SlotTaken);
    }
    let mut open: Vec<&OpenRun> = situation.open.iter().filter(|run| run.takes_place(alive)).collect();
    open.sort_by_key(|run| run.order());
    let same =
        open.iter().find(|other| other.record.run.durable && other.record.run.asks_the_same(&task.run));
    let answer = match (same, open.last()) {
        (Some(same), _) => joined(&same.record),
        (None, Some(last)) if open.len() >= OPEN => {
            return Admission::only(Accepted::Full(Box::new(last.record.clone())));
        }
        (None, _) => Accepted::New,
    };
    Admission { answer, records_slot_and_key: true }
}

fn joined(record: &RunRecord) -> Accepted {
    Accepted::Joined(Box::new(record.clone()))
}

/// The other run that waits for the shop already, so that `own` may not; of several the oldest. `open` are the runs
/// of the shop without an end.
#[must_use]
pub fn waiting_before<'a>(
    own: &NewRun,
    open: &'a [OpenRun],
    alive: &RangeInclusive<UnixMillis>,
) -> Option<&'a OpenRun> {
    let others = open.iter().filter(|other| other.record.run.id != own.id && other.waits(alive));
    others.min_by_key(|other| other.order())
}
