//! What is said of a program that came to its end.

use serde_json::Value;

/// A program that came to its end.
#[derive(Debug)]
pub struct Finished {
    /// The command line, as it is told where something is wrong with it.
    pub(crate) words: String,
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// What it said on stdout.
    pub stdout: String,
    /// What it said on stderr.
    pub stderr: String,
}

impl Finished {
    /// Fails unless it ended with this code.
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

    /// The one JSON value that stdout must be.
    #[must_use]
    pub fn json(&self) -> Value {
        assert!(self.stdout.ends_with('\n'), "stdout ends with a line end: {:?}", short(&self.stdout));
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| {
            panic!("stdout of {} is not one JSON value: {error}\n{}", self.words, short(&self.stdout))
        })
    }

    /// Fails unless a stream says this.
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
