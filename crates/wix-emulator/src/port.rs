//! The port, and closing it for a while.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::Instant;

/// A wish to have the port closed.
#[derive(Debug)]
pub(crate) struct Closing {
    /// For how long.
    pub(crate) duration: Duration,
    /// Told once no connection is accepted any more.
    pub(crate) closed: oneshot::Sender<()>,
}

/// The side of the requests: asks for the port to be closed.
#[derive(Debug, Clone)]
pub(crate) struct Port(mpsc::UnboundedSender<Closing>);

/// The side of the one who accepts.
pub(crate) type Closings = mpsc::UnboundedReceiver<Closing>;

/// Both sides.
pub(crate) fn port() -> (Port, Closings) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (Port(sender), receiver)
}

impl Port {
    /// Closes the port for so long; returns once it is closed.
    pub(crate) async fn close(&self, duration: Duration) {
        let (closed, told) = oneshot::channel();
        if self.0.send(Closing { duration, closed }).is_ok() {
            // An error means that the emulator stops, and then the port is closed as well.
            told.await.ok();
        }
    }
}

/// Waits until the port may open again: the time is over, or nothing shall go wrong any more. Wishes that come
/// meanwhile count from when they come.
pub(crate) async fn stay_closed(closing: Closing, closings: &mut Closings, cleared: &Notify) {
    let cleared = cleared.notified();
    let mut until = Instant::now() + closing.duration;
    closing.closed.send(()).ok();
    let mut cleared = pin!(cleared);
    loop {
        tokio::select! {
            () = &mut cleared => return,
            () = tokio::time::sleep_until(until) => return,
            Some(closing) = closings.recv() => {
                until = until.max(Instant::now() + closing.duration);
                closing.closed.send(()).ok();
            }
        }
    }
}

/// The wait before the port is tried again, when something else has it.
const AGAIN: Duration = Duration::from_millis(20);

/// Opens the port again.
pub(crate) async fn reopen(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => tokio::time::sleep(AGAIN).await,
        }
    }
}
