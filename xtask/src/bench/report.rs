//! Checks the client's report: a figure counts only if the report is exactly as expected.

use anyhow::{Context, anyhow, ensure};
use serde::Deserialize;

use super::child::{Finished, tail};

/// The checked parts of the report's JSON.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Report {
    outcome: String,
    pub(super) requests: u64,
    pub(super) waited_ms: u64,
    errors: u64,
    updated_in_wix: u64,
    skipped_total: u64,
    details: Details,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Details {
    updates_prepared: u64,
    wix_products_found: u64,
}

/// What the report of a run must say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    /// The outcome.
    pub(super) outcome: &'static str,
    /// The number of SKUs in the run's scope; all of them are in the shop.
    pub(super) found: u64,
    /// The number of changed SKUs among them.
    pub(super) changed: u64,
}

impl Report {
    /// Returns the report if the run ended with exit code 0 and reports exactly what is expected.
    pub(super) fn checked(ended: &Finished, expected: &Expected) -> anyhow::Result<Self> {
        let said = || format!("exit code {:?}\n{}\n{}", ended.code, tail(&ended.output), tail(&ended.log));
        let report: Self =
            serde_json::from_str(&ended.output).with_context(|| format!("there is no report: {}", said()))?;
        ensure!(ended.code == Some(0), "the run did not end well: {}", said());
        report.holds(expected).map_err(|wrong| anyhow!("{wrong}: {}", said()))?;
        Ok(report)
    }

    fn holds(&self, expected: &Expected) -> anyhow::Result<()> {
        let written = if expected.outcome == "converged" { expected.changed } else { 0 };
        ensure!(
            self.outcome == expected.outcome,
            "the outcome is {:?}, not {:?}",
            self.outcome,
            expected.outcome
        );
        let found = self.details.wix_products_found;
        ensure!(found == expected.found, "{found} SKUs were found in the shop, not {}", expected.found);
        let prepared = self.details.updates_prepared;
        ensure!(prepared == expected.changed, "{prepared} changes were planned, not {}", expected.changed);
        ensure!(self.updated_in_wix == written, "{} changes were made, not {written}", self.updated_in_wix);
        ensure!(self.errors == 0, "{} changes went wrong", self.errors);
        ensure!(self.skipped_total == 0, "{} SKUs were left alone", self.skipped_total);
        Ok(())
    }
}

/// Counts in the client's log how often the shop refused a request because of its rate limit. The client logs each
/// 429 response: at level `debug` of the crate `wix` if it repeats the read, otherwise as a warning.
pub(super) fn refused(log: &str) -> u64 {
    let lines = log.lines().filter(|line| line.contains("HTTP 429")).count();
    u64::try_from(lines).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"status":"success","outcome":"converged","requests":14,"waited_ms":0,"errors":0,"updated_in_wix":20,
        "skipped_total":0,"details":{"updates_prepared":20,"wix_products_found":1000,"more":1}}"#;

    fn wrong(report: &str, expected: Expected) -> String {
        let report: Report = serde_json::from_str(report).unwrap();
        report.holds(&expected).map_or_else(|wrong| wrong.to_string(), |()| String::new())
    }

    #[test]
    fn only_what_is_true_counts() {
        let expected = Expected { outcome: "converged", found: 1_000, changed: 20 };
        assert_eq!(wrong(GOOD, expected), "");
        assert_eq!(wrong(GOOD, Expected { changed: 21, ..expected }), "20 changes were planned, not 21");
        assert_eq!(
            wrong(GOOD, Expected { found: 999, ..expected }),
            "1000 SKUs were found in the shop, not 999"
        );
        let wrong_if = |from: &str, to: &str| wrong(&GOOD.replace(from, to), expected);
        assert_eq!(wrong_if("converged", "partial"), "the outcome is \"partial\", not \"converged\"");
        assert_eq!(wrong_if(r#"in_wix":20"#, r#"in_wix":19"#), "19 changes were made, not 20");
        assert_eq!(wrong_if(r#"errors":0"#, r#"errors":1"#), "1 changes went wrong");
        assert_eq!(wrong_if(r#"total":0"#, r#"total":2"#), "2 SKUs were left alone");
    }

    #[test]
    fn a_plan_makes_no_changes() {
        let plan = GOOD.replace("converged", "planned").replace(":20", ":0");
        assert_eq!(wrong(&plan, Expected { outcome: "planned", found: 1_000, changed: 0 }), "");
    }

    #[test]
    fn refusals_are_counted_line_by_line() {
        let log = "INFO: Looking for products in Wix...\n\
                   DEBUG: read is repeated error=HTTP 429: RESOURCE_EXHAUSTED: too many requests\n\
                   WARN: The answer to 300 changes is not clear: HTTP 429: RESOURCE_EXHAUSTED\n\
                   DEBUG: read is repeated error=HTTP 503: Service Unavailable\n";
        assert_eq!(refused(log), 2);
    }
}
