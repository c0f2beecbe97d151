//! A write is sent once, whatever the answer. It is not sent at all if its gate is closed or its deadline has passed.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wix::v1::inventory::Adjustment;
use wix::{Class, Client, Credentials, MemoryWindow, OnWait, SendGate, Settings, StillAllowed, WixError};

/// What the server does once it has received a whole request.
#[derive(Clone, Copy)]
enum Answer {
    /// Closes without a byte.
    Close,
    /// Closes in the middle of the head.
    HalfAHead,
    /// Closes in the middle of the body.
    HalfABody,
    /// Redirects, with a status that asks for the same method and body.
    Redirect,
    /// A complete answer.
    Status(u16),
}

/// Counts connections and complete request bodies. The server is written by hand, so that no library hides anything.
#[derive(Clone, Default)]
struct Counted {
    connections: Arc<AtomicUsize>,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Counted {
    fn bodies(&self) -> usize {
        self.bodies.lock().unwrap().len()
    }
}

async fn serve(answer: Answer) -> (String, Counted) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let counted = Counted::default();
    let seen = counted.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            seen.connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(connection(stream, answer, seen.clone()));
        }
    });
    (address, counted)
}

/// Reads whole requests off a connection, and answers each.
async fn connection(mut stream: TcpStream, answer: Answer, seen: Counted) {
    while let Some(body) = request(&mut stream).await {
        seen.bodies.lock().unwrap().push(body);
        let text = match answer {
            Answer::Close => return,
            Answer::HalfAHead => "HTTP/1.1 200 OK\r\nContent-".to_owned(),
            Answer::HalfABody => "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_owned(),
            Answer::Redirect => {
                "HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_owned()
            }
            Answer::Status(code) => format!("HTTP/1.1 {code} X\r\nContent-Length: 2\r\n\r\n{{}}"),
        };
        stream.write_all(text.as_bytes()).await.unwrap();
        if matches!(answer, Answer::HalfAHead | Answer::HalfABody) {
            return;
        }
    }
}

async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
            });
            let length = length.expect("a write says how long its body is");
            if body.len() >= length {
                return Some(body.to_owned());
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(n) if n > 0 => read.extend_from_slice(chunk.get(..n).unwrap()),
            _ => return None,
        }
    }
}

struct Gate {
    opens: bool,
    may_leave: Arc<AtomicBool>,
}

#[async_trait]
impl SendGate for Gate {
    async fn open(&self) -> Option<StillAllowed> {
        let may_leave = Arc::clone(&self.may_leave);
        self.opens.then(|| Arc::new(move || may_leave.load(Ordering::SeqCst)) as StillAllowed)
    }
}

fn gate(opens: bool, may_leave: bool) -> Gate {
    Gate { opens, may_leave: Arc::new(AtomicBool::new(may_leave)) }
}

fn client(address: &str) -> Client {
    client_with(address, Duration::from_secs(5))
}

fn client_with(address: &str, timeout: Duration) -> Client {
    Client::new(&Settings {
        base_url: address.parse().unwrap(),
        credentials: Credentials::ApiKey { key: "key".to_owned().into(), site_id: "site".to_owned() },
        timeout,
        pause_after_429: Duration::ZERO,
        window: Arc::new(MemoryWindow::new(None, timeout, OnWait(Arc::new(|_| {})))),
        proxy: None,
    })
    .unwrap()
}

async fn write(client: &Client, gate: &Gate) -> Result<(), WixError> {
    let entry = Adjustment { inventory_id: "i", variant_id: "v", by: 3 };
    client.v1_increment(&[entry], gate).await
}

#[tokio::test]
async fn i2_a_write_leaves_once_whatever_comes_back() {
    for (answer, class) in [
        (Answer::Close, Class::NoAnswer),
        (Answer::HalfAHead, Class::NoAnswer),
        (Answer::HalfABody, Class::NoAnswer),
        (Answer::Redirect, Class::Redirected),
        (Answer::Status(500), Class::ServerError),
        (Answer::Status(502), Class::ServerError),
        (Answer::Status(429), Class::Throttled),
        (Answer::Status(408), Class::NoAnswer),
        (Answer::Status(400), Class::Refused),
    ] {
        let (address, seen) = serve(answer).await;
        let error = write(&client(&address), &gate(true, true)).await.unwrap_err();
        assert_eq!(error.class, class);
        assert_eq!(seen.bodies(), 1, "{class:?}");
    }
}

/// The server may close a kept connection just as a request is sent.
#[tokio::test]
async fn i2_a_write_never_leaves_on_a_kept_connection() {
    let (address, seen) = serve(Answer::Status(200)).await;
    let client = client(&address);
    for n in 1..=5 {
        write(&client, &gate(true, true)).await.unwrap();
        assert_eq!((seen.connections.load(Ordering::SeqCst), seen.bodies()), (n, n));
    }
    let body = seen.bodies.lock().unwrap().pop().unwrap();
    assert_eq!(body, r#"{"incrementData":[{"inventoryId":"i","variantId":"v","incrementBy":3}]}"#);
}

#[tokio::test]
async fn i3_nothing_leaves_through_a_shut_gate() {
    let (address, seen) = serve(Answer::Status(200)).await;
    let error = write(&client(&address), &gate(false, true)).await.unwrap_err();
    assert_eq!(error.class, Class::NotSent);
    assert_eq!(seen.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn i6_the_body_is_held_back_when_its_moment_has_passed() {
    let (address, seen) = serve(Answer::Status(200)).await;
    let error = write(&client(&address), &gate(true, false)).await.unwrap_err();
    assert_eq!(error.class, Class::TooLate);
    assert_eq!(seen.bodies(), 0);
}

/// Bytes of a write that the kernel could not deliver must not leave after the request has timed out. The run settles
/// soon after and relies on nothing landing any more.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn i2_no_byte_leaves_long_after_the_time_out() {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(2_048).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(8).unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let timeout = Duration::from_millis(500);
    let client = client_with(&address, timeout);
    let id = "5e000000-0000-4000-8000-000000000001";
    let entries = vec![Adjustment { inventory_id: id, variant_id: id, by: 3 }; 300];
    let gate = gate(true, true);
    let write = client.v1_increment(&entries, &gate);
    let (sent, accepted) = tokio::join!(write, listener.accept());
    assert_eq!(sent.unwrap_err().class, Class::NoAnswer);
    // The kernel's own clock is what is tested here.
    tokio::time::sleep(timeout * 3).await;
    let mut stream = accepted.unwrap().0;
    assert!(request(&mut stream).await.is_none(), "the rest of the body came after all");
}
