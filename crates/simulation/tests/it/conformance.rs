//! The memory of the simulation keeps every promise of the ports that SQLite keeps.

use futures::executor::block_on;
use simulation::{MemoryState, conformance};

macro_rules! over_memory {
    ($($name:ident),+ $(,)?) => {$(
        #[test]
        fn $name() {
            block_on(conformance::$name(&MemoryState::default()));
        }
    )+};
}

over_memory!(
    i7_a_run_begins_once_and_ends_once,
    lines_keep_every_value_and_change_all_or_none,
    the_last_good_whole_run_is_what_the_guard_compares_with,
    i6_a_lease_is_held_once_and_an_older_token_commits_nothing,
    i6_one_request_waits_while_somebody_waits_for_it,
    i6_a_lease_is_over_for_whoever_saw_it_unchanged,
    i7_a_request_that_waits_can_be_withdrawn,
    a_write_stays_recent_until_nothing_of_it_can_land,
    a_listing_map_is_kept_and_changed_under_the_lease,
    the_history_of_a_sku_is_what_each_run_did_with_it,
    i6_a_request_joins_the_same_task_or_waits_as_the_one_follow_up,
    i6_what_is_never_the_same_work_twice_joins_nobody,
    i7_a_run_keeps_what_it_was_asked,
    i6_runs_whose_process_died_keep_no_task_out,
    i7_a_task_that_waits_is_never_given_up,
    i7_a_task_goes_from_attempt_to_attempt,
    i7_a_task_that_is_handed_back_begins_anew,
    i7_a_task_is_cancelled_at_once_or_at_its_next_safe_point,
    i7_a_key_stands_for_one_request,
    a_slot_has_one_run,
    a_paused_shop_is_not_written_to,
    runs_are_listed_page_by_page,
    history_is_pruned_in_small_steps,
);
