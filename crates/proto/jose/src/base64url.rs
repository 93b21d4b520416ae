//! Base64url without padding (RFC 7515 §2): one text per byte string, so a token has one form.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Encodes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Appends the encoding of `bytes` to `out`.
pub(crate) fn append(bytes: &[u8], out: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, out);
}

/// Decodes; padding, other alphabets and stray bits in the last character are refused.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_form_of_the_same_bytes_is_refused() {
        assert_eq!(decode("AQ"), Some(vec![1]));
        for text in ["AR", "AQ==", "A+", "A Q", "AQ\n"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
