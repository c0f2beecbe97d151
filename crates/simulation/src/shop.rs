//! The shop: shelves, requests that are on their way, and a ledger of its own that no run can see.

use domain::quantity::CEILING;
use domain::{
    Delta, InventoryItemId, Level, Line, Listing, ListingKey, ProductId, RunId, Sku, UnixMillis, VariantId,
};
use sync::ports::{ShopError, ShopErrorClass, WriteReply};

use crate::profile::{BadEntry, Broken, Dice, Fault, OutOfRange, Profile, Untracked};
use crate::world::{BEGIN, Inner, Pid, TIMEOUT_MS};

/// What a listing showed from a moment on.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) at: UnixMillis,
    pub(crate) sku: Option<String>,
    pub(crate) level: i64,
    pub(crate) stamp: UnixMillis,
    pub(crate) tracked: bool,
    pub(crate) exists: bool,
}

/// A listing of the shop.
#[derive(Debug)]
pub(crate) struct Shelf {
    pub(crate) key: ListingKey,
    pub(crate) sku: Option<String>,
    pub(crate) level: i64,
    pub(crate) tracked: bool,
    pub(crate) exists: bool,
    stamp: UnixMillis,
    history: Vec<Shown>,
}

impl Shelf {
    fn remember(&mut self, now: UnixMillis) {
        let (sku, level, stamp) = (self.sku.clone(), self.level, self.stamp);
        self.history.push(Shown { at: now, sku, level, stamp, tracked: self.tracked, exists: self.exists });
    }

    /// What a read shows that sees nothing younger than `at`.
    pub(crate) fn shown(&self, at: UnixMillis) -> &Shown {
        self.history.iter().rev().find(|shown| shown.at <= at).unwrap_or(&self.history[0])
    }
}

impl Shown {
    pub(crate) fn listing(&self, key: &ListingKey) -> Listing {
        Listing {
            key: key.clone(),
            inventory_item: InventoryItemId::new(key.product.as_str()),
            sku: self.sku.as_deref().and_then(|text| Sku::parse(text).ok()),
            tracked: self.tracked,
            level: Level::new(self.level),
        }
    }
}

/// Who moved a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A line of a run.
    Write { install: usize, run: RunId, seq: u32, request: u64 },
    /// A buyer.
    Sale,
    /// Somebody else, by hand.
    Edit,
}

/// One movement of one level, as the shop saw it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) at: UnixMillis,
    pub(crate) place: usize,
    pub(crate) before: i64,
    pub(crate) after: i64,
    pub(crate) cause: Cause,
}

/// What the shop answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// By what came of it.
    Natural,
    None,
    Server,
    Throttled,
    Refused,
    Malformed,
}

/// A request that the shop has received.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) id: u64,
    pub(crate) pid: Pid,
    pub(crate) install: usize,
    pub(crate) run: RunId,
    pub(crate) lines: Vec<Line>,
    /// When it changes levels; `None`: never, or it has.
    pub(crate) land_at: Option<UnixMillis>,
    /// Only so many lines count.
    part: usize,
    answer: Answer,
    refusal: Option<ShopError>,
    /// Whether the process still waits for the answer.
    pub(crate) awaited: bool,
}

/// The shop as it stands.
#[derive(Debug, Default)]
pub(crate) struct ShopFloor {
    pub(crate) shelves: Vec<Shelf>,
    pub(crate) requests: Vec<Request>,
    pub(crate) ledger: Vec<Entry>,
    pub(crate) revoked_until: UnixMillis,
    poison: Option<usize>,
    next_request: u64,
    pub(crate) storm_left: u32,
}

fn some_level(dice: &mut Dice) -> i64 {
    match dice.below(60) {
        0..=6 => 0,
        7..=8 => dice.between(-4, -1),
        9 => dice.between(99_980, 99_999),
        10 => dice.between(100, 3_000),
        _ => dice.between(1, 25),
    }
}

