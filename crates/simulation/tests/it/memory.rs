//! What the state in memory promises beyond what every run shows.

use domain::{RunId, ShopName};
use futures::executor::block_on;
use simulation::MemoryState;
use sync::ports::{Acquired, HeldLease, Leases, StateError};

#[test]
fn a_lease_is_held_until_its_moment_and_every_later_one_has_a_higher_number() {
    let (state, shop) = (MemoryState::new(), ShopName::new("s"));
    let take =
        |run: &str, now: i64| block_on(state.acquire(&shop, &RunId::new(run), now, now + 10, None)).unwrap();
    let Acquired::Granted { fence: first, .. } = take("a", 0) else { panic!("free") };
    let lease = HeldLease { token: first.token, expires_at: 10 };
    assert_eq!(take("b", 9), Acquired::Busy { run: RunId::new("a"), lease });
    let Acquired::Granted { fence: second, .. } = take("b", 10) else { panic!("over") };
    assert!(second.token > first.token);
    assert_eq!(block_on(state.renew(&first, 99)), Err(StateError::Fenced));
    assert_eq!(block_on(state.release(&first)), Ok(()), "of no effect");
    assert_eq!(block_on(state.renew(&second, 99)), Ok(()));
}
