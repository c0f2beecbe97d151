//! Strategies for every kind of input, and simple reference implementations of what the crate decides.

use proptest::prelude::ProptestConfig;

pub(crate) mod exact;
pub(crate) mod naive;
pub(crate) mod plan_input;
pub(crate) mod shop;
pub(crate) mod sku;
pub(crate) mod warehouse;

/// For tests that make a whole shop and warehouse each time. `PROPTEST_CASES` scales it.
pub(crate) fn some_cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * 3 / 8, ..usual }
}

/// For tests of a few numbers. `PROPTEST_CASES` scales it.
pub(crate) fn many_cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * 8, ..usual }
}
