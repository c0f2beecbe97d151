//! A write reaches the shop: what becomes of it, and what its process hears.

use domain::{Line, RunId, UnixMillis};
use sync::ports::{ShopErrorClass, WriteReply};

use crate::constants::TIMEOUT_MS;
use crate::profile::Fault;
use crate::shop::{Answer, Request, refused};
use crate::state::Inner;
use crate::yield_point::Pid;

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
