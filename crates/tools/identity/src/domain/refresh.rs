//! Refresh tokens (RFC 6749 §6): each is good for once, and its second use says which of two things
//! happened, an answer that was lost or a token that was stolen (RFC 9700 §4.14.2).
//!
//! A grant has one line of tokens, numbered by their generation. Of the line only the newest token
//! and the one it was given for are told apart; any older one has been replaced twice.

use std::time::Duration;

use kernel::{SessionId, Timestamp};

use super::client::ClientId;
use super::code::GrantId;
use super::scope::ScopeSet;

/// How long a refresh token lives unused, as ProConnect's; never beyond its session.
pub const LIFETIME: Duration = Duration::from_hours(2);
/// For how long the token just replaced is answered by its successor: tabs of one application that
/// refresh at once all stay signed in.
pub const GRACE: Duration = Duration::from_secs(10);

/// What a refresh token carries, sealed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Refresh {
    /// The grant whose line it is of.
    #[serde(rename = "g")]
    pub grant: GrantId,
    /// Its number in the line.
    #[serde(rename = "n")]
    pub generation: u32,
    /// For whom.
    #[serde(rename = "c")]
    pub client: ClientId,
    /// The session that must still live.
    #[serde(rename = "s")]
    pub session: SessionId,
    /// The provider that vouched.
    #[serde(rename = "p")]
    pub provider: String,
    /// What was granted.
    #[serde(rename = "o")]
    pub scopes: ScopeSet,
    /// The level, as it was spelled to this client.
    #[serde(rename = "a")]
    pub acr: String,
    /// Whether `amr` goes into the id token.
    #[serde(rename = "m")]
    pub wants_amr: bool,
    /// When it was given.
    #[serde(rename = "i")]
    pub issued_at: Timestamp,
    /// Dead from then on.
    #[serde(rename = "e")]
    pub expires_at: Timestamp,
}

/// Where the line of a grant stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    /// The newest token.
    pub generation: u32,
    /// The token that the newest was given for; none: no token was used yet.
    pub parent: Option<u32>,
    /// When the newest was given for it.
    pub rotated_at: Option<Timestamp>,
    /// The newest generation whose access token was used.
    pub seen: u32,
    /// Access tokens of older generations are dead.
    pub floor: u32,
}

/// What the use of a refresh token means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// The newest token: the line goes on as this.
    Rotated(Line),
    /// The one just replaced: its successor is given again.
    Again,
    /// The one replaced, whose successor nobody ever used: the answer was lost. The successor is
    /// dead, and the line goes on as this.
    Lost(Line),
    /// Replaced by one that is in use: two hold the line, and one of them stole it.
    Stolen,
}

impl Line {
    /// What it means that the token of this generation is used now.
    pub fn used(&self, generation: u32, now: Timestamp) -> Use {
        let next = Self {
            generation: self.generation.saturating_add(1),
            parent: Some(generation),
            rotated_at: Some(now),
            ..*self
        };
        if generation == self.generation {
            return Use::Rotated(next);
        }
        let rotated_at = self.rotated_at.filter(|_| self.parent == Some(generation));
        match rotated_at {
            None => Use::Stolen,
            Some(at) if now < at.plus(GRACE) => Use::Again,
            Some(_) if self.seen >= self.generation => Use::Stolen,
            Some(_) => Use::Lost(Self {
                floor: next.generation,
                ..next
            }),
        }
    }

    /// Whether an access token of this generation is not dead.
    pub fn honours(&self, generation: u32) -> bool {
        generation >= self.floor
    }
}

/// When a refresh token given now ends: with its session at the latest.
pub fn expiry(session_ends: Timestamp, now: Timestamp) -> Timestamp {
    now.plus(LIFETIME).min(session_ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn rotated(line: &Line, generation: u32, now: Timestamp) -> Line {
        match line.used(generation, now) {
            Use::Rotated(line) | Use::Lost(line) => line,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_newest_token_is_replaced_by_the_next() {
        let first = rotated(&Line::default(), 0, NOW);
        assert_eq!((first.generation, first.parent), (1, Some(0)));
        let second = rotated(&first, 1, NOW);
        assert_eq!((second.generation, second.parent), (2, Some(1)));
        assert_eq!(second.floor, 0, "what was given before stays good");
    }

    #[test]
    fn for_ten_seconds_the_token_just_replaced_is_answered_by_its_successor() {
        let line = rotated(&Line::default(), 0, NOW);
        for later in [0, 9_999] {
            assert_eq!(
                line.used(0, NOW.plus(Duration::from_millis(later))),
                Use::Again
            );
        }
        assert_ne!(line.used(0, NOW.plus(GRACE)), Use::Again);
    }

    #[test]
    fn a_successor_that_nobody_used_was_lost_and_is_dead() {
        let line = rotated(&Line::default(), 0, NOW);
        let late = NOW.plus(GRACE);
        let Use::Lost(anew) = line.used(0, late) else {
            panic!("not lost");
        };
        assert_eq!((anew.generation, anew.parent, anew.floor), (2, Some(0), 2));
        assert!(!anew.honours(1), "what came with the lost answer");
        assert_eq!(anew.used(0, late), Use::Again, "it may be lost twice");
        assert_eq!(anew.used(1, late), Use::Stolen, "the lost one turns up");
    }

    #[test]
    fn a_token_whose_successor_is_in_use_is_stolen() {
        let mut line = rotated(&Line::default(), 0, NOW);
        line.seen = 1;
        assert_eq!(line.used(0, NOW.plus(GRACE)), Use::Stolen);
        let further = rotated(&line, 1, NOW);
        assert_eq!(further.used(0, NOW), Use::Stolen, "replaced twice");
    }

    #[test]
    fn a_refresh_token_ends_with_its_session() {
        let far = NOW.plus(Duration::from_hours(12));
        assert_eq!(expiry(far, NOW), NOW.plus(LIFETIME));
        let near = NOW.plus(Duration::from_mins(5));
        assert_eq!(expiry(near, NOW), near);
    }

    proptest::proptest! {
        /// Whatever is presented and whenever, the line's number never falls, and a token that is
        /// neither the newest nor the one it replaced never gets anything.
        #[test]
        fn only_the_two_newest_tokens_ever_get_anything(
            steps in proptest::collection::vec((0_u32..6, 0_u64..15_000, proptest::bool::ANY), 1..40)
        ) {
            let (mut line, mut now) = (Line::default(), NOW);
            for (back, later, seen) in steps {
                now = now.plus(Duration::from_millis(later));
                let generation = line.generation.saturating_sub(back);
                let outcome = line.used(generation, now);
                let known = generation == line.generation || line.parent == Some(generation);
                proptest::prop_assert!(known || outcome == Use::Stolen);
                if let Use::Rotated(next) | Use::Lost(next) = outcome {
                    proptest::prop_assert_eq!(next.generation, line.generation + 1);
                    proptest::prop_assert!(next.floor >= line.floor);
                    line = next;
                }
                if seen {
                    line.seen = line.generation;
                }
            }
        }
    }
}
