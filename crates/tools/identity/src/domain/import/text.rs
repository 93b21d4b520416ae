//! From bytes to text: what spreadsheets write.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How bytes were understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Encoding {
    /// With or without its mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252, which Latin-1 is nearly: what is no UTF-8 and has no mark.
    #[serde(rename = "latin-1")]
    Latin1,
    /// By its mark, in either order of bytes.
    #[serde(rename = "utf-16")]
    Utf16,
}

/// The text of a file, without its mark. What cannot be understood becomes U+FFFD, which no line
/// may hold.
pub(super) fn decode(bytes: &[u8]) -> (String, Encoding) {
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        let (text, _) = UTF_16LE.decode_without_bom_handling(rest);
        return (text.into_owned(), Encoding::Utf16);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let (text, _) = UTF_16BE.decode_without_bom_handling(rest);
        return (text.into_owned(), Encoding::Utf16);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return (String::from_utf8_lossy(rest).into_owned(), Encoding::Utf8);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), Encoding::Utf8);
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    (text.into_owned(), Encoding::Latin1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_ways_of_spreadsheets_are_understood() {
        let utf16 = |order: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            let mut bytes = mark.to_vec();
            bytes.extend("Zoé;œ".encode_utf16().flat_map(order));
            bytes
        };
        for (bytes, encoding) in [
            ("Zoé;œ".as_bytes().to_vec(), Encoding::Utf8),
            ("\u{feff}Zoé;œ".as_bytes().to_vec(), Encoding::Utf8),
            (b"Zo\xe9;\x9c".to_vec(), Encoding::Latin1),
            (utf16(u16::to_le_bytes, [0xff, 0xfe]), Encoding::Utf16),
            (utf16(u16::to_be_bytes, [0xfe, 0xff]), Encoding::Utf16),
        ] {
            assert_eq!(decode(&bytes), ("Zoé;œ".to_owned(), encoding));
        }
    }
}
