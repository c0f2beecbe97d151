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

impl Remark {
    /// Counts the rows of another remark of the same kind.
    pub(crate) fn add_from(&mut self, other: Self) {
        self.count += other.count;
        let more = other.skus.into_iter().filter(|sku| !self.skus.contains(sku)).collect::<Vec<_>>();
        self.skus.extend(more);
        self.skus.truncate(MAX_NAMED_SKUS);
    }
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
    /// A mark that keeps a spreadsheet program from changing the SKU was taken away: `="007"`, `'007`.
    GuardedSku,
    /// The SKU begins with an apostrophe, which is kept.
    ApostropheSku,
    /// The spreadsheet program hides the line; it was read too.
    Hidden,
    /// The warehouse was missing and was filled with the one that the caller names.
    FilledWarehouse,
    /// The price is not a plain number and was left out.
    OddPrice,
    /// The quantities are nothing but 0 and 1, under a heading that may mean yes and no.
    OnlyFlags,
}

impl RemarkKind {
    /// The code that programs read. Released codes never change.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NumberSku => "number_sku",
            Self::SpacedSku => "spaced_sku",
            Self::LongSku => "long_sku",
            Self::Negative => "negative",
            Self::Fraction => "fraction",
            Self::GuardedSku => "guarded_sku",
            Self::ApostropheSku => "apostrophe_sku",
            Self::Hidden => "hidden",
            Self::FilledWarehouse => "filled_warehouse",
            Self::OddPrice => "odd_price",
            Self::OnlyFlags => "only_flags",
        }
    }
}

/// Collects remarks row by row.
#[derive(Debug, Default)]
pub(crate) struct Remarks {
    all: Vec<Remark>,
}

impl Remarks {
    /// Checks one row.
    pub(crate) fn look_at(&mut self, sku: &Sku, quantity: Decimal) {
        let text = sku.as_str();
        let kinds = [
            (RemarkKind::SpacedSku, text.trim() != text),
            (RemarkKind::LongSku, sku.is_too_long()),
            (RemarkKind::ApostropheSku, text.starts_with('\'')),
            (RemarkKind::Negative, quantity.is_sign_negative() && !quantity.is_zero()),
            (RemarkKind::Fraction, !quantity.is_integer()),
        ];
        for (kind, _) in kinds.into_iter().filter(|(_, holds)| *holds) {
            self.add(kind, sku);
        }
    }

    /// Adds a remark about all rows.
    pub(crate) fn add_all(&mut self, kind: RemarkKind, count: u64) {
        self.all.push(Remark { kind, count, skus: Vec::new() });
    }

    pub(crate) fn add(&mut self, kind: RemarkKind, sku: &Sku) {
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
