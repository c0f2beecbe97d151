//! How many explanations one token may ask for.

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::http::problem::{Kind, Problem};

/// Explanations that one token may ask for in a minute. Each reads the warehouse and asks Wix, beside the runs.
const A_MINUTE: NonZeroU32 = NonZeroU32::new(30).expect("not zero");
/// After how many seconds the next one is free.
const NEXT_AFTER: u64 = 2;

/// The explanations that were asked for, by the digest of the token. There are only as many as valid tokens.
pub(crate) struct ExplanationBudget(DefaultKeyedRateLimiter<String>);

impl Default for ExplanationBudget {
    fn default() -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(A_MINUTE)))
    }
}

impl ExplanationBudget {
    /// Takes one explanation from the budget of a token; refuses it where none is left.
    pub(crate) fn take(&self, token: &str) -> Result<(), Problem> {
        self.0
            .check_key(&token.to_owned())
            .map_err(|_| Problem::new(Kind::TooManyExplanations).retry_after(NEXT_AFTER))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thirty_first_explanation_in_a_minute_is_refused_to_that_token_alone() {
        let budget = ExplanationBudget::default();
        assert!((0..30).all(|_| budget.take("one").is_ok()));
        assert_eq!(budget.take("one").unwrap_err().kind, Kind::TooManyExplanations);
        assert!(budget.take("other").is_ok());
    }
}
