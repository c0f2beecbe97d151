//! A seed from its first step to its last check.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::AtomicU64;
use std::task::{Context, Poll, Waker};

use domain::{Outcome, Policy, RunId, Scope, Sku, UnixMillis, WriteBatch};
use sync::ports::StateError;
use sync::{Budget, Ended, RunRequest, RunSettings, Work};
use tokio_util::sync::CancellationToken;

use crate::oracle::Watch;
use crate::process::Process;
use crate::profile::{Fault, Profile};
use crate::world::{Pid, Violation, World, shop_name};

/// So many steps with faults; then they stop.
const FAULTY_STEPS: u64 = 2_500;
/// So many steps in all; more means that a run goes on for ever.
const MOST_STEPS: u64 = 40_000;
/// Processes that a world starts at most, before its last runs.
const MOST_PROCESSES: usize = 7;

/// What came of a seed.
#[derive(Debug)]
pub struct Finding {
    /// The rule that was broken, where one was.
    pub violation: Option<Violation>,
    /// How often each fault struck, in the order of [`Fault::ALL`].
    pub fired: Vec<u64>,
    /// Outcomes and ends seen, with how often.
    pub outcomes: BTreeMap<String, u64>,
    /// Resends that I2 admits though the line had been applied.
    pub exceptions: u64,
    /// Steps taken.
    pub steps: u64,
    /// Yield points passed.
    pub yields: u64,
    /// The trace, where one was asked for.
    pub trace: Vec<String>,
}

type Execution = Pin<Box<dyn Future<Output = Result<Ended, StateError>>>>;

struct Living {
    pid: Pid,
    install: usize,
    execution: Execution,
    stop: CancellationToken,
    stopped_until: UnixMillis,
    /// Whether it must be polled though no yield point of its own was let go.
    poked: bool,
}

struct Simulation {
    world: World,
    profile: Profile,
    living: Vec<Living>,
    started: usize,
    outcomes: BTreeMap<String, u64>,
    /// Runs whose plan may be applied.
    plans: Vec<RunId>,
    last_end: Option<Result<Ended, StateError>>,
}

/// Plays a world to its end.
#[must_use]
pub fn play(profile: Profile, traced: bool) -> Finding {
    let world = World::new(profile.clone(), traced);
    let mut simulation = Simulation {
        world,
        profile,
        living: Vec::new(),
        started: 0,
        outcomes: BTreeMap::new(),
        plans: Vec::new(),
        last_end: None,
    };
    simulation.play();
    let Simulation { world, outcomes, living, .. } = simulation;
    drop(living);
    let mut inner = world.lock();
    Finding {
        violation: inner.violation.clone(),
        fired: inner.fired.to_vec(),
        outcomes,
        exceptions: inner.oracle.exceptions,
        steps: inner.step,
        yields: inner.yields,
        trace: inner.take_trace(),
    }
}

impl Simulation {
    fn play(&mut self) {
        self.chaos();
        if !self.broken() {
            self.calm();
        }
    }

    fn broken(&self) -> bool {
        self.world.lock().violation.is_some()
    }

    fn roll(&self, fault: Fault) -> bool {
        self.world.lock().strikes(fault)
    }

    /// Runs while things go wrong.
    fn chaos(&mut self) {
        let mut left = self.profile.runs;
        while !self.broken() {
            if self.living.is_empty() {
                if left == 0 || self.started >= MOST_PROCESSES {
                    break;
                }
                left -= 1;
                self.trade();
                let work = self.some_work();
                self.start(0, work);
                if self.roll(Fault::SecondInstallation) {
                    self.start(1, Work::Sync { dry_run: false });
                }
            }
            if self.world.lock().step > FAULTY_STEPS {
                break;
            }
            self.happenings();
            self.step();
        }
        {
            let mut world = self.world.lock();
            world.note(format_args!("-- faults stop"));
            world.faulty = false;
            world.buyers = self.profile.late_buyers;
            world.depot.shrunk_until = 0;
        }
        for one in &mut self.living {
            one.stopped_until = 0;
        }
        self.drive();
        // Nobody else writes from here on, and nothing of theirs is under way any more.
        while let Some(at) = self.next_foreign_landing() {
            self.advance(at);
        }
    }

    fn next_foreign_landing(&self) -> Option<UnixMillis> {
        self.world.lock().next_landing(Some(1))
    }

