//! Tests of leases in the store in memory, beyond the conformance suite.

use conformance::block_on;
use domain::{RunId, ShopName};
use memory::MemoryStore;
use sync::ports::{Acquired, HeldLease, Leases, StateError};

#[test]
fn a_lease_is_held_until_it_is_seen_to_be_over_and_every_later_one_has_a_higher_number() {
    let (state, shop) = (MemoryStore::new(), ShopName::new("s"));
    let take =
        |run: &str, lapsed| block_on(state.acquire(&shop, &RunId::new(run), 10, lapsed, &(0..=0))).unwrap();
    let Acquired::Granted { fence: first, .. } = take("a", None) else { panic!("free") };
    let lease = HeldLease { token: first.token, expires_at: 10 };
    let older = HeldLease { expires_at: 9, ..lease };
    assert_eq!(take("b", None), Acquired::Busy { run: RunId::new("a"), lease });
    assert_eq!(take("b", Some(older)), Acquired::Busy { run: RunId::new("a"), lease });
    let Acquired::Granted { fence: second, .. } = take("b", Some(lease)) else { panic!("over") };
    assert!(second.token > first.token);
    assert_eq!(block_on(state.renew(&first, 99)), Err(StateError::Fenced));
    assert_eq!(block_on(state.release(&first)), Ok(()), "of no effect");
    assert_eq!(block_on(state.renew(&second, 99)), Ok(()));
}
