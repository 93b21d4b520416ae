//! The life of a signing key: published before it signs, signing, published after it has signed.
//!
//! Everything follows from one time a key, the one at which it begins to sign: nodes that read the
//! same rows agree, and nothing has to be done at that very moment.
//!
//! Invariant: whoever keeps the published keys for [`CACHE`] verifies every token, whichever key
//! signed it.

use std::time::Duration;

use jose::Algorithm;
use kernel::Timestamp;

/// How long applications may keep the published keys: what `/jwks` tells them.
pub const CACHE: Duration = Duration::from_mins(10);
/// How long a key signs, unless the operator says otherwise.
pub const PERIOD: Duration = Duration::from_hours(30 * 24);
/// How long before it signs a key is published, when the time of a rotation has come.
pub const AHEAD: Duration = Duration::from_hours(24);
/// The same when an operator asks for one now: applications have read it, and every node.
pub const SOONEST: Duration = Duration::from_mins(15);
/// How long a key stays published when the next has begun to sign: longer than a session lives, whose
/// applications sign out with the id token of its beginning.
pub const KEPT: Duration = Duration::from_hours(24);

/// The algorithms that have keys of ours.
pub const ALGORITHMS: [Algorithm; 2] = [Algorithm::Es256, Algorithm::Rs256];

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFacts {
    /// Its thumbprint (RFC 7638).
    pub kid: String,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// When it was made, and so published.
    pub created_at: Timestamp,
    /// When it begins to sign.
    pub active_at: Timestamp,
}

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Published; does not sign yet.
    Next,
    /// Signs.
    Active,
    /// Published; signs no more.
    Retired,
    /// Nothing that it signed is of use to anybody.
    Gone,
}

impl KeyState {
    /// The word for operators.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Gone => "gone",
        }
    }
}

/// Why a new key is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The active one has signed for this long, or soon will have.
    Due(Duration),
    /// An operator wants one.
    Now,
    /// There is none yet: nobody can have read any.
    First,
}

impl KeyFacts {
    /// The place among keys of one algorithm: two made at once are told apart by their names.
    fn place(&self) -> (Timestamp, &str) {
        (self.active_at, &self.kid)
    }

    /// Where it is in its life, among `all` keys.
    pub fn state(&self, all: &[Self], now: Timestamp) -> KeyState {
        if now < self.active_at {
            return KeyState::Next;
        }
        let successor = all
            .iter()
            .filter(|other| other.algorithm == self.algorithm && other.place() > self.place())
            .map(|other| other.active_at)
            .min();
        match successor {
            Some(at) if now >= at.plus(KEPT) => KeyState::Gone,
            Some(at) if now >= at => KeyState::Retired,
            Some(_) | None => KeyState::Active,
        }
    }
}

