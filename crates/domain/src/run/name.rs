//! How a user names a run: by its id, by its running number, or as the last one.

use super::super::RunId;

/// A run as a user names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunName {
    /// `last`: the newest run. Dry runs of check-ups do not count.
    Last,
    /// Its running number.
    Number(u64),
    /// Its id, in lower case. An id is a UUID, which may be written in either case (RFC 9562).
    Id(RunId),
}

impl RunName {
    /// Reads what a user wrote. A number has no leading zeros, and an id that begins with digits has some: it is a
    /// UUID of version 7, whose first digits are the time.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if text.eq_ignore_ascii_case("last") {
            return Self::Last;
        }
        let is_number = !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(number) if is_number => Self::Number(number),
            _ => Self::Id(RunId::new(&text.to_ascii_lowercase())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_ids_and_the_last_run_are_told_apart() {
        let id = |text: &str| RunName::Id(RunId::new(text));
        for (text, name) in [
            ("last", RunName::Last),
            ("LAST", RunName::Last),
            ("1", RunName::Number(1)),
            ("1204", RunName::Number(1_204)),
            ("0194", id("0194")),
            ("01A2306A-6C94", id("01a2306a-6c94")),
            ("0", id("0")),
            ("", id("")),
            ("-1", id("-1")),
            ("99999999999999999999999", id("99999999999999999999999")),
        ] {
            assert_eq!(RunName::parse(text), name, "{text}");
        }
    }
}
