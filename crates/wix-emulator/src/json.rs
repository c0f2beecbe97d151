//! Reading JSON files.

pub(crate) mod milliseconds;

/// False for a text that starts like a list, a string or a number. The JSON parser judges all other texts. This check goes
/// before it because serde would also read a list into a struct, member by member in order.
pub(crate) fn is_object(text: &str) -> bool {
    let first = text.trim_start().chars().next();
    !first.is_some_and(|first| first == '[' || first == '"' || first == '-' || first.is_ascii_digit())
}
