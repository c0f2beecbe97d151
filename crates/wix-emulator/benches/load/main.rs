//! How many requests one emulator answers per second over loopback: `cargo bench -p wix-emulator`. The server has one
//! thread, so the figures are those of one core; the load comes from other threads. Each case has a fixed number of
//! requests.

mod cases;
mod shop;
mod wire;

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;

use tokio::sync::oneshot;
use tokio::time::Instant;
use wix_emulator::Emulator;

use cases::{Case, cases};
use wire::{Connections, Wire};

/// The number of clients that send at the same time.
const CLIENTS: usize = 4;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout();
    let began = Instant::now();
    let (address, stop) = serve()?;
    let products = shop::PRODUCTS;
    writeln!(out, "{products} products, ready after {:.1} s", began.elapsed().as_secs_f64())?;
    writeln!(out, "{:<44} {:>9} {:>8} {:>10} {:>9}", "case", "requests", "seconds", "a second", "floor")?;
    for case in cases() {
        let (requests, seconds) = run(&case, address)?;
        let rate = f64::from(requests) / seconds;
        let floor = case.floor.map_or_else(String::new, |floor| {
            let word = if rate < f64::from(floor) { "below" } else { "above" };
            format!("{word} {floor}")
        });
        writeln!(out, "{:<44} {requests:>9} {seconds:>8.2} {rate:>10.0} {floor:>9}", case.name)?;
    }
    stop.send(()).map_err(|()| "the emulator ended early")?;
    Ok(())
}

/// Starts an emulator on its own thread.
fn serve() -> Result<(SocketAddr, oneshot::Sender<()>), Box<dyn std::error::Error>> {
    let (sender, address) = std::sync::mpsc::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || {
        runtime.block_on(async {
            let started = Emulator::start(shop::config()).await.map_err(|error| error.to_string());
            let emulator = match started {
                Ok(emulator) => emulator,
                Err(error) => return sender.send(Err(error)).ok(),
            };
            sender.send(Ok(emulator.address())).ok();
            stopped.await.ok();
            emulator.stop().await;
            None
        })
    });
    Ok((address.recv()??, stop))
}

/// Sends all requests of a case from several clients; returns their number and the seconds it took.
fn run(case: &Case, address: SocketAddr) -> Result<(u32, f64), Box<dyn std::error::Error>> {
    let each = case.requests / u32::try_from(CLIENTS)?;
    let request = Arc::clone(&case.request);
    let began = Instant::now();
    let client = |number: usize| {
        let (request, connections) = (Arc::clone(&request), case.connections);
        thread::spawn(move || load(address, connections, each, number, &*request))
    };
    let clients: Vec<_> = (0..CLIENTS).map(client).collect();
    for client in clients {
        client.join().map_err(|_| "a client panicked")?.map_err(|error| format!("{}: {error}", case.name))?;
    }
    Ok((each * u32::try_from(CLIENTS)?, began.elapsed().as_secs_f64()))
}

fn load(
    address: SocketAddr,
    connections: Connections,
    requests: u32,
    client: usize,
    request: &cases::Request,
) -> Result<(), String> {
    let mut wire = Wire::new(address, connections);
    let mut cursor = cases::Cursor::new(client);
    for _ in 0..requests {
        let body = request(&mut cursor);
        let answer = wire.send(&body).map_err(|error| error.to_string())?;
        cursor.answered(&answer);
    }
    Ok(())
}
