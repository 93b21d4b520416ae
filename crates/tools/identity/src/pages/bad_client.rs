//! An application that is not known, or asks to return where it may not: never a redirect.

use askama::Template;
use kernel::RequestId;

use super::{Content, Reader, Rendered};
use crate::texts::error as texts;

/// What is wrong. Code and description are ProConnect's, word for word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientFault {
    /// Unknown or disabled.
    InvalidClient,
    /// The redirect address is not one it declared.
    InvalidRedirectUri,
}

impl ClientFault {
    /// The OAuth error code.
    pub const fn error(self) -> &'static str {
        match self {
            Self::InvalidClient => "invalid_client",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
        }
    }

    /// The OAuth error description.
    pub const fn description(self) -> &'static str {
        match self {
            Self::InvalidClient => "client is invalid",
            Self::InvalidRedirectUri => {
                "redirect_uri did not match any of the client's registered redirect_uris"
            }
        }
    }
}

/// The page, of status 400.
#[derive(Debug, Clone, Copy)]
pub struct BadClient {
    /// What is wrong.
    pub fault: ClientFault,
    /// To be told to the application's support.
    pub request: RequestId,
}

#[derive(Template)]
#[template(path = "pages/bad_client.html")]
struct Main {
    t: &'static texts::BadClient,
    common: &'static texts::Common,
    what: &'static str,
    error: &'static str,
    description: &'static str,
    code: Option<&'static str>,
    request: RequestId,
}

impl BadClient {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::BadClient::of(reader.locale);
        let main = Main {
            t,
            common: texts::Common::of(reader.locale),
            what: match self.fault {
                ClientFault::InvalidClient => t.unknown,
                ClientFault::InvalidRedirectUri => t.redirect,
            },
            error: self.fault.error(),
            description: self.fault.description(),
            code: Some(super::failure::Failure::BadRequest.code()),
            request: self.request,
        };
        Ok(Content {
            title: t.title.to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::both;
    use super::*;

    #[test]
    fn the_two_faults_are_told_apart_and_nothing_leads_back_to_the_application() {
        let page = |fault| BadClient {
            fault,
            request: RequestId::from_u128(7),
        };
        let (unknown, _) = both(|reader| page(ClientFault::InvalidClient).render(reader));
        assert!(unknown.main.contains("invalid_client"));
        assert!(unknown.main.contains("client is invalid"));
        let (redirect, _) = both(|reader| page(ClientFault::InvalidRedirectUri).render(reader));
        assert!(redirect.main.contains("invalid_redirect_uri"));
        for content in [unknown, redirect] {
            assert!(!content.main.contains("<a "));
            assert!(content.main.contains("Y000400"));
        }
    }
}
