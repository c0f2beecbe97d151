//! I6, I7: which runs may start, wait, join, continue and end, whichever store keeps their rows.

use std::ops::RangeInclusive;

use domain::admission::attempt::{self, Cancel, NotAllowed};
use domain::admission::good::EndedRun;
use domain::admission::key::{RequestKey, ShortToken, Sweep, sender, sweep};
use domain::admission::lease::{Grant, HeldLease, LIFE_MS, LeaseRow, grant};
use domain::admission::queue::{
    Accepted, AdmissionFacts, NewTask, OpenRun, Place, Slot, admit, goes_before, place,
};
use domain::admission::record::{NewRun, RunRecord, Work};
use domain::admission::waiting::{Obstacles, OpenTask, waiting_since};
use domain::{Outcome, Policy, RunId, RunKind, Scope, ShopName, Sku, Starter, TaskStatus};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample;

use super::support::many_cases;

const ALIVE: RangeInclusive<i64> = 40..=60;

fn work() -> impl Strategy<Value = Work> {
    prop_oneof![
        any::<bool>().prop_map(|dry_run| Work::Sync { dry_run }),
        Just(Work::Plan),
        Just(Work::Apply { plan: RunId::new("plan") }),
        Just(Work::Set { quantities: vec![(Sku::parse("A").unwrap(), 7)] }),
    ]
}

fn run(id: impl Strategy<Value = RunId>) -> impl Strategy<Value = NewRun> {
    (id, work(), any::<bool>(), any::<bool>(), 0i64..100).prop_map(
        |(id, work, filtered, durable, created_at)| {
            let scope = if filtered { Scope::Skus([Sku::parse("A").unwrap()].into()) } else { Scope::All };
            NewRun {
                id,
                shop: ShopName::new("s"),
                work,
                scope,
                policy: Policy::default(),
                durable,
                created_at,
                starter: Starter::COMMAND_LINE,
            }
        },
    )
}

fn record(id: &'static str, statuses: &'static [TaskStatus]) -> impl Strategy<Value = RunRecord> {
    (run(Just(RunId::new(id))), sample::select(statuses), 1u32..3, 0u32..5, option::of(1u32..3)).prop_map(
        |(run, status, attempt, deaths, snapshot_of)| RunRecord {
            status,
            attempt,
            deaths,
            snapshot_of,
            ..RunRecord::pending(run)
        },
    )
}

const OPEN: &[TaskStatus] = &[TaskStatus::Pending, TaskStatus::Started, TaskStatus::Retry];

/// Numbers in the order of arrival that agree neither with the order of the rows nor with the clock.
const ARRIVALS: [u64; 5] = [30, 10, 50, 20, 40];

/// The open runs of a shop. At most one holds it.
fn open_runs() -> impl Strategy<Value = Vec<OpenRun>> {
    let one = (record("", OPEN), option::of(0i64..100));
    (vec(one, 0..5), option::of(0usize..5)).prop_map(|(runs, holder)| {
        let with_id = |(n, (mut record, waited_at)): (usize, (RunRecord, Option<i64>))| {
            record.run.id = RunId::new(&format!("open {n}"));
            OpenRun { record, waited_at, holds_lease: holder == Some(n), arrival: ARRIVALS[n] }
        };
        runs.into_iter().enumerate().map(with_id).collect()
    })
}

fn task() -> impl Strategy<Value = NewTask> {
    let key = |fingerprint: String| RequestKey { key: "k".to_owned(), fingerprint };
    (run(Just(RunId::new("new"))), any::<bool>(), option::of("[ab]")).prop_map(
        move |(run, slot, fingerprint)| {
            let run = NewRun { durable: true, ..run };
            let slot = slot.then_some(Slot { at: 7, missed: 0 });
            NewTask { run, slot, key: fingerprint.map(key) }
        },
    )
}

fn situation() -> impl Strategy<Value = AdmissionFacts> {
    let used = option::weighted(0.2, ("[ab]", record("used", TaskStatus::ALL)));
    (used, option::weighted(0.3, 0i64..100), any::<bool>(), open_runs()).prop_map(
        |(key_used, paused_since, slot_filled, open)| AdmissionFacts {
            key_used,
            paused_since,
            slot_filled,
            open,
        },
    )
}

