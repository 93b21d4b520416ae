//! Signing out: the question, and afterwards.

use askama::Template;

use super::{Content, Form, Reader, Rendered};
use crate::texts::session as texts;

/// The question, for a sign-out that nobody vouched for.
#[derive(Debug, Clone, Copy)]
pub struct ConfirmSignOut<'a> {
    /// Posts the sign-out.
    pub form: Form<'a>,
    /// Back to the tools.
    pub stay_url: &'a str,
}

#[derive(Template)]
#[template(path = "pages/sign_out.html")]
struct Question<'a> {
    t: &'static texts::SignOut,
    form: Form<'a>,
    stay_url: &'a str,
}

impl ConfirmSignOut<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::SignOut::of(reader.locale);
        let main = Question {
            t,
            form: self.form,
            stay_url: self.stay_url,
        };
        Ok(Content {
            title: t.title.to_owned(),
            main: main.render()?,
            aside: None,
        })
    }
}

/// What became of the administration's own session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdministrationSession<'a> {
    /// There was none, or nothing is known of it.
    Unknown,
    /// The administration (its title) closed it too.
    Closed(&'a str),
    /// The administration (its title) has no way to close it, or did not answer.
    MayBeOpen(&'a str),
}

/// Afterwards.
#[derive(Debug, Clone, Copy)]
pub struct SignedOut<'a> {
    /// What became of the administration's own session.
    pub administration: AdministrationSession<'a>,
    /// To sign in again.
    pub sign_in_url: &'a str,
}

#[derive(Template)]
#[template(path = "pages/signed_out.html")]
struct After<'a> {
    t: &'static texts::SignedOut,
    administration: Option<String>,
    sign_in_url: &'a str,
}

impl SignedOut<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let (locale, t) = (reader.locale, texts::SignedOut::of(reader.locale));
        let administration = match self.administration {
            AdministrationSession::Unknown => None,
            AdministrationSession::Closed(title) => {
                Some(texts::administration_closed(locale, title))
            }
            AdministrationSession::MayBeOpen(title) => {
                Some(texts::administration_open(locale, title))
            }
        };
        let main = After {
            t,
            administration,
            sign_in_url: self.sign_in_url,
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
    use super::super::testing::{FORM, HOSTILE, both};
    use super::*;

    #[test]
    fn the_question_has_two_answers() {
        let (fr, _) = both(|reader| {
            ConfirmSignOut {
                form: FORM,
                stay_url: "/",
            }
            .render(reader)
        });
        assert!(fr.main.contains("Se déconnecter</button>"));
        assert!(fr.main.contains("href=\"/\""));
    }

    #[test]
    fn afterwards_the_administration_s_session_is_told_as_it_is() {
        let page = |administration| SignedOut {
            administration,
            sign_in_url: "/connexion",
        };
        let closed = AdministrationSession::Closed(HOSTILE);
        let (fr, _) = both(|reader| page(closed).render(reader));
        assert!(fr.main.contains("est fermée aussi"));
        let open = AdministrationSession::MayBeOpen(HOSTILE);
        let (fr, _) = both(|reader| page(open).render(reader));
        assert!(fr.main.contains("peut-être encore ouverte"));
        let (fr, _) = both(|reader| page(AdministrationSession::Unknown).render(reader));
        assert!(!fr.main.contains("session de l’administration"));
    }
}
