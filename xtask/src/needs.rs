//! The tools that the commands need. Each need knows how to check for its tool and what to do if it is missing.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::steps::{self, Step, root, say};

/// A tool that must be available on the machine.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    /// Its name in messages.
    name: &'static str,
    /// Checks whether it is available and works.
    check: fn() -> bool,
    /// What to do if it is missing.
    remedy: Remedy,
}

/// What to do about a missing tool.
#[derive(Clone, Copy)]
enum Remedy {
    /// Run these arguments as an installation command.
    Install(&'static [&'static str]),
    /// Tell the person what to do, in one sentence.
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

/// Finds dependencies that nothing uses.
pub(crate) const CARGO_MACHETE: Need = Need {
    name: "cargo-machete",
    // Not as `cargo machete`: under `cargo run` it takes its own name for a path.
    check: || answers(&["cargo-machete", "--version"]),
    remedy: Remedy::Install(&["cargo", "install", "cargo-machete", "--locked"]),
};

/// Builds the Debian package.
pub(crate) const CARGO_DEB: Need = Need {
    name: "cargo-deb",
    check: || answers(&["cargo", "deb", "--version"]),
    remedy: Remedy::Install(&["cargo", "install", "cargo-deb", "--locked"]),
};

/// The second of the shells in which the blocks of the READMEs are run.
pub(crate) const ZSH: Need = Need {
    name: "zsh",
    check: || answers(&["zsh", "--version"]),
    // A fresh machine has no package lists yet.
    remedy: Remedy::Install(&[
        "sh",
        "-c",
        "apt-get update && apt-get install --yes --no-install-recommends zsh",
    ]),
};

/// The servers of the tests, from the system's packages.
#[cfg(unix)]
pub(crate) const DATABASES: Need = Need {
    name: "PostgreSQL, MariaDB or OpenSSL",
    check: || crate::databases::are_installed() && answers(&["openssl", "version"]),
    remedy: Remedy::Install(&[
        "sh",
        "-c",
        "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
         postgresql mariadb-server openssl",
    ]),
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

/// A virtual environment for Python packages, so that the machine's own packages do not change.
pub(crate) const PYTHON: Need = Need {
    name: "a Python environment in target/python",
    check: || answers(&["target/python/bin/python", "-m", "pip", "--version"]),
    remedy: Remedy::Install(&["python3", "-m", "venv", "target/python"]),
};

/// Tests the API with requests generated from its OpenAPI description, valid and invalid ones.
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
        "Install Node.js 20 or newer, from https://nodejs.org or the packages of your system: the tests of the \
         generated API client and of the emulator run on it.",
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

/// Wix's official JavaScript client, in the versions of `tests/conformance/package-lock.json`.
pub(crate) const OFFICIAL_CLIENT: Need = Need {
    name: "Wix's official client in tests/conformance",
    // Fails where a package is absent or has another version.
    check: || answers(&["npm", "ls", "--prefix", "tests/conformance", "--all"]),
    remedy: Remedy::Install(&[
        "npm",
        "ci",
        "--prefix",
        "tests/conformance",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--silent",
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

/// Installs the missing tools of `needs`, or fails with what the person has to do.
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

/// Whether `command` starts and ends with exit code 0.
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

/// Whether a program that includes a C library header compiles. On Windows the build finds the compiler outside
/// the search path, so nothing is checked there.
fn c_compiler_works() -> bool {
    if cfg!(windows) {
        return true;
    }
    // Through the shell, so that the variable CC is honored as in the build.
    let compiler = Command::new("sh")
        .args(["-c", "${CC:-cc} -x c -fsyntax-only -"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut compiler) = compiler else { return false };
    if let Some(mut source) = compiler.stdin.take() {
        // Writing fails if there is no compiler. The exit status below reports that.
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