    /// Two runs with nothing going wrong, and what must be true then.
    fn calm(&mut self) {
        let mut since = 0;
        let mut last = 0;
        let mut began = 0;
        for nth in 0..2 {
            let wait = { self.world.lock().dice.pick(&[0, 0, 3_000, 45_000]) };
            let now = self.world.lock().now;
            self.advance(now + wait);
            since = self.world.lock().floor.ledger.len();
            began = self.world.lock().now;
            last = self.last_run(nth);
            if self.broken() {
                return;
            }
        }
        self.check_end(last, since, began);
        // What was still under way must not have been left out of account.
        self.world.lock().buyers = false;
        loop {
            let next = self.world.lock().next_landing(None);
            let Some(at) = next else { break };
            self.advance(at);
        }
        self.check_end(last, since, began);
    }

    fn check_end(&self, last: Pid, since: usize, began: UnixMillis) {
        let mut world = self.world.lock();
        world.check_levels(last, since);
        world.check_ends(began - 30_000);
    }

    /// One run to its end, and the apply of its plan where the guard held it.
    fn last_run(&mut self, nth: u32) -> Pid {
        let mut pid = self.start(0, Work::Sync { dry_run: false });
        self.drive();
        if matches!(self.last_end, Some(Ok(Ended::Refused(_)))) {
            // One that waited has died; nobody knows before its time is over.
            let now = self.world.lock().now;
            self.advance(now + 31_000);
            pid = self.start(0, Work::Sync { dry_run: false });
            self.drive();
        }
        if self.held() {
            // With buyers about, a line of a kept plan may not hold any more.
            self.world.lock().buyers = false;
            pid = self.start(0, Work::Sync { dry_run: false });
            self.drive();
        }
        if self.held() {
            let run = self.world.lock().oracle.watch(pid).run.clone();
            pid = self.start(0, Work::Apply { plan: run.expect("a process has a run") });
            self.drive();
        }
        let ended = self.last_end.as_ref().map(|end| matches!(end, Ok(Ended::Ran(_))));
        if ended != Some(true) && !self.broken() {
            let text = format!("{:?}", self.last_end);
            self.world.lock().violate("I7", format_args!("run {nth} after the faults: {text}"));
        }
        pid
    }

    fn held(&self) -> bool {
        matches!(&self.last_end, Some(Ok(Ended::Ran(summary))) if summary.outcome == Outcome::HeldByGuard)
    }

    /// The merchant's day goes on between two runs.
    fn trade(&mut self) {
        let mut world = self.world.lock();
        let inner = &mut *world;
        for _ in 0..inner.dice.below(6) {
            let change = inner.depot.change(&inner.floor, &mut inner.dice);
            inner.note(format_args!("   warehouse: {change}"));
        }
        let idle = inner.dice.pick(&[0, 0, 1_000, 9_000, 40_000, 3_600_000]);
        let now = inner.now;
        drop(world);
        self.advance(now + idle);
    }

    fn some_work(&mut self) -> Work {
        let mut world = self.world.lock();
        match world.dice.below(20) {
            0 => Work::Sync { dry_run: true },
            1 => Work::Plan,
            2 if self.started > 0 => {
                let dice = &mut world.dice;
                let sku = |text: String| Sku::parse(&text).expect("SKUs of the warehouse have text");
                let units = u32::try_from(dice.below(20)).unwrap_or(0);
                let text = {
                    let inner = &mut *world;
                    inner.depot.some_sku(&mut inner.dice)
                };
                Work::Set { quantities: vec![(sku(text), units)] }
            }
            3..=6 if !self.plans.is_empty() => {
                let at = world.dice.at(self.plans.len());
                Work::Apply { plan: self.plans[at].clone() }
            }
            _ => Work::Sync { dry_run: false },
        }
    }

    fn start(&mut self, install: usize, work: Work) -> Pid {
        self.started += 1;
        let run = RunId::new(&format!("r{}", self.started));
        let kind = work.kind();
        let writes_nothing = matches!(work, Work::Plan | Work::Sync { dry_run: true });
        let (pid, installed) = {
            let mut world = self.world.lock();
            let (began, began_at) = (world.step, world.now);
            let pid = world.oracle.add(Watch {
                install,
                run: Some(run.clone()),
                kind: Some(kind),
                writes_nothing,
                began,
                began_at,
                lively: true,
                ..Watch::default()
            });
            world.note(format_args!("p{pid} starts {run}: {work:?} for installation {install}"));
            (pid, world.installations[install].clone())
        };
        let request = RunRequest {
            id: run.clone(),
            shop: shop_name(),
            work,
            scope: Scope::All,
            policy: Policy::default(),
        };
        let settings = RunSettings {
            write_batch: WriteBatch::new(self.profile.write_batch).expect("1 to 300"),
            settle_ms: self.profile.settle_ms,
            budget: Budget::default(),
            state: "memory".to_owned(),
        };
        let process = Process {
            world: self.world.clone(),
            pid,
            install,
            installed,
            run,
            requests: AtomicU64::new(0),
            broken: self.profile.broken,
        };
        let stop = CancellationToken::new();
        let token = stop.clone();
        let execution: Execution =
            Box::pin(async move { sync::execute(&process.ports(&token), &request, &settings).await });
        self.living.push(Living { pid, install, execution, stop, stopped_until: 0, poked: true });
        pid
    }

