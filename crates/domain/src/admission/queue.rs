//! The queue of a shop: at most one run works and one waits, and the run that came first goes first (I6).

use std::ops::RangeInclusive;

use super::key::RequestKey;
use super::lease::LIFE_MS;
use super::record::{NewRun, RunRecord};
use crate::run::TaskStatus;
use crate::{RunId, UnixMillis};

/// How many runs of a shop may be open: one that works and one that waits.
const MAX_OPEN: usize = 2;

/// The range in which the last sign of life of a waiting process must lie for it to count as alive at `now`. A time
/// far in the future was written before the clock was turned back, so it does not count.
#[must_use]
pub fn alive_at(now: UnixMillis) -> RangeInclusive<UnixMillis> {
    now.saturating_sub(LIFE_MS)..=now.saturating_add(LIFE_MS)
}

/// A request that is to become a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    /// The run, with [`NewRun::durable`] set.
    pub run: NewRun,
    /// The slot of the shop's schedule that it fills, if any.
    pub slot: Option<Slot>,
    /// The sender's idempotency key, if any: sending the request twice starts one run.
    pub key: Option<RequestKey>,
}

/// A time at which a shop's schedule starts a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The time.
    pub at: UnixMillis,
    /// How many earlier slots it replaces, because no service was running to fill them.
    pub missed: u32,
}

/// A run that has not ended, and what the store knows about its process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRun {
    /// The run.
    pub record: RunRecord,
    /// When its process last reported that it waits for its turn.
    pub waited_at: Option<UnixMillis>,
    /// Whether it holds the shop's lease, expired or not.
    pub holds_lease: bool,
    /// Its place in the order of arrival: later runs have higher numbers, whatever the clock says.
    pub arrival: u64,
}

impl OpenRun {
    /// Whether it waits for its turn: it has not started, and it is a task or its process is alive. `alive` comes
    /// from [`alive_at`].
    #[must_use]
    pub fn waits(&self, alive: &RangeInclusive<UnixMillis>) -> bool {
        let run = &self.record.run;
        let last_heard = self.waited_at.unwrap_or(run.created_at);
        self.record.status == TaskStatus::Pending && (run.durable || alive.contains(&last_heard))
    }

    /// Whether it occupies one of the shop's places. A command-line run whose process died occupies none; the next
    /// run of the shop closes it.
    #[must_use]
    pub fn occupies_place(&self, alive: &RangeInclusive<UnixMillis>) -> bool {
        self.record.run.durable || self.holds_lease || self.waits(alive)
    }

    /// Whether its process has died, from the view of the process that holds the shop's lease: the run has started,
    /// or its process no longer waits.
    #[must_use]
    pub fn is_abandoned(&self, alive: &RangeInclusive<UnixMillis>) -> bool {
        !self.record.status.is_ready() && !self.waits(alive)
    }

    /// Whether a live process wants the shop for it. A task that waits for a service that is not running, or whose
    /// process died, keeps no other run from working.
    #[must_use]
    pub fn wants_turn(&self, alive: &RangeInclusive<UnixMillis>) -> bool {
        let run = &self.record.run;
        let last_heard = match self.record.status {
            TaskStatus::Pending => Some(self.waited_at.unwrap_or(run.created_at)),
            TaskStatus::Started | TaskStatus::Retry => self.waited_at.filter(|_| run.durable),
            TaskStatus::Success | TaskStatus::Failure | TaskStatus::Revoked => None,
        };
        last_heard.is_some_and(|at| alive.contains(&at))
    }

    /// Whether the process of `holder`, which holds the shop's lease, also waits for this run: a process that works on
    /// a task takes up the next one.
    #[must_use]
    pub fn is_next_of(&self, holder: &Self) -> bool {
        holder.record.run.durable && self.record.run.durable && self.record.status == TaskStatus::Pending
    }

    /// Whether it keeps its place in the order of arrival when its process reports that it waits.
    fn keeps_place(&self, alive: &RangeInclusive<UnixMillis>) -> bool {
        self.record.status != TaskStatus::Pending || self.waits(alive)
    }

    fn order(&self) -> (bool, u64) {
        (self.record.status == TaskStatus::Pending, self.arrival)
    }
}

