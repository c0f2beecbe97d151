//! Joins several sheets or files to one list.

use std::collections::HashMap;
use std::sync::Arc;

use domain::Sku;

use crate::lines::rows::{Read, added};
use crate::{BadLine, BadReason, LeftOut, Options, Refusal, Remark, Row, Source, StockList};

/// A sheet or a file that was read.
pub(crate) struct Part {
    /// How messages tell it from the others; `None` if there are no others.
    pub(crate) place: Option<String>,
    pub(crate) source: Source,
    pub(crate) read: Read,
}

impl Part {
    /// The same part of a file.
    pub(crate) fn in_file(mut self, file: &str) -> Self {
        self.place = Some(match self.place {
            Some(sheet) => format!("{file}, {sheet}"),
            None => file.to_owned(),
        });
        self.source.file = Some(file.to_owned());
        self
    }
}

/// One list of all parts. A SKU may be in one of them only, unless lines are to be added up.
pub(crate) fn join(parts: Vec<Part>, options: &Options) -> Result<StockList, Refusal> {
    let is_one = parts.len() == 1;
    let mut joined = Joined::of(options);
    for part in parts {
        joined.sources.push(part.source);
        let place = part.place.filter(|_| !is_one);
        joined.left_out(part.read.left_out, place.as_deref());
        joined.remarks(part.read.remarks);
        if is_one {
            joined.rows = part.read.rows;
            continue;
        }
        for row in part.read.rows {
            joined.add(row, place.as_deref());
        }
    }
    joined.finish()
}

/// The first row of a SKU and warehouse.
struct First {
    at: usize,
    place: Option<String>,
}

struct Joined<'a> {
    options: &'a Options,
    rows: Vec<Row>,
    known: HashMap<(Sku, Option<Arc<str>>), First>,
    sources: Vec<Source>,
    left_out: LeftOut,
    remarks: Vec<Remark>,
    bad: Vec<BadLine>,
}

impl<'a> Joined<'a> {
    fn of(options: &'a Options) -> Self {
        Self {
            options,
            rows: Vec::new(),
            known: HashMap::new(),
            sources: Vec::new(),
            left_out: LeftOut::default(),
            remarks: Vec::new(),
            bad: Vec::new(),
        }
    }

    fn add(&mut self, row: Row, place: Option<&str>) {
        let key = (row.sku.clone(), row.warehouse.clone());
        let Some(found) = self.known.get(&key) else {
            self.known.insert(key, First { at: self.rows.len(), place: place.map(str::to_owned) });
            self.rows.push(row);
            return;
        };
        let Some(first) = self.rows.get_mut(found.at) else { return };
        let twice = || BadReason::Twice { first: first.line, place: found.place.clone() };
        let sum = if self.options.sum { added(first.quantity, row.quantity) } else { Err(twice()) };
        match sum {
            Ok(sum) => first.quantity = sum,
            Err(reason) => {
                let bad = BadLine::new(row.line, row.sku.to_string(), reason);
                self.bad.push(BadLine { place: place.map(str::to_owned), ..bad });
            }
        }
    }

    fn left_out(&mut self, more: LeftOut, place: Option<&str>) {
        let of = |lines: Vec<(u64, String)>| {
            lines.into_iter().map(move |(line, text)| match place {
                Some(place) => (line, format!("{place}: {text}")),
                None => (line, text),
            })
        };
        self.left_out.headings += more.headings;
        self.left_out.totals.extend(of(more.totals));
        self.left_out.groups.extend(of(more.groups));
        self.left_out.without_sku.extend(of(more.without_sku));
        self.left_out.hidden.extend(of(more.hidden));
    }

    fn remarks(&mut self, more: Vec<Remark>) {
        for remark in more {
            match self.remarks.iter_mut().find(|known| known.kind == remark.kind) {
                Some(known) => known.add_from(remark),
                None => self.remarks.push(remark),
            }
        }
    }

    fn finish(mut self) -> Result<StockList, Refusal> {
        if !self.bad.is_empty() {
            return Err(Refusal::of_bad(self.bad));
        }
        let named = self.rows.iter().filter(|row| row.warehouse.is_some()).count();
        if named > 0 && named < self.rows.len() {
            return Err(Refusal::MixedWarehouses);
        }
        self.remarks.sort_by_key(|remark| remark.kind);
        let Self { rows, sources, left_out, remarks, .. } = self;
        Ok(StockList { rows, sources, left_out, remarks })
    }
}
