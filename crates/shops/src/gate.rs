//! The gate of a run, as the client asks it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_trait::async_trait;
use domain::UnixMillis;
use sync::ports::{Clock, SendGate, StateError};

/// Adapts the gate of a run to the gate of the client.
pub(crate) struct ClientGate<'a> {
    gate: &'a dyn SendGate,
    clock: &'a Arc<dyn Clock>,
    asked: AtomicBool,
    refused: Mutex<Option<StateError>>,
    left_at: Arc<OnceLock<UnixMillis>>,
}

impl<'a> ClientGate<'a> {
    pub(crate) fn new(gate: &'a dyn SendGate, clock: &'a Arc<dyn Clock>) -> Self {
        let (asked, refused) = (AtomicBool::new(false), Mutex::new(None));
        Self { gate, clock, asked, refused, left_at: Arc::default() }
    }

    /// Tells the gate of the run when the bytes left, if they did. Gives whether the client asked the gate at all; if
    /// not, nothing can have left. An error if SENT could not be committed.
    pub(crate) fn close(self) -> Result<bool, StateError> {
        if let Some(at) = self.left_at.get() {
            self.gate.left(*at);
        }
        match self.refused.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(self.asked.into_inner()),
        }
    }
}

#[async_trait]
impl wix::SendGate for ClientGate<'_> {
    async fn open(&self) -> Option<wix::StillAllowed> {
        self.asked.store(true, Ordering::Relaxed);
        match self.gate.commit().await {
            Ok(send_before) => {
                let (clock, left_at) = (Arc::clone(self.clock), Arc::clone(&self.left_at));
                Some(Arc::new(move || {
                    let now = clock.now();
                    let allowed = now < send_before;
                    if allowed {
                        left_at.get_or_init(|| now);
                    }
                    allowed
                }))
            }
            Err(error) => {
                *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                None
            }
        }
    }
}
