//! The exit code and output of a program that has ended.

use serde_json::Value;

/// A program that has ended.
#[derive(Debug)]
pub struct Finished {
    /// The command line, for failure messages.
    pub(crate) words: String,
    /// The exit code; `None` if a signal ended the program.
    pub code: Option<i32>,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr.
    pub stderr: String,
}

impl Finished {
    /// Fails the test unless the exit code is `code`.
    #[must_use]
    pub fn ends(self, code: i32) -> Self {
        let Self { words, stdout, stderr, .. } = &self;
        assert_eq!(
            self.code,
            Some(code),
            "{words} should end with {code}\n--- stdout\n{}\n--- stderr\n{}",
            short(stdout),
            short(stderr)
        );
        self
    }

    /// Parses stdout, which must be a single JSON value.
    #[must_use]
    pub fn json(&self) -> Value {
        assert!(self.stdout.ends_with('\n'), "stdout ends with a line end: {:?}", short(&self.stdout));
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("stdout of {} is not one JSON value: {error}\n{}", self.words, short(&self.stdout))
        })
    }

    /// Fails the test unless stdout or stderr contains `text`.
    #[must_use]
    pub fn says(self, text: &str) -> Self {
        let said = self.stdout.contains(text) || self.stderr.contains(text);
        assert!(
            said,
            "{} should say {text:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.words,
            short(&self.stdout),
            short(&self.stderr)
        );
        self
    }
}

fn short(text: &str) -> String {
    const SHOWN: usize = 6_000;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
