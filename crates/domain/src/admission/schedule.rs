//! When a schedule begins.

/// Whether the schedule of a shop begins anew, so that its slots before now were no slots of it: another one was
/// recorded before. `None` stands for no schedule. A record of a version that did not tell schedules apart goes on.
#[must_use]
pub fn begins_anew(recorded: Option<&str>, fingerprint: Option<&str>) -> bool {
    recorded.is_some_and(|recorded| recorded != fingerprint.unwrap_or(NONE))
}

/// What is recorded for a shop without a schedule.
pub const NONE: &str = "";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_schedule_begins_anew() {
        assert!(!begins_anew(None, Some("1h")), "of an older version");
        assert!(!begins_anew(Some("1h"), Some("1h")));
        assert!(begins_anew(Some("1h"), Some("2h")));
        assert!(begins_anew(Some("1h"), None));
        assert!(begins_anew(Some(NONE), Some("1h")), "it was off in between");
        assert!(!begins_anew(Some(NONE), None));
    }
}
