//! Crashes at every yield point of small fixed simulations.

use crate::profile::{Fault, Profile, Rates};
use crate::scenario::{SeedResult, play};

/// Twenty small simulations: one to six listings, batches of one to three lines, at most one fault each.
#[must_use]
pub fn fixed_plans() -> Vec<Profile> {
    let faults = [
        None,
        Some(Fault::LostRequest),
        Some(Fault::LostReply),
        Some(Fault::LateApply),
        Some(Fault::ServerErrorApplied),
        Some(Fault::ServerErrorLate),
        Some(Fault::PartThenRefused),
        Some(Fault::PartThenServerError),
        Some(Fault::MalformedReply),
        Some(Fault::ConnectionRefused),
    ];
    let profile = |nth: usize, fault: Option<Fault>, seed: u64| Profile {
        listings: 1 + nth % 6,
        write_batch: 1 + u16::try_from(nth % 3).unwrap_or(0),
        rates: fault.map_or(Rates::none(), |fault| Rates::none().with(fault, 400)),
        ..Profile::calm(seed)
    };
    let pairs = faults.iter().chain(&faults).zip(1_000..);
    pairs.enumerate().map(|(nth, (fault, seed))| profile(nth + 3, *fault, seed)).collect()
}

/// Plays the simulation once for each yield point of its first run, with a crash there. Returns the number of crash
/// points that were tried, and the results that broke a rule.
#[must_use]
pub fn crash_everywhere(profile: &Profile) -> (u64, Vec<(u64, SeedResult)>) {
    let mut broken = Vec::new();
    let mut at = 1;
    loop {
        let result = play(Profile { crash_at: Some(at), ..profile.clone() }, false);
        let reached = result.outcomes.contains_key("(died)");
        if result.violation.is_some() {
            broken.push((at, result));
        }
        if !reached {
            return (at - 1, broken);
        }
        at += 1;
    }
}
