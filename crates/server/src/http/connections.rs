//! Connection limits: how many connections are served at once, and how long each may stay idle.
//!
//! Each open connection costs a file descriptor. So the service limits their number ([`Places`]), and closes a connection
//! whose client does not finish sending a request head, or does not read its answer.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::response::Response;
use axum::serve::Listener;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower_service::Service as _;

use super::places::{Busy, Place, Places};
use crate::proof::OwnPort;

/// How long the head of a request may take, and how long a connection may stay idle before the next request.
const HEAD: Duration = Duration::from_secs(15);
/// How long a client may read nothing of its answer.
const UNREAD: Duration = Duration::from_secs(30);
/// The most bytes of a request that wait in the buffer of a connection, in its head above all.
const BUFFER: usize = 64 * 1024;
/// Of the places, one peer may hold this part with idle connections.
const IDLE_PART: usize = 4;

/// The limits of connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Connections served at once; further ones wait.
    pub(crate) connections: usize,
    /// Idle connections of one peer.
    idle_per_peer: usize,
    /// How long a head may take.
    head: Duration,
    /// How long a client may read nothing of its answer.
    unread: Duration,
    /// How long the stop waits for requests under way.
    grace: Duration,
}

impl Limits {
    /// At most `connections` at once; the stop waits for `grace`.
    pub(crate) fn new(connections: usize, grace: Duration) -> Self {
        let idle_per_peer = (connections / IDLE_PART).max(1);
        Self { connections, idle_per_peer, head: HEAD, unread: UNREAD, grace }
    }
}

