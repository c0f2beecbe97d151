//! Decides which of several columns is the stock: free stock before stock before any other quantity, and never a flag.

use crate::columns::sense::Sense;

/// A column that could be the quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) index: usize,
    pub(crate) sense: Sense,
    /// Whether its heading is a known name.
    pub(crate) is_certain: bool,
    /// Whether its heading may name a flag, as `in_stock` does.
    pub(crate) may_be_flag: bool,
    pub(crate) values: Values,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// Numbers, or other texts.
    Any,
    /// Nothing but 0 and 1.
    ZeroOrOne,
    /// Nothing but yes and no in words.
    YesOrNo,
    /// Mostly 0 and 1, or yes and no.
    Mixed,
    /// Nothing.
    None,
}

/// Which column it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    None,
    One(usize),
    /// The columns that could be meant.
    Several(Vec<usize>),
}

/// Chooses among columns with a quantity.
pub(crate) fn choose(all: &[Candidate]) -> Choice {
    let holds_numbers = |candidate: &Candidate| matches!(candidate.values, Values::Any | Values::Mixed);
    let has_numbers = all.iter().any(holds_numbers);
    let is_flag = |candidate: &&Candidate| match candidate.values {
        Values::YesOrNo => true,
        Values::ZeroOrOne => candidate.may_be_flag,
        Values::Any | Values::Mixed | Values::None => false,
    };
    let left: Vec<&Candidate> = all.iter().filter(|candidate| !has_numbers || !is_flag(candidate)).collect();
    let Some(best) = left.iter().map(|candidate| candidate.sense).min() else { return Choice::None };
    let of_best: Vec<&&Candidate> = left.iter().filter(|candidate| candidate.sense == best).collect();
    let [only] = of_best.as_slice() else {
        return Choice::Several(of_best.iter().map(|candidate| candidate.index).collect());
    };
    let rivals: Vec<usize> = left
        .iter()
        .filter(|other| other.index != only.index && could_be_meant(only, other))
        .map(|other| other.index)
        .collect();
    if rivals.is_empty() {
        return Choice::One(only.index);
    }
    Choice::Several(std::iter::once(only.index).chain(rivals).collect())
}

/// Whether another column could be meant instead of the best one.
fn could_be_meant(best: &Candidate, other: &Candidate) -> bool {
    let may_be_flag = match best.values {
        Values::ZeroOrOne => true,
        Values::Mixed => best.may_be_flag,
        Values::YesOrNo | Values::Any | Values::None => false,
    };
    let is_like_a_flag = may_be_flag && matches!(other.values, Values::Any | Values::Mixed);
    let is_known_better = !best.is_certain && (other.is_certain || best.sense != Sense::Free);
    is_like_a_flag || is_known_better
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(index: usize, sense: Sense, is_certain: bool) -> Candidate {
        Candidate { index, sense, is_certain, may_be_flag: false, values: Values::Any }
    }

    #[test]
    fn the_best_known_column_is_chosen_and_rivals_are_told() {
        use Sense::{Free, Loose, Stock, Units};
        let of = |columns: &[(Sense, bool)]| {
            let all: Vec<Candidate> = columns
                .iter()
                .enumerate()
                .map(|(at, (sense, known))| candidate(at, *sense, *known))
                .collect();
            choose(&all)
        };
        assert_eq!(of(&[]), Choice::None);
        assert_eq!(of(&[(Units, true), (Stock, true), (Free, true)]), Choice::One(2));
        assert_eq!(of(&[(Stock, true), (Units, false), (Loose, true)]), Choice::One(0));
        assert_eq!(of(&[(Stock, true), (Stock, true)]), Choice::Several(vec![0, 1]));
        assert_eq!(of(&[(Stock, true), (Stock, false)]), Choice::Several(vec![0, 1]));
        assert_eq!(of(&[(Stock, true), (Free, false)]), Choice::Several(vec![1, 0]));
        assert_eq!(of(&[(Free, false), (Stock, false)]), Choice::One(0));
        assert_eq!(of(&[(Stock, false), (Units, false)]), Choice::Several(vec![0, 1]));
        assert_eq!(of(&[(Units, false)]), Choice::One(0));
    }

    #[test]
    fn a_flag_never_wins_over_numbers() {
        let of = |flag: Candidate| choose(&[flag, candidate(1, Sense::Units, true)]);
        let flag = |values| Candidate { values, may_be_flag: true, ..candidate(0, Sense::Stock, true) };
        assert_eq!(of(flag(Values::ZeroOrOne)), Choice::One(1));
        assert_eq!(of(flag(Values::YesOrNo)), Choice::One(1));
        assert_eq!(of(flag(Values::Any)), Choice::One(0));
        assert_eq!(of(flag(Values::Mixed)), Choice::Several(vec![0, 1]));
        let free = Candidate { values: Values::ZeroOrOne, ..candidate(0, Sense::Free, true) };
        assert_eq!(of(free), Choice::Several(vec![0, 1]));
        assert_eq!(choose(&[flag(Values::ZeroOrOne)]), Choice::One(0));
    }
}
