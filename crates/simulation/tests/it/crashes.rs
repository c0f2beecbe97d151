//! A crash at every yield point.

use simulation::{crash_everywhere, fixed_plans};

#[test]
fn a_crash_at_any_yield_point_of_a_small_plan_breaks_no_rule() {
    let plans = fixed_plans();
    assert_eq!(plans.len(), 20);
    let mut tried = 0;
    for plan in &plans {
        let (points, broken) = crash_everywhere(plan);
        tried += points;
        let told: Vec<_> = broken.iter().map(|(at, finding)| (at, &finding.violation)).collect();
        assert!(told.is_empty(), "world {}: {told:?}", plan.seed);
    }
    assert!(tried > 600, "only {tried} crash points");
}
