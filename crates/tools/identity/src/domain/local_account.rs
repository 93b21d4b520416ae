//! What administrators do to the password accounts of a provider run here, and why they may not.

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

    /// Whether an account from there, with a password or without, allows it.
    ///
    /// # Errors
    /// [`LocalAccountRefusal::HasPassword`] or [`LocalAccountRefusal::Configured`].
    pub const fn allowed(
        self,
        origin: Origin,
        has_password: bool,
    ) -> Result<(), LocalAccountRefusal> {
        match (self, origin) {
            (Self::Invite, _) if has_password => Err(LocalAccountRefusal::HasPassword),
            (Self::Remove, Origin::Configured) => Err(LocalAccountRefusal::Configured),
            _ => Ok(()),
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
    /// Its holder has chosen a password.
    #[error("the account has a password")]
    HasPassword,
    /// The configuration names it.
    #[error("the account is of the configuration")]
    Configured,
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

    #[test]
    fn an_invitation_is_sent_again_until_a_password_is_chosen() {
        assert_eq!(Step::Invite.allowed(Origin::Invited, false), Ok(()));
        assert_eq!(
            Step::Invite.allowed(Origin::Invited, true),
            Err(LocalAccountRefusal::HasPassword)
        );
    }

    #[test]
    fn what_the_configuration_names_is_not_removed_and_its_factors_are_reset() {
        assert_eq!(
            Step::Remove.allowed(Origin::Configured, true),
            Err(LocalAccountRefusal::Configured)
        );
        for has_password in [true, false] {
            assert_eq!(Step::Remove.allowed(Origin::Invited, has_password), Ok(()));
        }
        assert_eq!(Step::ResetFactor.allowed(Origin::Configured, true), Ok(()));
    }

    #[test]
    fn words_come_back() {
        for origin in [Origin::Configured, Origin::Invited] {
            assert_eq!(Origin::from_word(origin.word()), Some(origin));
        }
        assert_eq!(Origin::from_word("other"), None);
    }
}
