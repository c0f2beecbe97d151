//! Properties that must hold for every input.
//!
//! One binary, so that it links once and every test shares [`support`]: the strategies, and simple reference
//! implementations. A reference implementation is written from the design, in the simplest way.

#[cfg(test)]
mod admission;
#[cfg(test)]
mod batches;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod guarding;
#[cfg(test)]
mod judging;
#[cfg(test)]
mod lines;
#[cfg(test)]
mod mapping;
#[cfg(test)]
mod planning;
#[cfg(test)]
mod rechecking;
#[cfg(test)]
mod revisions;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod saving;
#[cfg(test)]
mod spelling;
#[cfg(test)]
mod sums;
#[cfg(test)]
mod support;
#[cfg(test)]
mod windows;
