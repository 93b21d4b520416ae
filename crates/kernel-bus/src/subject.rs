//! What a message is about.

use std::borrow::Cow;

/// The longest subject, in bytes.
const LONGEST: usize = 64;

/// Words of small letters, digits and `-`, joined by dots: `identity.revoked`. A valid part of a
/// NATS subject, without wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject(Cow<'static, str>);

impl Subject {
    /// A subject of the program.
    ///
    /// # Panics
    /// When it is none; in a constant that is an error of compilation.
    pub const fn fixed(text: &'static str) -> Self {
        assert!(is_subject(text.as_bytes()), "not a subject");
        Self(Cow::Borrowed(text))
    }

    /// A subject that somebody sent; none: it is none.
    pub fn parse(text: &str) -> Option<Self> {
        is_subject(text.as_bytes()).then(|| Self(Cow::Owned(text.to_owned())))
    }

    /// As it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "within the length; a constant function has no iterators"
)]
const fn is_subject(text: &[u8]) -> bool {
    let mut at = 0;
    let mut in_word = false;
    while at < text.len() {
        match text[at] {
            b'a'..=b'z' | b'0'..=b'9' => in_word = true,
            b'-' | b'.' if in_word => in_word = false,
            _ => return false,
        }
        at += 1;
    }
    in_word && text.len() <= LONGEST
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_joined_by_dots_are_subjects_and_wildcards_are_not() {
        for good in ["live", "identity.revoked", "a-1.b"] {
            let subject = Subject::parse(good);
            assert_eq!(subject.as_ref().map(Subject::as_str), Some(good));
        }
        for bad in [
            "", ".", "a.", ".a", "a..b", "a.*", ">", "A", "a b", "é", "a-",
        ] {
            assert_eq!(Subject::parse(bad), None, "{bad}");
        }
        assert_eq!(Subject::parse(&"a".repeat(LONGEST + 1)), None);
        assert!(Subject::parse(&"a".repeat(LONGEST)).is_some());
    }
}
