//! A batch that waits to be sent.

use domain::{Batch, UnixMillis};

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
