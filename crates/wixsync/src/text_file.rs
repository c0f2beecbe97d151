//! The text of a file that a user wrote with any editor: UTF-8, or UTF-16 with a byte order mark, as Windows writes it.

use std::io;
use std::path::Path;

/// The content of a file, without a byte order mark.
pub(crate) fn read(file: &Path) -> io::Result<String> {
    decode(std::fs::read(file)?).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidData, "the file is neither UTF-8 nor UTF-16 text")
    })
}

/// The text of these bytes; `None` if they are neither UTF-8 nor UTF-16 with a mark.
pub(crate) fn decode(bytes: Vec<u8>) -> Option<String> {
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks();
    let units = units.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).collect::<Result<String, _>>().ok().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_left_out_and_both_encodings_are_read() {
        let in_units = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
            let units = "ключ\r\n".encode_utf16().flat_map(bytes);
            mark.iter().copied().chain(units).collect::<Vec<u8>>()
        };
        let text = Some("ключ\r\n".to_owned());
        assert_eq!(decode("ключ\r\n".into()), text);
        assert_eq!(decode("\u{feff}ключ\r\n".into()), text);
        assert_eq!(decode(in_units(&[0xFF, 0xFE], u16::to_le_bytes)), text);
        assert_eq!(decode(in_units(&[0xFE, 0xFF], u16::to_be_bytes)), text);
        assert_eq!(decode(Vec::new()), Some(String::new()));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in
            [&b"\xcf\xf0\xe8\xe2\xe5\xf2"[..], b"\xff\xfea", b"\xff\xfe\x00\xd8", b"\xef\xbb\xbf\xff"]
        {
            assert_eq!(decode(bytes.to_vec()), None, "{bytes:?}");
        }
    }
}
