//! What may be registered as an application, decided before anything is written.

use kernel::port::NewApplication;
use kernel::{Actor, OrganisationId};
use url::Url;

use super::client::{ClientId, ClientIdError};
use crate::upstream::is_secure;

/// The most addresses of each kind.
const ADDRESSES: usize = 20;
/// The longest address, in bytes.
const LONGEST_ADDRESS: usize = 2_000;
/// The longest name, in characters.
const LONGEST_NAME: usize = 120;

/// Names of our own tools, which their notices bear: an application named so would speak for one.
const RESERVED: [&str; 9] = [
    "besace",
    "portal",
    "identity",
    "chat",
    "conference",
    "spaces",
    "data",
    "insight",
    "people",
];

/// An application that may be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its `client_id`.
    pub id: ClientId,
    /// Shown to people.
    pub name: String,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// Exact addresses an answer may go to; none: it signs nobody in.
    pub redirect_uris: Vec<Url>,
    /// Exact addresses a sign-out may come back to.
    pub post_logout_redirect_uris: Vec<Url>,
    /// Who registers it.
    pub by: Actor,
}

/// Why an application cannot be registered. The texts are shown to whoever registers it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// No `client_id`.
    #[error(transparent)]
    Id(#[from] ClientIdError),
    /// The name of a tool of ours.
    #[error("this client id is reserved")]
    Reserved,
    /// Empty, too long, or with characters that are not shown.
    #[error("a name has 1 to {LONGEST_NAME} characters")]
    Name,
    /// Too many addresses.
    #[error("at most {ADDRESSES} addresses of each kind")]
    TooMany,
    /// An address that an answer must not go to.
    #[error("{address}: {cause}")]
    Address {
        /// As it was given, shortened.
        address: String,
        /// What is wrong with it.
        cause: AddressError,
    },
}

/// What is wrong with an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not an address, or too long.
    #[error("not an address")]
    Form,
    /// In clear, beyond this machine.
    #[error("must be https, or http on this very machine")]
    Insecure,
    /// Carries a user name or a password.
    #[error("must not carry a user name or a password")]
    Credentials,
    /// Carries a fragment, even an empty one (RFC 6749 §3.1.2).
    #[error("must not have a fragment")]
    Fragment,
    /// Has a joker: addresses are compared to the character.
    #[error("must not have a wildcard")]
    Wildcard,
    /// Written otherwise than it would be compared.
    #[error("must be written {0}")]
    Spelling(String),
}

impl Registration {
    /// Judges what somebody wants to register.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn judge(new: &NewApplication) -> Result<Self, RegistrationError> {
        let id = ClientId::parse(&new.client_id)?;
        if RESERVED.iter().any(|r| id.as_str().eq_ignore_ascii_case(r)) {
            return Err(RegistrationError::Reserved);
        }
        let name = new.name.trim().to_owned();
        let length = name.chars().count();
        if !(1..=LONGEST_NAME).contains(&length) || name.chars().any(char::is_control) {
            return Err(RegistrationError::Name);
        }
        Ok(Self {
            id,
            name,
            organisation: new.organisation,
            redirect_uris: addresses(&new.redirect_uris)?,
            post_logout_redirect_uris: addresses(&new.post_logout_redirect_uris)?,
            by: new.by,
        })
    }
}

fn addresses(texts: &[String]) -> Result<Vec<Url>, RegistrationError> {
    if texts.len() > ADDRESSES {
        return Err(RegistrationError::TooMany);
    }
    let mut read = Vec::new();
    for text in texts {
        let url = address(text).map_err(|cause| RegistrationError::Address {
            address: text.chars().take(200).collect(),
            cause,
        })?;
        if !read.contains(&url) {
            read.push(url);
        }
    }
    Ok(read)
}

