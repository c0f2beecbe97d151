//! What a request handler can do with the connection that the request came over.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Response;
use futures::stream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::port::PortHandle;

/// How long the first half of a truncated body may take to leave before the connection closes.
const FLUSH: Duration = Duration::from_millis(50);

/// A handle to the connection of a request, and to what the connection belongs to.
#[derive(Debug, Clone)]
pub(super) struct ConnectionHandle {
    /// Stops the whole emulator.
    pub(super) stop: CancellationToken,
    /// All tasks of the emulator.
    pub(super) tasks: TaskTracker,
    /// The port that the connection came in by.
    pub(super) port: PortHandle,
    /// Ends this connection at once.
    pub(super) abort: CancellationToken,
    /// Ends this connection after the current request.
    pub(super) finish: CancellationToken,
}

impl ConnectionHandle {
    /// Closes the connection before any byte of an answer leaves.
    pub(super) async fn close(self) -> Response<Body> {
        self.abort.cancel();
        pending().await
    }

    /// A body that sends this part and then closes the connection.
    pub(super) fn body_that_ends_early(&self, part: Bytes) -> Body {
        let abort = self.abort.clone();
        Body::from_stream(stream::unfold(Some(part), move |part| {
            let abort = abort.clone();
            async move {
                if let Some(part) = part {
                    return Some((Ok::<_, Infallible>(part), None));
                }
                tokio::time::sleep(FLUSH).await;
                abort.cancel();
                pending().await
            }
        }))
    }
}
