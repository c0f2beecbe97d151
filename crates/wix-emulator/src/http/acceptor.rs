//! Accepting connections and serving the requests of each one after the other.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::ConnectionHandle;
use super::pipeline::serve;
use super::port::{PortHandle, port_channel, reopen, stay_closed};
use crate::site::Site;

/// The wait after a failed accept (too many open files, for example).
const RETRY: Duration = Duration::from_millis(20);

/// What accepting connections needs.
#[derive(Debug)]
pub(crate) struct Acceptor {
    pub(crate) site: Arc<Site>,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

impl Acceptor {
    /// Accepts connections until the emulator stops. On a close request it closes the port for a while.
    pub(crate) async fn run(self, mut listener: TcpListener, address: SocketAddr) {
        let (port, mut requests) = port_channel();
        loop {
            let finish = self.stop.child_token();
            let request = tokio::select! {
                () = self.stop.cancelled() => return,
                Some(request) = requests.recv() => request,
                () = self.accept(&listener, &port, &finish) => return,
            };
            drop(listener);
            finish.cancel();
            let reopened = async {
                stay_closed(request, &mut requests, &self.site.cleared).await;
                reopen(address).await
            };
            listener = tokio::select! {
                () = self.stop.cancelled() => return,
                listener = reopened => listener,
            };
        }
    }

    async fn accept(&self, listener: &TcpListener, port: &PortHandle, finish: &CancellationToken) {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let handle = ConnectionHandle {
                        stop: self.stop.clone(),
                        tasks: self.tasks.clone(),
                        port: port.clone(),
                        abort: self.stop.child_token(),
                        finish: finish.clone(),
                    };
                    self.tasks.spawn(serve_connection(stream, Arc::clone(&self.site), handle));
                }
                Err(_) => tokio::time::sleep(RETRY).await,
            }
        }
    }
}

/// Serves one connection. When its `abort` token is canceled, the socket is dropped as it is.
async fn serve_connection(stream: TcpStream, site: Arc<Site>, handle: ConnectionHandle) {
    // Otherwise a small answer would wait until the client has acknowledged the one before.
    stream.set_nodelay(true).ok();
    let (abort, finish) = (handle.abort.clone(), handle.finish.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        let (site, handle) = (Arc::clone(&site), handle.clone());
        async move { Ok::<_, Infallible>(serve(site, handle, request.map(Body::new)).await) }
    });
    let mut served = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        biased;
        () = abort.cancelled() => return,
        () = finish.cancelled() => served.as_mut().graceful_shutdown(),
        _ = served.as_mut() => return,
    }
    tokio::select! {
        biased;
        () = abort.cancelled() => {}
        _ = served => {}
    }
}
