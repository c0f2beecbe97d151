//! Builds the programs that the bench runs, in release mode like users do.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde_json::Value;

use super::work_folder::WorkFolder;
use crate::steps::{root, say};

/// The programs that the bench runs.
pub(super) struct Programs {
    /// `wixsync`, used as client, emulator and service.
    pub(super) wixsync: PathBuf,
    /// Writes the warehouse database.
    pub(super) warehouse: PathBuf,
    /// Sends requests to the service during a run.
    pub(super) load: PathBuf,
    /// The folder of the bench's files.
    pub(super) folder: WorkFolder,
    /// Whether the emulator can delay its responses.
    pub(super) has_latency: bool,
}

impl Programs {
    /// Builds the programs.
    pub(super) fn build() -> anyhow::Result<Self> {
        let wixsync = built(&["build", "--release", "--package", "wixsync", "--bin", "wixsync"])?;
        let example = |name| built(&["build", "--release", "--package", "xtask", "--example", name]);
        let (warehouse, load) = (example("bench-warehouse")?, example("bench-load")?);
        // TARGET/release/wixsync
        let folder = WorkFolder::take(wixsync.ancestors().nth(2).context("the program lies in no folder")?)?;
        let has_latency = offers(&wixsync, "--faults")?;
        Ok(Self { wixsync, warehouse, load, folder, has_latency })
    }
}

/// Runs cargo and returns the program that it has built.
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

/// Finds the program in cargo's messages (one JSON object per line). A build may produce other executables first;
/// the last one is the requested program.
fn executable(messages: &str) -> Option<PathBuf> {
    messages.lines().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message.get("executable")?.as_str().map(PathBuf::from)
    })
}

/// Whether `wixsync emulator` has this flag.
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
