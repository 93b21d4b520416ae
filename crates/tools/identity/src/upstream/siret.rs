//! The number of an establishment, given by INSEE.

/// A SIRET: 14 digits whose Luhn sum is right, La Poste's excepted (INSEE numbered its offices
/// otherwise).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Siret(String);

/// Not a SIRET.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a SIRET")]
pub struct SiretError;

/// SIREN of La Poste.
const LA_POSTE: &str = "356000000";

impl Siret {
    /// Reads a SIRET as people and directories write it: spaces are taken out.
    ///
    /// # Errors
    /// When fewer or more than 14 digits are left, something else is, or the sum is wrong.
    pub fn parse(text: &str) -> Result<Self, SiretError> {
        let digits: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(15)
            .collect();
        if digits.len() != 14 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(SiretError);
        }
        if digits.starts_with(LA_POSTE) || luhn_sum(&digits).is_multiple_of(10) {
            Ok(Self(digits))
        } else {
            Err(SiretError)
        }
    }

    /// The 14 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Siret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every second digit from the right counts double, by the sum of its own digits.
fn luhn_sum(digits: &str) -> u32 {
    let mut sum = 0;
    for (place, byte) in digits.bytes().rev().enumerate() {
        let digit = u32::from(byte.saturating_sub(b'0'));
        let weighted = if place % 2 == 1 { digit * 2 } else { digit };
        sum += weighted / 10 + weighted % 10;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_siret_is_read_with_or_without_spaces() {
        for text in [
            "11001401600015",
            "110 014 016 00015",
            " 110\u{a0}014\u{a0}016\u{a0}00015 ",
        ] {
            assert_eq!(
                Siret::parse(text).map(|s| s.0),
                Ok("11001401600015".to_owned()),
                "{text}"
            );
        }
        assert!(
            Siret::parse("35600000012345").is_ok(),
            "an office of La Poste"
        );
    }

    #[test]
    fn what_is_no_siret_is_refused() {
        for text in [
            "11001401600016",
            "1100140160001",
            "110014016000155",
            "1100140160001a",
            "",
            "١١٠٠١٤٠١٦٠٠٠١٥",
        ] {
            assert_eq!(Siret::parse(text), Err(SiretError), "{text}");
        }
    }
}
