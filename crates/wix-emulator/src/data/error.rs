//! What can be wrong with a shop file.

use std::fmt;

/// One fault of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The position (from 1) and the name or SKU of the product.
    pub product: String,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.product, self.what)
    }
}

/// Why a shop file was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// It is JSON, and no object: a list of products alone, perhaps.
    #[error(
        "expected one JSON object; products stand in it like this: {{\"products\":[{{\"sku\":\"A-1\",\"quantity\":5}}]}}"
    )]
    NotAnObject,
    /// It is not JSON, or has a field that is not known.
    #[error("the shop file cannot be read: {0}")]
    Json(#[source] serde_json::Error),
    /// Its products are not what Wix would take.
    #[error("the shop has {} problem(s): {}", .0.len(), list(.0))]
    Products(Vec<Problem>),
}

const SHOWN: usize = 20;

fn list(problems: &[Problem]) -> String {
    let mut text = problems.iter().take(SHOWN).map(Problem::to_string).collect::<Vec<_>>().join("; ");
    if problems.len() > SHOWN {
        text.push_str("; …");
    }
    text
}
