//! The places for connections: how many are served at once, and whose are given up when they run short.
//!
//! A connection costs a file descriptor, and holding one open needs no token. So an idle connection gives way to a new
//! one: the longest idle first, and of one peer only so many may be idle.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// All places.
#[derive(Debug)]
pub(super) struct Places {
    shared: Arc<Shared>,
    all: usize,
    /// How many connections of one peer may be idle.
    idle_per_peer: usize,
    /// Whether the log says that all are taken.
    said: bool,
}

#[derive(Debug, Default)]
struct Shared {
    taken: Mutex<Taken>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct Taken {
    last: u64,
    by_id: HashMap<u64, Connected>,
}

#[derive(Debug)]
struct Connected {
    peer: IpAddr,
    /// Since when no request is under way.
    idle_since: Option<Instant>,
    close: CancellationToken,
}

impl Taken {
    /// The longest idle connection, of this peer where one is given, and how many are idle.
    fn longest_idle(&self, peer: Option<IpAddr>) -> (Option<u64>, usize) {
        let of_peer = |at: &&Connected| peer.is_none_or(|peer| at.peer == peer);
        let idle = self.by_id.iter().filter(|(_, at)| of_peer(at));
        let idle: Vec<_> = idle.filter_map(|(id, at)| Some((at.idle_since?, *id))).collect();
        (idle.iter().min().map(|(_, id)| *id), idle.len())
    }

    fn close(&mut self, id: u64) {
        if let Some(connected) = self.by_id.remove(&id) {
            connected.close.cancel();
        }
    }
}

impl Places {
    pub(super) fn new(all: usize, idle_per_peer: usize) -> Self {
        Self { shared: Arc::default(), all, idle_per_peer, said: false }
    }

    /// Waits for a place for a connection from `peer`. Where all are taken, an idle connection gives its place up; if
    /// none is idle, the first that ends does. A wait is logged, and not again before half of the places were free.
    pub(super) async fn take(&mut self, peer: IpAddr) -> Place {
        loop {
            let shared = Arc::clone(&self.shared);
            let freed = shared.freed.notified();
            if let Some(place) = self.try_take(peer) {
                return place;
            }
            if !std::mem::replace(&mut self.said, true) {
                let connections = self.all;
                tracing::warn!(connections, "all places for connections are taken; further clients wait");
            }
            freed.await;
        }
    }

    fn try_take(&mut self, peer: IpAddr) -> Option<Place> {
        let mut taken = self.shared.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (longest, idle) = taken.longest_idle(Some(peer));
        if let Some(id) = longest.filter(|_| idle >= self.idle_per_peer) {
            taken.close(id);
        }
        if taken.by_id.len() >= self.all {
            let (longest, _) = taken.longest_idle(None);
            taken.close(longest?);
        }
        if taken.by_id.len() < self.all / 2 {
            self.said = false;
        }
        taken.last += 1;
        let (id, close) = (taken.last, CancellationToken::new());
        let connected = Connected { peer, idle_since: Some(Instant::now()), close: close.clone() };
        taken.by_id.insert(id, connected);
        Some(Place { id, close, shared: Arc::clone(&self.shared) })
    }
}

/// The place of one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    id: u64,
    close: CancellationToken,
    shared: Arc<Shared>,
}

impl Place {
    /// Ends when the place is given to another connection.
    pub(super) async fn is_given_up(&self) {
        self.close.cancelled().await;
    }

    /// Marks a request as under way until the value is dropped.
    pub(super) fn busy(&self) -> Busy {
        set_idle(&self.shared, self.id, None);
        Busy { id: self.id, shared: Arc::clone(&self.shared) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.taken.lock().unwrap_or_else(PoisonError::into_inner).by_id.remove(&self.id);
        self.shared.freed.notify_one();
    }
}

/// A request that is under way.
#[derive(Debug)]
pub(super) struct Busy {
    id: u64,
    shared: Arc<Shared>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        set_idle(&self.shared, self.id, Some(Instant::now()));
        // A new connection that waits may take the place of this one now.
        self.shared.freed.notify_one();
    }
}

fn set_idle(shared: &Shared, id: u64, since: Option<Instant>) {
    let mut taken = shared.taken.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(connected) = taken.by_id.get_mut(&id) {
        connected.idle_since = since;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::FutureExt;

    use super::*;

    const US: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THEM: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));

    fn is_given_up(place: &Place) -> bool {
        place.is_given_up().now_or_never().is_some()
    }

    async fn take(places: &mut Places, peer: IpAddr) -> Place {
        tokio::time::advance(Duration::from_millis(1)).await;
        places.take(peer).now_or_never().expect("a place")
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_idle_connection_gives_way_and_a_busy_one_never_does() {
        let mut places = Places::new(3, 3);
        let (first, second) = (take(&mut places, US).await, take(&mut places, US).await);
        let third = take(&mut places, US).await;
        let busy = first.busy();
        let fourth = take(&mut places, THEM).await;
        assert_eq!([&first, &second, &third, &fourth].map(is_given_up), [false, true, false, false]);
        let others = (third.busy(), fourth.busy());
        assert!(places.take(THEM).now_or_never().is_none(), "all are busy");
        drop(busy);
        let fifth = places.take(THEM).now_or_never().expect("the first is idle now");
        assert!(is_given_up(&first) && !is_given_up(&fifth));
        drop(others);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_may_have_few_idle_connections_and_takes_nobody_else_s_place() {
        let mut places = Places::new(8, 2);
        let ours = take(&mut places, US).await;
        let mut theirs = Vec::new();
        for _ in 0..20 {
            theirs.push(take(&mut places, THEM).await);
        }
        assert!(!is_given_up(&ours));
        let open = theirs.iter().filter(|place| !is_given_up(place)).count();
        assert_eq!(open, 2);
        assert!(theirs[18..].iter().all(|place| !is_given_up(place)), "the newest stay");
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_that_is_freed_goes_to_the_one_that_waits() {
        let mut places = Places::new(1, 1);
        let first = take(&mut places, US).await;
        let _busy = first.busy();
        let waiting = tokio::spawn(async move { places.take(THEM).await });
        tokio::task::yield_now().await;
        drop(first);
        let place = waiting.await.unwrap();
        assert!(!is_given_up(&place));
    }
}
