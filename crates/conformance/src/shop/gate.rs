//! Gates for writes without a run.

use std::sync::Mutex;

use async_trait::async_trait;
use domain::UnixMillis;
use sync::ports::{SendGate, StateError};

/// A gate that returns a fixed answer and remembers when bytes left.
pub(super) struct TestGate {
    answer: Result<UnixMillis, StateError>,
    pub(super) left: Mutex<Vec<UnixMillis>>,
}

impl TestGate {
    pub(super) fn new(answer: Result<UnixMillis, StateError>) -> Self {
        Self { answer, left: Mutex::default() }
    }
}

#[async_trait]
impl SendGate for TestGate {
    async fn commit(&self) -> Result<UnixMillis, StateError> {
        self.answer.clone()
    }

    fn left(&self, at: UnixMillis) {
        self.left.lock().unwrap().push(at);
    }
}