impl ShopFloor {
    pub(crate) fn new(profile: &Profile, dice: &mut Dice) -> Self {
        let mut shelves: Vec<Shelf> = Vec::new();
        let mut product = 0;
        for at in 0..profile.listings {
            product += u32::from(at == 0 || dice.hits(700));
            let sku = match dice.below(40) {
                0 => None,
                1 if at > 0 => shelves[at - 1].sku.clone(),
                _ => Some(format!("sku-{at}")),
            };
            let key = ListingKey {
                product: ProductId::new(&format!("p{product:02}")),
                variant: VariantId::new(&format!("v{at:02}")),
            };
            let (level, tracked) = (some_level(dice), !dice.hits(40));
            let mut place =
                Shelf { key, sku, level, tracked, exists: true, stamp: BEGIN - 60_000, history: Vec::new() };
            place.remember(BEGIN - 60_000);
            shelves.push(place);
        }
        let poison = dice.hits(profile.rates.of(Fault::Poison)).then(|| dice.at(shelves.len()));
        Self { shelves, poison, storm_left: 40, ..Self::default() }
    }

    pub(crate) fn shelf_of(&self, key: &ListingKey) -> Option<usize> {
        self.shelves.iter().position(|place| place.key == *key)
    }

    /// A change of anything that a read shows; every listing of the product gets the new stamp.
    pub(crate) fn touch(&mut self, at: usize, now: UnixMillis, change: impl FnOnce(&mut Shelf)) {
        change(&mut self.shelves[at]);
        let product = self.shelves[at].key.product.clone();
        for place in self.shelves.iter_mut().filter(|place| place.key.product == product) {
            place.stamp = now;
            place.remember(now);
        }
    }

    pub(crate) fn request(&mut self, id: u64) -> &mut Request {
        self.requests.iter_mut().find(|request| request.id == id).expect("requests are never forgotten")
    }

    /// What the ledger knows of a line: whether it moved its level. `None` where it never arrived.
    pub(crate) fn knows(&self, of_install: usize, of_run: &RunId, of_seq: u32) -> Option<bool> {
        let entry = self.ledger.iter().find(|entry| {
            matches!(&entry.cause, Cause::Write { install, run, seq, .. }
                if *install == of_install && run == of_run && *seq == of_seq)
        });
        entry.map(|entry| entry.before != entry.after)
    }

    /// Whether somebody but `of_install` moved the listing at `since` or later.
    pub(crate) fn imitated(&self, place: usize, of_install: usize, since: UnixMillis) -> bool {
        self.ledger.iter().any(|entry| {
            let own = matches!(&entry.cause, Cause::Write { install, .. } if *install == of_install);
            entry.place == place && entry.at >= since && !own
        })
    }
}

fn refused(class: ShopErrorClass, detail: &str) -> ShopError {
    ShopError::new(class, detail)
}