/// The stored facts that decide a request for a task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AdmissionFacts {
    /// The request that used this key before: its fingerprint and its run. `None` if there was none, or if its run
    /// was pruned.
    pub key_used: Option<(String, RunRecord)>,
    /// When the shop was paused; `None` if it is not.
    pub paused_since: Option<UnixMillis>,
    /// Whether the request's slot already has a run.
    pub slot_filled: bool,
    /// The runs of the shop that have not ended.
    pub open: Vec<OpenRun>,
}

/// The answer to a request for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepted {
    /// A new task was recorded. It is PENDING.
    New,
    /// An open task does the same work and has not begun to read the warehouse, or the same key started it before.
    /// That task answers the request.
    Joined(Box<RunRecord>),
    /// The shop is busy and another request already waits; only one may.
    Full(Box<RunRecord>),
    /// The key was used for a different request.
    KeyReused,
    /// The slot already has a run.
    SlotTaken,
    /// The shop has been paused since this time.
    Paused(UnixMillis),
}

/// The decision on a request for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// The answer to the sender. The store records the run only for [`Accepted::New`].
    pub answer: Accepted,
    /// Whether the store records the request's slot and key, for the new run or for the run that it joins.
    pub records_slot_and_key: bool,
}

impl Admission {
    fn only(answer: Accepted) -> Self {
        Self { answer, records_slot_and_key: false }
    }
}

/// Decides a request for a task.
#[must_use]
pub fn admit(task: &NewTask, situation: &AdmissionFacts, alive: &RangeInclusive<UnixMillis>) -> Admission {
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
    let mut open: Vec<&OpenRun> = situation.open.iter().filter(|run| run.occupies_place(alive)).collect();
    open.sort_by_key(|run| run.order());
    let same = open.iter().find(|other| other.record.run.durable && other.record.may_answer(&task.run));
    let answer = match (same, open.last()) {
        (Some(same), _) => joined(&same.record),
        (None, Some(last)) if open.len() >= MAX_OPEN => {
            return Admission::only(Accepted::Full(Box::new(last.record.clone())));
        }
        (None, _) => Accepted::New,
    };
    Admission { answer, records_slot_and_key: true }
}

fn joined(record: &RunRecord) -> Accepted {
    Accepted::Joined(Box::new(record.clone()))
}

/// The place of a run that wants to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It waits already and keeps its place.
    Kept,
    /// It gets the last place.
    Last,
}

/// The place of `own`, which wants to wait for the shop. Gives the run that waits already if there is no place left.
/// `open` are the runs of the shop that have not ended.
pub fn place<'a>(
    own: &RunId,
    open: &'a [OpenRun],
    alive: &RangeInclusive<UnixMillis>,
) -> Result<Place, &'a OpenRun> {
    if open.iter().any(|run| run.record.run.id == *own && run.keeps_place(alive)) {
        return Ok(Place::Kept);
    }
    let others = open.iter().filter(|other| other.record.run.id != *own && other.occupies_place(alive));
    let mut others: Vec<&OpenRun> = others.collect();
    others.sort_by_key(|run| run.order());
    match others.last() {
        Some(last) if others.len() >= MAX_OPEN => Err(last),
        _ => Ok(Place::Last),
    }
}

/// The run that gets the shop before `own`: the first to arrive among those that want it. `None` if it is the turn of
/// `own`. A run without a record has just arrived. `open` are the runs of the shop that have not ended, `paused` says
/// whether the shop is paused; a task that writes does not start then.
#[must_use]
pub fn goes_before<'a>(
    own: &RunId,
    open: &'a [OpenRun],
    paused: bool,
    alive: &RangeInclusive<UnixMillis>,
) -> Option<&'a OpenRun> {
    let recorded = open.iter().find(|run| run.record.run.id == *own && run.keeps_place(alive));
    let arrival = recorded.map_or(u64::MAX, |run| run.arrival);
    let is_stopped = |run: &NewRun| paused && run.durable && !run.dry_run();
    let first = |other: &&OpenRun| {
        let run = &other.record.run;
        run.id != *own && other.arrival < arrival && other.wants_turn(alive) && !is_stopped(run)
    };
    open.iter().filter(first).min_by_key(|other| other.arrival)
}
