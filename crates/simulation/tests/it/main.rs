//! Seeds, crashes everywhere, and checks that can fail.

mod controls;
mod crashes;
mod mended;
mod seeds;