    /// Steps until no process lives.
    fn drive(&mut self) {
        while !self.living.is_empty() && !self.broken() {
            self.buyers();
            self.step();
        }
    }

    fn buyers(&mut self) {
        let mut world = self.world.lock();
        if world.strikes(Fault::Sale) {
            world.sell();
        }
    }

    /// What others do.
    fn happenings(&mut self) {
        self.buyers();
        let mut world = self.world.lock();
        let inner = &mut *world;
        if inner.floor.storm_left > 0 && inner.strikes(Fault::SaleStorm) {
            inner.floor.storm_left -= 1;
            inner.sell();
        }
        if inner.strikes(Fault::Edit) {
            inner.edit();
        }
        let (now, place) = (inner.now, inner.dice.at(inner.floor.shelves.len()));
        let other = inner.dice.at(inner.floor.shelves.len());
        if inner.strikes(Fault::ProductDeleted) {
            inner.note(format_args!("   listing {place} is deleted"));
            inner.floor.touch(place, now, |one| one.exists = false);
        }
        if inner.strikes(Fault::TrackingChanged) {
            inner.note(format_args!("   listing {place} changes tracking"));
            inner.floor.touch(place, now, |one| one.tracked = !one.tracked);
        }
        if inner.strikes(Fault::SkuSwapped) && place != other {
            inner.note(format_args!("   listings {place} and {other} swap SKUs"));
            let (a, b) = (inner.floor.shelves[place].sku.clone(), inner.floor.shelves[other].sku.clone());
            inner.floor.touch(place, now, |one| one.sku = b);
            inner.floor.touch(other, now, |one| one.sku = a);
        }
        if inner.strikes(Fault::WarehouseMoves) {
            let change = inner.depot.change(&inner.floor, &mut inner.dice);
            inner.note(format_args!("   warehouse: {change}"));
        }
        if inner.strikes(Fault::WarehouseShrinks) {
            inner.depot.shrunk_until = now + inner.dice.between(1, 60_000);
        }
        if inner.strikes(Fault::DiskFull) {
            let until = now + inner.dice.between(100, 45_000);
            let install = inner.dice.at(2);
            inner.note(format_args!("   the disk of installation {install} is full"));
            *inner.installations[install].full_until.lock().expect("never poisoned") = until;
        }
        drop(world);
        if self.started < MOST_PROCESSES && !self.living.is_empty() {
            let second = self.profile.rates.of(Fault::SecondProcess) > 0;
            if second && self.world.lock().dice.hits(12) {
                self.roll(Fault::SecondProcess);
                let work = self.some_work();
                self.start(0, work);
            }
        }
        if self.roll(Fault::Cancelled) {
            let at = self.world.lock().dice.at(self.living.len());
            if let Some(one) = self.living.get_mut(at) {
                one.stop.cancel();
                one.poked = true;
                let pid = one.pid;
                self.world.lock().note(format_args!("p{pid} is cancelled"));
            }
        }
    }

    /// One step: a process goes on, dies or is stopped; or time does.
    fn step(&mut self) {
        let (now, ready) = {
            let mut world = self.world.lock();
            world.step += 1;
            world.now += world.dice.between(0, 3);
            world.land_due();
            if world.step > MOST_STEPS {
                return world.violate("I7", format_args!("no end after {MOST_STEPS} steps"));
            }
            let now = world.now;
            let awake: Vec<Pid> =
                self.living.iter().filter(|one| one.stopped_until <= now).map(|one| one.pid).collect();
            let due = |one: &&crate::world::Waiting| one.due <= now && awake.contains(&one.pid);
            let ready: Vec<(u64, Pid)> =
                world.waiting.iter().filter(due).map(|one| (one.id, one.pid)).collect();
            (now, ready)
        };
        for one in &mut self.living {
            if one.stopped_until != 0 && one.stopped_until <= now {
                one.stopped_until = 0;
                self.world.lock().oracle.watch(one.pid).lively = true;
            }
        }
        if let Some(at) = self.living.iter().position(|one| one.poked && one.stopped_until <= now) {
            self.living[at].poked = false;
            return self.poll(at);
        }
        let slow = ready.is_empty() || self.world.lock().dice.hits(25);
        if slow {
            return self.let_time_pass(now, ready.is_empty());
        }
        let (id, pid) = {
            let mut world = self.world.lock();
            let (id, pid) = ready[world.dice.at(ready.len())];
            world.yields += 1;
            (id, pid)
        };
        let Some(at) = self.living.iter().position(|one| one.pid == pid) else { return };
        let here = {
            let world = self.world.lock();
            world.faulty && self.profile.crash_at == Some(world.yields)
        };
        if here || self.roll(Fault::Crash) {
            return self.crash(at);
        }
        if self.roll(Fault::Paused) {
            let mut world = self.world.lock();
            let span = world.dice.pick(&[2_000, 8_000, 29_000, 31_000, 50_000, 120_000]);
            let span = span + world.dice.between(0, 4_000);
            world.note(format_args!("p{pid} is stopped for {span} ms"));
            world.oracle.watch(pid).lively = false;
            self.living[at].stopped_until = now + span;
            return;
        }
        if let Some(one) = self.world.lock().waiting.iter_mut().find(|one| one.id == id) {
            one.released = true;
        }
        self.poll(at);
    }

