//! The password form of a provider run by this program. It looks like the ministry's, not like
//! ours.

use askama::Template;

use super::{Content, Form, Help, Reader, Rendered};
use crate::texts::{self, sign_in};

/// Names under which the form posts.
pub mod field {
    /// The address.
    pub const EMAIL: &str = "email";
    /// The password.
    pub const PASSWORD: &str = "password";
}

/// How the last try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// There was none.
    None,
    /// Unknown address or wrong password: one text.
    Refused,
    /// Slowed down.
    TooManyAttempts {
        /// How long.
        seconds: u32,
    },
    /// The queue of passwords is full.
    Busy,
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct PasswordPage<'a> {
    /// Posts address and password.
    pub form: Form<'a>,
    /// The ministry.
    pub provider: &'a str,
    /// Who asked for the sign-in.
    pub application: &'a str,
    /// Address in the field.
    pub login: &'a str,
    /// How the last try ended.
    pub notice: Notice,
    /// Where a link to a new password is asked for; none: no mail leaves.
    pub forgotten_url: Option<&'a str>,
    /// The ministry's support.
    pub help: Option<Help<'a>>,
}

#[derive(Template)]
#[template(path = "pages/password.html")]
struct Main<'a> {
    t: &'static sign_in::PasswordForm,
    form: Form<'a>,
    lead: String,
    login: &'a str,
    error: Option<String>,
    linked: bool,
    forgotten_url: Option<&'a str>,
    help: Option<Help<'a>>,
    help_question: &'static str,
    help_or: &'static str,
    colon: &'static str,
}

impl PasswordPage<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let (locale, t) = (reader.locale, sign_in::PasswordForm::of(reader.locale));
        let error = match self.notice {
            Notice::None => None,
            Notice::Refused => Some(texts::BAD_CREDENTIALS.get(locale).to_owned()),
            Notice::TooManyAttempts { seconds } => Some(texts::wait_seconds(locale, seconds)),
            Notice::Busy => Some(texts::PASSWORDS_BUSY.get(locale).to_owned()),
        };
        let main = Main {
            t,
            form: self.form,
            lead: sign_in::to_continue_to(locale, self.application),
            login: self.login,
            error,
            linked: self.notice == Notice::Refused,
            forgotten_url: self.forgotten_url,
            help: self.help,
            help_question: match self.forgotten_url {
                Some(_) => sign_in::SignIn::of(locale).need_help,
                None => t.forgotten,
            },
            help_or: sign_in::SignIn::of(locale).or_by_mail,
            colon: reader.colon(),
        };
        let title = format!("{}, {}", t.title, self.provider);
        Ok(Content {
            title,
            main: main.render()?,
            aside: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{FORM, HELP, HOSTILE, both};
    use super::*;

    fn page(notice: Notice) -> PasswordPage<'static> {
        PasswordPage {
            form: FORM,
            provider: HOSTILE,
            application: HOSTILE,
            login: HOSTILE,
            notice,
            forgotten_url: None,
            help: Some(HELP),
        }
    }

    #[test]
    fn a_link_to_a_new_password_is_offered_where_mail_leaves() {
        let mut page = page(Notice::None);
        page.forgotten_url = Some("/mot-de-passe-oublie");
        let (fr, _) = both(|reader| page.render(reader));
        assert!(fr.main.contains("href=\"/mot-de-passe-oublie\""));
        assert!(
            fr.main.contains("Besoin d’aide"),
            "the support is still there"
        );
    }

    #[test]
    fn browsers_know_both_fields() {
        let (fr, _) = both(|reader| page(Notice::None).render(reader));
        assert!(fr.main.contains("autocomplete=\"username\""));
        assert!(fr.main.contains("autocomplete=\"current-password\""));
        assert!(!fr.main.contains("role=\"alert\""));
        assert!(fr.main.contains("Mot de passe oublié\u{a0}?"));
    }

    #[test]
    fn a_refusal_marks_both_fields_and_never_says_which() {
        let (fr, _) = both(|reader| page(Notice::Refused).render(reader));
        assert_eq!(fr.main.matches("aria-invalid=\"true\"").count(), 2);
        assert_eq!(
            fr.main
                .matches("aria-describedby=\"password-error\"")
                .count(),
            2
        );
        assert!(
            fr.main
                .contains("L’adresse ou le mot de passe n’est pas le bon.")
        );
    }

    #[test]
    fn haste_and_crowds_are_nobody_s_mistake() {
        for notice in [Notice::TooManyAttempts { seconds: 15 }, Notice::Busy] {
            let (fr, _) = both(|reader| page(notice).render(reader));
            assert!(fr.main.contains("role=\"alert\""));
            assert!(!fr.main.contains("aria-invalid"));
        }
    }

    #[test]
    fn a_typed_password_never_comes_back() {
        let (fr, _) = both(|reader| page(Notice::Refused).render(reader));
        let field = fr.main.split("id=\"password\"").nth(1).expect("the field");
        assert!(!field.split('>').next().expect("its end").contains("value="));
    }
}
