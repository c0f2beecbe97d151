//! Decodes bytes to text: Unicode with and without a byte order mark, and older encodings.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{IBM866, ISO_8859_5, KOI8_R, KOI8_U, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use crate::{BadLine, BadReason, NotAList, Refusal};

/// A text encoding that the caller names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// Finds an encoding by any of its usual names: `utf-8`, `windows-1251`, `cp1251`, `cp866`, `koi8-r`, `utf-16le` …
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        // Names that people use but the standard does not list.
        let name = match name.as_str() {
            "1251" | "win1251" | "win-1251" | "windows1251" => "windows-1251",
            "dos" => "cp866",
            other => other,
        };
        let found = encoding_rs::Encoding::for_label(name.as_bytes())?;
        // The standard uses this encoding for labels that must not be decoded.
        (found != encoding_rs::REPLACEMENT).then_some(Self(found))
    }

    /// The name in the WHATWG Encoding Standard.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

/// A decoded text and its encoding.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: &'static str,
}

/// Decodes the text. Lines with invalid bytes are errors; nothing is replaced.
pub(crate) fn decode(bytes: &[u8], wanted: Option<Encoding>) -> Result<Decoded, Refusal> {
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => match wanted {
            Some(wanted) => wanted.0,
            None => detect(bytes)?,
        },
    };
    let bytes = if encoding.is_ascii_compatible() { without_end_mark(bytes) } else { bytes };
    let (text, had_errors) = encoding.decode_with_bom_removal(bytes);
    if had_errors {
        return Err(Refusal::of_bad(undecodable(&text, encoding.name())));
    }
    if text.contains('\0') {
        return Err(Refusal::NotAList(NotAList::Binary));
    }
    Ok(Decoded { text: text.into_owned(), encoding: encoding.name() })
}

/// The bytes without the mark with which programs for DOS end a text.
fn without_end_mark(bytes: &[u8]) -> &[u8] {
    let last = bytes.iter().rposition(|byte| !matches!(byte, b'\x1a' | b'\r' | b'\n' | b' '));
    let (text, end) = bytes.split_at(last.map_or(0, |last| last + 1));
    if end.contains(&b'\x1a') { text } else { bytes }
}

fn undecodable(text: &str, encoding: &'static str) -> Vec<BadLine> {
    text.lines()
        .zip(1..)
        .filter(|(line, _)| line.contains(char::REPLACEMENT_CHARACTER))
        .map(|(text, line)| BadLine::new(line, text.to_owned(), BadReason::NotInEncoding { encoding }))
        .collect()
}

fn detect(bytes: &[u8]) -> Result<&'static encoding_rs::Encoding, Refusal> {
    if let Some(encoding) = unmarked_utf16(bytes) {
        return Ok(encoding);
    }
    if std::str::from_utf8(bytes).is_ok() || is_broken_utf8(bytes) {
        return Ok(UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"ru"), Utf8Detection::Deny);
    if CYRILLIC.contains(&guess) { Ok(guess) } else { Err(unclear(bytes, guess)) }
}

/// The encodings that are accepted when detected. A few Cyrillic letters can look like a Western encoding to the
/// detector, and a wrong guess would change SKUs.
const CYRILLIC: [&encoding_rs::Encoding; 5] = [WINDOWS_1251, IBM866, KOI8_U, KOI8_R, ISO_8859_5];

/// The refusal with the first line that has non-ASCII characters, as it reads in each possible encoding.
fn unclear(bytes: &[u8], guess: &'static encoding_rs::Encoding) -> Refusal {
    let line =
        bytes.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| !line.is_ascii()).unwrap_or_default();
    let read = |encoding: &'static encoding_rs::Encoding| {
        let (text, _) = encoding.decode_without_bom_handling(line);
        (encoding.name(), text.into_owned())
    };
    let mut readings = vec![read(WINDOWS_1251)];
    readings.extend((guess != WINDOWS_1251).then(|| read(guess)));
    Refusal::UnclearEncoding { readings }
}