    fn crash(&mut self, at: usize) {
        let dead = self.living.remove(at);
        {
            let mut world = self.world.lock();
            let points: Vec<_> =
                world.waiting.iter().filter(|one| one.pid == dead.pid).map(|one| one.point).collect();
            world.note(format_args!("p{} dies at {points:?}", dead.pid));
            world.oracle.watch(dead.pid).lively = false;
        }
        let install = dead.install;
        drop(dead);
        *self.outcomes.entry("(died)".to_owned()).or_default() += 1;
        let again = { self.world.lock().dice.hits(600) };
        if again && self.started < MOST_PROCESSES && self.profile.crash_at.is_none() {
            self.start(install, Work::Sync { dry_run: false });
        }
    }

    fn poll(&mut self, at: usize) {
        let one = &mut self.living[at];
        let polled = one.execution.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(end) = polled else { return };
        let dead = self.living.remove(at);
        let label = match &end {
            Ok(Ended::Ran(summary)) => summary.outcome.code().to_owned(),
            Ok(Ended::Joined(_)) => "(joined)".to_owned(),
            Ok(Ended::Refused(_)) => "(refused)".to_owned(),
            Ok(Ended::Stopped) => "(stopped)".to_owned(),
            Err(StateError::Fenced) => "(fenced)".to_owned(),
            Err(StateError::Failed(_)) => "(state failed)".to_owned(),
        };
        {
            let mut world = self.world.lock();
            world.note(format_args!("p{} ends: {label}", dead.pid));
            if let Err(error) = &end {
                world.note(format_args!("p{} error: {error}", dead.pid));
            }
            if let Ok(Ended::Joined(summary)) = &end {
                world.check_joined(dead.pid, &summary.run_id);
            }
            let watch = world.oracle.watch(dead.pid);
            watch.lively = false;
            let run = watch.run.clone();
            if let (Ok(Ended::Ran(summary)), 0, Some(run)) = (&end, dead.install, run)
                && matches!(summary.outcome, Outcome::HeldByGuard | Outcome::Planned)
            {
                self.plans.push(run);
            }
        }
        *self.outcomes.entry(label).or_default() += 1;
        self.last_end = Some(end);
    }

    /// Time goes to what happens next, or a while when something could go on already.
    fn let_time_pass(&mut self, now: UnixMillis, nothing_else: bool) {
        if !nothing_else {
            let while_ms = {
                let mut world = self.world.lock();
                let most = if world.faulty { world.dice.pick(&[50, 500, 3_000, 12_000]) } else { 300 };
                world.dice.between(1, most)
            };
            return self.advance(now + while_ms);
        }
        let next = {
            let world = self.world.lock();
            let stopped = |pid: Pid| self.living.iter().any(|one| one.pid == pid && one.stopped_until > now);
            let timers = world.waiting.iter().filter(|one| !stopped(one.pid)).map(|one| one.due);
            let wakes = self.living.iter().map(|one| one.stopped_until).filter(|at| *at > now);
            timers.chain(wakes).chain(world.next_landing(None)).filter(|at| *at > now).min()
        };
        match next {
            Some(at) => self.advance(at),
            None => self.world.lock().violate("I7", format_args!("nothing can go on any more")),
        }
    }

    /// Time goes on to `moment`; what lands on the way lands in its order.
    fn advance(&self, moment: UnixMillis) {
        let mut world = self.world.lock();
        while let Some(at) = world.next_landing(None).filter(|at| *at <= moment) {
            world.now = world.now.max(at);
            world.land_due();
        }
        world.now = world.now.max(moment);
    }
}
