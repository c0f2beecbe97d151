//! A crash at every yield point.

use simulation::{CatalogKind, Fault, Profile, Rates, crash_everywhere, fixed_plans, play};

/// I7: a task whose process dies anywhere still ends, because another process takes it over.
#[test]
fn i7_a_crash_at_any_yield_point_of_a_task_breaks_no_rule() {
    let mut taken_over = 0;
    for plan in fixed_plans() {
        let task = Profile { rates: plan.rates.clone().with(Fault::Task, 1_000), ..plan };
        let (points, broken) = crash_everywhere(&task);
        let violations: Vec<_> = broken.iter().map(|(at, result)| (at, &result.violation)).collect();
        assert!(violations.is_empty(), "seed {}: {violations:?}", task.seed);
        taken_over += points;
    }
    assert!(taken_over > 600, "only {taken_over} crash points");
}

/// I7: a task ends even if its process dies or is stopped again and again. The third death makes it a failure.
#[test]
fn i7_tasks_end_however_often_their_process_dies() {
    let mut ends = std::collections::BTreeMap::<String, u64>::new();
    for seed in 0..1000 {
        let rates = Rates::none().with(Fault::Task, 1_000).with(Fault::Crash, 15).with(Fault::Cancelled, 5);
        let result = play(Profile { rates, runs: 3, ..Profile::calm(seed) }, false);
        assert_eq!(result.violation, None, "seed {seed}");
        for (end, times) in result.outcomes {
            *ends.entry(end).or_default() += times;
        }
    }
    for end in ["(task) SUCCESS at attempt 2", "(task) SUCCESS at attempt 3", "(task) FAILURE at attempt 3"] {
        assert!(ends.contains_key(end), "no task ended {end}: {ends:?}");
    }
}

#[test]
fn a_crash_at_any_yield_point_of_a_small_plan_breaks_no_rule() {
    let plans = fixed_plans();
    assert_eq!(plans.len(), 20);
    let mut tried = 0;
    for plan in &plans {
        let (points, broken) = crash_everywhere(plan);
        tried += points;
        let violations: Vec<_> = broken.iter().map(|(at, result)| (at, &result.violation)).collect();
        assert!(violations.is_empty(), "seed {}: {violations:?}", plan.seed);
    }
    assert!(tried > 600, "only {tried} crash points");
}

/// I8: with revisions, a crash at any yield point leaves copies that the next holder judges rightly.
#[test]
fn a_crash_at_any_yield_point_breaks_no_rule_of_a_shop_with_revisions() {
    let mut tried = 0;
    for plan in fixed_plans() {
        let rates = plan.rates.clone().with(Fault::RowsUnnamed, 100).with(Fault::Sale, 20);
        let plan = Profile { catalog: CatalogKind::Revisions, rates, ..plan };
        let (points, broken) = crash_everywhere(&plan);
        tried += points;
        let violations: Vec<_> = broken.iter().map(|(at, result)| (at, &result.violation)).collect();
        assert!(violations.is_empty(), "seed {}: {violations:?}", plan.seed);
    }
    assert!(tried > 600, "only {tried} crash points");
}
