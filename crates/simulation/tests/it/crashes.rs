//! A crash at every yield point.

use simulation::{Fault, Profile, Rates, crash_everywhere, fixed_plans, play};

/// I7: a task whose process dies anywhere ends all the same, taken over by another process.
#[test]
fn i7_a_crash_at_any_yield_point_of_a_task_breaks_no_rule() {
    let mut taken_over = 0;
    for plan in fixed_plans() {
        let task = Profile { rates: plan.rates.clone().with(Fault::Task, 1_000), ..plan };
        let (points, broken) = crash_everywhere(&task);
        let told: Vec<_> = broken.iter().map(|(at, finding)| (at, &finding.violation)).collect();
        assert!(told.is_empty(), "world {}: {told:?}", task.seed);
        taken_over += points;
    }
    assert!(taken_over > 600, "only {taken_over} crash points");
}

/// I7: the process of a task dies again and again, or is stopped: the task ends, at the third death as a failure.
#[test]
fn i7_tasks_end_however_often_their_process_dies() {
    let mut ends = std::collections::BTreeMap::<String, u64>::new();
    for seed in 0..1000 {
        let rates = Rates::none().with(Fault::Task, 1_000).with(Fault::Crash, 15).with(Fault::Cancelled, 5);
        let finding = play(Profile { rates, runs: 3, ..Profile::calm(seed) }, false);
        assert_eq!(finding.violation, None, "seed {seed}");
        for (end, times) in finding.outcomes {
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
        let told: Vec<_> = broken.iter().map(|(at, finding)| (at, &finding.violation)).collect();
        assert!(told.is_empty(), "world {}: {told:?}", plan.seed);
    }
    assert!(tried > 600, "only {tried} crash points");
}