/// Whether the text is damaged UTF-8. In the older Cyrillic encodings hardly any two bytes form a valid UTF-8
/// letter, and none form a Cyrillic one. So a file where most of them do is UTF-8 with a few bad bytes.
fn is_broken_utf8(bytes: &[u8]) -> bool {
    let (mut cyrillic, mut letters, mut broken) = (0_usize, 0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        cyrillic += chunk.valid().chars().filter(|c| matches!(c, '\u{400}'..='\u{4ff}')).count();
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    cyrillic > broken || letters > broken.saturating_mul(4)
}

/// Detects UTF-16 without a byte order mark: digits and Latin letters have a zero byte beside each of them.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let (mut even, mut odd) = (0_usize, 0_usize);
    for pair in bytes.chunks_exact(2) {
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.last() == Some(&0));
    }
    let many = bytes.len() / 8;
    match (even > many, odd > many) {
        (false, true) if even == 0 => Some(UTF_16LE),
        (true, false) if odd == 0 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "Артикул;Наименование;Остаток\nА-1;Кружка белая;5\nА-2;Чайник;3\n";

    fn read(bytes: &[u8]) -> (String, &'static str) {
        let decoded = decode(bytes, None).unwrap();
        (decoded.text, decoded.encoding)
    }

    #[test]
    fn encodings_are_told_from_the_bytes() {
        for name in ["utf-8", "windows-1251", "cp866", "koi8-r"] {
            let encoding = Encoding::named(name).unwrap();
            let (bytes, _, _) = encoding.0.encode(LIST);
            let found = read(&bytes);
            assert_eq!(found.0, LIST, "{name}");
            // The letters of Russian have the same bytes in both KOI8s.
            assert_eq!(found.1.replace("KOI8-U", "KOI8-R"), encoding.name());
        }
        let marked = format!("\u{feff}{LIST}");
        assert_eq!(read(marked.as_bytes()), (LIST.to_owned(), "UTF-8"));
        for (little, mark) in [(true, true), (true, false), (false, true), (false, false)] {
            let text = if mark { &marked } else { "sku;stock\nА-1;5\n" };
            let units = text.encode_utf16();
            let bytes: Vec<u8> =
                units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect();
            let due = if little { "UTF-16LE" } else { "UTF-16BE" };
            assert_eq!(read(&bytes), (text.trim_start_matches('\u{feff}').to_owned(), due));
        }
    }

    #[test]
    fn too_few_letters_are_not_guessed_at() {
        let text = "sku;name;qty\n1;чай;5\n";
        let (bytes, _, _) = WINDOWS_1251.encode(text);
        let Err(Refusal::UnclearEncoding { readings }) = decode(&bytes, None) else { panic!("taken") };
        let due = [("windows-1251", "1;чай;5".to_owned()), ("windows-1252", "1;÷àé;5".to_owned())];
        assert_eq!(readings, due);
        assert_eq!(decode(&bytes, Encoding::named("1251")).unwrap().text, text);
        let (bytes, _, _) = WINDOWS_1251.encode("Артикул;Остаток\nA-1;5\n");
        assert_eq!(read(&bytes).1, "windows-1251");
    }

    #[test]
    fn damaged_text_is_refused_with_its_lines() {
        let mut bytes = LIST.as_bytes().to_vec();
        let at = bytes.iter().rposition(|byte| *byte == b';').unwrap();
        bytes.insert(at, 0xFF);
        let Err(Refusal::Bad { lines, total: 1 }) = decode(&bytes, None) else { panic!("taken") };
        assert_eq!(lines[0].line, 3);
        assert_eq!(lines[0].reason, BadReason::NotInEncoding { encoding: "UTF-8" });
        let utf8 = Encoding::named("utf8");
        let (cyrillic, _, _) = WINDOWS_1251.encode(LIST);
        assert!(matches!(decode(&cyrillic, utf8), Err(Refusal::Bad { total: 3, .. })));
    }
}
