//! A minimal HTTP client that puts an emulator under load.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};

use wix_emulator::{DEFAULT_API_KEY, DEFAULT_SITE_ID};

/// A request: its path and its JSON body.
pub(crate) struct Body {
    pub(crate) path: &'static str,
    pub(crate) json: String,
}

/// Which connections the requests use.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Connections {
    /// One connection for all.
    Kept,
    /// A new connection for each.
    New,
}

/// One client.
pub(crate) struct Wire {
    address: SocketAddr,
    connections: Connections,
    stream: Option<BufReader<TcpStream>>,
}

impl Wire {
    pub(crate) fn new(address: SocketAddr, connections: Connections) -> Self {
        Self { address, connections, stream: None }
    }

    /// Sends a request and returns the body of its answer, which must have status 200.
    pub(crate) fn send(&mut self, body: &Body) -> Result<Vec<u8>> {
        let kept = self.stream.take();
        let mut stream = kept.map_or_else(|| connect(self.address), Ok)?;
        let (path, length) = (body.path, body.json.len());
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: emulator\r\nauthorization: {DEFAULT_API_KEY}\r\n\
             wix-site-id: {DEFAULT_SITE_ID}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        stream.get_mut().write_all((head + &body.json).as_bytes())?;
        let answer = receive(&mut stream)?;
        if matches!(self.connections, Connections::Kept) {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

fn connect(address: SocketAddr) -> Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    Ok(BufReader::with_capacity(256 * 1024, stream))
}

fn receive(stream: &mut BufReader<TcpStream>) -> Result<Vec<u8>> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.trim_end().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    if status.starts_with("HTTP/1.1 200") {
        return Ok(body);
    }
    Err(Error::other(format!("{status}: {}", String::from_utf8_lossy(&body))))
}
