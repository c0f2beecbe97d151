//! What every shop must do, whatever its catalog. [`shop_tests!`](crate::shop_tests) turns the suite into tests.
//!
//! Each function makes its own shop through a [`Fixture`] and panics if the port breaks its contract. The first half
//! tests the port alone. The second half drives whole runs and checks the levels that buyers see, so that the same
//! rules hold for each way of settling.

mod clock;
mod fixture;
mod gate;
mod reading;
mod runs;
mod worker;
mod writing;

pub use clock::JumpingClock;
pub use fixture::{Fixture, LostCall};
pub use reading::*;
pub use runs::*;
pub use worker::Worker;
pub(crate) use worker::{StockList, run_over};
pub use writing::*;

/// One test for each requirement of the shop port, over the shops that `$fixture` makes.
#[macro_export]
macro_rules! shop_tests {
    ($fixture:ty) => {
        $crate::shop_tests! { $fixture:
            it_tells_what_its_catalog_takes,
            a_whole_read_shows_every_listing_once,
            i5_a_read_that_is_cut_short_is_an_error,
            skus_are_found_or_the_shop_says_that_it_cannot,
            levels_are_those_of_the_products_asked_for,
            what_was_added_is_told_as_changed,
            a_write_moves_levels_and_answers_every_line,
            i3_nothing_is_sent_without_its_commit,
            i6_nothing_leaves_after_its_moment,
            i2_a_lost_answer_leaves_every_line_unknown,
            a_line_that_is_refused_is_never_called_applied,
            i1_a_run_brings_every_level_to_its_target,
            i2_a_run_whose_answer_is_lost_writes_nothing_twice,
            i2_a_run_whose_request_is_lost_sends_it_again,
            i1_a_sale_before_the_write_is_kept,
            a_refused_line_ends_alone,
            an_interrupted_connection_is_tried_again,
        }
    };
    ($fixture:ty: $($name:ident),+ $(,)?) => {$(
        #[test]
        fn $name() {
            $crate::block_on($crate::shop::$name::<$fixture>());
        }
    )+};
}