impl Inner {
    /// The shop receives a write. Its fate is thrown here; gives the request and the moment of its answer.
    pub(crate) fn receive(
        &mut self,
        pid: Pid,
        install: usize,
        run: &RunId,
        lines: &[Line],
    ) -> (u64, UnixMillis) {
        let quick = self.dice.between(1, 150);
        let (mut land_in, mut reply_in) = (Some(quick), quick + self.dice.between(1, 150));
        let (mut part, mut answer) = (lines.len(), Answer::Natural);
        let some_part = self.dice.at(lines.len() + 1);
        let late = self.dice.between(1, TIMEOUT_MS);
        let some_time = if self.dice.hits(500) { TIMEOUT_MS } else { self.dice.between(1, TIMEOUT_MS) };
        if self.strikes(Fault::LostRequest) {
            (land_in, answer, reply_in) = (None, Answer::None, some_time);
        } else if self.strikes(Fault::LostReply) {
            (answer, reply_in) = (Answer::None, some_time);
        } else if self.strikes(Fault::LateApply) {
            (land_in, answer, reply_in) = (Some(late), Answer::None, some_time);
        } else if self.strikes(Fault::ServerError) {
            (land_in, answer) = (None, Answer::Server);
        } else if self.strikes(Fault::ServerErrorApplied) {
            answer = Answer::Server;
        } else if self.strikes(Fault::ServerErrorLate) {
            (land_in, answer, reply_in) = (Some(late), Answer::Server, some_time);
        } else if self.strikes(Fault::PartThenThrottled) {
            (part, answer) = (some_part, Answer::Throttled);
        } else if lines.len() > 1 && self.strikes(Fault::PartThenRefused) {
            (part, answer) = (some_part, Answer::Refused);
        } else if self.strikes(Fault::PartThenServerError) {
            (part, answer) = (some_part, Answer::Server);
        } else if self.strikes(Fault::Throttled) {
            (land_in, answer) = (None, Answer::Throttled);
        } else if self.strikes(Fault::MalformedReply) {
            answer = Answer::Malformed;
        }
        let mut refusal = None;
        if self.key_is_revoked() {
            (land_in, answer) = (None, Answer::Natural);
            refusal = Some(refused(ShopErrorClass::Unauthorised, "403"));
        }
        self.floor.next_request += 1;
        let id = self.floor.next_request;
        let seqs: Vec<u32> = lines.iter().map(|line| line.seq).collect();
        self.note(format_args!(
            "p{pid} request {id} of {run} {seqs:?} received; lands in {land_in:?}, part {part}, {answer:?} in {reply_in}"
        ));
        self.floor.requests.push(Request {
            id,
            pid,
            install,
            run: run.clone(),
            lines: lines.to_vec(),
            land_at: land_in.map(|after| self.now + after),
            part,
            answer,
            refusal,
            awaited: true,
        });
        (id, self.now + reply_in)
    }

    pub(crate) fn key_is_revoked(&mut self) -> bool {
        if self.now >= self.floor.revoked_until && self.strikes(Fault::KeyRevoked) {
            self.floor.revoked_until = self.now + self.dice.between(1, 60_000);
        }
        self.faulty && self.now < self.floor.revoked_until
    }

    /// What the process hears.
    pub(crate) fn answer(&mut self, id: u64) -> WriteReply {
        let request = self.floor.request(id);
        request.awaited = false;
        let unclean = |class, detail: &str| WriteReply::Unclean(refused(class, detail));
        match request.answer {
            Answer::Natural => request.refusal.clone().map_or(WriteReply::Acked, WriteReply::Refused),
            Answer::None => unclean(ShopErrorClass::NoAnswer, "timed out"),
            Answer::Server => unclean(ShopErrorClass::ServerError, "502"),
            Answer::Throttled => unclean(ShopErrorClass::Throttled, "429"),
            Answer::Refused => WriteReply::Refused(refused(ShopErrorClass::Refused, "400")),
            Answer::Malformed => unclean(ShopErrorClass::Malformed, "no JSON"),
        }
    }

    /// When the next request lands, of one installation or of any.
    pub(crate) fn next_landing(&self, of_install: Option<usize>) -> Option<UnixMillis> {
        let of =
            self.floor.requests.iter().filter(|one| of_install.is_none_or(|install| one.install == install));
        of.filter_map(|request| request.land_at).min()
    }

    /// Lands every request whose moment has come.
    pub(crate) fn land_due(&mut self) {
        let mut due: Vec<(UnixMillis, u64)> = self
            .floor
            .requests
            .iter()
            .filter_map(|request| Some((request.land_at.filter(|at| *at <= self.now)?, request.id)))
            .collect();
        due.sort_unstable();
        for (_, id) in due {
            self.land(id);
        }
    }