/// Whether a run takes one of the shop's two places. A reference implementation.
fn has_place(open: &OpenRun) -> bool {
    let run = &open.record.run;
    let pending = open.record.status == TaskStatus::Pending;
    let heard = open.waited_at.unwrap_or(run.created_at);
    run.durable || open.holds_lease || (pending && (40..=60).contains(&heard))
}

proptest! {
    #![proptest_config(many_cases())]

    #[test]
    fn i6_a_shop_has_at_most_one_run_that_works_and_one_that_waits(task in task(), known in situation()) {
        let taken = known.open.iter().filter(|run| has_place(run)).count();
        let same = |run: &&OpenRun| {
            let record = &run.record;
            let has_read = record.snapshot_of == Some(record.attempt);
            record.run.durable && !has_read && record.run.asks_the_same(&task.run)
        };
        let admission = admit(&task, &known, &ALIVE);
        if let (Some(key), Some((fingerprint, used))) = (&task.key, &known.key_used) {
            let joined = Accepted::Joined(Box::new(used.clone()));
            let due = if key.fingerprint == *fingerprint { joined } else { Accepted::KeyReused };
            prop_assert_eq!(&admission.answer, &due);
            prop_assert!(!admission.records_slot_and_key);
            return Ok(());
        }
        match &admission.answer {
            Accepted::Paused(since) => {
                prop_assert_eq!(Some(*since), known.paused_since);
                prop_assert!(!task.run.dry_run());
            }
            Accepted::SlotTaken => prop_assert!(task.slot.is_some() && known.slot_filled),
            Accepted::New => {
                prop_assert!(taken < 2);
                prop_assert!(!known.open.iter().any(|run| same(&run)));
            }
            Accepted::Joined(record) => {
                prop_assert!(known.open.iter().filter(same).any(|run| run.record == **record));
                prop_assert!(matches!(record.run.kind(), RunKind::Sync | RunKind::Plan));
                prop_assert!(!record.has_begun_snapshot(), "it would miss what was changed before the request");
            }
            Accepted::Full(record) => {
                prop_assert!(taken >= 2);
                prop_assert!(!known.open.iter().any(|run| same(&run)));
                let last = known.open.iter().filter(|run| has_place(run)).max_by_key(|run| {
                    (run.record.status == TaskStatus::Pending, run.arrival)
                });
                prop_assert_eq!(last.map(|run| &run.record), Some(&**record), "who waits is named");
            }
            Accepted::KeyReused => prop_assert!(false, "no key was used"),
        }
        let goes_through = matches!(admission.answer, Accepted::New | Accepted::Joined(_));
        prop_assert_eq!(admission.records_slot_and_key, goes_through);
        if known.paused_since.is_some() && !task.run.dry_run() {
            prop_assert!(matches!(admission.answer, Accepted::Paused(_)), "a pause comes first");
        } else if task.slot.is_some() && known.slot_filled {
            prop_assert_eq!(admission.answer, Accepted::SlotTaken);
        }
    }

    #[test]
    fn i6_a_run_keeps_its_place_or_gets_the_last_of_two(own in 0usize..6, open in open_runs()) {
        let own = RunId::new(&format!("open {own}"));
        let kept = |run: &OpenRun| {
            run.record.run.id == own && (run.record.status != TaskStatus::Pending || run.waits(&ALIVE))
        };
        let others = || open.iter().filter(|run| run.record.run.id != own && has_place(run));
        match place(&own, &open, &ALIVE) {
            Ok(Place::Kept) => prop_assert!(open.iter().any(kept)),
            Ok(Place::Last) => prop_assert!(!open.iter().any(kept) && others().count() < 2),
            Err(waits) => {
                prop_assert!(!open.iter().any(kept) && others().count() >= 2);
                let last = others().max_by_key(|run| (run.record.status == TaskStatus::Pending, run.arrival));
                prop_assert_eq!(last, Some(waits));
            }
        }
    }

    /// I6: first come, first served. Of the runs that want the shop, the first to arrive finds no run before it, and
    /// every other run finds it. So exactly one of them may go, and a later one never overtakes it.
    #[test]
    fn i6_who_came_first_goes_first(open in open_runs(), paused in any::<bool>()) {
        let wants = |run: &&OpenRun| {
            let NewRun { durable, created_at, .. } = run.record.run;
            let heard = match run.record.status {
                TaskStatus::Pending => Some(run.waited_at.unwrap_or(created_at)),
                _ if durable => run.waited_at,
                _ => None,
            };
            let stopped = paused && durable && !run.record.run.dry_run();
            !stopped && heard.is_some_and(|at| ALIVE.contains(&at))
        };
        let first = open.iter().filter(wants).min_by_key(|run| run.arrival);
        for run in open.iter().filter(wants) {
            let before = goes_before(&run.record.run.id, &open, paused, &ALIVE);
            prop_assert_eq!(before, first.filter(|first| first.record.run.id != run.record.run.id));
        }
        prop_assert_eq!(goes_before(&RunId::new("new"), &open, paused, &ALIVE), first);
        let nobody = 1_000..=1_000;
        prop_assert_eq!(goes_before(&RunId::new("new"), &open, paused, &nobody), None);
    }

    #[test]
    fn i6_a_service_waits_for_the_tasks_behind_its_own(open in open_runs()) {
        for (holder, next) in open.iter().zip(open.iter().skip(1)) {
            let tasks = holder.record.run.durable && next.record.run.durable;
            prop_assert_eq!(next.is_next_of(holder), tasks && next.record.status == TaskStatus::Pending);
        }
    }

    /// I7: an open run either waits or is abandoned, and a waiting task is never abandoned.
    #[test]
    fn i7_every_open_run_waits_or_is_abandoned(open in open_runs()) {
        for run in &open {
            prop_assert_ne!(run.waits(&ALIVE), run.is_abandoned(&ALIVE));
            if run.record.run.durable && run.record.status == TaskStatus::Pending {
                prop_assert!(run.waits(&ALIVE) && run.occupies_place(&ALIVE));
            }
            if run.record.status != TaskStatus::Pending {
                prop_assert!(run.is_abandoned(&ALIVE), "its holder has given the shop up");
            }
        }
    }

    /// I6: tokens only grow, only one is valid at a time, and an older one is never valid again.
    #[test]
    fn i6_an_older_token_never_passes_again(steps in vec((0u8..4, 0i64..50), 1..40)) {
        let run = |n: i64| RunId::new(&format!("r{n}"));
        let mut row: Option<LeaseRow> = None;
        let mut seen: Option<HeldLease> = None;
        let mut passed: Vec<u64> = Vec::new();
        for (step, n) in steps {
            match (step, &mut row) {
                (0 | 1, _) => {
                    let lapsed = seen.filter(|_| step == 1);
                    let first = (n == 0).then(|| run(99));
                    match grant(row.as_ref(), lapsed, first.as_ref()) {
                        Grant::Behind(before) => {
                            prop_assert_eq!(Some(before), first);
                            let holds = row.as_ref().filter(|row| row.held);
                            let over = |row: &LeaseRow| {
                                lapsed == Some(HeldLease { token: row.token, expires_at: row.expires_at })
                            };
                            prop_assert!(holds.is_none_or(over), "the shop is free");
                        }
                        Grant::Token(token) => {
                            prop_assert!(passed.iter().all(|old| *old < token));
                            prop_assert_eq!(first, None);
                            let free = row.as_ref().is_none_or(|row| !row.held);
                            let over = row.as_ref().is_some_and(|row| {
                                lapsed == Some(HeldLease { token: row.token, expires_at: row.expires_at })
                            });
                            prop_assert!(free || over);
                            passed.push(token);
                            row = Some(LeaseRow { run: run(n), token, expires_at: n, held: true });
                        }
                        Grant::Busy { run, lease } => {
                            let held = row.clone().unwrap();
                            prop_assert!(held.held && lapsed != Some(lease));
                            prop_assert_eq!((run, lease.token), (held.run, held.token));
                            seen = Some(lease);
                        }
                    }
                }
                (2, Some(row)) => row.expires_at += 1,
                (_, Some(row)) => row.held = false,
                (_, None) => {}
            }
            let admitted: Vec<u64> =
                passed.iter().copied().filter(|token| row.as_ref().is_some_and(|row| row.admits(*token))).collect();
            let due: Vec<u64> = row.iter().filter(|row| row.held).map(|row| row.token).collect();
            prop_assert_eq!(admitted, due);
        }
    }

    #[test]
    fn a_lease_counts_until_its_moment(expires_at in 0i64..100, now in 0i64..100, held in any::<bool>()) {
        let lease = LeaseRow { run: RunId::new("r"), token: 1, expires_at, held };
        prop_assert_eq!(lease.may_send_at(now), now < expires_at);
        prop_assert_eq!(lease.is_alive_at(now), held && now < expires_at);
        prop_assert_eq!(lease.is_held_by(&RunId::new("r")), held);
        prop_assert!(!lease.is_held_by(&RunId::new("other")));
    }

    /// I7: whatever happens to a task, it ends once, and its deaths and attempts are counted correctly.
    #[test]
    fn i7_a_task_goes_from_attempt_to_attempt_and_ends_once(steps in vec(0u8..6, 1..60), most in 1u32..5) {
        let run = NewRun {
            id: RunId::new("r"),
            shop: ShopName::new("s"),
            work: Work::Plan,
            scope: Scope::All,
            policy: Policy::default(),
            durable: true,
            created_at: 0,
            starter: Starter::COMMAND_LINE,
        };
        let mut task = RunRecord::pending(run);
        let (mut died, mut began_anew, mut ended) = (0, 0, false);
        for step in steps {
            let before = task.clone();
            let done: Result<(), NotAllowed> = match step {
                0 => attempt::start(&task).map(|next| next.apply_to(&mut task)),
                1 => attempt::take_over(&task, most).map(|next| {
                    next.apply_to(&mut task);
                    died += 1;
                    began_anew += u32::from(died < most);
                }),
                2 => attempt::hand_back(&task).map(|next| {
                    began_anew += u32::from(before.status == TaskStatus::Started);
                    next.apply_to(&mut task);
                }),
                3 => attempt::end(&task).map(|()| {
                    task.status = TaskStatus::Success;
                    ended = true;
                }),
                4 => {
                    let due = match before.status {
                        TaskStatus::Pending => Cancel::EndNow,
                        TaskStatus::Started | TaskStatus::Retry => Cancel::AskToEnd,
                        _ => Cancel::AlreadyEnded,
                    };
                    prop_assert_eq!(attempt::cancel(&task), due);
                    Ok(())
                }
                _ => {
                    prop_assert_eq!(attempt::may_withdraw(&task), before.status == TaskStatus::Pending);
                    Ok(())
                }
            };
            if before.status.is_ready() && step < 4 {
                prop_assert!(done.is_err(), "nothing follows an end");
            }
            prop_assert_eq!((task.deaths, task.attempt), (died, 1 + began_anew));
            prop_assert_eq!(task.status.is_ready(), ended);
            if before.status == TaskStatus::Pending && matches!(step, 1 | 2) {
                prop_assert!(done.is_err(), "it has not begun");
            }
            if before.status == TaskStatus::Started && step == 0 {
                prop_assert!(done.is_err(), "it begins once");
            }
        }
    }

    /// A command-line run belongs to its own process. It is never taken over, handed back, or ended by another
    /// process.
    #[test]
    fn i7_a_run_that_is_no_task_has_one_attempt(record in record("r", TaskStatus::ALL)) {
        let record = RunRecord { run: NewRun { durable: false, ..record.run }, ..record };
        prop_assert!(attempt::take_over(&record, 3).is_err());
        prop_assert!(attempt::hand_back(&record).is_err());
        prop_assert_ne!(attempt::cancel(&record), Cancel::EndNow);
        prop_assert_eq!(attempt::end(&record).is_ok(), !record.status.is_ready());
    }

    #[test]
    fn a_good_run_is_a_whole_one_that_reached_the_shop(
        kind in sample::select(RunKind::ALL),
        outcome in sample::select(Outcome::ALL),
        filtered in any::<bool>(),
        warehouse_skus in 0u64..3,
        comparable in option::of(0u64..3),
    ) {
        let ended = EndedRun { kind, filtered, outcome, warehouse_skus, comparable, finished_at: 0 };
        let whole = !filtered && [RunKind::Sync, RunKind::Apply].contains(&kind);
        let compared = comparable != Some(0);
        let well = whole && compared && [Outcome::Converged, Outcome::Partial].contains(&outcome);
        prop_assert_eq!(ended.went_well(), well);
        prop_assert_eq!(ended.has_converged(), whole && compared && outcome == Outcome::Converged);
        prop_assert_eq!(ended.is_baseline(), well && warehouse_skus > 0);
    }

    /// Equal keys of two senders are distinct, whatever the key is.
    #[test]
    fn i7_a_key_belongs_to_its_token(hash in "[0-9a-f]{1,8}", other in "[0-9a-f]{1,8}", text in ".{0,5}\n?.{0,5}") {
        let key = RequestKey::of_token(&hash, &text, String::new());
        prop_assert_eq!(sender(&key.key), Some(&*hash));
        let theirs = RequestKey::of_token(&other, &text, String::new());
        prop_assert_eq!(key.key == theirs.key, hash == other);
    }

    #[test]
    fn a_swept_token_takes_its_own_dry_runs_along(
        record in record("r", OPEN),
        own in any::<bool>(),
        created_at in 0i64..100,
        expires_at in option::of(0i64..100),
        now in 0i64..100,
        lease in option::of((any::<bool>(), 0i64..100, any::<bool>())),
    ) {
        let token = ShortToken { name: "doctor-1", hash: "ab", created_at, expires_at };
        prop_assert_eq!(token.is_swept("doctor-", now), expires_at.is_some_and(|end| end <= now));
        let ahead = ShortToken { expires_at: expires_at.map(|end| end + 700_000), ..token };
        prop_assert_eq!(ahead.is_swept("doctor-", now), expires_at.is_some(), "no renewal reaches as far");
        prop_assert!(!token.is_swept("other-", now));
        let key = RequestKey::of_token(if own { "ab" } else { "abc" }, "key", String::new());
        let run = &record.run;
        let goes_along = own && run.durable && run.dry_run() && run.created_at >= created_at;
        prop_assert_eq!(token.owns_run(&key.key, run), goes_along);
        let lease = lease.map(|(holds, expires_at, held)| LeaseRow {
            run: RunId::new(if holds { "r" } else { "other" }),
            token: 1,
            expires_at,
            held,
        });
        let works = lease.as_ref().is_some_and(|lease| lease.is_held_by(&run.id) && lease.expires_at > now);
        let due = if works && record.status != TaskStatus::Pending { Sweep::AskToEnd } else { Sweep::EndNow };
        prop_assert_eq!(sweep(&record, lease.as_ref(), now), due);
    }

    /// A token that was made by a clock that was ahead lives as long as it was meant to, from the moment at which that is
    /// seen. Other tokens keep their moments.
    #[test]
    fn a_token_lives_no_longer_than_it_was_made_for(
        created_at in 0i64..1_000_000,
        life in option::of(0i64..1_000_000),
        now in 0i64..1_000_000,
    ) {
        let expires_at = life.map(|life| created_at + life);
        let token = ShortToken { name: "n", hash: "h", created_at, expires_at };
        let anew = life.filter(|_| created_at > now + 60_000).map(|life| (now, now + life));
        prop_assert_eq!(token.life_anew(now), anew);
    }

    #[test]
    fn a_task_waits_since_it_could_start(
        tasks in vec(run(Just(RunId::new("r"))), 0..4),
        paused in any::<bool>(),
        resumed_at in option::of(0i64..200),
        lease in option::of((0i64..90_000, any::<bool>())),
        now in 100i64..200,
    ) {
        let lease = lease.map(|(expires_at, held)| LeaseRow { run: RunId::new("x"), token: 1, expires_at, held });
        let obstacles = Obstacles { paused, resumed_at, lease: lease.as_ref() };
        let since = waiting_since(tasks.iter().map(OpenTask::from), obstacles, now);
        let may_start = |task: &&NewRun| task.dry_run() || !paused;
        let is_taken = lease.as_ref().is_some_and(|lease| lease.held && lease.expires_at > now);
        prop_assert_eq!(since.is_some(), !is_taken && tasks.iter().any(|task| may_start(&task)));
        if let Some(since) = since {
            prop_assert!(since <= now, "a wait cannot begin in the future");
            let could = tasks.iter().filter(may_start).map(|task| {
                let resumed = resumed_at.filter(|at| *at <= now && !task.dry_run()).unwrap_or(0);
                task.created_at.max(resumed)
            });
            let free = lease.map_or(0, |lease| {
                if lease.expires_at <= now + LIFE_MS { lease.expires_at.min(now) } else { 0 }
            });
            prop_assert_eq!(Some(since), could.min().map(|first| first.max(free)));
        }
    }
}