/// Serves until `stop`, then finishes requests under way. It ends for no other reason: the listener logs an error of
/// accepting and tries again.
pub(crate) async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: &CancellationToken,
) {
    let mut places = Places::new(limits.connections, limits.idle_per_peer);
    let ending = GracefulShutdown::new();
    // Dropped at the end, which closes connections that are still open.
    let mut connections = JoinSet::new();
    let accepting = async {
        loop {
            let (stream, client) = Listener::accept(&mut listener).await;
            let place = places.take(client.ip()).await;
            while connections.try_join_next().is_some() {}
            let connection = Connection { router: router.clone(), client, limits, place };
            connections.spawn(connection.serve(stream, ending.watcher()));
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        never = accepting => match never {},
    }
    // New connections are refused while the last requests are served.
    drop(listener);
    if tokio::time::timeout(limits.grace, ending.shutdown()).await.is_err() {
        tracing::warn!("connections are still open after the stop, and are dropped");
    }
}

/// A connection that is served.
struct Connection {
    router: Router,
    client: SocketAddr,
    limits: Limits,
    place: Place,
}

impl Connection {
    async fn serve(self, stream: TcpStream, ending: Watcher) {
        let Self { router, client, limits, place } = self;
        let port = OwnPort(stream.local_addr().map_or(0, |own| own.port()));
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.unread));
        let io = TokioIo::new(Box::pin(stream) as Pin<Box<_>>);
        let service = service_fn(|request| answer(router.clone(), (client, port), place.busy(), request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .max_buf_size(BUFFER)
            .serve_connection(io, service);
        tokio::select! {
            ended = ending.watch(connection) => if let Err(error) = ended {
                // The client has gone or was too slow; there is no one to answer.
                tracing::debug!(%client, %error, "a connection has ended early");
            },
            () = place.is_given_up() => {
                tracing::debug!(%client, "an idle connection gives way to a new one");
            }
        }
    }
}

async fn answer(
    mut router: Router,
    (client, port): (SocketAddr, OwnPort),
    busy: Busy,
    mut request: hyper::Request<Incoming>,
) -> Result<axum::http::Response<Answer>, Infallible> {
    request.extensions_mut().insert(ConnectInfo(client));
    request.extensions_mut().insert(port);
    let response: Response = router.call(request.map(Body::new)).await?;
    Ok(response.map(|body| Answer { body, _busy: busy }))
}

/// The body of an answer. Its request is under way until the last byte has left.
struct Answer {
    body: Body,
    _busy: Busy,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::task::JoinHandle;

    use super::*;

    /// Longer than any test: what waits for it never ends.
    const NEVER: Duration = Duration::from_hours(1);
    const LIMITS: Limits =
        Limits { connections: 8, idle_per_peer: 8, head: NEVER, unread: NEVER, grace: NEVER };

    struct Server {
        address: SocketAddr,
        stop: CancellationToken,
        serving: JoinHandle<()>,
    }

    impl Server {
        async fn start(router: Router, limits: Limits) -> Self {
            Self::start_to_stop(router, limits, CancellationToken::new()).await
        }

        async fn start_to_stop(router: Router, limits: Limits, stop: CancellationToken) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let until = stop.clone();
            let serving = tokio::spawn(async move { serve(listener, router, limits, &until).await });
            Self { address, stop, serving }
        }

        async fn send(&self, text: &str) -> TcpStream {
            let mut client = TcpStream::connect(self.address).await.unwrap();
            client.write_all(text.as_bytes()).await.unwrap();
            client
        }

        async fn end(self) {
            self.stop.cancel();
            self.serving.await.unwrap();
        }
    }

    const WHOLE: &str = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    const KEPT_OPEN: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const HALF: &str = "GET / HTTP/1.1\r\nHost: a\r\nX-Half:";

    fn ok() -> Router {
        Router::new().route("/", get(async || "ok"))
    }

    /// Everything that arrives until the connection ends.
    async fn rest(mut client: TcpStream) -> String {
        let mut text = String::new();
        client.read_to_string(&mut text).await.unwrap();
        text
    }

    fn is_answer(text: &str) -> bool {
        text.starts_with("HTTP/1.1 200") && text.ends_with("ok")
    }

    /// Without a deadline this has no end.
    #[tokio::test]
    async fn half_a_request_does_not_hold_up_the_stop() {
        let server = Server::start(ok(), Limits { grace: Duration::from_millis(20), ..LIMITS }).await;
        let half = server.send(HALF).await;
        // Once a later connection has its answer, the half of the first was read.
        assert!(is_answer(&rest(server.send(WHOLE).await).await));
        server.end().await;
        drop(half);
    }

    /// A request that is being worked on when the stop comes has its answer.
    #[tokio::test]
    async fn a_request_under_way_is_answered_after_the_stop() {
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let stops = async move || {
            stopped.cancel();
            "ok"
        };
        let server = Server::start_to_stop(Router::new().route("/", get(stops)), LIMITS, stop).await;
        assert!(is_answer(&rest(server.send(KEPT_OPEN).await).await));
        server.end().await;
    }

    /// Clients that say nothing, half of something, and nothing more.
    #[tokio::test]
    async fn who_sends_no_whole_head_loses_its_place() {
        let limits = Limits { connections: 3, head: Duration::from_millis(50), ..LIMITS };
        let server = Server::start(ok(), limits).await;
        let (mute, half, idle) =
            (server.send("").await, server.send(HALF).await, server.send(KEPT_OPEN).await);
        // There is no place for this one before one of those has lost its own.
        assert!(is_answer(&rest(server.send(WHOLE).await).await));
        assert_eq!((rest(mute).await, rest(half).await), (String::new(), String::new()));
        assert!(is_answer(&rest(idle).await));
        server.end().await;
    }

    /// Holding connections open needs no token, so it must not lock those out that have one.
    #[tokio::test]
    async fn idle_connections_do_not_lock_others_out() {
        let server = Server::start(ok(), LIMITS).await;
        let mut idle = Vec::new();
        for _ in 0..20 {
            idle.push(server.send(HALF).await);
        }
        assert!(is_answer(&rest(server.send(WHOLE).await).await));
        assert_eq!(rest(idle.remove(0)).await, "", "the longest idle has given way");
        server.stop.cancel();
        drop(idle);
        server.serving.await.unwrap();
    }

    /// The head's time is not that of the answer, which may wait for Wix.
    #[tokio::test]
    async fn an_answer_may_take_longer_than_a_head() {
        let slow = async || {
            tokio::time::sleep(Duration::from_millis(200)).await;
            "ok"
        };
        let limits = Limits { head: Duration::from_millis(50), ..LIMITS };
        let server = Server::start(Router::new().route("/", get(slow)), limits).await;
        assert!(is_answer(&rest(server.send(WHOLE).await).await));
        server.end().await;
    }

    /// More than the system keeps for a client that takes nothing.
    const LARGE: usize = 64 * 1024 * 1024;

    #[tokio::test]
    async fn who_takes_no_answer_loses_its_place() {
        let limits = Limits { connections: 1, unread: Duration::from_millis(50), ..LIMITS };
        let large = Router::new().route("/", get(async || vec![b'x'; LARGE]));
        let server = Server::start(large, limits).await;
        let deaf = server.send(WHOLE).await;
        // Begins once the first has lost its place.
        let mut next = server.send(WHOLE).await;
        let mut start = [0; 12];
        next.read_exact(&mut start).await.unwrap();
        assert_eq!(&start, b"HTTP/1.1 200");
        drop((deaf, next));
        server.end().await;
    }
}
