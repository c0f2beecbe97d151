//! A write that the shop has received: what becomes of it, and what its process hears.

use domain::{Line, RunId, UnixMillis};
use sync::ports::{ShopError, ShopErrorClass, WriteReply};

use crate::profile::Fault;
use crate::world::{Inner, Pid, TIMEOUT_MS};

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
    pub(super) part: usize,
    answer: Answer,
    pub(super) refusal: Option<ShopError>,
    /// Whether the process still waits for the answer.
    pub(crate) awaited: bool,
    /// Whether the shop has said yes.
    pub(super) acknowledged: bool,
}

pub(super) fn refused(class: ShopErrorClass, detail: &str) -> ShopError {
    ShopError::new(class, detail)
}

/// What becomes of a request.
struct Fate {
    /// After how long it changes levels; `None`: never.
    land_in: Option<i64>,
    /// Only so many lines count.
    part: usize,
    answer: Answer,
    /// After how long its process hears of it, or gives up.
    reply_in: i64,
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
        let mut fate = self.throw_fate(lines.len());
        let mut refusal = None;
        if self.key_is_revoked() {
            (fate.land_in, fate.answer) = (None, Answer::Natural);
            refusal = Some(refused(ShopErrorClass::Forbidden, "403"));
        }
        let Fate { land_in, part, answer, reply_in } = fate;
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
            acknowledged: false,
        });
        (id, self.now + reply_in)
    }

    /// One kind of fault at most strikes a request.
    fn throw_fate(&mut self, lines: usize) -> Fate {
        let quick = self.dice.between(1, 150);
        let usual = quick + self.dice.between(1, 150);
        let some_part = self.dice.at(lines + 1);
        let late = Some(self.dice.between(1, TIMEOUT_MS));
        let some_time = if self.dice.hits(500) { TIMEOUT_MS } else { self.dice.between(1, TIMEOUT_MS) };
        let fate = |land_in, part, answer, reply_in| Fate { land_in, part, answer, reply_in };
        let soon = Some(quick);
        if self.strikes(Fault::LostRequest) {
            fate(None, lines, Answer::None, some_time)
        } else if self.strikes(Fault::LostReply) {
            fate(soon, lines, Answer::None, some_time)
        } else if self.strikes(Fault::LateApply) {
            fate(late, lines, Answer::None, some_time)
        } else if self.strikes(Fault::ServerError) {
            fate(None, lines, Answer::Server, usual)
        } else if self.strikes(Fault::ServerErrorApplied) {
            fate(soon, lines, Answer::Server, usual)
        } else if self.strikes(Fault::ServerErrorLate) {
            fate(late, lines, Answer::Server, some_time)
        } else if self.strikes(Fault::PartThenThrottled) {
            fate(soon, some_part, Answer::Throttled, usual)
        } else if lines > 1 && self.strikes(Fault::PartThenRefused) {
            fate(soon, some_part, Answer::Refused, usual)
        } else if self.strikes(Fault::PartThenServerError) {
            fate(soon, some_part, Answer::Server, usual)
        } else if self.strikes(Fault::Throttled) {
            fate(None, lines, Answer::Throttled, usual)
        } else if self.strikes(Fault::MalformedReply) {
            fate(soon, lines, Answer::Malformed, usual)
        } else {
            fate(soon, lines, Answer::Natural, usual)
        }
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
        let reply = request.reply();
        request.awaited = false;
        request.acknowledged = reply.is_applied();
        reply
    }
}

impl Request {
    fn reply(&self) -> WriteReply {
        let lines = self.lines.len();
        let unclean = |class, detail: &str| WriteReply::unclear(lines, refused(class, detail));
        match self.answer {
            Answer::Natural => match &self.refusal {
                Some(error) => WriteReply::refused(lines, error.clone()),
                None => WriteReply::applied(lines),
            },
            Answer::None => unclean(ShopErrorClass::NoAnswer, "timed out"),
            Answer::Server => unclean(ShopErrorClass::ServerError, "502"),
            Answer::Throttled => unclean(ShopErrorClass::Throttled, "429"),
            Answer::Refused => WriteReply::refused(lines, refused(ShopErrorClass::Refused, "400")),
            Answer::Malformed => unclean(ShopErrorClass::Malformed, "no JSON"),
        }
    }
}
