//! Lists as merchants have them. Each is read exactly or refused; never anything else.

#![expect(clippy::unwrap_used, reason = "a test helper fails the test by panicking")]

mod cells;
mod columns;
mod headings;
mod sheets;
#[path = "../support/mod.rs"]
mod support;
mod tables;
mod totals;

use stocklist::{Mapping, Options, Refusal, StockList};

/// A list, how it is read, and what comes of it: `SKU@warehouse=quantity` for each row, or a code.
struct Case {
    what: &'static str,
    bytes: Vec<u8>,
    options: Options,
    due: &'static [&'static str],
}

fn case(what: &'static str, list: impl AsRef<[u8]>, due: &'static [&'static str]) -> Case {
    Case { what, bytes: list.as_ref().to_vec(), options: Options::default(), due }
}

impl Case {
    fn with(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    fn columns(self, columns: &[&str]) -> Self {
        self.with(|options| {
            options.columns = columns.iter().map(|text| Mapping::parse(text).unwrap()).collect();
        })
    }
}

/// The rows, or what the refusal is about.
fn outcome(read: &Result<StockList, Refusal>) -> Vec<String> {
    match read {
        Ok(list) => list
            .rows
            .iter()
            .map(|row| {
                let warehouse = row.warehouse.as_ref().map(|name| format!("@{name}")).unwrap_or_default();
                let quantity = row.quantity.map_or_else(|| "keep".to_owned(), |units| units.to_string());
                format!("{}{warehouse}={quantity}", row.sku)
            })
            .collect(),
        Err(refusal) => code(refusal),
    }
}

fn code(refusal: &Refusal) -> Vec<String> {
    match refusal {
        Refusal::Bad { lines, .. } => {
            lines.iter().map(|bad| format!("{}:{}", bad.line, bad.reason.code())).collect()
        }
        Refusal::SeveralColumns { columns, .. } => {
            let name = |choice: &stocklist::ColumnChoice| match &choice.place {
                Some(place) => format!("{}[{place}]?", choice.reference),
                None => format!("{}?", choice.reference),
            };
            columns.iter().map(name).collect()
        }
        Refusal::NoHeadings { missing, .. } => {
            missing.iter().map(|field| format!("no {}", field.code())).collect()
        }
        Refusal::NotAList(kind) => vec![format!("{kind:?}")],
        Refusal::In { place, refusal } => {
            code(refusal).into_iter().map(|code| format!("{place}: {code}")).collect()
        }
        other => vec![format!("{other:?}").split([' ', '(', '{']).next().unwrap().to_owned()],
    }
}

fn check(cases: Vec<Case>) {
    let mut wrong = Vec::new();
    for Case { what, bytes, options, due } in cases {
        let found = outcome(&stocklist::read(&bytes, &options));
        if found != due {
            wrong.push(format!("{what}: {found:?}, not {due:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
