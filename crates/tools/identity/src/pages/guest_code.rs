//! The page on which a guest enters the digits that they were sent. To whoever only typed an
//! address it says the same, whether or not somebody is behind it.

use askama::Template;

use super::guest_link::{Aside, Shown};
use super::{Content, Form, Help, Reader, Rendered};
use crate::texts::guests as texts;
use crate::texts::sign_in;

/// Names under which the form posts.
pub mod field {
    /// The digits.
    pub const CODE: &str = "code";
    /// Present: send another code.
    pub const AGAIN: &str = "again";
}

/// How the last try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// There was none.
    None,
    /// Not six digits.
    Unreadable,
    /// Other digits.
    Wrong {
        /// How often they may be tried still.
        left: u32,
    },
    /// Good for nothing any more.
    Dead,
    /// Codes were asked for too often.
    TooMany,
    /// Another was sent.
    SentAgain,
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct GuestCode<'a> {
    /// Posts the digits.
    pub form: Form<'a>,
    /// Where the code went, if it did.
    pub address: &'a str,
    /// The invitation; none: somebody typed an address.
    pub shown: Option<Shown<'a>>,
    /// How the last try ended.
    pub notice: Notice,
    /// Seconds until another code can be asked for.
    pub again_in: u64,
    /// Back to the address, when one was typed.
    pub back_url: Option<&'a str>,
    /// Whom to call.
    pub help: Option<Help<'a>>,
}

#[derive(Template)]
#[template(path = "pages/guest_code.html")]
struct Main<'a> {
    t: &'static texts::Code,
    form: Form<'a>,
    lead: Option<String>,
    /// What stands before and behind the address, when that is known to be theirs.
    sent: Option<(&'static str, &'static str)>,
    asked: &'static str,
    address: &'a str,
    error: Option<String>,
    told: Option<&'static str>,
    again: String,
    back_url: Option<&'a str>,
    help: Option<Help<'a>>,
    help_question: &'static str,
    help_or: &'static str,
    colon: &'static str,
}

impl GuestCode<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let (locale, t) = (reader.locale, texts::Code::of(reader.locale));
        let sign_in = sign_in::SignIn::of(locale);
        let error = match self.notice {
            Notice::None | Notice::SentAgain => None,
            Notice::Unreadable => Some(t.unreadable.to_owned()),
            Notice::Wrong { left } => Some(texts::wrong_code(locale, left)),
            Notice::Dead => Some(t.dead.to_owned()),
            Notice::TooMany => Some(t.too_many.to_owned()),
        };
        let lead = self.shown.as_ref().map(|shown| {
            let until = reader.date(shown.until);
            texts::code_lead(locale, shown.inviter, shown.purpose, &until)
        });
        let main = Main {
            t,
            form: self.form,
            lead,
            sent: self.shown.is_some().then(|| texts::code_sent_to(locale)),
            asked: texts::Offer::of(locale).asked,
            address: self.address,
            error,
            told: (self.notice == Notice::SentAgain).then_some(t.sent_again),
            again: match self.again_in {
                0 => t.again_now.to_owned(),
                seconds => texts::again_in(locale, seconds),
            },
            back_url: self.back_url,
            help: self.help,
            help_question: sign_in.need_help,
            help_or: sign_in.or_by_mail,
            colon: reader.colon(),
        };
        let aside = match self.shown {
            Some(shown) => Some(Aside::of(reader, shown).render()?),
            None => None,
        };
        Ok(Content {
            title: t.title.to_owned(),
            main: main.render()?,
            aside,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::guest_link::tests::shown;
    use super::super::testing::{FORM, HELP, HOSTILE, both};
    use super::*;

    fn page(notice: Notice, by_link: bool) -> (Content, Content) {
        both(|reader| {
            GuestCode {
                form: FORM,
                address: HOSTILE,
                shown: by_link.then(|| shown(&["Webconf"])),
                notice,
                again_in: 40,
                back_url: (!by_link).then_some("/connexion/abcdefgh"),
                help: Some(HELP),
            }
            .render(reader)
        })
    }

    #[test]
    fn browsers_and_phones_know_the_field() {
        let (fr, en) = page(Notice::None, true);
        assert!(fr.main.contains("autocomplete=\"one-time-code\""));
        assert!(fr.main.contains("inputmode=\"numeric\""));
        assert!(fr.main.contains("Nouvel envoi possible dans 40\u{a0}s."));
        assert!(!fr.main.contains("role=\"alert\""));
        assert!(fr.aside.is_some());
        assert!(en.main.contains("Code received by mail"));
    }

    #[test]
    fn who_typed_an_address_is_told_of_nobody() {
        let (fr, _) = page(Notice::None, false);
        assert!(fr.main.contains("Si cette adresse est celle d’un invité"));
        assert!(fr.main.contains("href=\"/connexion/abcdefgh\""));
        assert_eq!(fr.aside, None);
    }

    #[test]
    fn a_failure_is_announced_and_tied_to_its_field() {
        for notice in [
            Notice::Unreadable,
            Notice::Wrong { left: 2 },
            Notice::Dead,
            Notice::TooMany,
        ] {
            let (fr, _) = page(notice, false);
            assert!(fr.main.contains("role=\"alert\""), "{notice:?}");
            assert!(fr.main.contains("aria-invalid=\"true\""));
            assert!(
                fr.main
                    .contains("aria-describedby=\"code-hint code-error\"")
            );
        }
        let (fr, _) = page(Notice::SentAgain, false);
        assert!(fr.main.contains("role=\"status\""));
    }
}
