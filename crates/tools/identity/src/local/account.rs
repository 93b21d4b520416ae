//! What a password account is.

use kernel::{Population, Secret};

kernel::define_id!(
    /// The `sub` that a provider of ours gives for an account, for ever.
    LocalSubject
);
kernel::define_id!(
    /// A browser that signed in before, proved by a signed cookie.
    DeviceId
);
kernel_db::id_values!(LocalSubject);

/// A text that cannot name a realm or an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Not 1 to 64 lower-case letters, digits or hyphens.
    #[error("not a realm name")]
    Realm,
    /// Not an e-mail address of at most 254 bytes.
    #[error("not an e-mail address")]
    Login,
}

/// Which of the providers run by this program an account belongs to (`interieur`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Realm(String);

impl Realm {
    /// A realm from its name.
    ///
    /// # Errors
    /// [`AccountError::Realm`] when it is not 1 to 64 of `a-z`, `0-9` and `-`.
    pub fn parse(text: &str) -> Result<Self, AccountError> {
        let well_formed = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(AccountError::Realm)
        }
    }

    /// What the tries of guests are counted under: a name that no realm can have.
    pub(crate) fn of_guests() -> Self {
        Self(crate::service::guests::GUESTS.to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The e-mail address by which a person signs in, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Login(String);

impl Login {
    /// A login from what was typed: spaces around it are dropped, case is folded.
    ///
    /// # Errors
    /// [`AccountError::Login`] when it is no address: no single `@` with something on both
    /// sides, a space or a control character inside, or over 254 bytes (RFC 5321 §4.5.3.1.3).
    pub fn parse(text: &str) -> Result<Self, AccountError> {
        let text = text.trim().to_lowercase();
        if text.len() > 254 || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(AccountError::Login);
        }
        match text.split_once('@') {
            Some((local, domain))
                if !local.is_empty() && !domain.is_empty() && !domain.contains('@') =>
            {
                Ok(Self(text))
            }
            _ => Err(AccountError::Login),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the provider says of a person, as it goes into its claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributes {
    /// Given names.
    pub given_name: String,
    /// Family name in use.
    pub usual_name: String,
    /// The provider's own id of the person.
    pub uid: String,
    /// The establishment's SIRET; who relies on it checks it.
    pub siret: Option<String>,
    /// Office or service.
    pub organizational_unit: Option<String>,
    /// What the person is there.
    pub population: Option<Population>,
    /// Telephone, free form.
    pub phone: Option<String>,
}

/// An account, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalAccount {
    /// Whose.
    pub realm: Realm,
    /// By which a person signs in; also the `email` claim.
    pub login: Login,
    /// The `sub` claim.
    pub subject: LocalSubject,
    /// The other claims.
    pub attributes: Attributes,
}

/// An account with its password's hash, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAccount {
    /// Who.
    pub account: LocalAccount,
    /// PHC string.
    pub password_hash: String,
}

/// An account to be written, with its password in the clear.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Who.
    pub account: LocalAccount,
    /// Password chosen.
    pub password: Secret,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_the_same_in_any_case_and_keeps_its_suffix() {
        let login = Login::parse(" Claire.Delmas+MFA@Interieur.gouv.FR ").expect("a login");
        assert_eq!(login.as_str(), "claire.delmas+mfa@interieur.gouv.fr");
    }

    #[test]
    fn what_is_no_address_is_no_login() {
        for text in [
            "", "claire", "@gouv.fr", "claire@", "a@b@c", "a b@c", "a\n@c", "a\0@c",
        ] {
            assert_eq!(Login::parse(text), Err(AccountError::Login), "{text:?}");
        }
        assert!(Login::parse(&format!("{}@gouv.fr", "a".repeat(250))).is_err());
    }

    #[test]
    fn a_realm_is_a_short_plain_name() {
        assert!(Realm::parse("interieur-2").is_ok());
        for text in ["", "Intérieur", "a b", "a/b"] {
            assert_eq!(Realm::parse(text), Err(AccountError::Realm), "{text:?}");
        }
        assert!(Realm::parse(&"a".repeat(65)).is_err());
    }
}
