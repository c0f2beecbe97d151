//! The programs that take part, built as users build them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde_json::Value;

use super::place::Place;
use crate::steps::{root, say};

/// What is run.
pub(super) struct Programs {
    /// The program itself, as client and as emulator.
    pub(super) wixsync: PathBuf,
    /// Writes warehouses.
    pub(super) warehouse: PathBuf,
    /// Asks the service while it works.
    pub(super) load: PathBuf,
    /// Where cargo puts what it builds, and the bench what it needs while it runs.
    pub(super) place: Place,
    /// Whether the emulator can hold its answers back.
    pub(super) has_latency: bool,
}

impl Programs {
    /// Builds them.
    pub(super) fn build() -> anyhow::Result<Self> {
        let wixsync = built(&["build", "--release", "--package", "wixsync", "--bin", "wixsync"])?;
        let example = |name| built(&["build", "--release", "--package", "xtask", "--example", name]);
        let (warehouse, load) = (example("bench-warehouse")?, example("bench-load")?);
        // TARGET/release/wixsync
        let place = Place::take(wixsync.ancestors().nth(2).context("the program lies in no folder")?)?;
        let has_latency = offers(&wixsync, "--faults")?;
        Ok(Self { wixsync, warehouse, load, place, has_latency })
    }
}

/// Runs cargo and gives the one program that it has built.
pub(super) fn built(args: &[&str]) -> anyhow::Result<PathBuf> {
    let shown = format!("cargo {}", args.join(" "));
    say(&format!("build: {shown}"));
    let done = Command::new("cargo")
        .args(args)
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !done.status.success() {
        bail!("`{shown}`: {}", done.status);
    }
    executable(&String::from_utf8_lossy(&done.stdout)).with_context(|| format!("`{shown}` built no program"))
}

/// The program among cargo's messages, one JSON object a line; a build may have made several for its own use,
/// and the last is the one that was asked for.
fn executable(messages: &str) -> Option<PathBuf> {
    messages.lines().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message.get("executable")?.as_str().map(PathBuf::from)
    })
}

/// Whether the emulator's command has this flag.
fn offers(wixsync: &Path, flag: &str) -> anyhow::Result<bool> {
    let help = Command::new(wixsync)
        .args(["emulator", "--help"])
        .stdin(Stdio::null())
        .output()
        .context("cannot ask the emulator for its help")?;
    Ok(String::from_utf8_lossy(&help.stdout).split_whitespace().any(|word| word == flag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_the_messages() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"a"},"executable":null}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"wixsync"},"executable":"/t/release/wixsync"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
            "\n"
        );
        assert_eq!(executable(messages), Some(PathBuf::from("/t/release/wixsync")));
        assert_eq!(executable("{\"reason\":\"build-finished\"}\nnot json"), None);
    }
}
