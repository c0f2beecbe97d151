//! Splits XML into tags and texts, chunk by chunk, without keeping the whole.

use memchr::memchr;

/// A part of an XML document.
pub(crate) enum Part<'a> {
    /// A piece of a text; a text may come in several pieces.
    Text(&'a [u8]),
    /// What stands between `<` and `>`.
    Tag(&'a [u8]),
}

/// Splits chunks of XML.
#[derive(Default)]
pub(crate) struct Splitter {
    /// The beginning of a tag that the last chunk did not end; `None` outside a tag.
    tag: Option<Vec<u8>>,
}

impl Splitter {
    /// Takes a chunk and hands on its parts until `take` returns `false`. Returns `false` then, or if a tag is longer
    /// than `longest`.
    pub(crate) fn split(
        &mut self,
        mut chunk: &[u8],
        longest: usize,
        mut take: impl FnMut(Part<'_>) -> bool,
    ) -> bool {
        while !chunk.is_empty() {
            let Some(mut tag) = self.tag.take() else {
                let end = memchr(b'<', chunk).unwrap_or(chunk.len());
                let (text, rest) = chunk.split_at(end);
                if !text.is_empty() && !take(Part::Text(text)) {
                    return false;
                }
                self.tag = (!rest.is_empty()).then(Vec::new);
                chunk = rest.get(1..).unwrap_or_default();
                continue;
            };
            let end = memchr(b'>', chunk);
            let (inner, rest) = chunk.split_at(end.unwrap_or(chunk.len()));
            if tag.len() + inner.len() > longest {
                return false;
            }
            let is_whole = end.is_some();
            let went_on = if is_whole && tag.is_empty() {
                take(Part::Tag(inner))
            } else {
                tag.extend_from_slice(inner);
                !is_whole || take(Part::Tag(&tag))
            };
            if !went_on {
                return false;
            }
            self.tag = (!is_whole).then_some(tag);
            chunk = rest.get(1..).unwrap_or_default();
        }
        true
    }
}

/// The local name of a tag, with the slash of a closing tag.
pub(crate) fn name(tag: &[u8]) -> (bool, &[u8]) {
    let (is_end, tag) = match tag.strip_prefix(b"/") {
        Some(rest) => (true, rest),
        None => (false, tag),
    };
    let end = tag.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'/'));
    let whole = tag.get(..end.unwrap_or(tag.len())).unwrap_or_default();
    (is_end, whole.rsplit(|byte| *byte == b':').next().unwrap_or_default())
}

/// Whether the tag is an element of its own, as `<c/>`.
pub(crate) fn is_empty(tag: &[u8]) -> bool {
    tag.ends_with(b"/")
}

/// The value of an attribute by its local name, as it is written.
pub(crate) fn attribute<'a>(tag: &'a [u8], wanted: &str) -> Option<&'a str> {
    let text = std::str::from_utf8(tag).ok()?;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('=') {
        let key = before.rsplit(|c: char| c.is_whitespace()).find(|word| !word.is_empty())?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, more) = after.get(1..)?.split_once(quote)?;
        if key.rsplit(':').next() == Some(wanted) {
            return Some(value);
        }
        rest = more;
    }
    None
}

/// A text without the five entities of XML and numbered characters.
pub(crate) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let (entity, more) = after.split_once(';').unwrap_or((after, ""));
        let numbered = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
        let sign = match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => match entity.strip_prefix("#x") {
                Some(digits) => numbered(digits, 16),
                None => entity.strip_prefix('#').and_then(|digits| numbered(digits, 10)),
            },
        };
        plain.extend(sign);
        rest = more;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_the_same_in_chunks_of_any_size() {
        let xml = b"<?xml?><a x=\"1\">one<b/>two</a>".as_slice();
        let of = |size: usize| {
            let (mut tags, mut text) = (Vec::new(), Vec::new());
            let mut splitter = Splitter::default();
            for chunk in xml.chunks(size) {
                assert!(splitter.split(chunk, 100, |part| {
                    match part {
                        Part::Tag(tag) => tags.push(String::from_utf8(tag.to_vec()).unwrap()),
                        Part::Text(piece) => text.extend_from_slice(piece),
                    }
                    true
                }));
            }
            (tags, String::from_utf8(text).unwrap())
        };
        let due = (["?xml?", "a x=\"1\"", "b/", "/a"].map(str::to_owned).to_vec(), "onetwo".to_owned());
        for size in 1..=xml.len() {
            assert_eq!(of(size), due, "{size}");
        }
        assert!(!Splitter::default().split(b"<long", 3, |_| true));
    }

    #[test]
    fn attributes_are_found_by_their_local_name() {
        let tag = b"x:row r=\"3\" ht = '0' x:hidden='1' spans=\"a=b\"";
        assert_eq!(name(tag), (false, b"row".as_slice()));
        assert_eq!(name(b"/c"), (true, b"c".as_slice()));
        for (wanted, due) in
            [("r", Some("3")), ("ht", Some("0")), ("hidden", Some("1")), ("spans", Some("a=b")), ("x", None)]
        {
            assert_eq!(attribute(tag, wanted), due, "{wanted}");
        }
        assert_eq!(unescaped("a&amp;b &lt;&#1070;&#x433;&gt; &odd; &"), "a&b <Юг>  ");
    }
}
