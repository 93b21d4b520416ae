//! Recovery codes: for whoever has lost the telephone. Ten, shown once, each good for once.
//!
//! A code has 80 random bits, so that its SHA-256 alone is stored, without salt: there is nothing
//! to guess it from. Letters and digits that are taken for one another are not used, and are read
//! as what they are taken for.

use kernel::{Rng, RngExt as _, Secret};

use crate::domain::session::hash;

/// How many are made at once.
pub const COUNT: usize = 10;
/// Characters of one, hyphens left out: 5 bits each.
const LENGTH: usize = 16;
/// Characters between two hyphens.
const GROUP: usize = 4;
/// Crockford's alphabet in lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A code as it is compared: 16 characters of the alphabet.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(hidden)")
    }
}

impl RecoveryCode {
    /// A new one.
    pub fn generate(rng: &dyn Rng) -> Self {
        let bytes: [u8; LENGTH] = rng.bytes();
        Self(bytes.into_iter().map(letter).collect())
    }

    /// From what was typed, in any case, with or without hyphens and spaces; none when it cannot
    /// be one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = String::new();
        for c in text.chars() {
            if c == '-' || c.is_whitespace() {
                continue;
            }
            let c = match c.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                c => c,
            };
            let known = u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte));
            if !known || code.len() == LENGTH {
                return None;
            }
            code.push(c);
        }
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// As it is written down: four groups of four.
    pub fn text(&self) -> Secret {
        let mut text = String::new();
        for (place, c) in self.0.chars().enumerate() {
            if place > 0 && place % GROUP == 0 {
                text.push('-');
            }
            text.push(c);
        }
        Secret::new(text)
    }

    /// As it is stored.
    pub fn hash(&self) -> [u8; 32] {
        hash(&self.0)
    }
}

/// A new set.
pub fn generate_all(rng: &dyn Rng) -> Vec<RecoveryCode> {
    (0..COUNT).map(|_| RecoveryCode::generate(rng)).collect()
}

fn letter(byte: u8) -> char {
    ALPHABET
        .get(usize::from(byte & 31))
        .copied()
        .map_or('0', char::from)
}

#[cfg(test)]
mod tests {
    use kernel::OsRng;

    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_written_and_as_people_type_it() {
        for code in generate_all(&OsRng) {
            let written = code.text();
            let written = written.expose();
            assert_eq!(written.len(), 19, "{written}");
            for typed in [
                written.to_owned(),
                written.to_uppercase(),
                written.replace('-', ""),
                format!("  {} ", written.replace('-', " ")),
                written.replace('0', "o").replace('1', "L"),
            ] {
                assert_eq!(RecoveryCode::parse(&typed), Some(code.clone()), "{typed}");
            }
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        let long = "a".repeat(17);
        for text in [
            "",
            "287082",
            "aaaa-aaaa-aaaa-aaa",
            &long,
            "uuuu-uuuu-uuuu-uuuu",
            "é",
        ] {
            assert_eq!(RecoveryCode::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ten_codes_differ_and_none_is_shown_by_accident() {
        let all = generate_all(&OsRng);
        let hashes: std::collections::BTreeSet<_> = all.iter().map(RecoveryCode::hash).collect();
        assert_eq!(hashes.len(), COUNT);
        assert_eq!(format!("{:?}", all[0]), "RecoveryCode(hidden)");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fall(text in ".{0,80}") {
            let _ = RecoveryCode::parse(&text);
        }
    }
}
