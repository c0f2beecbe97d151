//! Reads JSON: one object a line, or one array of objects. The keys are the headings.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::cell::{Cell, clipped};
use crate::table::{Record, Table};
use crate::{BadLine, BadReason, Refusal};

/// An object with its keys in the order of the file, also those that come twice.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// Whether a text can be JSON at all.
pub(crate) fn is_json(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default();
    text.trim_start().starts_with('[') && serde_json::from_str::<Vec<Object>>(text).is_ok()
        || serde_json::from_str::<Object>(first).is_ok()
}

/// The records of the text, below one of its keys.
pub(crate) fn table(text: &str) -> Result<Table, Refusal> {
    let mut rows = Rows::default();
    if let Ok(objects) = serde_json::from_str::<Vec<Object>>(text) {
        for (object, line) in objects.into_iter().zip(1..) {
            rows.add(object, line);
        }
        return Ok(rows.table());
    }
    for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        match serde_json::from_str::<Object>(line) {
            Ok(object) => rows.add(object, number),
            Err(_) => {
                return Err(Refusal::of_bad(vec![BadLine::new(number, clipped(line), BadReason::NotJson)]));
            }
        }
    }
    Ok(rows.table())
}

/// Rows below the keys so far. A key that comes twice in one object has a column for each time.
#[derive(Default)]
struct Rows {
    headings: Vec<String>,
    columns: HashMap<(String, usize), usize>,
    records: Vec<Record>,
}

impl Rows {
    fn add(&mut self, object: Object, line: u64) {
        let mut cells = Vec::new();
        let mut times: HashMap<String, usize> = HashMap::new();
        for (key, value) in object.0 {
            let time = times.entry(key.clone()).or_default();
            let column = *self.columns.entry((key.clone(), *time)).or_insert_with(|| {
                self.headings.push(key);
                self.headings.len() - 1
            });
            *time += 1;
            cells.resize(cells.len().max(column + 1), Cell::Empty);
            if let Some(cell) = cells.get_mut(column) {
                *cell = cell_of(value);
            }
        }
        self.records.push(Record::new(line, cells));
    }

    fn table(self) -> Table {
        let headings = Record::new(0, self.headings.iter().map(|key| Cell::of_text(key)).collect());
        let records = self.records.into_iter().filter(|record| !record.is_blank());
        Table::of_sheet(std::iter::once(headings).chain(records).collect(), Vec::new())
    }
}

fn cell_of(value: Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::String(text) => Cell::of_text(&text),
        Value::Number(number) => match number.as_i64() {
            // All digits of a whole number are kept, as those of a long article are.
            Some(whole) => Cell::Text(whole.to_string()),
            None => number.as_f64().map_or(Cell::Other(number.to_string()), Cell::of_number),
        },
        other @ (Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            Cell::Other(clipped(&other.to_string()))
        }
    }
}
