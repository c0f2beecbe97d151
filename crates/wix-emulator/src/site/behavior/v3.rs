//! Switches for what is open about Catalog V3.

use serde::{Deserialize, Serialize};

/// How a bulk call answers when some of its rows fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BulkFailures {
    /// 200; the good rows take effect, and each row has its result.
    #[default]
    PerItem,
    /// The error of the first bad row is the answer; nothing takes effect.
    WholeCall,
}

/// What a bulk answer says of the rows that failed (Wix: Inventory Items V3; `undetailedFailures`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FailureDetail {
    /// It names each one.
    #[default]
    Named,
    /// It only counts them.
    CountOnly,
    /// Nothing: it neither names nor counts them.
    Omitted,
}

/// What `returnEntity` gives (unmeasured; the update of a product answers with what was sent).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReturnedEntity {
    /// The item after the change.
    #[default]
    Result,
    /// What was sent.
    Echo,
}

/// Which negative quantities an update refuses. The code `REQUESTED_QUANTITY_MUST_BE_NON_NEGATIVE_DECREASING` hints at
/// the first; unmeasured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NegativeTarget {
    /// Those that are lower than the quantity is now.
    #[default]
    RefusedIfLower,
    /// All.
    Refused,
}

/// Whether a query may be sorted by the fields that the documentation declares as sortable. Some sites refuse all for
/// products (Wix: the guide for apps); for inventory items it is unmeasured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sorts {
    /// By all of them.
    #[default]
    Taken,
    /// By none: 400.
    Refused,
}

/// What `POST /stores/v3/products/query-variants` leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum VariantQuery {
    /// The variants of products without options, as measured live.
    #[default]
    WithoutPlainProducts,
    /// Nothing.
    Complete,
}

/// How a site with Catalog V3 answers `POST /stores-reader/v1/products/query`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum V1Reads {
    /// 200 with products that have no variants, as measured live. All other V1 endpoints answer 428.
    #[default]
    WithoutVariants,
    /// 428, like all other V1 endpoints.
    Refused,
}
