//! Connections: accepted here, served one request after the other, and closed without an answer on demand.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Request, Response};
use futures::stream;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::pipeline::serve;
use crate::site::Site;

/// How long the first half of a cut body may take to leave before the connection closes.
const FLUSH: Duration = Duration::from_millis(50);
/// The wait after a connection could not be accepted (too many open files, say).
const ACCEPT_AGAIN: Duration = Duration::from_millis(20);

/// What a request knows about the connection it came over.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// Ends the whole emulator.
    pub(crate) stop: CancellationToken,
    /// All tasks of the emulator.
    pub(crate) tasks: TaskTracker,
    /// Ends this connection.
    cut: CancellationToken,
}

impl Link {
    /// Closes the connection; not one byte of an answer leaves.
    pub(crate) async fn close(self) -> Response<Body> {
        self.cut.cancel();
        pending().await
    }

    /// A body that gives this part and then closes the connection.
    pub(crate) fn body_that_ends_early(&self, part: Bytes) -> Body {
        let cut = self.cut.clone();
        Body::from_stream(stream::unfold(Some(part), move |part| {
            let cut = cut.clone();
            async move {
                if let Some(part) = part {
                    return Some((Ok::<_, Infallible>(part), None));
                }
                tokio::time::sleep(FLUSH).await;
                cut.cancel();
                pending().await
            }
        }))
    }
}

/// Accepts connections until the emulator stops.
pub(crate) async fn accept(
    listener: TcpListener,
    site: Arc<Site>,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let link = Link { stop: stop.clone(), tasks: tasks.clone(), cut: stop.child_token() };
                tasks.spawn(connection(stream, Arc::clone(&site), link));
            }
            Err(_) => tokio::time::sleep(ACCEPT_AGAIN).await,
        }
    }
}

/// Serves one connection. When its token is cancelled the socket is dropped as it is.
async fn connection(stream: TcpStream, site: Arc<Site>, link: Link) {
    // Without it small answers would wait for the acknowledgement of the ones before.
    stream.set_nodelay(true).ok();
    let cut = link.cut.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (site, link) = (Arc::clone(&site), link.clone());
        async move { Ok::<_, Infallible>(serve(site, link, request.map(Body::new)).await) }
    });
    let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        biased;
        () = cut.cancelled() => {}
        _ = served => {}
    }
}