    fn land(&mut self, id: u64) {
        let request = self.floor.request(id);
        request.land_at = None;
        let (install, run, lines) = (request.install, request.run.clone(), request.lines.clone());
        let part = request.part;
        let bad: Vec<Option<ShopError>> = lines.iter().map(|line| self.objection(line)).collect();
        let first_bad = bad.iter().position(Option::is_some);
        let applies = |at: usize| {
            at < part
                && bad[at].is_none()
                && match (first_bad, self.profile.quirks.bad_entry) {
                    (None, _) | (_, BadEntry::AllOthers) => true,
                    (Some(_), BadEntry::NothingApplied) => false,
                    (Some(first), BadEntry::UpToIt) => at < first,
                }
        };
        let good: Vec<&Line> =
            lines.iter().enumerate().filter(|(at, _)| applies(*at)).map(|(_, l)| l).collect();
        for line in good {
            self.apply(install, &run, line, id);
        }
        if let Some(first) = first_bad {
            self.floor.request(id).refusal.clone_from(&bad[first]);
        }
    }

    /// Why the shop refuses a line, where it does.
    fn objection(&mut self, line: &Line) -> Option<ShopError> {
        let quirks = self.profile.quirks;
        let Some(at) = self.floor.shelf_of(&line.change.key).filter(|at| self.floor.shelves[*at].exists)
        else {
            return Some(refused(ShopErrorClass::NotFound, "404"));
        };
        if self.faulty && self.floor.poison == Some(at) {
            self.fired[Fault::Poison as usize] += 1;
            return Some(refused(ShopErrorClass::Refused, "400 poison"));
        }
        let place = &self.floor.shelves[at];
        if !place.tracked {
            let refuses = quirks.untracked == Untracked::Refused;
            return refuses.then(|| refused(ShopErrorClass::Refused, "400 untracked"));
        }
        let after = place.level + line.change.delta.units();
        let out = if line.change.delta.raises() { after > i64::from(CEILING) } else { after < 0 };
        (out && quirks.out_of_range == OutOfRange::Refused)
            .then(|| refused(ShopErrorClass::Refused, "400 out of range"))
    }

    fn apply(&mut self, install: usize, run: &RunId, line: &Line, request: u64) {
        let Some(at) = self.floor.shelf_of(&line.change.key) else { return };
        let before = self.floor.shelves[at].level;
        let after =
            if self.floor.shelves[at].tracked { self.level_after(before, line.change.delta) } else { before };
        let cause = Cause::Write { install, run: run.clone(), seq: line.seq, request };
        self.move_level(at, after, cause);
        self.check_landed(install, run, line, at, before, after);
    }

    fn level_after(&self, before: i64, delta: Delta) -> i64 {
        let extra = i64::from(self.profile.broken == Some(Broken::OneTooMany));
        let after = before + delta.units() + extra;
        match (self.profile.quirks.out_of_range, delta.raises()) {
            (OutOfRange::Taken, _) => after,
            (_, true) => after.min(i64::from(CEILING).max(before)),
            (_, false) => after.max(before.min(0)),
        }
    }

    /// Moves a level, and writes it into the shop's own ledger.
    pub(crate) fn move_level(&mut self, at: usize, after: i64, cause: Cause) {
        let (now, before) = (self.now, self.floor.shelves[at].level);
        self.note(format_args!("   listing {at}: {before} → {after} by {cause:?}"));
        self.floor.touch(at, now, |place| place.level = after);
        self.floor.ledger.push(Entry { at: now, place: at, before, after, cause });
    }

    /// A buyer takes what is there.
    pub(crate) fn sell(&mut self) {
        let at = self.dice.at(self.floor.shelves.len());
        let place = &self.floor.shelves[at];
        if place.exists && place.tracked && place.level > 0 {
            let (level, most) = (place.level, place.level.min(4));
            let units = self.dice.between(1, most);
            self.move_level(at, level - units, Cause::Sale);
        }
    }

    /// Somebody sets a level by hand.
    pub(crate) fn edit(&mut self) {
        let at = self.dice.at(self.floor.shelves.len());
        let level = some_level(&mut self.dice).max(0);
        if self.floor.shelves[at].exists && self.floor.shelves[at].level != level {
            self.move_level(at, level, Cause::Edit);
        }
    }
}
