//! Dice: all that is left to chance comes from a seed, and from nothing else.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Throws that depend only on a seed, a stream and a place in that stream. So what happens to the n-th request of an
/// endpoint does not depend on how it and the requests of other endpoints came between each other.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

/// Words that one place in a stream has to itself; more than any request throws.
const WORDS_PER_PLACE: u128 = 256;

impl Dice {
    pub(crate) fn at(seed: u64, stream: u64, place: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(stream);
        dice.set_word_pos(u128::from(place) * WORDS_PER_PLACE);
        Self(dice)
    }

    /// A number from 0 to `below` − 1; 0 where `below` is 0.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        if below == 0 { 0 } else { self.0.next_u64() % below }
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// Whether something happens that happens so many times in a thousand.
    pub(crate) fn hits(&mut self, per_mille: u16) -> bool {
        self.below(1_000) < u64::from(per_mille)
    }

    /// A position in a list of this length.
    pub(crate) fn position(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap_or(u64::MAX))).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn a_throw_depends_on_seed_stream_and_place_alone() {
        let throw = |seed, stream, place| Dice::at(seed, stream, place).below(u64::MAX);
        assert_eq!(throw(1, 2, 3), throw(1, 2, 3));
        for other in [throw(2, 2, 3), throw(1, 3, 3), throw(1, 2, 4)] {
            assert_ne!(throw(1, 2, 3), other);
        }
    }

    #[test]
    fn throws_stay_within_their_bounds() {
        let mut dice = Dice::at(7, 0, 0);
        let throws: Vec<u64> = (0..200).map(|_| dice.between(3, 5)).collect();
        assert!([3, 4, 5].iter().all(|wanted| throws.contains(wanted)));
        assert!(throws.iter().all(|throw| (3..=5).contains(throw)));
        assert_eq!((dice.below(0), dice.position(0)), (0, 0));
        assert!((0..200).all(|_| dice.hits(1_000) && !dice.hits(0)));
    }
}
