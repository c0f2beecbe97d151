//! Phrases of other programs, such as those of the operating system, inside the details of a sentence; and the log lines
//! of the inner crates.

use std::borrow::Cow;

/// The arguments that may hold what another program said.
const DETAILS: &[&str] = &["detail", "error"];

/// The phrases that are known. Their English texts are what those programs say, word for word.
pub(crate) const PHRASES: &[&str] = &[
    "foreign-log-task-panicked-end",
    "foreign-log-task-panicked",
    "foreign-log-docs-file",
    "foreign-log-handler",
    "foreign-log-run",
    "foreign-log-slot",
    "foreign-log-left",
    "foreign-log-places",
    "foreign-log-open",
    "foreign-log-files",
    "foreign-log-history",
    "foreign-log-tasks",
    "foreign-log-dead-man",
    "foreign-log-api",
    "foreign-log-last-slot",
    "foreign-log-traces",
    "foreign-log-lives",
    "foreign-log-loop",
    "foreign-log-clock",
    "foreign-log-window",
    "foreign-log-settings",
    "foreign-log-state",
    "foreign-log-damaged",
    "foreign-log-supervisor",
    "foreign-log-guest",
    "foreign-log-sweep",
    "foreign-log-defect",
    "foreign-wix-request",
    "foreign-os-error",
    "foreign-no-such-file",
    "foreign-denied",
    "foreign-not-permitted",
    "foreign-refused",
    "foreign-reset",
    "foreign-unreachable",
    "foreign-no-route",
    "foreign-no-name",
    "foreign-name-later",
    "foreign-lookup",
    "foreign-dns",
    "foreign-connect-timed-out",
    "foreign-timed-out",
    "foreign-elapsed",
    "foreign-sending",
    "foreign-connecting",
    "foreign-transfer",
    "foreign-tcp",
    "foreign-closed",
    "foreign-decoding",
    "foreign-body",
    "foreign-is-directory",
    "foreign-not-directory",
    "foreign-no-space",
    "foreign-read-only",
    "foreign-exists",
    "foreign-in-use",
    "foreign-no-address",
    "foreign-database",
    "foreign-database-open",
    "foreign-database-locked",
    "foreign-database-read-only",
    "foreign-database-malformed",
    "foreign-not-a-database",
    "foreign-no-table",
    "foreign-no-column",
    "foreign-syntax",
    "foreign-invalid-type",
    "foreign-invalid-value",
    "foreign-utf-8",
    "foreign-toml-newline",
    "foreign-toml-quoted",
    "foreign-toml-duplicate",
    "foreign-toml-key-value",
    "foreign-expected",
];

/// The argument `name` of a sentence with each of `phrases`, as it is said in English, in the other language.
pub(crate) fn translated<'a>(name: &str, text: &'a str, phrases: &[(String, String)]) -> Cow<'a, str> {
    if DETAILS.contains(&name) { replaced(text, phrases) } else { Cow::Borrowed(text) }
}

/// The text with each of `phrases` in the other language.
pub(crate) fn replaced<'a>(text: &'a str, phrases: &[(String, String)]) -> Cow<'a, str> {
    let mut said = Cow::Borrowed(text);
    for (english, other) in phrases {
        if said.contains(english.as_str()) {
            said = Cow::Owned(said.replace(english.as_str(), other));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use crate::{Lang, Messages, Text};

    #[test]
    fn what_the_system_says_stands_in_the_language_of_the_sentence() {
        let said = |lang| {
            let detail = "s: error sending request: Connection refused (os error 111) (Wix request 7)";
            Messages::new(lang).say(&Text::new("error-state").with("detail", detail))
        };
        assert!(said(Lang::En).contains("Connection refused (os error 111) (Wix request 7)"));
        let russian = said(Lang::Ru);
        assert!(
            russian.ends_with(
                "s: не удалось отправить запрос: в соединении отказано (системная ошибка 111) (запрос Wix 7)"
            ),
            "{russian}"
        );
    }

    /// A name that the user gave is no phrase.
    #[test]
    fn other_arguments_stay_as_they_are() {
        let said = Messages::new(Lang::Ru).say(&Text::new("import-too-large").with("file", "dns error.csv"));
        assert!(said.contains("dns error.csv"), "{said}");
    }
}
