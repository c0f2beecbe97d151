//! Words as a user types them in a shell.

/// A word as a shell reads it: in quotation marks where it needs them. Commands in hints work as typed, also for a
/// name with spaces.
pub(crate) fn shell_word(text: &str) -> String {
    // Only a word with a zero byte cannot be quoted, and no argument of a program has one.
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_split_or_change_it() {
        assert_eq!(shell_word("shop-2"), "shop-2");
        assert_eq!(shell_word("my shop"), "'my shop'");
        for text in ["a b", "$HOME", "it's", "*", "КОФЕ 1"] {
            assert_eq!(shlex::split(&shell_word(text)), Some(vec![text.to_owned()]));
        }
    }
}
