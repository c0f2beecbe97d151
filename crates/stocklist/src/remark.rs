//! What is worth a look in a list that is right.

use domain::Sku;
use rust_decimal::Decimal;

/// So many SKUs are named for each kind.
const NAMED: usize = 5;

/// SKUs that something is to be said about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What.
    pub kind: RemarkKind,
    /// How many rows it concerns.
    pub count: u64,
    /// The first SKUs among them.
    pub skus: Vec<Sku>,
}

/// What is to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkKind {
    /// The SKU stands as a number in a spreadsheet: zeros at its beginning are lost.
    NumberSku,
    /// The SKU begins or ends with a space. It is kept so, and most likely matches nothing.
    SpacedSku,
    /// The SKU is longer than Wix stores.
    LongSku,
    /// The quantity is below zero; a run counts it as none.
    Negative,
    /// The quantity has decimals; a run drops them.
    Fraction,
}

impl RemarkKind {
    const ALL: [Self; 5] = [Self::NumberSku, Self::SpacedSku, Self::LongSku, Self::Negative, Self::Fraction];

    /// The code that programs read; it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NumberSku => "number_sku",
            Self::SpacedSku => "spaced_sku",
            Self::LongSku => "long_sku",
            Self::Negative => "negative",
            Self::Fraction => "fraction",
        }
    }
}

/// Collects remarks row by row.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    all: Vec<Remark>,
}

impl Remarks {
    /// Looks at one row. `number`: its SKU stood as a number.
    pub(crate) fn look_at(&mut self, sku: &Sku, quantity: Decimal, number: bool) {
        let text = sku.as_str();
        for kind in RemarkKind::ALL {
            let holds = match kind {
                RemarkKind::NumberSku => number,
                RemarkKind::SpacedSku => text.trim() != text,
                RemarkKind::LongSku => sku.is_too_long(),
                RemarkKind::Negative => quantity.is_sign_negative() && !quantity.is_zero(),
                RemarkKind::Fraction => !quantity.is_integer(),
            };
            if holds {
                self.add(kind, sku);
            }
        }
    }

    fn add(&mut self, kind: RemarkKind, sku: &Sku) {
        if !self.all.iter().any(|remark| remark.kind == kind) {
            self.all.push(Remark { kind, count: 0, skus: Vec::new() });
        }
        for remark in self.all.iter_mut().filter(|remark| remark.kind == kind) {
            remark.count += 1;
            if remark.skus.len() < NAMED && !remark.skus.contains(sku) {
                remark.skus.push(sku.clone());
            }
        }
    }

    pub(crate) fn finish(mut self) -> Vec<Remark> {
        self.all.sort_by_key(|remark| remark.kind);
        self.all
    }
}
