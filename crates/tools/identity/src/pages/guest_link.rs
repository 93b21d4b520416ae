//! The page behind the link of an invitation, and the panel beside it. Showing it changes nothing:
//! scanners of mails open links.

use askama::Template;
use kernel::Timestamp;

use super::{Content, Form, Help, Reader, Rendered};
use crate::texts::guests as texts;
use crate::texts::sign_in;

/// An invitation, as it is shown to its guest.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// Who invites.
    pub inviter: &'a str,
    /// Their two letters.
    pub initials: &'a str,
    /// Their service and administration.
    pub place: &'a str,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// What for.
    pub purpose: &'a str,
    /// Until when.
    pub until: Timestamp,
    /// The tools' names.
    pub tools: &'a [&'a str],
    /// The guest's name.
    pub guest: &'a str,
    /// Where they work.
    pub organisation: &'a str,
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct GuestLink<'a> {
    /// The invitation.
    pub shown: Shown<'a>,
    /// Where the code goes.
    pub address: &'a str,
    /// Asks for a code.
    pub form: Form<'a>,
    /// Refuses, when it was not answered yet.
    pub decline: Option<Form<'a>>,
    /// Whom to call.
    pub help: Option<Help<'a>>,
}

#[derive(Template)]
#[template(path = "pages/guest_link.html")]
struct Main<'a> {
    t: &'static texts::Link,
    title: String,
    lead: String,
    address: &'a str,
    form: Form<'a>,
    decline: Option<Form<'a>>,
    help: Option<Help<'a>>,
    help_question: &'static str,
    help_or: &'static str,
    colon: &'static str,
}

#[derive(Template)]
#[template(path = "pages/aside_guest.html")]
pub(super) struct Aside<'a> {
    t: &'static texts::Side,
    shown: Shown<'a>,
    title: String,
    sent: String,
    until: String,
    tools: String,
    seen: String,
}

impl<'a> Aside<'a> {
    pub(super) fn of(reader: &Reader<'_>, shown: Shown<'a>) -> Self {
        let locale = reader.locale;
        let until = reader.date(shown.until);
        Self {
            t: texts::Side::of(locale),
            title: texts::invites_you(locale, shown.inviter),
            sent: texts::invited(locale, &reader.at(shown.sent_at)),
            until: texts::until_or_before(locale, &until, shown.inviter),
            tools: shown.tools.join(", "),
            seen: texts::seen_as(locale, shown.guest, shown.organisation),
            shown,
        }
    }
}

impl GuestLink<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let locale = reader.locale;
        let sign_in = sign_in::SignIn::of(locale);
        let title = texts::invites_you(locale, self.shown.inviter);
        let until = reader.date(self.shown.until);
        let main = Main {
            t: texts::Link::of(locale),
            lead: texts::invitation_lead(locale, self.shown.purpose, &until),
            title: title.clone(),
            address: self.address,
            form: self.form,
            decline: self.decline,
            help: self.help,
            help_question: sign_in.need_help,
            help_or: sign_in.or_by_mail,
            colon: reader.colon(),
        };
        Ok(Content {
            title,
            main: main.render()?,
            aside: Some(Aside::of(reader, self.shown).render()?),
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::testing::{FORM, HELP, HOSTILE, NOW, SINCE, both};
    use super::*;

    pub(in crate::pages) fn shown(tools: &'static [&'static str]) -> Shown<'static> {
        Shown {
            inviter: HOSTILE,
            initials: "<C",
            place: HOSTILE,
            sent_at: SINCE,
            purpose: HOSTILE,
            until: NOW,
            tools,
            guest: HOSTILE,
            organisation: HOSTILE,
        }
    }

    #[test]
    fn the_invitation_is_shown_and_nothing_has_happened_yet() {
        let page = |decline| {
            both(|reader| {
                GuestLink {
                    shown: shown(&["Webconf", HOSTILE]),
                    address: "h.castaing@sdis40.example",
                    form: FORM,
                    decline,
                    help: Some(HELP),
                }
                .render(reader)
            })
        };
        let (fr, en) = page(Some(FORM));
        assert!(fr.main.contains("Recevoir un code"));
        assert!(fr.main.contains("La refuser maintenant"));
        assert!(fr.main.contains("n’a rien accepté"));
        assert!(en.main.contains("Send me a code"));
        let aside = fr.aside.expect("a panel");
        assert!(aside.contains("24 novembre 2026, ou plus tôt si"));
        assert!(aside.contains("Webconf, "));
        assert!(aside.contains("mention «\u{a0}externe\u{a0}»"));
        let (answered, _) = page(None);
        assert!(!answered.main.contains("La refuser"));
    }

    #[test]
    fn an_invitation_to_nothing_says_so() {
        let (fr, _) = both(|reader| {
            GuestLink {
                shown: shown(&[]),
                address: "a@b.fr",
                form: FORM,
                decline: None,
                help: None,
            }
            .render(reader)
        });
        assert!(
            fr.aside
                .expect("a panel")
                .contains("Aucun outil n’est partagé")
        );
    }
}
