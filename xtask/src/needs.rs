//! What the commands need on the machine: each need knows how to tell whether it is there, and what to do
//! when it is not.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::steps::{self, Step, root, say};

/// Something that has to be on the machine.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    /// What a person calls it.
    name: &'static str,
    /// Whether it is there and works.
    check: fn() -> bool,
    /// What to do when it is not.
    remedy: Remedy,
}

/// How a missing need is met.
#[derive(Clone, Copy)]
enum Remedy {
    /// By this command, which is run.
    Install(&'static [&'static str]),
    /// By the person: what to do, as a sentence.
    Advice(&'static str),
}

/// Runs the tests, each in its own process.
pub(crate) const CARGO_NEXTEST: Need = Need {
    name: "cargo-nextest",
    check: || answers(&["cargo", "nextest", "--version"]),
    remedy: Remedy::Install(&["cargo", "install", "cargo-nextest", "--locked"]),
};

/// Checks the licences and the origin of the dependencies.
pub(crate) const CARGO_DENY: Need = Need {
    name: "cargo-deny",
    check: || answers(&["cargo", "deny", "--version"]),
    remedy: Remedy::Install(&["cargo", "install", "cargo-deny", "--locked"]),
};

/// Formats the sources.
pub(crate) const RUSTFMT: Need = Need {
    name: "rustfmt",
    check: || answers(&["cargo", "fmt", "--version"]),
    remedy: Remedy::Install(&["rustup", "component", "add", "rustfmt"]),
};

/// Lints the sources.
pub(crate) const CLIPPY: Need = Need {
    name: "clippy",
    check: || answers(&["cargo", "clippy", "--version"]),
    remedy: Remedy::Install(&["rustup", "component", "add", "clippy"]),
};

/// A place of its own for what comes from the Python Package Index, so that nothing of the machine's changes.
pub(crate) const PYTHON: Need = Need {
    name: "a Python environment in target/python",
    check: || answers(&["target/python/bin/python", "-m", "pip", "--version"]),
    remedy: Remedy::Install(&["python3", "-m", "venv", "target/python"]),
};

/// Asks the API everything that its description allows, and some that it does not.
pub(crate) const SCHEMATHESIS: Need = Need {
    name: "schemathesis",
    check: || answers(&["target/python/bin/schemathesis", "--version"]),
    remedy: Remedy::Install(&[
        "target/python/bin/python",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--quiet",
        "schemathesis==4.32.5",
    ]),
};

/// Runs what comes from the npm registry.
pub(crate) const NODE: Need = Need {
    name: "Node.js with npm",
    check: || answers(&["node", "--version"]) && answers(&["npm", "--version"]),
    remedy: Remedy::Advice(
        "Install Node.js 20 or newer, from https://nodejs.org or the packages of your system: the test of the \
         generated API client runs on it.",
    ),
};

/// Generates the types of a client from the API's description, and compiles the client.
pub(crate) const API_CLIENT: Need = Need {
    name: "openapi-typescript and TypeScript in target/node",
    check: || {
        answers(&["target/node/node_modules/.bin/openapi-typescript", "--version"])
            && answers(&["target/node/node_modules/.bin/tsc", "--version"])
    },
    remedy: Remedy::Install(&[
        "npm",
        "install",
        "--prefix",
        "target/node",
        "--no-audit",
        "--no-fund",
        "--silent",
        "openapi-typescript@7.13.0",
        "typescript@5.9.3",
    ]),
};

/// Builds the SQLite and the cryptography library that are compiled in.
pub(crate) const C_COMPILER: Need = Need {
    name: "a C compiler",
    check: c_compiler_works,
    remedy: Remedy::Advice(
        "Install one with the C library's headers: `apt install build-essential`, `dnf install gcc glibc-devel`, \
         `apk add build-base` or `xcode-select --install`.",
    ),
};

/// Sees to it that all of `needs` are there, or fails with what the person has to do.
pub(crate) fn provide(needs: &[Need]) -> anyhow::Result<()> {
    needs.iter().try_for_each(Need::provide)
}

impl Need {
    fn provide(&self) -> anyhow::Result<()> {
        if (self.check)() {
            return Ok(());
        }
        match self.remedy {
            Remedy::Advice(sentence) => bail!("{} is missing. {sentence}", self.name),
            Remedy::Install(command) => {
                say(&format!("{} is missing; installing it", self.name));
                steps::run(&[Step::new("installation", command)])
                    .with_context(|| format!("{} is missing and could not be installed", self.name))?;
                if !(self.check)() {
                    bail!("{} was installed but does not answer", self.name);
                }
                Ok(())
            }
        }
    }
}

/// Whether `command` runs and ends well.
fn answers(command: &[&str]) -> bool {
    let Some((program, args)) = command.split_first() else { return false };
    Command::new(program)
        .args(args)
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether a program that includes a header of the C library compiles. On Windows the build finds the
/// compiler by itself, outside the search path, so there it has the word.
fn c_compiler_works() -> bool {
    if cfg!(windows) {
        return true;
    }
    // The shell, so that the variable CC counts here as it does in the build.
    let compiler = Command::new("sh")
        .args(["-c", "${CC:-cc} -x c -fsyntax-only -"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut compiler) = compiler else { return false };
    if let Some(mut source) = compiler.stdin.take() {
        // A compiler that is not there closes its end early; its exit status tells.
        let _ = source.write_all(b"#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n");
    }
    compiler.wait().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_needs_no_remedy() {
        let there =
            Need { name: "there", check: || true, remedy: Remedy::Install(&["no-such-program-here"]) };
        provide(&[there]).unwrap();
    }

    #[test]
    fn what_cannot_be_installed_fails_with_its_advice() {
        let absent = Need { name: "a thing", check: || false, remedy: Remedy::Advice("Buy one.") };
        assert_eq!(provide(&[absent]).unwrap_err().to_string(), "a thing is missing. Buy one.");
    }

    #[test]
    fn an_installation_that_fails_is_a_failure() {
        let absent =
            Need { name: "a thing", check: || false, remedy: Remedy::Install(&["no-such-program-here"]) };
        let failed = format!("{:#}", provide(&[absent]).unwrap_err());
        assert!(
            failed.starts_with("a thing is missing and could not be installed: installation"),
            "{failed}"
        );
    }

    #[test]
    fn an_installation_is_believed_only_when_the_check_passes() {
        let absent =
            Need { name: "a thing", check: || false, remedy: Remedy::Install(&["cargo", "--version"]) };
        assert_eq!(provide(&[absent]).unwrap_err().to_string(), "a thing was installed but does not answer");
    }

    #[test]
    fn a_command_answers_or_does_not() {
        assert!(answers(&["cargo", "--version"]));
        assert!(!answers(&["cargo", "no-such-command"]));
        assert!(!answers(&["no-such-program-here"]));
        assert!(!answers(&[]));
    }

    #[test]
    fn the_compiler_that_built_these_tests_is_found() {
        assert!(c_compiler_works());
    }
}
