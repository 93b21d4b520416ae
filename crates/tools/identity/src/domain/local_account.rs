//! What administrators do to the password accounts of a provider run here, and why they may not.

use std::time::Duration;

use kernel::AgentId;

use super::agent::AgentState;

/// The most invitations that one administrator sends in a day, those sent again included: each is a
/// mail to an address that nobody has proved.
pub const MOST_A_DAY: u64 = 20;
/// The most that one account is sent in a day, by whomever.
pub const MOST_TO_ONE: u64 = 3;
/// How long an invitation counts.
pub const COUNTED: Duration = Duration::from_hours(24);

/// Whether one more may be sent, after so many.
///
/// # Errors
/// [`LocalAccountRefusal::TooManyToday`] or [`LocalAccountRefusal::SentEnough`].
pub const fn one_more(by_inviter: u64, to_account: u64) -> Result<(), LocalAccountRefusal> {
    if by_inviter >= MOST_A_DAY {
        return Err(LocalAccountRefusal::TooManyToday);
    }
    if to_account >= MOST_TO_ONE {
        return Err(LocalAccountRefusal::SentEnough);
    }
    Ok(())
}

/// Where an account comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The configuration names it, and writes it at each start.
    Configured,
    /// Somebody was invited.
    Invited,
}

impl Origin {
    /// The word on the wire and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Invited => "invited",
        }
    }

    /// From that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Configured, Self::Invited]
            .into_iter()
            .find(|origin| origin.word() == word)
    }
}

/// How an account stands, as far as what may be done to it depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stands {
    /// Where it comes from.
    pub origin: Origin,
    /// Whether there is a password.
    pub has_password: bool,
    /// Whether there is a second factor.
    pub has_factor: bool,
    /// Its agent's state; none: no agent is known.
    pub agent: Option<AgentState>,
}

/// What may be done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Send the invitation again.
    Invite,
    /// Remove the second factors.
    ResetFactor,
    /// Remove the account.
    Remove,
}

impl Step {
    /// All.
    pub const ALL: [Self; 3] = [Self::Invite, Self::ResetFactor, Self::Remove];

    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invite => "invite",
            Self::ResetFactor => "reset_factor",
            Self::Remove => "remove",
        }
    }

    /// Whether an account that stands so allows it.
    ///
    /// # Errors
    /// [`LocalAccountRefusal::HasPassword`], [`LocalAccountRefusal::Closed`],
    /// [`LocalAccountRefusal::NoFactor`] or [`LocalAccountRefusal::Configured`].
    pub const fn allowed(self, stands: Stands) -> Result<(), LocalAccountRefusal> {
        use AgentState::{Departed, Erased, Guest, Suspended};
        match (self, stands) {
            (Self::Invite, Stands { has_password, .. }) if has_password => {
                Err(LocalAccountRefusal::HasPassword)
            }
            // A link would lead to a password that opens nothing.
            (
                Self::Invite,
                Stands {
                    agent: Some(Suspended | Departed | Erased | Guest),
                    ..
                },
            ) => Err(LocalAccountRefusal::Closed),
            // Nothing to remove: it would only ask for one, and alarm its holder.
            (Self::ResetFactor, Stands { has_factor, .. }) if !has_factor => {
                Err(LocalAccountRefusal::NoFactor)
            }
            (
                Self::Remove,
                Stands {
                    origin: Origin::Configured,
                    ..
                },
            ) => Err(LocalAccountRefusal::Configured),
            _ => Ok(()),
        }
    }
}

/// What of an account an administrator takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Its second factors.
    Factors,
    /// The account itself.
    Account,
}

impl Removal {
    /// As what may be done to an account.
    pub const fn step(self) -> Step {
        match self {
            Self::Factors => Step::ResetFactor,
            Self::Account => Step::Remove,
        }
    }
}

/// Why nothing is done to a password account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocalAccountRefusal {
    /// People sign in at their ministry's provider.
    #[error("nobody signs in here with a password")]
    NotHere,
    /// The address has an account, with a password or of an administration out of reach.
    #[error("the address has an account")]
    Taken,
    /// The address is of somebody invited, within the caller's reach, who has not chosen a password:
    /// whose account, by the id of its agent.
    #[error("the person is invited already")]
    Invited(AgentId),
    /// Its holder has chosen a password.
    #[error("the account has a password")]
    HasPassword,
    /// Its agent is suspended, departed or erased.
    #[error("the account's agent is suspended or gone")]
    Closed,
    /// There is no second factor.
    #[error("the account has no second factor")]
    NoFactor,
    /// No mail leaves: a link on the page would be the account, whoever's address it bears.
    #[error("no mail leaves, and the caller does not administer the provider's administration")]
    NoMail,
    /// The configuration names it.
    #[error("the account is of the configuration")]
    Configured,
    /// The caller has sent too many in a day.
    #[error("more than {MOST_A_DAY} invitations in a day")]
    TooManyToday,
    /// The account was sent too many in a day.
    #[error("more than {MOST_TO_ONE} invitations to one account in a day")]
    SentEnough,
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    Address,
    /// A name is missing, too long, or no line of text.
    #[error("both names are needed, of 256 characters at most")]
    Name,
    /// The service is too long, or no line of text.
    #[error("the service is one line of 256 characters at most")]
    Unit,
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAITS: Stands = Stands {
        origin: Origin::Invited,
        has_password: false,
        has_factor: false,
        agent: Some(AgentState::PreCreated),
    };

    #[test]
    fn an_invitation_is_sent_again_until_a_password_is_chosen() {
        assert_eq!(Step::Invite.allowed(WAITS), Ok(()));
        let chosen = Stands {
            has_password: true,
            ..WAITS
        };
        assert_eq!(
            Step::Invite.allowed(chosen),
            Err(LocalAccountRefusal::HasPassword)
        );
    }

    #[test]
    fn no_invitation_is_sent_again_to_who_is_suspended_or_gone() {
        let of = |agent| Step::Invite.allowed(Stands { agent, ..WAITS });
        for open in [None, Some(AgentState::PreCreated), Some(AgentState::Active)] {
            assert_eq!(of(open), Ok(()));
        }
        for shut in [
            AgentState::Suspended,
            AgentState::Departed,
            AgentState::Erased,
        ] {
            assert_eq!(of(Some(shut)), Err(LocalAccountRefusal::Closed));
        }
    }

    #[test]
    fn what_the_configuration_names_is_not_removed_and_its_factors_are_reset() {
        let configured = Stands {
            origin: Origin::Configured,
            has_password: true,
            has_factor: true,
            agent: Some(AgentState::Active),
        };
        assert_eq!(
            Step::Remove.allowed(configured),
            Err(LocalAccountRefusal::Configured)
        );
        for has_password in [true, false] {
            let invited = Stands {
                has_password,
                ..WAITS
            };
            assert_eq!(Step::Remove.allowed(invited), Ok(()));
        }
        assert_eq!(Step::ResetFactor.allowed(configured), Ok(()));
    }

    #[test]
    fn a_factor_that_is_not_there_is_not_reset() {
        assert_eq!(
            Step::ResetFactor.allowed(WAITS),
            Err(LocalAccountRefusal::NoFactor)
        );
    }

    #[test]
    fn words_come_back() {
        for origin in [Origin::Configured, Origin::Invited] {
            assert_eq!(Origin::from_word(origin.word()), Some(origin));
        }
        assert_eq!(Origin::from_word("other"), None);
    }
}
