//! A link that is over, or was never one: why, what stays, and how to ask for a new access.

use askama::Template;
use kernel::Timestamp;

use super::{Content, Form, Help, Reader, Rendered};
use crate::domain::invitation::Ending;
use crate::texts::guests as texts;
use crate::texts::sign_in;

/// Name under which the reason is posted.
pub const REASON: &str = "raison";

/// How the demand ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// There was none.
    None,
    /// It has left.
    Asked,
    /// Too often.
    TooOften,
    /// The reason is too long.
    Long,
}

/// The page of an invitation that is over.
#[derive(Debug, Clone, Copy)]
pub struct GuestOver<'a> {
    /// Who had invited.
    pub inviter: &'a str,
    /// Their two letters.
    pub initials: &'a str,
    /// Their service and administration.
    pub place: &'a str,
    /// Whom.
    pub guest: &'a str,
    /// The guest's address.
    pub address: &'a str,
    /// What for.
    pub purpose: &'a str,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub over_at: Timestamp,
    /// Why it is over.
    pub why: Ending,
    /// When the account is erased; none: another invitation holds it.
    pub erased_at: Option<Timestamp>,
    /// Asks for a new access; none: it cannot be asked for.
    pub form: Option<Form<'a>>,
    /// How that ended.
    pub notice: Notice,
    /// Where one signs in.
    pub sign_in_url: &'a str,
    /// Whom to call.
    pub help: Option<Help<'a>>,
}

#[derive(Template)]
#[template(path = "pages/guest_over.html")]
struct Main<'a> {
    t: &'static texts::Over,
    lead: String,
    read_by: String,
    form: Option<Form<'a>>,
    error: Option<&'static str>,
    told: Option<&'static str>,
    help: Option<Help<'a>>,
    help_question: &'static str,
    help_or: &'static str,
    colon: &'static str,
}

#[derive(Template)]
#[template(path = "pages/aside_guest_over.html")]
struct Aside<'a> {
    t: &'static texts::Over,
    initials: &'a str,
    title: String,
    place: &'a str,
    from_to: String,
    answer: Option<String>,
    erased: Option<(String, &'static str)>,
    sign_in_url: &'a str,
}

impl GuestOver<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let (locale, t) = (reader.locale, texts::Over::of(reader.locale));
        let sign_in = sign_in::SignIn::of(locale);
        let date = reader.date(self.over_at);
        let main = Main {
            t,
            lead: texts::over_lead(locale, self.purpose, self.inviter, &date, self.why),
            read_by: texts::read_by(locale, self.inviter),
            form: self.form.filter(|_| self.notice != Notice::Asked),
            error: match self.notice {
                Notice::None | Notice::Asked => None,
                Notice::TooOften => Some(t.too_often),
                Notice::Long => Some(t.long),
            },
            told: (self.notice == Notice::Asked).then_some(t.asked),
            help: self.help,
            help_question: sign_in.need_help,
            help_or: sign_in.or_by_mail,
            colon: reader.colon(),
        };
        let erased_on = |at| texts::erased_on(locale, &reader.date(at));
        let aside = Aside {
            t,
            initials: self.initials,
            title: texts::had_invited(locale, self.inviter, self.guest),
            place: self.place,
            from_to: texts::from_to(locale, &reader.date(self.from), &date),
            answer: self.form.map(|_| texts::answer_to(locale, self.address)),
            erased: self.erased_at.map(erased_on),
            sign_in_url: self.sign_in_url,
        };
        Ok(Content {
            title: t.title.to_owned(),
            main: main.render()?,
            aside: Some(aside.render()?),
        })
    }
}

/// The page of a text that is no link of ours.
#[derive(Debug, Clone, Copy)]
pub struct GuestUnknown<'a> {
    /// Whom to call.
    pub help: Option<Help<'a>>,
}

#[derive(Template)]
#[template(path = "pages/guest_unknown.html")]
struct Unknown<'a> {
    title: &'static str,
    lead: &'static str,
    help: Option<Help<'a>>,
    help_question: &'static str,
    help_or: &'static str,
    colon: &'static str,
}

impl GuestUnknown<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::Over::of(reader.locale);
        self.written(reader, (t.unknown_title, t.unknown_lead))
    }

    /// The same, for whoever has just refused an invitation.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render_declined(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::Link::of(reader.locale);
        self.written(reader, (t.declined_title, t.declined_lead))
    }

    fn written(
        &self,
        reader: &Reader<'_>,
        (title, lead): (&'static str, &'static str),
    ) -> Rendered {
        let sign_in = sign_in::SignIn::of(reader.locale);
        let main = Unknown {
            title,
            lead,
            help: self.help,
            help_question: sign_in.need_help,
            help_or: sign_in.or_by_mail,
            colon: reader.colon(),
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
    use super::super::testing::{FORM, HELP, HOSTILE, NOW, SINCE, both};
    use super::*;

    fn page(notice: Notice, form: Option<Form<'static>>) -> GuestOver<'static> {
        GuestOver {
            inviter: HOSTILE,
            initials: "CD",
            place: HOSTILE,
            guest: HOSTILE,
            address: "n.dufaut@mairie-sorde.example",
            purpose: HOSTILE,
            from: SINCE,
            over_at: NOW,
            why: Ending::Date,
            erased_at: Some(NOW),
            form,
            notice,
            sign_in_url: "/connexion",
            help: Some(HELP),
        }
    }

    #[test]
    fn it_says_why_what_stays_and_until_when() {
        let (fr, en) = both(|reader| page(Notice::None, Some(FORM)).render(reader));
        assert!(
            fr.main
                .contains("a pris fin le 24 novembre 2026, comme prévu")
        );
        assert!(fr.main.contains("Demander un nouvel accès"));
        assert!(en.main.contains("Ask for a new access"));
        let aside = fr.aside.expect("a panel");
        assert!(aside.contains("Votre compte s’efface le 24 novembre 2026"));
        assert!(aside.contains("n.dufaut@mairie-sorde.example"));
    }

    #[test]
    fn every_end_has_its_sentence() {
        for why in [
            Ending::Date,
            Ending::Unanswered,
            Ending::Inviter,
            Ending::Administrator,
            Ending::Guest,
            Ending::Account,
        ] {
            both(|reader| {
                GuestOver {
                    why,
                    ..page(Notice::None, None)
                }
                .render(reader)
            });
        }
    }

    #[test]
    fn a_demand_that_left_is_not_offered_again() {
        let (fr, _) = both(|reader| page(Notice::Asked, Some(FORM)).render(reader));
        assert!(fr.main.contains("role=\"status\""));
        assert!(!fr.main.contains("<form"));
        let (often, _) = both(|reader| page(Notice::TooOften, Some(FORM)).render(reader));
        assert!(often.main.contains("role=\"alert\""));
    }

    #[test]
    fn a_link_that_is_none_says_nothing_of_anybody() {
        let unknown = GuestUnknown { help: Some(HELP) };
        let (fr, _) = both(|reader| unknown.render(reader));
        assert!(fr.main.contains("Ce lien n’est pas valable"));
        let (fr, _) = both(|reader| unknown.render_declined(reader));
        assert!(fr.main.contains("L’invitation est refusée"));
    }
}
