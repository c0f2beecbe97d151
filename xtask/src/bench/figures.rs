//! The figures of a run, and the median of several runs.

use super::usage::Usage;

/// The figures of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figures {
    /// Requests that the client sent.
    pub(super) requests: u64,
    /// The smallest possible number of requests for the work.
    pub(super) floor: u64,
    /// Requests that the shop refused because of its rate limit.
    pub(super) refused: u64,
    /// How long requests waited for the limit and the pace, in milliseconds, by the client's report.
    pub(super) waited_ms: u64,
    /// The resource usage of the client's process.
    pub(super) usage: Usage,
}

impl Figures {
    /// The median of each figure separately. For refused requests the maximum, because a single one is too many.
    pub(super) fn median(runs: &[Self]) -> Option<Self> {
        let of = |figure: fn(&Self) -> u64| median(runs.iter().map(figure).collect());
        Some(Self {
            requests: of(|run| run.requests)?,
            floor: of(|run| run.floor)?,
            refused: runs.iter().map(|run| run.refused).max()?,
            waited_ms: of(|run| run.waited_ms)?,
            usage: Usage {
                wall_ms: of(|run| run.usage.wall_ms)?,
                cpu_ms: of(|run| run.usage.cpu_ms)?,
                peak_bytes: of(|run| run.usage.peak_bytes)?,
            },
        })
    }
}

/// The median; the lower one of an even number of values.
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
            waited_ms: wall_ms / 2,
            usage: Usage { wall_ms, cpu_ms, peak_bytes: 1 },
        };
        let median = Figures::median(&[run(1, 30, 0), run(2, 20, 1), run(3, 10, 0)]).unwrap();
        assert_eq!(median, run(2, 20, 1));
    }
}
