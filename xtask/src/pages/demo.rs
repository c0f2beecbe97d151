//! The output of the demo in a README, from the snapshot of the program's own test.

use anyhow::{Context, ensure};

/// The line above the block that this fills.
const MARK: &str = "<!-- demo -->\n```text\n";
/// The longest line of the block; a longer one is cut where its JSON has a comma.
const WIDEST: usize = 110;

/// The README with the output in its block.
pub(super) fn filled(readme: &str, command: &str, snapshot: &str) -> anyhow::Result<String> {
    let (before, rest) = readme.split_once(MARK).context("it has no block for the demo")?;
    let (_, after) = rest.split_once("```").context("the block for the demo has no end")?;
    Ok(format!("{before}{MARK}$ {command}\n{}```{after}", block(snapshot)?))
}

/// What a terminal shows: the log, then the report. What differs from run to run is left out.
fn block(snapshot: &str) -> anyhow::Result<String> {
    let text = snapshot.splitn(3, "---\n").last().context("no snapshot")?;
    let (report, rest) = text.split_once("\n--- stderr\n").context("no log in the snapshot")?;
    let (log, code) = rest.split_once("\n--- exit code ").context("no exit code in the snapshot")?;
    ensure!(code.trim() == "0", "the demo ends with {code}");
    Ok(log.lines().chain(report.lines()).map(|line| cut(&without_variation(line)) + "\n").collect())
}

/// Without the names of colors, and with `…` for ids and times.
fn without_variation(line: &str) -> String {
    let mut text = String::new();
    for part in line.split('‹') {
        text.push_str(part.split_once('›').map_or(part, |(_, rest)| rest));
    }
    text.replace("[id]", "…").replace("[seconds]", "…").trim_end().to_owned()
}

fn cut(line: &str) -> String {
    let end = line.char_indices().nth(WIDEST).map(|(end, _)| end);
    let cut = end.and_then(|end| line.get(..end)).and_then(|kept| kept.rsplit_once(','));
    cut.map_or_else(|| line.to_owned(), |(kept, _)| format!("{kept},…}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SNAPSHOT: &str = "---\nsource: a.rs\n---\n‹bold green›Shop demo: up to date‹›\n  Run [id]: 16, [seconds] s\n\
                            --- stderr\nINFO: Started\n--- exit code 0\n";

    #[test]
    fn the_block_has_the_log_and_then_the_report() {
        let readme = "# A\n\n<!-- demo -->\n```text\nold\n```\n\nrest\n";
        let due = "# A\n\n<!-- demo -->\n```text\n$ wixsync demo\nINFO: Started\nShop demo: up to date\n  Run …: 16, … s\n\
                   ```\n\nrest\n";
        assert_eq!(filled(readme, "wixsync demo", SNAPSHOT).unwrap(), due);
        assert_eq!(filled(due, "wixsync demo", SNAPSHOT).unwrap(), due);
    }

    #[test]
    fn a_failed_demo_is_not_shown() {
        let failed = SNAPSHOT.replace("exit code 0", "exit code 5");
        assert!(filled("<!-- demo -->\n```text\n```", "wixsync demo", &failed).is_err());
        assert!(filled("no block", "wixsync demo", SNAPSHOT).is_err());
    }

    #[test]
    fn a_long_report_is_cut_between_two_values() {
        let line = format!("INFO: {{\"outcome\":\"converged\",\"text\":\"{}\",\"n\":1}}", "a".repeat(WIDEST));
        assert_eq!(cut(&line), "INFO: {\"outcome\":\"converged\",…}");
        assert_eq!(cut("short, short"), "short, short");
    }
}
