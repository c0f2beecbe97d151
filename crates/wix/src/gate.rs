//! The gate of a write. The client asks it once the request has its place in the window, and again right before the
//! body is sent.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use async_trait::async_trait;
use http_body::{Body, Frame, SizeHint};
use reqwest::Body as HttpBody;

/// Says whether the bytes of a write may still leave.
pub type StillAllowed = Arc<dyn Fn() -> bool + Send + Sync>;

/// Decides whether a write may be sent. Between its answer and the bytes there is no wait for the window.
#[async_trait]
pub trait SendGate: Send + Sync {
    /// Opens the gate for one write. Gives the check that the client calls right before it sends the body; `None` if
    /// the write must not be sent.
    async fn open(&self) -> Option<StillAllowed>;
}

/// A request body that is sent as a whole, or held back if its deadline has passed.
pub(crate) struct GatedBody {
    bytes: Option<Vec<u8>>,
    allowed: StillAllowed,
    held_back: Arc<AtomicBool>,
}

impl GatedBody {
    /// The body, and a flag that is set if it is held back.
    pub(crate) fn guarded(bytes: Vec<u8>, allowed: StillAllowed) -> (HttpBody, Arc<AtomicBool>) {
        let held_back = Arc::new(AtomicBool::new(false));
        let body = Self { bytes: Some(bytes), allowed, held_back: Arc::clone(&held_back) };
        (HttpBody::wrap(body), held_back)
    }
}

/// The error for a body that was held back.
#[derive(Debug, thiserror::Error)]
#[error("the moment before which the request had to leave has passed")]
pub(crate) struct HeldBack;

impl Body for GatedBody {
    type Data = bytes::Bytes;
    type Error = HeldBack;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let Some(bytes) = self.bytes.take() else { return Poll::Ready(None) };
        if (self.allowed)() {
            return Poll::Ready(Some(Ok(Frame::data(bytes.into()))));
        }
        self.held_back.store(true, Ordering::Release);
        Poll::Ready(Some(Err(HeldBack)))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| u64::try_from(bytes.len()).unwrap_or(0)))
    }
}
