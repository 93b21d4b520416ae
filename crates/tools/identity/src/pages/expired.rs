//! Time is up: a session of twelve hours, or a sign-in of fifteen minutes.

use askama::Template;
use kernel::RequestId;

use super::{Content, Reader, Rendered};
use crate::texts::session as texts;

/// Whose time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// The session's.
    Session,
    /// The sign-in's (`Y190001`).
    Interaction,
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct Expired<'a> {
    /// Whose time is up.
    pub expiry: Expiry,
    /// Where to start again.
    pub restart_url: &'a str,
    /// To be told to the support.
    pub request: RequestId,
}

#[derive(Template)]
#[template(path = "pages/expired.html")]
struct Main<'a> {
    t: &'static texts::Expired,
    common: &'static crate::texts::error::Common,
    title: &'static str,
    lead: &'static str,
    restart_url: &'a str,
    code: Option<&'static str>,
    request: RequestId,
}

impl Expired<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::Expired::of(reader.locale);
        let (title, lead, code) = match self.expiry {
            Expiry::Session => (t.session_title, t.session_lead, None),
            Expiry::Interaction => (
                t.interaction_title,
                t.interaction_lead,
                Some(super::failure::Failure::NoSession.code()),
            ),
        };
        let main = Main {
            t,
            common: crate::texts::error::Common::of(reader.locale),
            title,
            lead,
            restart_url: self.restart_url,
            code,
            request: self.request,
        };
        Ok(Content {
            title: title.to_owned(),
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
    fn both_expiries_offer_to_start_again() {
        for (expiry, coded) in [(Expiry::Session, false), (Expiry::Interaction, true)] {
            let (fr, _) = both(|reader| {
                Expired {
                    expiry,
                    restart_url: "/connexion",
                    request: RequestId::from_u128(7),
                }
                .render(reader)
            });
            assert!(fr.main.contains("href=\"/connexion\""));
            assert_eq!(fr.main.contains("Y190001"), coded);
        }
    }
}
