//! A write: the gate, the bytes, the answer.

use std::sync::atomic::Ordering;

use domain::{Batch, Level, UnixMillis};
use sync::ports::{CallReply, LineReply, SendGate, ShopError, ShopErrorClass, WriteReply};

use super::Process;
use crate::profile::{Defect, Fault};
use crate::yield_point::YieldPoint;

/// The longest delay between the commit of SENT and the bytes, in milliseconds.
const SLOW_TO_LEAVE_MS: i64 = 6_000;

impl Process {
    /// Carries out a write, from its place in the request window to its answer.
    pub(super) async fn send(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        self.pause(YieldPoint::Window).await;
        let batch = &*self.batch_to_send(batch);
        self.sim.lock().check_batch(self.pid, batch);
        if self.has(Defect::AckWithoutSending) {
            return match gate.commit().await {
                Ok(_) => WriteReply::applied(batch.lines.len()),
                Err(error) => WriteReply::NotCommitted(error),
            };
        }
        if let Err(error) = self.still_has_catalog() {
            return WriteReply::NotSent(error);
        }
        self.note_catalog_age();
        if self.sim.lock().injects(Fault::GaveUpBeforeGate) {
            return WriteReply::NotSent(ShopError::new(ShopErrorClass::Unreachable, "no connection"));
        }
        let send_before = match gate.commit().await {
            Ok(moment) => moment,
            Err(error) => return WriteReply::NotCommitted(error),
        };
        self.pause_with_delay(YieldPoint::BeforeBytes, Fault::SlowToLeave, SLOW_TO_LEAVE_MS).await;
        let (id, reply_at) = match self.transmit(batch, gate, send_before) {
            Ok(sent) => sent,
            Err(error) => {
                self.note(format_args!("not sent: {error}"));
                let reply = WriteReply::NotSent(error);
                self.count_reply(&reply);
                return reply;
            }
        };
        self.sim.wait(self.pid, YieldPoint::OnItsWay, reply_at).await;
        let reply = self.sim.lock().answer(id);
        self.count_reply(&reply);
        self.note(format_args!("request {id}: {reply:?}"));
        self.pause(YieldPoint::Answer).await;
        self.reply_to_run(batch, reply)
    }

    /// The answer that the run receives, changed by the defect if there is one.
    fn reply_to_run(&self, batch: &Batch, reply: WriteReply) -> WriteReply {
        match (reply, self.defect) {
            (WriteReply::Sent { call: CallReply::Unclear(_), lines }, Some(Defect::UnclearAsSuccess)) => {
                WriteReply::applied(lines.len())
            }
            (WriteReply::Sent { call: CallReply::Unclear(error), lines }, Some(Defect::UnclearAsRefusal)) => {
                WriteReply::refused(lines.len(), error)
            }
            (WriteReply::Sent { call, mut lines }, Some(Defect::UnclearAsConflict)) => {
                let unknown = |line: &&mut LineReply| **line == LineReply::Unknown;
                lines.iter_mut().filter(unknown).for_each(|line| *line = LineReply::Conflict);
                WriteReply::Sent { call, lines }
            }
            (WriteReply::Sent { call, mut lines }, Some(Defect::ConflictAsSuccess)) => {
                let conflict = |line: &&mut LineReply| **line == LineReply::Conflict;
                lines.iter_mut().filter(conflict).for_each(|line| *line = LineReply::Applied(None));
                WriteReply::Sent { call, lines }
            }
            (WriteReply::Sent { call: CallReply::Answered, mut lines }, Some(Defect::UnnamedAsSuccess)) => {
                let unnamed = |line: &&mut LineReply| **line == LineReply::Unknown;
                lines.iter_mut().filter(unnamed).for_each(|line| *line = LineReply::Applied(None));
                WriteReply::Sent { call: CallReply::Answered, lines }
            }
            (WriteReply::Sent { call, mut lines }, Some(Defect::BelieveSuccess)) => {
                for (line, reply) in batch.lines.iter().zip(&mut lines) {
                    if let LineReply::Applied(Some(shown)) = reply {
                        shown.level = Level::new(line.change.target.units()).unwrap_or(shown.level);
                    }
                }
                WriteReply::Sent { call, lines }
            }
            (reply, _) => reply,
        }
    }

    /// Sends the batch. Returns the request's id and the moment of its answer, or an error where nothing left.
    fn transmit(
        &self,
        batch: &Batch,
        gate: &dyn SendGate,
        send_before: UnixMillis,
    ) -> Result<(u64, UnixMillis), ShopError> {
        let mut sim = self.sim.lock();
        if sim.injects(Fault::ConnectionRefused) {
            return Err(ShopError::new(ShopErrorClass::Unreachable, "connection refused"));
        }
        if sim.now + self.clock_ms >= send_before && !self.has(Defect::IgnoreDeadline) {
            return Err(ShopError::new(ShopErrorClass::TooLate, "the moment has passed"));
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        gate.left(sim.now + self.clock_ms);
        sim.check_received(self.pid, batch);
        let sent = sim.receive(self.pid, self.install, &self.run, &batch.lines);
        if self.has(Defect::SendTwice) {
            sim.check_received(self.pid, batch);
            sim.receive(self.pid, self.install, &self.run, &batch.lines);
        }
        Ok(sent)
    }

    fn count_reply(&self, reply: &WriteReply) {
        let mut sim = self.sim.lock();
        let watch = sim.observations.watch(self.pid);
        let unclear =
            matches!(reply, WriteReply::NotSent(_) | WriteReply::Sent { call: CallReply::Unclear(_), .. });
        watch.unclear_in_a_row = if unclear { watch.unclear_in_a_row + 1 } else { 0 };
    }
}
