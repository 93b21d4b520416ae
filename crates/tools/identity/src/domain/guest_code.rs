//! The six digits by which a guest proves that a mailbox is theirs.

use std::time::Duration;

use kernel::{Rng, RngExt as _};

kernel::define_id!(
    /// One code asked for, in one browser.
    CodeId
);

/// How long a code is good.
pub const LIFETIME: Duration = Duration::from_mins(10);
/// How often one may be tried.
pub const TRIES: u32 = 5;
/// How long a browser waits before it asks for another.
pub const AGAIN: Duration = Duration::from_mins(1);
/// The most codes of an hour: mailed to one address, or asked for by one invitation.
pub const MOST_AN_HOUR: u64 = 5;
/// The most codes of a day, counted alike: with five tries each, a stranger
/// guesses one in ten thousand at best.
pub const MOST_A_DAY: u64 = 20;
/// How long a row is kept, since it is counted.
pub const KEPT: Duration = Duration::from_hours(24);

/// Six digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Digits(String);

impl std::fmt::Debug for Digits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Digits(hidden)")
    }
}

impl Digits {
    const COUNT: usize = 6;

    /// New ones, each as likely as any other.
    pub fn draw(rng: &dyn Rng) -> Self {
        const ALL: u64 = 1_000_000;
        // 2^64 is no multiple of a million: one of 2^44 draws is a little likelier, which nobody
        // can use.
        let number = u64::from_be_bytes(rng.bytes()) % ALL;
        Self(format!("{number:06}"))
    }

    /// As typed or pasted: spaces and dashes do not count, and digits of every keyboard do.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = String::with_capacity(Self::COUNT);
        for c in text.chars() {
            match c {
                '0'..='9' => digits.push(c),
                // Full-width digits.
                '\u{ff10}'..='\u{ff19}' => {
                    let plain = u32::from(c) - 0xff10 + u32::from('0');
                    digits.push(char::from_u32(plain)?);
                }
                ' ' | '\u{a0}' | '\u{202f}' | '-' | '\t' => {}
                _ => return None,
            }
            if digits.len() > Self::COUNT {
                return None;
            }
        }
        (digits.len() == Self::COUNT).then_some(Self(digits))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people read them: `417 298`.
    pub fn grouped(&self) -> String {
        let (first, second) = self.0.split_at_checked(3).unwrap_or((&self.0, ""));
        format!("{first}\u{a0}{second}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use testkit::SeededRng;

    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        for typed in [
            "417298",
            "417 298",
            " 4 1 7-2 9 8 ",
            "417\u{a0}298",
            "４１７２９８",
        ] {
            assert_eq!(Digits::parse(typed).expect(typed).as_str(), "417298");
        }
        for wrong in ["", "41729", "4172980", "41729a", "٤١٧٢٩٨", "417.298", "-"] {
            assert_eq!(Digits::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_that_is_drawn_is_one_that_is_read() {
        let rng = SeededRng::default();
        for _ in 0..200 {
            let drawn = Digits::draw(&rng);
            assert_eq!(Digits::parse(&drawn.grouped()), Some(drawn));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_six_digits_or_nothing(text in "\\PC{0,12}") {
            if let Some(read) = Digits::parse(&text) {
                prop_assert_eq!(read.as_str().len(), 6);
                prop_assert!(read.as_str().bytes().all(|b| b.is_ascii_digit()));
            }
        }
    }
}
