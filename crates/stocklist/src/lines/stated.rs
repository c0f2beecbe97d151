//! Compares the totals of a file with its lines: they are a free check of the whole reading.

use std::collections::HashMap;

use domain::Sku;
use rust_decimal::Decimal;

use crate::Options;
use crate::total::{Stated, Sums};

/// What the totals of a file may count beside the lines that are read.
#[derive(Debug, Clone, Copy)]
struct Counts {
    without_sku: bool,
    hidden: bool,
}

/// The sums of a column, and the totals that must agree with them.
type OfColumn = (Sums, Vec<Stated>);

/// A total that disagrees: which one it is, the total, and the sum of its lines.
type Wrong = (usize, Decimal, Decimal);

/// The totals of a file and the sums of its lines.
#[derive(Debug)]
pub(crate) struct StatedTotals {
    columns: usize,
    /// The columns for each way to count.
    ways: Vec<(Counts, Vec<OfColumn>)>,
    /// For each column: the line of each of its totals.
    lines: Vec<Vec<u64>>,
    by_sku: HashMap<Sku, Box<[Decimal]>>,
    of_skus: Vec<(u64, Sku, Vec<Option<Decimal>>)>,
}

impl StatedTotals {
    pub(crate) fn new(columns: usize, options: &Options) -> Self {
        let both = |may_differ: bool| if may_differ { vec![false, true] } else { vec![false] };
        let mut ways = Vec::new();
        for without_sku in both(options.skip_without_sku) {
            for hidden in both(options.skip_hidden) {
                let of_columns = (0..columns).map(|_| (Sums::default(), Vec::new())).collect();
                ways.push((Counts { without_sku, hidden }, of_columns));
            }
        }
        Self { columns, ways, lines: vec![Vec::new(); columns], by_sku: HashMap::new(), of_skus: Vec::new() }
    }

    /// A line of goods.
    pub(crate) fn line(&mut self, sku: &Sku, counted: &[Decimal]) {
        for (_, columns) in &mut self.ways {
            columns.iter_mut().zip(counted).for_each(|((sums, _), quantity)| sums.add(*quantity));
        }
        match self.by_sku.get_mut(sku) {
            Some(sums) => {
                sums.iter_mut().zip(counted).for_each(|(sum, more)| *sum = sum.saturating_add(*more));
            }
            None => {
                self.by_sku.insert(sku.clone(), counted.into());
            }
        }
    }

    /// Whether a SKU has lines of goods so far.
    pub(crate) fn has_lines(&self, sku: &Sku) -> bool {
        self.by_sku.contains_key(sku)
    }

    pub(crate) fn line_without_sku(&mut self, counted: &[Option<Decimal>]) {
        self.count(counted, |counts| counts.without_sku);
    }

    pub(crate) fn hidden_line(&mut self, counted: &[Option<Decimal>]) {
        self.count(counted, |counts| counts.hidden);
    }

    fn count(&mut self, counted: &[Option<Decimal>], counts: impl Fn(&Counts) -> bool) {
        for (_, columns) in self.ways.iter_mut().filter(|(way, _)| counts(way)) {
            for ((sums, _), quantity) in columns.iter_mut().zip(counted) {
                sums.add(quantity.unwrap_or_default());
            }
        }
    }

    /// The beginning or the end of a group.
    pub(crate) fn bound(&mut self) {
        self.ways.iter_mut().flat_map(|(_, columns)| columns).for_each(|(sums, _)| sums.bound());
    }

    /// A total of lines around it.
    pub(crate) fn total(&mut self, line: u64, totals: &[Option<Decimal>]) {
        for (_, columns) in &mut self.ways {
            for ((sums, stated), total) in columns.iter_mut().zip(totals) {
                match total {
                    Some(total) => stated.push(sums.state(*total)),
                    None => sums.bound(),
                }
            }
        }
        for (lines, total) in self.lines.iter_mut().zip(totals) {
            lines.extend(total.map(|_| line));
        }
    }

    /// A total of the lines of one SKU.
    pub(crate) fn total_of_sku(&mut self, line: u64, sku: Sku, totals: &[Option<Decimal>]) {
        self.of_skus.push((line, sku, totals.to_vec()));
    }

    /// Whether these quantities are the sums of a group of at least two lines that ends here.
    pub(crate) fn ends_group(&self, totals: &[Option<Decimal>]) -> bool {
        let Some((_, columns)) = self.ways.last() else { return false };
        columns.len() == totals.len()
            && columns
                .iter()
                .zip(totals)
                .all(|((sums, _), total)| total.is_some_and(|total| sums.ends_group(total)))
    }

    /// The totals that are not the sums of their lines: the line, the total, and the sum that comes nearest.
    pub(crate) fn wrong(self) -> Vec<(u64, Decimal, Decimal)> {
        let mut wrong = Vec::new();
        for (line, sku, totals) in &self.of_skus {
            let none = vec![Decimal::ZERO; self.columns];
            let sums = self.by_sku.get(sku).map_or(none.as_slice(), |sums| sums);
            let different =
                totals.iter().zip(sums).find(|(total, sum)| total.is_some_and(|total| total != **sum));
            wrong.extend(different.map(|(total, sum)| (*line, total.unwrap_or_default(), sum.normalize())));
        }
        let mut wrong_columns: Option<Vec<Vec<Wrong>>> = None;
        for (_, columns) in self.ways {
            let of_way: Vec<Vec<Wrong>> = columns
                .into_iter()
                .map(|(sums, stated)| {
                    let found = sums.wrong(&stated).into_iter();
                    found.filter_map(|(at, sum)| Some((at, stated.get(at)?.total, sum))).collect()
                })
                .collect();
            wrong_columns = Some(match wrong_columns {
                None => of_way,
                Some(before) => before.into_iter().zip(&of_way).map(|(all, now)| common(all, now)).collect(),
            });
        }
        for (lines, of_column) in self.lines.iter().zip(wrong_columns.unwrap_or_default()) {
            wrong.extend(
                of_column.into_iter().filter_map(|(at, total, sum)| Some((*lines.get(at)?, total, sum))),
            );
        }
        wrong.sort_unstable();
        wrong
    }
}

/// The totals that are wrong both ways.
fn common(mut all: Vec<Wrong>, now: &[Wrong]) -> Vec<Wrong> {
    all.retain(|(at, ..)| now.iter().any(|(other, ..)| other == at));
    all
}
