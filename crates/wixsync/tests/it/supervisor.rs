//! What systemd hears of the service (`Type=notify`).
//!
//! One catalog: the supervisor knows no catalog.

use tokio::net::UnixDatagram;

use crate::service::{serve, served};
use crate::support::{between, world};

async fn heard(socket: &UnixDatagram) -> String {
    let mut message = [0; 256];
    let length = socket.recv(&mut message).await.expect("a message");
    String::from_utf8_lossy(&message[..length]).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_hears_when_the_service_is_ready_and_when_it_stops() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let program = served(between(&shop, &warehouse));
    let path = program.path("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    let program = program.set("NOTIFY_SOCKET", path);
    let service = serve(&program).await;
    assert_eq!(heard(&socket).await.trim_end(), "READY=1");
    assert_eq!(service.running.stop().await, Some(0));
    assert_eq!(heard(&socket).await.trim_end(), "STOPPING=1");
}

/// A supervisor that hears nothing within its period restarts the service.
#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_that_watches_hears_again_and_again() {
    let (shop, warehouse) = world(&[("A", 10, 10)]).await;
    let program = served(between(&shop, &warehouse));
    let path = program.path("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    let program = program.set("NOTIFY_SOCKET", path).set("WATCHDOG_USEC", "100000");
    let service = serve(&program).await;
    assert_eq!(heard(&socket).await.trim_end(), "READY=1");
    for _ in 0..5 {
        assert_eq!(heard(&socket).await.trim_end(), "WATCHDOG=1");
    }
    assert_eq!(service.running.stop().await, Some(0));
    while heard(&socket).await.trim_end() != "STOPPING=1" {}
}
