//! Asks a service from outside whether it can do its work.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::{Client, StatusCode};

use crate::proof;

/// A service on this machine answers within this time or not at all.
const TIMEOUT: Duration = Duration::from_secs(3);

/// What was found at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// No program listens there.
    NotListening,
    /// A service that can do its work.
    Ready,
    /// A service that reports that it cannot do its work.
    NotReady,
    /// Another program, or a service that does not answer in time.
    OtherProgram,
}

/// A client for services on this machine. It goes to them without a proxy.
///
/// # Errors
/// Where this machine cannot make an HTTP client.
pub fn local_client() -> Result<Client, reqwest::Error> {
    Client::builder().no_proxy().build()
}

/// Asks the service that listens at `address`, through a [`local_client`].
pub async fn health(client: &Client, address: SocketAddr) -> Health {
    let url = |path| format!("http://{}/{path}", reachable(address));
    let is_alive = match client.get(url("healthz")).timeout(TIMEOUT).send().await {
        Err(error) if error.is_connect() => return Health::NotListening,
        Err(_) => return Health::OtherProgram,
        Ok(answer) => answer.status().is_success() && answer.text().await.is_ok_and(|text| text == "ok"),
    };
    match client.get(url("readyz")).timeout(TIMEOUT).send().await.map(|answer| answer.status()) {
        Ok(StatusCode::OK) if is_alive => Health::Ready,
        Ok(StatusCode::SERVICE_UNAVAILABLE) if is_alive => Health::NotReady,
        _ => Health::OtherProgram,
    }
}

/// Whether the service at `address` proves that it works with the state database that holds `token`, before a client
/// shows it the token. `random` must be new each time.
pub async fn proves(client: &Client, address: SocketAddr, token: &str, random: &str) -> bool {
    let (challenge, due) = proof::challenge(token, address.port(), random);
    let url = format!("http://{}/healthz", reachable(address));
    let answer = client.get(url).header(proof::CHALLENGE, challenge).timeout(TIMEOUT).send().await;
    answer.is_ok_and(|answer| answer.headers().get(proof::PROOF).is_some_and(|given| given == due.as_str()))
}

/// A service that listens at every address of the machine is asked at its loopback address.
pub(crate) fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_at_every_address_is_asked_at_the_loopback_one() {
        let of = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(of("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(of("[::]:8080"), "[::1]:8080");
        assert_eq!(of("127.0.0.5:1"), "127.0.0.5:1");
    }
}
