//! What waits for an agent in an application.

/// The most that a badge counts.
const MOST: u32 = 999;

/// How much waits: 0 to 999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadgeCount(u32);

/// More than 999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a badge counts 999 at most")]
pub struct BadgeCountError;

impl BadgeCount {
    /// A count.
    ///
    /// # Errors
    /// When it is over 999.
    pub const fn parse(count: u32) -> Result<Self, BadgeCountError> {
        if count > MOST {
            Err(BadgeCountError)
        } else {
            Ok(Self(count))
        }
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }

    /// Whether nothing waits.
    pub const fn is_nothing(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_counts_nine_hundred_and_ninety_nine_and_no_more() {
        assert!(BadgeCount::parse(0).is_ok_and(BadgeCount::is_nothing));
        assert_eq!(BadgeCount::parse(999).map(BadgeCount::get), Ok(999));
        assert_eq!(BadgeCount::parse(1_000), Err(BadgeCountError));
    }
}
