//! The random source: everything that is left to chance depends on a seed and on nothing else.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Random numbers that depend only on a seed, a stream and an index in that stream. So what happens to the n-th request
/// of an endpoint does not depend on how requests to other endpoints interleave with it.
#[derive(Debug)]
pub(crate) struct RandomSource(ChaCha8Rng);

/// An independent sequence of random numbers under one seed. Endpoints have the streams from 0; the others are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stream(pub(crate) u64);

impl Stream {
    /// The waits before answers.
    pub(crate) const JITTER: Self = Self(100);
    /// The listings that are poisoned by chance.
    pub(crate) const POISON: Self = Self(101);
}

/// The number of 32-bit words that one index of a stream has to itself: more than any request draws.
const WORDS_PER_INDEX: u128 = 256;

impl RandomSource {
    pub(crate) fn at(seed: u64, stream: Stream, index: u64) -> Self {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        source.set_stream(stream.0);
        source.set_word_pos(u128::from(index) * WORDS_PER_INDEX);
        Self(source)
    }

    /// A number from 0 to `bound` − 1; 0 where `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { self.0.next_u64() % bound }
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// True with this probability, given in thousandths.
    pub(crate) fn chance(&mut self, per_mille: u16) -> bool {
        self.below(1_000) < u64::from(per_mille)
    }

    /// An index into a list of this length.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u64::try_from(length).unwrap_or(u64::MAX))).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{RandomSource, Stream};

    #[test]
    fn a_draw_depends_on_seed_stream_and_index_alone() {
        let draw = |seed, stream, index| RandomSource::at(seed, Stream(stream), index).below(u64::MAX);
        assert_eq!(draw(1, 2, 3), draw(1, 2, 3));
        for other in [draw(2, 2, 3), draw(1, 3, 3), draw(1, 2, 4)] {
            assert_ne!(draw(1, 2, 3), other);
        }
    }

    #[test]
    fn draws_stay_within_their_bounds() {
        let mut random = RandomSource::at(7, Stream(0), 0);
        let draws: Vec<u64> = (0..200).map(|_| random.between(3, 5)).collect();
        assert!([3, 4, 5].iter().all(|wanted| draws.contains(wanted)));
        assert!(draws.iter().all(|draw| (3..=5).contains(draw)));
        assert_eq!((random.below(0), random.index(0)), (0, 0));
        assert!((0..200).all(|_| random.chance(1_000) && !random.chance(0)));
    }
}
