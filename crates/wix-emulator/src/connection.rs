//! Connections: accepted here, served one request after the other, and closed without an answer on demand.

use std::convert::Infallible;
use std::future::pending;
use std::net::SocketAddr;
use std::pin::pin;
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
use crate::port::{Port, port, reopen, stay_closed};
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
    /// The port that the connection came in by.
    pub(crate) port: Port,
    /// Ends this connection.
    cut: CancellationToken,
    /// Ends this connection once the request under way is answered.
    last: CancellationToken,
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

/// What accepting connections needs.
#[derive(Debug)]
pub(crate) struct Acceptor {
    pub(crate) site: Arc<Site>,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

impl Acceptor {
    /// Accepts connections until the emulator stops; where it is asked to, closes the port for a while.
    pub(crate) async fn run(self, mut listener: TcpListener, address: SocketAddr) {
        let (port, mut closings) = port();
        loop {
            let last = self.stop.child_token();
            let closing = tokio::select! {
                () = self.stop.cancelled() => return,
                Some(closing) = closings.recv() => closing,
                () = self.serve(&listener, &port, &last) => return,
            };
            drop(listener);
            last.cancel();
            let opened = async {
                stay_closed(closing, &mut closings, &self.site.cleared).await;
                reopen(address).await
            };
            listener = tokio::select! {
                () = self.stop.cancelled() => return,
                listener = opened => listener,
            };
        }
    }

    async fn serve(&self, listener: &TcpListener, port: &Port, last: &CancellationToken) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let (stop, cut) = (self.stop.clone(), self.stop.child_token());
                    let (tasks, port, last) = (self.tasks.clone(), port.clone(), last.clone());
                    let link = Link { stop, tasks, port, cut, last };
                    self.tasks.spawn(connection(stream, Arc::clone(&self.site), link));
                }
                Err(_) => tokio::time::sleep(ACCEPT_AGAIN).await,
            }
        }
    }
}

/// Serves one connection. When its token is cancelled the socket is dropped as it is.
async fn connection(stream: TcpStream, site: Arc<Site>, link: Link) {
    // Without it small answers would wait for the acknowledgement of the ones before.
    stream.set_nodelay(true).ok();
    let (cut, last) = (link.cut.clone(), link.last.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        let (site, link) = (Arc::clone(&site), link.clone());
        async move { Ok::<_, Infallible>(serve(site, link, request.map(Body::new)).await) }
    });
    let mut served = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        biased;
        () = cut.cancelled() => return,
        () = last.cancelled() => served.as_mut().graceful_shutdown(),
        _ = served.as_mut() => return,
    }
    tokio::select! {
        biased;
        () = cut.cancelled() => {}
        _ = served => {}
    }
}
