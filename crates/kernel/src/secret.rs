//! A text that must not reach a log.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A secret text. `Debug` hides it; comparison takes the same time wherever texts differ.
#[derive(Clone, serde::Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text received or configured.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Random bytes in base64url without padding (RFC 4648 §5).
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The text, to be sent or hashed; the long name makes each use visible.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether `other` is the same, in time that does not depend on where they differ.
    pub fn matches(&self, other: &str) -> bool {
        let (ours, theirs) = (self.0.as_bytes(), other.as_bytes());
        let mut difference = ours.len() ^ theirs.len();
        for (a, b) in ours.iter().zip(theirs) {
            difference |= usize::from(a ^ b);
        }
        std::hint::black_box(difference) == 0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        assert_eq!(format!("{:?}", Secret::new("sesame")), "Secret(hidden)");
    }

    #[test]
    fn only_the_same_text_matches() {
        let secret = Secret::new("sesame");
        assert!(secret.matches("sesame"));
        for other in ["sesamo", "sesam", "sesames", ""] {
            assert!(!secret.matches(other), "{other}");
        }
    }
}
