//! Seeds, crashes everywhere, and checks that can fail.

mod conformance;
mod controls;
mod crashes;
mod memory;
mod mended;
mod seeds;