/// An address that an answer may go to.
///
/// # Errors
/// What is wrong with it.
pub fn address(text: &str) -> Result<Url, AddressError> {
    if text.len() > LONGEST_ADDRESS {
        return Err(AddressError::Form);
    }
    let url = Url::parse(text).map_err(|_| AddressError::Form)?;
    if text.contains('*') {
        return Err(AddressError::Wildcard);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::Credentials);
    }
    if url.fragment().is_some() {
        return Err(AddressError::Fragment);
    }
    if !is_secure(&url) {
        return Err(AddressError::Insecure);
    }
    if url.as_str() != text {
        return Err(AddressError::Spelling(url.into()));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use kernel::AgentId;

    use super::*;

    fn application(redirect_uris: &[&str]) -> NewApplication {
        NewApplication {
            client_id: "frais".to_owned(),
            name: " Frais de mission ".to_owned(),
            organisation: OrganisationId::from_u128(1),
            redirect_uris: redirect_uris.iter().map(|u| (*u).to_owned()).collect(),
            post_logout_redirect_uris: Vec::new(),
            by: Actor {
                agent: AgentId::from_u128(2),
                token: None,
            },
        }
    }

    #[test]
    fn an_application_over_https_or_on_this_machine_may_be_registered() {
        let judged = Registration::judge(&application(&[
            "https://frais.test/retour?x=1",
            "http://localhost:8085/retour",
            "http://127.0.0.1:8085/retour",
            "http://[::1]:8085/retour",
        ]))
        .expect("registered");
        assert_eq!(judged.name, "Frais de mission");
        assert_eq!(judged.redirect_uris.len(), 4);
        assert!(Registration::judge(&application(&[])).is_ok());
    }

    #[test]
    fn an_address_that_an_answer_must_not_go_to_is_refused_by_its_cause() {
        let spelled = |text: &str| AddressError::Spelling(text.to_owned());
        for (text, expected) in [
            ("frais.test", AddressError::Form),
            ("http://frais.test/", AddressError::Insecure),
            ("http://10.0.0.1/", AddressError::Insecure),
            ("http://localhost.frais.test/", AddressError::Insecure),
            ("javascript:alert(1)", AddressError::Insecure),
            ("fr.frais:/retour", AddressError::Insecure),
            ("https://a:b@frais.test/", AddressError::Credentials),
            ("https://a@frais.test/", AddressError::Credentials),
            ("https://frais.test/#", AddressError::Fragment),
            ("https://frais.test/#x", AddressError::Fragment),
            ("https://*.frais.test/", AddressError::Wildcard),
            ("https://frais.test/*", AddressError::Wildcard),
            ("https://frais.test", spelled("https://frais.test/")),
            ("https://Frais.test/", spelled("https://frais.test/")),
            ("https://frais.test/a/../b", spelled("https://frais.test/b")),
        ] {
            assert_eq!(address(text), Err(expected), "{text}");
            assert!(
                Registration::judge(&application(&[text])).is_err(),
                "{text}"
            );
        }
        let long = format!("https://frais.test/{}", "a".repeat(LONGEST_ADDRESS));
        assert_eq!(address(&long), Err(AddressError::Form));
    }

    #[test]
    fn names_that_cannot_be_and_too_many_addresses_are_refused() {
        let with = |change: fn(&mut NewApplication)| {
            let mut new = application(&["https://frais.test/"]);
            change(&mut new);
            Registration::judge(&new).expect_err("refused")
        };
        assert_eq!(
            with(|a| a.client_id = "a b".into()),
            RegistrationError::Id(ClientIdError)
        );
        assert_eq!(
            with(|a| a.client_id = "Portal".into()),
            RegistrationError::Reserved
        );
        for name in ["", "  ", "a\u{7}b"] {
            let mut new = application(&[]);
            name.clone_into(&mut new.name);
            assert_eq!(Registration::judge(&new), Err(RegistrationError::Name));
        }
        assert_eq!(
            with(|a| a.redirect_uris = (0..=ADDRESSES)
                .map(|n| format!("https://{n}.test/"))
                .collect()),
            RegistrationError::TooMany
        );
    }

    proptest::proptest! {
        #[test]
        fn what_is_taken_is_compared_as_it_was_written(text in "(https?|x):/{0,3}[a-z0-9.:@/#?*%-]{0,40}") {
            if let Ok(url) = address(&text) {
                proptest::prop_assert_eq!(url.as_str(), text.as_str());
                proptest::prop_assert!(url.fragment().is_none() && url.username().is_empty());
            }
        }
    }
}
