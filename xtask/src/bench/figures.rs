//! What was measured, and the middle of several measurements.

use super::usage::Usage;

/// One run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figures {
    /// Requests of the client.
    pub(super) requests: u64,
    /// Requests that its work needs at least.
    pub(super) floor: u64,
    /// Of the requests: how many the shop refused for its limit.
    pub(super) refused: u64,
    /// What the client's process has used.
    pub(super) usage: Usage,
}

impl Figures {
    /// The median of each figure by itself; of refusals the most, since a single one is too many.
    pub(super) fn median(runs: &[Self]) -> Option<Self> {
        let of = |figure: fn(&Self) -> u64| median(runs.iter().map(figure).collect());
        Some(Self {
            requests: of(|run| run.requests)?,
            floor: of(|run| run.floor)?,
            refused: runs.iter().map(|run| run.refused).max()?,
            usage: Usage {
                wall_ms: of(|run| run.usage.wall_ms)?,
                cpu_ms: of(|run| run.usage.cpu_ms)?,
                peak_bytes: of(|run| run.usage.peak_bytes)?,
            },
        })
    }
}

/// The middle one; of an even number the lower of the two in the middle.
fn median(mut figures: Vec<u64>) -> Option<u64> {
    figures.sort_unstable();
    figures.get(figures.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![5]), Some(5));
        assert_eq!(median(vec![9, 1, 5]), Some(5));
        assert_eq!(median(vec![9, 1]), Some(1));
    }

    #[test]
    fn each_figure_has_its_own_median_and_no_refusal_is_lost() {
        let run = |wall_ms, cpu_ms, refused| Figures {
            requests: 14,
            floor: 16,
            refused,
            usage: Usage { wall_ms, cpu_ms, peak_bytes: 1 },
        };
        let median = Figures::median(&[run(1, 30, 0), run(2, 20, 1), run(3, 10, 0)]).unwrap();
        assert_eq!(median, run(2, 20, 1));
    }
}