/// When a new key of this algorithm would begin to sign; none: none is wanted, or one waits already.
pub fn next_at(
    all: &[KeyFacts],
    algorithm: Algorithm,
    rotation: Rotation,
    now: Timestamp,
) -> Option<Timestamp> {
    let newest = all
        .iter()
        .filter(|key| key.algorithm == algorithm)
        .max_by_key(|key| key.place());
    let Some(newest) = newest else {
        return Some(now);
    };
    if now < newest.active_at {
        return None;
    }
    match rotation {
        Rotation::First => None,
        Rotation::Now => Some(now.plus(SOONEST)),
        Rotation::Due(period) => {
            let due = newest.active_at.plus(period);
            let soonest = now.plus(AHEAD);
            (soonest >= due).then_some(soonest.max(due))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(10_000_000_000);

    fn key(kid: &str, active_at: Timestamp) -> KeyFacts {
        KeyFacts {
            kid: kid.to_owned(),
            algorithm: Algorithm::Es256,
            created_at: active_at.minus(AHEAD),
            active_at,
        }
    }

    #[test]
    fn a_key_is_next_then_active_then_retired_then_gone() {
        let (old, new) = (key("old", NOW), key("new", NOW.plus(PERIOD)));
        let all = [old.clone(), new.clone()];
        let just_before = |at: Timestamp| at.minus(Duration::from_millis(1));
        assert_eq!(old.state(&all, just_before(NOW)), KeyState::Next);
        assert_eq!(old.state(&all, NOW), KeyState::Active);
        assert_eq!(
            old.state(&all, just_before(new.active_at)),
            KeyState::Active
        );
        assert_eq!(new.state(&all, just_before(new.active_at)), KeyState::Next);
        assert_eq!(old.state(&all, new.active_at), KeyState::Retired);
        assert_eq!(new.state(&all, new.active_at), KeyState::Active);
        let gone = new.active_at.plus(KEPT);
        assert_eq!(old.state(&all, just_before(gone)), KeyState::Retired);
        assert_eq!(old.state(&all, gone), KeyState::Gone);
        assert_eq!(
            new.state(&all, gone),
            KeyState::Active,
            "the last one signs on"
        );
    }

    #[test]
    fn of_two_keys_made_at_once_one_signs_and_both_are_published() {
        let all = [key("a", NOW), key("b", NOW)];
        let states = all.each_ref().map(|one| one.state(&all, NOW));
        assert_eq!(states, [KeyState::Retired, KeyState::Active]);
    }

    #[test]
    fn keys_of_another_algorithm_replace_nothing() {
        let mut other = key("other", NOW.plus(PERIOD));
        other.algorithm = Algorithm::Rs256;
        let one = key("one", NOW);
        let late = NOW.plus(PERIOD * 2);
        assert_eq!(one.state(&[one.clone(), other], late), KeyState::Active);
    }

    #[test]
    fn a_rotation_that_is_due_publishes_the_next_key_a_day_before() {
        let all = [key("one", NOW)];
        let next = |now| next_at(&all, Algorithm::Es256, Rotation::Due(PERIOD), now);
        let due = NOW.plus(PERIOD);
        assert_eq!(next(due.minus(AHEAD).minus(Duration::from_millis(1))), None);
        assert_eq!(next(due.minus(AHEAD)), Some(due));
        // The program did not run when it was due.
        let late = due.plus(Duration::from_hours(100));
        assert_eq!(next(late), Some(late.plus(AHEAD)));
    }

    #[test]
    fn an_operator_who_asks_gets_one_soon_and_not_two() {
        let mut all = vec![key("one", NOW)];
        let at = next_at(&all, Algorithm::Es256, Rotation::Now, NOW).expect("a new key");
        assert_eq!(at, NOW.plus(SOONEST));
        all.push(key("two", at));
        for rotation in [Rotation::Now, Rotation::Due(PERIOD), Rotation::First] {
            assert_eq!(next_at(&all, Algorithm::Es256, rotation, NOW), None);
        }
        assert_eq!(
            next_at(&all, Algorithm::Rs256, Rotation::First, NOW),
            Some(NOW)
        );
    }

    proptest::proptest! {
        /// Whatever is asked and whenever: at each moment one key signs, it has been published for
        /// as long as applications keep keys, and every key that signed in the day before is
        /// published still.
        #[test]
        fn whoever_keeps_the_keys_for_their_time_knows_the_one_that_signs(
            steps in proptest::collection::vec((1_u64..90_000, 0_u8..3), 1..60)
        ) {
            let mut all = vec![KeyFacts { created_at: NOW, ..key("k0", NOW) }];
            let mut signed: Vec<(Timestamp, String)> = Vec::new();
            let mut now = NOW;
            for (seconds, ask) in steps {
                now = now.plus(Duration::from_secs(seconds));
                let rotation = match ask {
                    0 => Some(Rotation::Now),
                    1 => Some(Rotation::Due(AHEAD)),
                    _ => None,
                };
                let at = rotation.and_then(|one| next_at(&all, Algorithm::Es256, one, now));
                if let Some(active_at) = at {
                    let kid = format!("k{}", all.len());
                    all.push(KeyFacts { created_at: now, ..key(&kid, active_at) });
                }
                let states: Vec<_> = all.iter().map(|one| (one, one.state(&all, now))).collect();
                let active: Vec<_> =
                    states.iter().filter(|(_, state)| *state == KeyState::Active).collect();
                proptest::prop_assert_eq!(active.len(), 1);
                let signer = active[0].0;
                let published_for = now.since(signer.created_at);
                proptest::prop_assert!(signer.kid == "k0" || published_for >= CACHE);
                signed.push((now, signer.kid.clone()));
                for (at, kid) in &signed {
                    let state = states.iter().find(|(one, _)| one.kid == *kid).map(|(_, s)| *s);
                    let recent = now.since(*at) < KEPT;
                    proptest::prop_assert!(!recent || state != Some(KeyState::Gone), "{kid}");
                }
            }
        }
    }
}
