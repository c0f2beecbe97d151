//! A batch that waits to be sent.

use std::collections::VecDeque;

use domain::{Batch, Direction, UnixMillis};

/// A batch with what happened to its lines before.
pub(super) struct Outgoing {
    pub(super) batch: Batch,
    pub(super) history: History,
}

/// What happened to the lines of a batch before they went out again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct History {
    /// Whether the batch was refused and sent whole once more because its levels had moved.
    pub(super) whole_again: bool,
    /// How many earlier copies of these lines may have landed.
    pub(super) unclear_copies: u32,
    /// Until when an earlier copy of these lines may land; `None`: there is no such copy.
    pub(super) lands_until: Option<UnixMillis>,
    /// How often another change of their items came first.
    pub(super) conflicts: u32,
}

impl History {
    /// Whether an earlier copy of these lines may be in the shop.
    pub(super) fn may_have_landed(self) -> bool {
        self.lands_until.is_some()
    }

    /// The same after a copy that may land until `moment`.
    pub(super) fn with_copy_until(self, moment: UnixMillis) -> Self {
        Self { lands_until: self.lands_until.max(Some(moment)), ..self }
    }
}

/// Keeps the order of batches that wait, but no raise goes out before a lowering: a change that was planned anew may have
/// another direction than before.
pub(super) fn lowerings_first(left: &mut VecDeque<Outgoing>) {
    left.make_contiguous().sort_by_key(|one| one.batch.direction() == Some(Direction::Raise));
}

impl Outgoing {
    pub(super) fn new(batch: Batch) -> Self {
        Self { batch, history: History::default() }
    }

    /// Its halves; itself where it has one line.
    pub(super) fn halves(self) -> Vec<Self> {
        let Self { batch, history } = self;
        match batch.clone().halves() {
            Some((first, second)) => [first, second].map(|batch| Self { batch, history }).into(),
            None => vec![Self { batch, history }],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use domain::{Change, InventoryItemId, Level, Line, ListingKey, ProductId, Sku, Target, VariantId};

    /// A batch of lines to these targets, each from 5.
    fn batch(targets: &[u32]) -> Outgoing {
        let line = |(seq, target): (u32, &u32)| {
            let (level, target) = (Level::new(5).unwrap(), Target::new(*target).unwrap());
            let change = Change {
                sku: Sku::parse("A").unwrap(),
                key: ListingKey::new(ProductId::new("p"), VariantId::new("v")),
                inventory_item: InventoryItemId::new("i"),
                level,
                target,
                revision: None,
                delta: target.delta_from(level).unwrap(),
            };
            Line { seq, retry_of: None, is_copy: false, change }
        };
        Outgoing::new(Batch { lines: (0..).zip(targets).map(line).collect() })
    }

    /// A call of both directions holds lowerings, so it waits for no raise.
    #[test]
    fn no_raise_goes_out_before_a_lowering_that_waits() {
        let mut left = VecDeque::from([batch(&[9]), batch(&[2, 8]), batch(&[7]), batch(&[1]), batch(&[0])]);
        lowerings_first(&mut left);
        let targets = |one: &Outgoing| -> Vec<i64> {
            one.batch.lines.iter().map(|line| line.change.target.units()).collect()
        };
        let order: Vec<Vec<i64>> = left.iter().map(targets).collect();
        assert_eq!(order, [vec![2, 8], vec![1], vec![0], vec![9], vec![7]]);
    }
}
