//! A write: the gate, the bytes, the answer.

use std::sync::atomic::Ordering;

use domain::{Batch, UnixMillis};
use sync::ports::{CallReply, SendGate, ShopError, ShopErrorClass, WriteReply};

use super::Process;
use crate::profile::{Broken, Fault};
use crate::yield_point::Point;

/// Between the commit and the bytes pass at most so many milliseconds.
const SLOW_TO_LEAVE_MS: i64 = 6_000;

impl Process {
    /// A write from its place in the window to its answer.
    pub(super) async fn send(&self, batch: &Batch, gate: &dyn SendGate) -> WriteReply {
        self.pause(Point::Window).await;
        let batch = &*self.handed_over(batch);
        self.world.lock().check_batch(self.pid, batch);
        if self.is(Broken::AckNothing) {
            return match gate.commit().await {
                Ok(_) => WriteReply::applied(batch.lines.len()),
                Err(error) => WriteReply::NotCommitted(error),
            };
        }
        if self.world.lock().strikes(Fault::GaveUpBeforeGate) {
            return WriteReply::NotSent(ShopError::new(ShopErrorClass::Unreachable, "no connection"));
        }
        let send_before = match gate.commit().await {
            Ok(moment) => moment,
            Err(error) => return WriteReply::NotCommitted(error),
        };
        self.linger(Point::BeforeBytes, Fault::SlowToLeave, SLOW_TO_LEAVE_MS).await;
        let (id, reply_at) = match self.let_bytes_leave(batch, gate, send_before) {
            Ok(sent) => sent,
            Err(error) => {
                self.note(format_args!("not sent: {error}"));
                let reply = WriteReply::NotSent(error);
                self.count_reply(&reply);
                return reply;
            }
        };
        self.world.wait(self.pid, Point::OnItsWay, reply_at).await;
        let reply = self.world.lock().answer(id);
        self.count_reply(&reply);
        self.note(format_args!("request {id}: {reply:?}"));
        self.pause(Point::Answer).await;
        self.understood(reply)
    }

    /// The answer as the run hears it.
    fn understood(&self, reply: WriteReply) -> WriteReply {
        match (reply, self.broken) {
            (WriteReply::Sent { call: CallReply::Unclear(_), lines }, Some(Broken::TakeNoneForYes)) => {
                WriteReply::applied(lines.len())
            }
            (
                WriteReply::Sent { call: CallReply::Unclear(error), lines },
                Some(Broken::TakeNoneForRefusal),
            ) => WriteReply::refused(lines.len(), error),
            (reply, _) => reply,
        }
    }

    /// The shop receives the batch, or nothing leaves. Gives the request and the moment of its answer.
    fn let_bytes_leave(
        &self,
        batch: &Batch,
        gate: &dyn SendGate,
        send_before: UnixMillis,
    ) -> Result<(u64, UnixMillis), ShopError> {
        let mut world = self.world.lock();
        if world.strikes(Fault::ConnectionRefused) {
            return Err(ShopError::new(ShopErrorClass::Unreachable, "connection refused"));
        }
        if world.now + self.clock_ms >= send_before && !self.is(Broken::IgnoreDeadline) {
            return Err(ShopError::new(ShopErrorClass::TooLate, "the moment has passed"));
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        gate.left(world.now + self.clock_ms);
        world.check_received(self.pid, batch);
        let sent = world.receive(self.pid, self.install, &self.run, &batch.lines);
        if self.is(Broken::SendTwice) {
            world.check_received(self.pid, batch);
            world.receive(self.pid, self.install, &self.run, &batch.lines);
        }
        Ok(sent)
    }

    fn count_reply(&self, reply: &WriteReply) {
        let mut world = self.world.lock();
        let watch = world.oracle.watch(self.pid);
        let unclear =
            matches!(reply, WriteReply::NotSent(_) | WriteReply::Sent { call: CallReply::Unclear(_), .. });
        watch.unclear_in_a_row = if unclear { watch.unclear_in_a_row + 1 } else { 0 };
    }
}
