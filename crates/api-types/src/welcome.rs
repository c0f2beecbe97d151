//! What `/` answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The paths to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Welcome {
    /// One sentence, in the language of the request.
    pub message: String,
    /// The description of the API, for people.
    pub docs: String,
    /// The description of the API, for programs.
    pub openapi: String,
    /// Whether the process lives; needs no token.
    pub health: String,
    /// Whether the service can do its work; needs no token.
    pub ready: String,
}
