//! The second factor of a guest, asked when an administration that answers for them wants one.
//!
//! Invariants
//! - What was proved by the mail is good for ten minutes, and while the guest's factor is what it
//!   was then: a factor that is added or reset meanwhile ends it.
//! - Who resets a factor answers for the guest: nobody does by an invitation that the guest has not
//!   taken, while another that they took asks for the factor, nor as the first one ever where
//!   another had them before.

use std::time::Duration;

use kernel::{AgentId, OrganisationId, Rng, Timestamp};

use super::invitation::{InvitationId, InvitationState};
use crate::local::TotpSecret;

/// A guest's factor, as it stood at one moment. Each change makes another one, also two in one
/// millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GuestStanding {
    /// Whose.
    pub guest: AgentId,
    /// When it was last added or reset (0: never).
    pub changed_at: Timestamp,
}

/// A guest whose mailbox was proved, and of whom a second factor is asked before a session is
/// opened.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct HalfGuest {
    /// Their factor as it stood then.
    pub standing: GuestStanding,
    /// The invitation that is answered with it, if a link led here.
    pub invitation: Option<InvitationId>,
    /// When the digits of the mail were right.
    pub at: Timestamp,
    /// What is asked.
    pub next: GuestNext,
}

/// What is asked of a guest after the mail.
#[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuestNext {
    /// A code of their factor.
    Code,
    /// A factor is to be added.
    Enrol {
        /// Its secret in base32; the interaction is sealed.
        secret: String,
    },
}

impl std::fmt::Debug for GuestNext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code => "Code",
            Self::Enrol { .. } => "Enrol(hidden)",
        })
    }
}

impl GuestNext {
    /// A factor is to be added, with a new secret.
    pub fn enrol(rng: &dyn Rng) -> Self {
        Self::Enrol {
            secret: TotpSecret::generate(rng).text().expose().to_owned(),
        }
    }
}

impl HalfGuest {
    /// How long the mail's digits stay right while more is asked.
    pub const LIFETIME: Duration = Duration::from_mins(10);

    /// Whether they are still good.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now < self.at.plus(Self::LIFETIME)
    }
}

/// An administration that asks for the factor, and of which the guest took an invitation once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenOf {
    /// Which.
    pub sponsor: OrganisationId,
    /// Whether one still holds.
    pub holds: bool,
}

/// Whether a factor is reset from an invitation of an administration that asks for it, `sponsor`,
/// which stands so; `taken` is what the guest took of those that ask.
///
/// Whoever has a guest's mailbox and a friend among the agents could otherwise be invited anew, have
/// the factor reset from there, and enter what others share, or will share again.
pub fn may_reset(state: InvitationState, sponsor: OrganisationId, taken: &[TakenOf]) -> bool {
    match state {
        InvitationState::Accepted => true,
        InvitationState::Pending => {
            let had_them = taken.is_empty() || taken.iter().any(|one| one.sponsor == sponsor);
            had_them && !taken.iter().any(|one| one.holds)
        }
        InvitationState::Ended | InvitationState::Declined | InvitationState::Withdrawn => false,
    }
}

#[cfg(test)]
mod tests {
    use kernel::OsRng;

    use super::*;

    #[test]
    fn what_the_mail_proved_is_good_for_ten_minutes() {
        let half = HalfGuest {
            standing: GuestStanding {
                guest: AgentId::from_u128(1),
                changed_at: Timestamp::from_millis(0),
            },
            invitation: None,
            at: Timestamp::from_seconds(1_000),
            next: GuestNext::Code,
        };
        assert!(half.is_fresh(Timestamp::from_seconds(1_599)));
        assert!(!half.is_fresh(Timestamp::from_seconds(1_600)));
    }

    #[test]
    fn a_secret_to_come_is_not_shown_by_accident() {
        let next = GuestNext::enrol(&OsRng);
        let GuestNext::Enrol { secret } = &next else {
            panic!("a secret");
        };
        assert!(TotpSecret::parse(secret).is_some());
        assert!(!format!("{next:?}").contains(secret));
    }

    #[test]
    fn an_invitation_resets_when_it_was_taken_or_when_none_was() {
        use InvitationState::{Accepted, Declined, Ended, Pending, Withdrawn};
        let (ours, theirs) = (OrganisationId::from_u128(1), OrganisationId::from_u128(2));
        let of = |sponsor, holds| [TakenOf { sponsor, holds }];
        let pending = |taken: &[TakenOf]| may_reset(Pending, ours, taken);
        assert!(may_reset(Accepted, ours, &of(theirs, true)));
        assert!(pending(&[]), "nobody else ever had them");
        assert!(pending(&of(ours, false)), "they come back to us");
        assert!(pending(&[of(ours, false), of(theirs, false)].concat()));
        assert!(!pending(&of(theirs, true)), "another one asks for it");
        assert!(!pending(&of(ours, true)), "it is reset from that one");
        assert!(!pending(&of(theirs, false)), "they may come back there");
        for over in [Ended, Declined, Withdrawn] {
            assert!(!may_reset(over, ours, &[]));
        }
    }
}
