//! What can be wrong with a shop file.

use std::fmt;

/// One thing that is wrong with one product.
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
    /// The text is JSON but not an object, for example a bare list of products.
    #[error(
        "expected one JSON object; products stand in it like this: {{\"products\":[{{\"sku\":\"A-1\",\"quantity\":5}}]}}"
    )]
    NotAnObject,
    /// The text is not JSON, or has an unknown field.
    #[error("the shop file cannot be read: {0}")]
    Json(#[source] serde_json::Error),
    /// Wix would not take these products.
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
