//! Runs commands one after another until one fails.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// A command with a name for messages.
pub(crate) struct Step {
    name: &'static str,
    command: Vec<String>,
    variables: Vec<(&'static str, String)>,
}

impl Step {
    /// Runs `cargo` with `args`.
    pub(crate) fn cargo(name: &'static str, args: &[&str]) -> Self {
        let mut command = vec!["cargo"];
        command.extend(args);
        Self::new(name, &command)
    }

    /// Runs a program with arguments.
    pub(crate) fn new(name: &'static str, command: &[&str]) -> Self {
        Self { name, command: command.iter().copied().map(String::from).collect(), variables: Vec::new() }
    }

    /// Sets an environment variable for the command.
    pub(crate) fn with(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((variable, value.into()));
        self
    }

    /// The command as a person types it.
    fn shown(&self) -> String {
        let variables = self.variables.iter().map(|(variable, value)| format!("{variable}=\"{value}\""));
        variables.chain(self.command.iter().cloned()).collect::<Vec<_>>().join(" ")
    }

    fn run(&self) -> anyhow::Result<()> {
        let shown = self.shown();
        say(&format!("{}: {shown}", self.name));
        let (program, args) =
            self.command.split_first().with_context(|| format!("{} has no command", self.name))?;
        let status = Command::new(program)
            .args(args)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(root())
            .status()
            .with_context(|| format!("{}: cannot start `{shown}`", self.name))?;
        if !status.success() {
            bail!("{} (`{shown}`: {status})", self.name);
        }
        Ok(())
    }
}

/// Runs `steps` in order and stops at the first failure.
pub(crate) fn run(steps: &[Step]) -> anyhow::Result<()> {
    steps.iter().try_for_each(Step::run)
}

/// The folder of the workspace, from any current folder.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// Prints a line to standard error, like cargo itself.
#[expect(clippy::print_stderr, reason = "the one place that prints")]
pub(crate) fn say(line: &str) {
    eprintln!("xtask: {line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_carries_the_name_and_the_command() {
        let failed = run(&[Step::cargo("no such thing", &["no-such-command"])]).unwrap_err().to_string();
        assert!(failed.starts_with("no such thing (`cargo no-such-command`: exit status"), "{failed}");
    }

    #[test]
    fn a_program_that_is_not_there_is_a_failure() {
        let failed = run(&[Step::new("absent", &["no-such-program-here"])]).unwrap_err().to_string();
        assert_eq!(failed, "absent: cannot start `no-such-program-here`");
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_reaches_the_command_and_is_shown() {
        let step = Step::new("variable", &["sh", "-c", "test \"$FLAGS\" = '-D warnings'"])
            .with("FLAGS", "-D warnings");
        assert!(step.shown().starts_with("FLAGS=\"-D warnings\" sh -c "), "{}", step.shown());
        run(&[step]).unwrap();
    }

    #[test]
    fn the_first_failure_is_the_end() {
        let failed = run(&[
            Step::cargo("good", &["--version"]),
            Step::cargo("first", &["no-such-command"]),
            Step::cargo("second", &["no-such-command"]),
        ]);
        let failed = failed.unwrap_err().to_string();
        assert!(failed.starts_with("first "), "{failed}");
    }

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("Cargo.lock").is_file(), "{}", root().display());
    }
}
