//! What a write does and what it answers.

use domain::{Batch, Change, Line, Target};
use sync::ports::{CallReply, LineReply, ShopErrorClass, StateError, WriteReply};

use super::gate::TestGate;
use super::reading::{listings, sku};
use super::{Fixture, LostCall};

/// A batch that brings these SKUs to these targets, planned from a new read.
async fn batch(shop: &impl Fixture, targets: &[(&str, u32)]) -> Batch {
    let listings = listings(shop).await;
    let line = |(seq, (name, target)): (usize, &(&str, u32))| {
        let listing = &listings[*name];
        let (level, target) = (listing.level.unwrap(), Target::new(*target).unwrap());
        let change = Change {
            sku: sku(name),
            key: listing.key.clone(),
            inventory_item: listing.inventory_item.clone(),
            level,
            target,
            revision: listing.revision,
            delta: target.delta_from(level).unwrap(),
        };
        Line { seq: u32::try_from(seq).unwrap(), retry_of: None, is_copy: false, change }
    };
    Batch { lines: targets.iter().enumerate().map(line).collect() }
}

fn open_gate(shop: &impl Fixture) -> TestGate {
    TestGate::new(Ok(shop.clock().now() + 60_000))
}

/// A write reaches every target, answers every line, and sends its bytes once.
pub async fn a_write_moves_levels_and_answers_every_line<F: Fixture>() {
    let shop = F::with(&[("A", 5), ("B", 1)]).await;
    shop.shop().connect().await.unwrap();
    let (batch, gate) = (batch(&shop, &[("A", 9), ("B", 4)]).await, open_gate(&shop));
    let reply = shop.shop().write(&batch, &gate).await;
    let WriteReply::Sent { call: CallReply::Answered, lines } = reply else { panic!("{reply:?}") };
    for (line, reply) in batch.lines.iter().zip(&lines) {
        match reply {
            LineReply::Applied(Some(after)) => {
                assert_eq!(after.level.units(), line.change.target.units());
                assert_ne!(after.revision, line.change.revision);
            }
            LineReply::Applied(None) => assert_eq!(line.change.revision, None, "nothing else would show it"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(lines.len(), 2);
    assert_eq!((shop.level(&sku("A")), shop.level(&sku("B"))), (9, 4));
    assert_eq!(gate.left.lock().unwrap().len(), 1);
}

/// I3: if the commit fails, no bytes are sent.
pub async fn i3_nothing_is_sent_without_its_commit<F: Fixture>() {
    let shop = F::with(&[("A", 5)]).await;
    let batch = batch(&shop, &[("A", 9)]).await;
    let before = shop.shop().requests();
    let gate = TestGate::new(Err(StateError::Fenced));
    let reply = shop.shop().write(&batch, &gate).await;
    assert_eq!(reply, WriteReply::NotCommitted(StateError::Fenced));
    assert_eq!((shop.level(&sku("A")), shop.shop().requests()), (5, before));
    assert!(gate.left.lock().unwrap().is_empty());
}

/// I6: no bytes are sent after their deadline.
pub async fn i6_nothing_leaves_after_its_moment<F: Fixture>() {
    let shop = F::with(&[("A", 5)]).await;
    let batch = batch(&shop, &[("A", 9)]).await;
    let gate = TestGate::new(Ok(shop.clock().now()));
    let reply = shop.shop().write(&batch, &gate).await;
    let WriteReply::NotSent(error) = reply else { panic!("{reply:?}") };
    assert_eq!(error.class, ShopErrorClass::TooLate);
    assert_eq!(shop.level(&sku("A")), 5);
    assert!(gate.left.lock().unwrap().is_empty());
}

/// I2: without an answer every line is unknown, whether it took effect or not.
pub async fn i2_a_lost_answer_leaves_every_line_unknown<F: Fixture>() {
    for (lost, after) in [(LostCall::Request, 5), (LostCall::Reply, 9)] {
        let shop = F::with(&[("A", 5), ("B", 1)]).await;
        let (batch, gate) = (batch(&shop, &[("A", 9), ("B", 4)]).await, open_gate(&shop));
        shop.lose_the_next_write(lost);
        let reply = shop.shop().write(&batch, &gate).await;
        let WriteReply::Sent { call: CallReply::Unclear(_), lines } = reply else { panic!("{reply:?}") };
        assert_eq!(lines, [LineReply::Unknown, LineReply::Unknown]);
        assert_eq!(shop.level(&sku("A")), after, "{lost:?}");
    }
}

/// A line that Wix refuses is never reported as applied, alone or with others.
pub async fn a_line_that_is_refused_is_never_called_applied<F: Fixture>() {
    let shop = F::with(&[("A", 5), ("BAD", 1)]).await;
    shop.refuse(&sku("BAD"));
    let of_two = batch(&shop, &[("A", 9), ("BAD", 4)]).await;
    let reply = shop.shop().write(&of_two, &open_gate(&shop)).await;
    let WriteReply::Sent { lines, .. } = reply else { panic!("{reply:?}") };
    assert!(!matches!(lines[1], LineReply::Applied(_)), "{lines:?}");
    let alone = batch(&shop, &[("BAD", 4)]).await;
    let reply = shop.shop().write(&alone, &open_gate(&shop)).await;
    let WriteReply::Sent { lines, .. } = reply else { panic!("{reply:?}") };
    assert!(matches!(lines[0], LineReply::Refused(_)), "{lines:?}");
    assert_eq!(shop.level(&sku("BAD")), 1);
}
