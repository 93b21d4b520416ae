//! A sign-in that did not succeed, with the number that integrators' runbooks know.

use askama::Template;
use kernel::RequestId;

use super::{Content, Help, Reader, Rendered};
use crate::texts::error as texts;

/// Why. The numbers are ProConnect's: `Y`, two digits of scope, four of cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// A parameter is missing or malformed, and there is nowhere to send the error.
    BadRequest,
    /// No such page.
    NotFound,
    /// The operator disabled the provider.
    ProviderDisabled,
    /// The provider's token endpoint failed.
    TokenCall,
    /// Its userinfo failed.
    Userinfo,
    /// Its id token cannot be accepted.
    TokenInvalid,
    /// Its discovery failed.
    Discovery,
    /// It answered with an OAuth error.
    ProviderError,
    /// The interaction is not (any more) this browser's.
    NoSession,
    /// No token against forgery came.
    CsrfMissing,
    /// Another one came.
    CsrfMismatch,
    /// No provider for the address.
    NoProvider,
    /// The claims break the contract.
    InvalidIdentity,
    /// The application takes public agents only.
    NotPublicAgent,
    /// A page of ours demands a level that the administration did not reach.
    TooWeak,
    /// The account is suspended.
    Blocked,
    /// The application does not take this address.
    AddressRefused,
    /// The address is outside the provider's domains.
    AddressOutside,
}

impl Failure {
    /// Every cause.
    pub const ALL: &'static [Self] = &[
        Self::BadRequest,
        Self::NotFound,
        Self::ProviderDisabled,
        Self::TokenCall,
        Self::Userinfo,
        Self::TokenInvalid,
        Self::Discovery,
        Self::ProviderError,
        Self::NoSession,
        Self::CsrfMissing,
        Self::CsrfMismatch,
        Self::NoProvider,
        Self::InvalidIdentity,
        Self::NotPublicAgent,
        Self::TooWeak,
        Self::Blocked,
        Self::AddressRefused,
        Self::AddressOutside,
    ];

    /// The number on the page, in the problem's type and in the log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadRequest => "Y000400",
            Self::NotFound => "Y000404",
            Self::ProviderDisabled => "Y020017",
            Self::TokenCall => "Y020026",
            Self::Userinfo => "Y020027",
            Self::TokenInvalid => "Y020030",
            Self::Discovery => "Y020031",
            Self::ProviderError => "Y020032",
            Self::NoSession => "Y190001",
            Self::CsrfMissing => "Y470001",
            Self::CsrfMismatch => "Y470002",
            Self::NoProvider => "Y500001",
            Self::InvalidIdentity => "Y500006",
            Self::NotPublicAgent => "Y500015",
            Self::TooWeak => "level-not-reached",
            Self::Blocked => "Y500024",
            Self::AddressRefused => "Y500025",
            Self::AddressOutside => "Y500027",
        }
    }

    /// The HTTP status of the page.
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest | Self::NoSession | Self::NoProvider => 400,
            Self::NotFound => 404,
            Self::ProviderDisabled
            | Self::CsrfMissing
            | Self::CsrfMismatch
            | Self::NotPublicAgent
            | Self::TooWeak
            | Self::Blocked
            | Self::AddressRefused
            | Self::AddressOutside => 403,
            Self::TokenCall
            | Self::Userinfo
            | Self::TokenInvalid
            | Self::Discovery
            | Self::ProviderError
            | Self::InvalidIdentity => 502,
        }
    }

    /// What happened, in a line.
    pub const fn title(self) -> kernel::Text {
        texts::title(self)
    }

    /// What is kept and what to do next.
    pub const fn advice(self) -> kernel::Text {
        texts::advice(self)
    }
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct FailurePage<'a> {
    /// Why.
    pub failure: Failure,
    /// The administration concerned.
    pub provider: Option<&'a str>,
    /// Its own words (`error_description`): shown as text, 300 characters at most.
    pub words: Option<&'a str>,
    /// Who can mend it: the administration's support, or the site's.
    pub help: Option<Help<'a>>,
    /// Where to start again; none when that would not help.
    pub restart_url: Option<&'a str>,
    /// To be told to the support.
    pub request: RequestId,
}

#[derive(Template)]
#[template(path = "pages/failure.html")]
struct Main<'a> {
    common: &'static texts::Common,
    title: &'a str,
    advice: &'a str,
    provider: Option<&'a str>,
    words: Option<String>,
    help: Option<Help<'a>>,
    restart_url: Option<&'a str>,
    code: Option<&'static str>,
    request: RequestId,
}

impl FailurePage<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let (title, advice) = (self.failure.title(), self.failure.advice());
        let main = Main {
            common: texts::Common::of(reader.locale),
            title: title.get(reader.locale),
            advice: advice.get(reader.locale),
            provider: self.provider,
            words: self.words.map(|words| words.chars().take(300).collect()),
            help: self.help.and_then(Help::reachable),
            restart_url: self.restart_url,
            code: Some(self.failure.code()),
            request: self.request,
        };
        let main = main.render()?;
        Ok(Content {
            title: title.get(reader.locale).to_owned(),
            main,
            aside: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::testing::{HELP, HOSTILE, both};
    use super::*;

    #[test]
    fn every_failure_has_its_number_and_its_page() {
        let mut codes = HashSet::new();
        for failure in Failure::ALL {
            let (fr, _) = both(|reader| {
                FailurePage {
                    failure: *failure,
                    provider: Some(HOSTILE),
                    words: Some(HOSTILE),
                    help: Some(HELP),
                    restart_url: Some("/connexion"),
                    request: RequestId::from_u128(7),
                }
                .render(reader)
            });
            assert!(fr.main.contains(failure.code()), "{failure:?}");
            assert!(fr.main.contains("00000000-0000-0000-0000-000000000007"));
            assert!(
                codes.insert(failure.code()),
                "{failure:?} has its own number"
            );
            assert!((400..600).contains(&failure.status()));
        }
    }

    #[test]
    fn nothing_is_shown_that_is_not_there_and_long_words_are_cut() {
        let bare = FailurePage {
            failure: Failure::Blocked,
            provider: None,
            words: None,
            help: None,
            restart_url: None,
            request: RequestId::from_u128(7),
        };
        let (fr, _) = both(|reader| bare.render(reader));
        assert!(!fr.main.contains("<a "));
        assert!(!fr.main.contains("Réponse de l’administration"));
        let long = "é".repeat(2_000);
        let (fr, _) = both(|reader| {
            FailurePage {
                words: Some(&long),
                ..bare
            }
            .render(reader)
        });
        assert_eq!(
            fr.main.matches('é').count()
                - fr.main.replace(&"é".repeat(300), "").matches('é').count(),
            300
        );
    }
}
