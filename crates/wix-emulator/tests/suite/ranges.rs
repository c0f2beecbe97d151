//! Filters by ranges of numeric ids against a plain loop.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::harness::{PRODUCTS, Site, column, filtered};

fn passes(id: u64, operator: &str, bound: u64) -> bool {
    match operator {
        "$gt" => id > bound,
        "$gte" => id >= bound,
        "$lt" => id < bound,
        "$lte" => id <= bound,
        "$eq" => id == bound,
        _ => id != bound,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn ranges_find_what_a_loop_finds(
        ids in prop::collection::btree_set(0_u64..3_000, 1..40),
        tests in prop::collection::vec(
            (prop::sample::select(vec!["$gt", "$gte", "$lt", "$lte", "$eq", "$ne"]), 0_u64..3_000), 1..4),
        descending: bool,
    ) {
        let rows: Vec<Value> = ids.iter().rev().map(|id| json!({"numericId": id.to_string()})).collect();
        let parts: Vec<Value> =
            tests.iter().map(|(op, bound)| json!({"numericId": {*op: bound.to_string()}})).collect();
        let mut expected: Vec<String> = ids
            .iter()
            .filter(|id| tests.iter().all(|(op, bound)| passes(**id, op, *bound)))
            .map(ToString::to_string)
            .collect();
        let mut body = filtered(&json!({"$and": parts}));
        if descending {
            expected.reverse();
            body["query"]["sort"] = json!(r#"[{"numericId":"desc"}]"#);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answer = runtime.block_on(async {
            let site = Site::with(json!({"products": rows}), |_| ()).await;
            site.ok(PRODUCTS, &body).await
        });
        let expected: Vec<Value> = expected.into_iter().map(Value::String).collect();
        prop_assert_eq!(column(&answer, "products", "numericId"), expected.iter().collect::<Vec<_>>());
    }
}
