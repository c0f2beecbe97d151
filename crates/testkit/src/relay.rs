//! A relay between the program and a shop that changes the answers, as a proxy on the way may.

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::shop::TestShop;

/// An answer on its way to the program.
#[derive(Debug, Clone)]
pub struct Relayed {
    /// The HTTP status.
    pub status: u16,
    /// Headers beside `Content-Length`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

type Edit = Arc<dyn Fn(Relayed) -> Relayed + Send + Sync>;

/// A relay. It ends with the value.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    relaying: JoinHandle<()>,
}

impl Relay {
    /// A relay before `shop` that passes every answer through `edit`.
    pub async fn before(shop: &TestShop, edit: impl Fn(Relayed) -> Relayed + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let upstream = shop.base_url().trim_start_matches("http://").trim_end_matches('/').to_owned();
        let edit: Edit = Arc::new(edit);
        let relaying = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(relay(client, upstream.clone(), Arc::clone(&edit)));
            }
        });
        Self { address, relaying }
    }

    /// The address that the program takes for Wix.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.relaying.abort();
    }
}

/// Relays the requests of one connection, each over a connection of its own.
async fn relay(mut client: TcpStream, upstream: String, edit: Edit) {
    while let Some((head, body)) = message(&mut client).await {
        let mut server = TcpStream::connect(&upstream).await.expect("the shop listens");
        let close = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        server.write_all(close.as_bytes()).await.expect("the head is sent");
        server.write_all(&body).await.expect("the body is sent");
        let Some((head, body)) = message(&mut server).await else { return };
        let answer = edit(answer(&head, body));
        let mut text = format!("HTTP/1.1 {} X\r\nContent-Length: {}\r\n", answer.status, answer.body.len());
        for (name, value) in &answer.headers {
            write!(text, "{name}: {value}\r\n").expect("a text takes it");
        }
        let sent = [text.as_bytes(), b"\r\n", &answer.body].concat();
        if client.write_all(&sent).await.is_err() {
            return;
        }
    }
}

fn answer(head: &str, body: Vec<u8>) -> Relayed {
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let own = |name: &str| ["content-length", "connection"].iter().any(|own| name.eq_ignore_ascii_case(own));
    let headers = headers.filter(|(name, _)| !own(name));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    Relayed { status, headers, body }
}

/// The head, with the empty line after it, and the body of one message; `None` at the end of the connection.
async fn message(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut read = Vec::new();
    loop {
        if let Some(at) = read.windows(4).position(|part| part == b"\r\n\r\n") {
            let head = String::from_utf8(read[..at + 4].to_vec()).expect("a head is text");
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            let end = at + 4 + length.unwrap_or(0);
            if read.len() >= end {
                return Some((head, read[at + 4..end].to_vec()));
            }
        }
        let mut chunk = vec![0; 16 * 1024];
        match stream.read(&mut chunk).await {
            Ok(n) if n > 0 => read.extend_from_slice(&chunk[..n]),
            _ => return None,
        }
    }
}
