//! Test suites that every implementation of a port must pass. One line adds a suite to a crate's tests.
//!
//! [`store_tests!`] runs the suite of the store over one implementation. A new database adds one line:
//!
//! ```ignore
//! conformance::store_tests!(fixture);
//! ```
//!
//! where `async fn fixture() -> conformance::StoreFixture` makes an empty store. [`shop_tests!`] does the same for a
//! shop, given a type that implements [`shop::Fixture`]. To add a requirement, add a function to [`store`] or
//! [`shop`] and its name to the macro. Every implementation must then meet it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a broken promise must stop the test that runs the suite"
)]

pub mod shop;
pub mod store;

use std::any::Any;
use std::sync::Arc;

use sync::ports::Store;

/// An empty store for one test.
pub struct StoreFixture {
    /// The store.
    pub store: Arc<dyn Store>,
    /// A value that must live as long as the store, such as its folder.
    _kept: Box<dyn Any>,
}

impl StoreFixture {
    /// A store that needs nothing else to stay alive.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self::keeping(store, ())
    }

    /// A store, and a value that must live as long as the store.
    #[must_use]
    pub fn keeping(store: Arc<dyn Store>, kept: impl Any) -> Self {
        Self { store, _kept: Box::new(kept) }
    }
}

/// Runs a test's future to its end.
pub fn block_on<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}

/// The suite of the store as tests: `store_tests!(fixture)`, where `async fn fixture() -> StoreFixture`.
#[macro_export]
macro_rules! store_tests {
    ($fixture:path) => {
        $crate::store_tests! { $fixture:
            i7_a_run_begins_once_and_ends_once
            runs_have_running_numbers
            a_partial_run_is_not_the_last_that_converged
            runs_of_check_ups_are_not_counted
            i7_a_run_keeps_what_it_was_asked
            i7_a_request_that_waits_can_be_withdrawn
            the_last_good_whole_run_is_what_the_guard_compares_with
            another_writer_is_remembered_until_a_plan_is_applied
            an_installation_keeps_its_id
            runs_are_listed_page_by_page
            runs_are_found_by_the_beginning_of_their_id
            lines_keep_every_value_and_change_all_or_none
            i2_a_copy_that_a_dead_run_left_is_judged_by_its_revision
            a_write_stays_recent_until_nothing_of_it_can_land
            a_line_that_was_left_out_is_remembered_until_it_is_sent_again
            i6_a_lease_is_held_once_and_an_older_token_commits_nothing
            i6_a_lease_is_over_for_whoever_saw_it_unchanged
            i6_one_request_waits_while_somebody_waits_for_it
            i6_who_came_first_goes_first
            i6_a_task_goes_first_while_a_service_waits_for_it
            i6_a_request_joins_the_same_task_or_waits_as_the_one_follow_up
            i6_a_request_joins_only_a_task_that_will_see_every_earlier_change
            i6_what_is_never_the_same_work_twice_joins_nobody
            i6_runs_whose_process_died_keep_no_task_out
            i7_a_task_that_waits_is_never_given_up
            i7_a_task_goes_from_attempt_to_attempt
            i7_a_task_that_is_handed_back_begins_anew
            i7_a_task_is_cancelled_at_once_or_at_its_next_safe_point
            i7_a_key_stands_for_one_request
            a_slot_has_one_run
            a_paused_shop_is_not_written_to
            history_is_pruned_in_small_steps
            what_is_pruned_beside_runs
            a_listing_map_is_kept_and_changed_under_the_lease
            the_history_of_a_sku_is_what_each_run_did_with_it
            what_is_left_alone_is_known_for_each_run
            the_last_changes_of_a_sku_are_found
            a_name_and_a_digest_stand_for_one_token
            a_token_is_renewed_used_and_revoked
            swept_tokens_take_their_own_dry_runs_along
            i10_a_place_counts_for_a_window_after_its_reply
            i10_a_closed_window_lets_nothing_through
            a_pace_holds_over_all_that_share_the_store
            a_block_by_the_edge_closes_the_window_for_longer_each_time
            a_mark_can_be_written_over_and_over
            a_task_waits_since_it_could_be_begun
            ended_runs_stay_counted_when_they_are_pruned
            figures_tell_how_a_shop_stands
            earlier_attempts_tell_what_each_did
            slots_that_lie_ahead_are_forgotten_when_the_clock_is_set_back
            a_token_of_a_clock_that_was_ahead_lives_its_life_from_now
            a_write_that_lies_ahead_is_awaited_once
            a_clock_that_jumped_is_not_believed
            the_last_run_is_the_one_that_ended_last
            what_lies_ahead_is_not_deleted
            another_schedule_begins_anew
        }
    };
    ($fixture:path: $($name:ident)+) => {$(
        #[test]
        fn $name() {
            $crate::block_on(async {
                let fixture = $fixture().await;
                $crate::store::$name(&*fixture.store).await;
                fixture.store.close().await;
            });
        }
    )+};
}
