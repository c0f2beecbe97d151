//! The port, and closing it for a while.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::Instant;

/// A request to close the port.
#[derive(Debug)]
pub(super) struct CloseRequest {
    /// How long the port stays closed.
    pub(super) duration: Duration,
    /// Gets a message once the port accepts no connection any more.
    pub(super) closed: oneshot::Sender<()>,
}

/// With this a request handler closes the port.
#[derive(Debug, Clone)]
pub(super) struct PortHandle(mpsc::UnboundedSender<CloseRequest>);

/// With this the acceptor receives what the handlers ask for.
pub(super) type CloseRequests = mpsc::UnboundedReceiver<CloseRequest>;

/// Both ends.
pub(super) fn port_channel() -> (PortHandle, CloseRequests) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (PortHandle(sender), receiver)
}

impl PortHandle {
    /// Closes the port for this long; returns once it is closed.
    pub(super) async fn close(&self, duration: Duration) {
        let (closed, confirmed) = oneshot::channel();
        if self.0.send(CloseRequest { duration, closed }).is_ok() {
            // An error means that the emulator stops, and then the port is closed as well.
            confirmed.await.ok();
        }
    }
}

/// Waits until the port may open again: the time is over, or all faults were cleared. A close request that arrives
/// while the port is closed can prolong the time; it counts from its arrival.
pub(super) async fn stay_closed(request: CloseRequest, requests: &mut CloseRequests, cleared: &Notify) {
    let cleared = cleared.notified();
    let mut until = Instant::now() + request.duration;
    request.closed.send(()).ok();
    let mut cleared = pin!(cleared);
    loop {
        tokio::select! {
            () = &mut cleared => return,
            () = tokio::time::sleep_until(until) => return,
            Some(request) = requests.recv() => {
                until = until.max(Instant::now() + request.duration);
                request.closed.send(()).ok();
            }
        }
    }
}

/// The wait between two tries to open the port while another program holds it.
const RETRY: Duration = Duration::from_millis(20);

/// Opens the port again.
pub(super) async fn reopen(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => tokio::time::sleep(RETRY).await,
        }
    }
}
