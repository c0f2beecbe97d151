//! A write reaches the shop: what happens to it, and which answer its process gets.

use domain::{Line, RunId, UnixMillis};
use sync::ports::{ShopErrorClass, WriteReply};

use crate::constants::TIMEOUT_MS;
use crate::profile::Fault;
use crate::shop::{Answer, Request, refused};
use crate::state::SimState;
use crate::yield_point::Pid;

/// What happens to a request.
struct RequestFate {
    /// After how long it changes levels, in milliseconds. `None` if it never does.
    land_in: Option<i64>,
    /// How many of its lines take effect.
    part: usize,
    answer: Answer,
    /// After how long its process gets the answer or gives up, in milliseconds.
    reply_in: i64,
}

impl SimState {
    /// The shop receives a write, and its fate is drawn. Returns the request's id and the moment of its answer.
    pub(crate) fn receive(
        &mut self,
        pid: Pid,
        install: usize,
        run: &RunId,
        lines: &[Line],
    ) -> (u64, UnixMillis) {
        let mut fate = self.draw_fate(lines.len());
        let mut refusal = None;
        if self.key_is_revoked() {
            (fate.land_in, fate.answer) = (None, Answer::Natural);
            refusal = Some(refused(ShopErrorClass::Forbidden, "403"));
        }
        let RequestFate { land_in, part, answer, reply_in } = fate;
        let leaves_out = answer == Answer::Natural && refusal.is_none() && self.injects(Fault::EntryLeftOut);
        let left_out = leaves_out.then(|| self.rng.index(lines.len()));
        self.shop.next_request += 1;
        let id = self.shop.next_request;
        let seqs: Vec<u32> = lines.iter().map(|line| line.seq).collect();
        self.note(format_args!(
            "p{pid} request {id} of {run} {seqs:?} received; lands in {land_in:?}, part {part}, {answer:?} in {reply_in}"
        ));
        self.shop.requests.push(Request {
            id,
            pid,
            install,
            run: run.clone(),
            lines: lines.to_vec(),
            land_at: land_in.map(|after| self.now + after),
            part,
            left_out,
            answer,
            refusal,
            swallowed: false,
            line_replies: None,
            awaited: true,
            acknowledged: false,
        });
        (id, self.now + reply_in)
    }

    /// Draws the fate of a request. At most one fault affects it.
    fn draw_fate(&mut self, lines: usize) -> RequestFate {
        let quick = self.rng.between(1, 150);
        let usual = quick + self.rng.between(1, 150);
        let partial = self.rng.index(lines + 1);
        let late = Some(self.rng.between(1, TIMEOUT_MS));
        let reply_time = if self.rng.chance(500) { TIMEOUT_MS } else { self.rng.between(1, TIMEOUT_MS) };
        let fate = |land_in, part, answer, reply_in| RequestFate { land_in, part, answer, reply_in };
        let soon = Some(quick);
        if self.injects(Fault::LostRequest) {
            fate(None, lines, Answer::None, reply_time)
        } else if self.injects(Fault::LostReply) {
            fate(soon, lines, Answer::None, reply_time)
        } else if self.injects(Fault::LateApply) {
            fate(late, lines, Answer::None, reply_time)
        } else if self.injects(Fault::ServerError) {
            fate(None, lines, Answer::Server, usual)
        } else if self.injects(Fault::ServerErrorApplied) {
            fate(soon, lines, Answer::Server, usual)
        } else if self.injects(Fault::ServerErrorLate) {
            fate(late, lines, Answer::Server, reply_time)
        } else if self.injects(Fault::PartThenThrottled) {
            fate(soon, partial, Answer::Throttled, usual)
        } else if lines > 1 && self.injects(Fault::PartThenRefused) {
            fate(soon, partial, Answer::Refused, usual)
        } else if self.injects(Fault::PartThenServerError) {
            fate(soon, partial, Answer::Server, usual)
        } else if self.injects(Fault::Throttled) {
            fate(None, lines, Answer::Throttled, usual)
        } else if self.injects(Fault::MalformedReply) {
            fate(soon, lines, Answer::Malformed, usual)
        } else {
            fate(soon, lines, Answer::Natural, usual)
        }
    }

    pub(crate) fn key_is_revoked(&mut self) -> bool {
        if self.now >= self.shop.revoked_until && self.injects(Fault::KeyRevoked) {
            self.shop.revoked_until = self.now + self.rng.between(1, 60_000);
        }
        self.faults_enabled && self.now < self.shop.revoked_until
    }

    /// The answer that the process gets.
    pub(crate) fn answer(&mut self, id: u64) -> WriteReply {
        let request = self.shop.request(id);
        let reply = request.reply();
        request.awaited = false;
        request.acknowledged = reply.is_applied();
        reply
    }
}
