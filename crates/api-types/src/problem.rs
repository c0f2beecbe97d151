//! Refusals.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A problem document (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProblemDocument {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "urn:wixsync:problem:no_such_run")]
    pub problem_type: String,
    /// One sentence, in the language of the request.
    pub title: String,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// What is known beyond it; left out where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub detail: Option<String>,
    /// The code that programs read.
    #[schema(example = "no_such_run")]
    pub code: String,
    /// The code under which `wixsync error` and `docs/errors` say more; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false, example = "WX7003")]
    pub error_code: Option<String>,
    /// What to do now; left out where nothing can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub hint: Option<String>,
    /// The run that stands in the way; left out where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub run_id: Option<String>,
}
