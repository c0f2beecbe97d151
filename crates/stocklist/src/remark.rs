//! Warnings about rows that are valid but probably not what the user wants.

use domain::Sku;
use rust_decimal::Decimal;

/// How many SKUs a remark names.
const MAX_NAMED_SKUS: usize = 5;

/// A warning and the rows that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The kind of warning.
    pub kind: RemarkKind,
    /// How many rows are affected.
    pub count: u64,
    /// The first affected SKUs, at most five.
    pub skus: Vec<Sku>,
}

/// The kinds of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkKind {
    /// The spreadsheet stores the SKU as a number, so leading zeros are lost.
    NumberSku,
    /// The SKU begins or ends with a space. The space is kept, so the SKU most likely matches nothing.
    SpacedSku,
    /// The SKU is longer than the 40 characters that Wix stores.
    LongSku,
    /// The quantity is below zero. A run counts it as 0.
    Negative,
    /// The quantity has decimals. A run rounds it down.
    Fraction,
}

impl RemarkKind {
    const ALL: [Self; 5] = [Self::NumberSku, Self::SpacedSku, Self::LongSku, Self::Negative, Self::Fraction];

    /// The code that programs read. Released codes never change.
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
    /// Checks one row. `number` says whether the spreadsheet stores its SKU as a number.
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
            if remark.skus.len() < MAX_NAMED_SKUS && !remark.skus.contains(sku) {
                remark.skus.push(sku.clone());
            }
        }
    }

    pub(crate) fn finish(mut self) -> Vec<Remark> {
        self.all.sort_by_key(|remark| remark.kind);
        self.all
    }
}
