//! The first page: one address, one button.

use askama::Template;

use super::parts::ServicePanel;
use super::{Content, Form, Help, Reader, Rendered, Services};
use crate::texts::{guests, sign_in as texts};

/// Names under which the form posts.
pub mod field {
    /// The address typed.
    pub const EMAIL: &str = "email";
    /// The domain of the suggestion that was taken.
    pub const SUGGESTION: &str = "suggestion";
    /// The domain for which the suggestion was made; when the address posted has another one by
    /// now, the suggestion no longer holds.
    pub const MISTYPED: &str = "mistyped";
    /// What to do with the address otherwise.
    pub const CHOOSE: &str = "choose";
    /// Keep it and choose in the list.
    pub const LIST: &str = "list";
    /// Send a guest's code to it.
    pub const GUEST: &str = "guest";
}

/// What there is to say about the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice<'a> {
    /// Nothing.
    None,
    /// It was kept from last time; the link forgets it.
    Remembered {
        /// Where « Ce n’est pas vous ? » leads.
        not_you_url: &'a str,
    },
    /// It is not an address.
    Malformed,
    /// No administration uses its domain.
    UnknownDomain {
        /// The domain.
        domain: &'a str,
    },
    /// No administration uses its domain, but one uses another that is near.
    Suggestion {
        /// The domain typed.
        typed: &'a str,
        /// The near one.
        domain: &'a str,
    },
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'a> {
    /// Posts the address.
    pub form: Form<'a>,
    /// Address in the field; empty at first.
    pub email: &'a str,
    /// What there is to say about it.
    pub notice: Notice<'a>,
    /// Where the list of administrations is.
    pub administrations_url: &'a str,
    /// Whom to call.
    pub help: Option<Help<'a>>,
    /// State of the providers.
    pub services: Services<'a>,
    /// Whether guests come in here.
    pub guests: bool,
}

struct Suggestion<'a> {
    typed: &'a str,
    domain: &'a str,
    question: String,
    why: String,
    accept: String,
}

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct Main<'a> {
    t: &'static texts::SignIn,
    form: Form<'a>,
    email: &'a str,
    error: Option<String>,
    advice: Option<&'static str>,
    not_you: Option<&'a str>,
    suggestion: Option<Suggestion<'a>>,
    described_by: String,
    administrations_url: &'a str,
    /// The offer to guests, where no administration uses the domain.
    guest: Option<&'static guests::Offer>,
    help: Option<Help<'a>>,
    help_question: &'static str,
    help_or: &'static str,
    colon: &'static str,
}

#[derive(Template)]
#[template(path = "pages/aside_sign_in.html")]
struct Aside {
    services: ServicePanel,
}

impl SignIn<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let (locale, t) = (reader.locale, texts::SignIn::of(reader.locale));
        let error = match self.notice {
            Notice::Malformed => Some(t.malformed.to_owned()),
            Notice::UnknownDomain { domain } => Some(texts::unknown_domain(locale, domain)),
            Notice::None | Notice::Remembered { .. } | Notice::Suggestion { .. } => None,
        };
        let advice = matches!(self.notice, Notice::UnknownDomain { .. }).then_some(t.check);
        let not_you = match self.notice {
            Notice::Remembered { not_you_url } => Some(not_you_url),
            _ => None,
        };
        let suggestion = match self.notice {
            Notice::Suggestion { typed, domain } => Some(Suggestion {
                typed,
                domain,
                question: texts::did_you_mean(locale, domain),
                why: texts::unknown_domain(locale, typed),
                accept: texts::continue_with(locale, domain),
            }),
            _ => None,
        };
        let described_by = [
            error.is_some().then_some(" email-error"),
            advice.map(|_| " email-advice"),
            not_you.map(|_| " email-kept"),
            suggestion.as_ref().map(|_| " email-suggestion"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let is_unknown = matches!(
            self.notice,
            Notice::UnknownDomain { .. } | Notice::Suggestion { .. }
        );
        let main = Main {
            t,
            form: self.form,
            email: self.email,
            error,
            advice,
            not_you,
            suggestion,
            described_by,
            administrations_url: self.administrations_url,
            guest: (self.guests && is_unknown).then(|| guests::Offer::of(locale)),
            help: self.help,
            help_question: t.need_help,
            help_or: t.or_by_mail,
            colon: reader.colon(),
        };
        let aside = Aside {
            services: ServicePanel::new(reader, self.services),
        };
        Ok(Content {
            title: t.title.to_owned(),
            main: main.render()?,
            aside: Some(aside.render()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{FORM, HELP, HOSTILE, SERVICES, both};
    use super::*;

    fn page<'a>(email: &'a str, notice: Notice<'a>) -> SignIn<'a> {
        SignIn {
            form: FORM,
            email,
            notice,
            administrations_url: "/connexion/administrations",
            help: Some(HELP),
            services: SERVICES,
            guests: true,
        }
    }

    #[test]
    fn one_field_one_button_and_a_second_way() {
        let (fr, en) = both(|reader| page("", Notice::None).render(reader));
        assert!(fr.main.contains("Continuer vers mon ministère"));
        assert!(fr.main.contains("Choisir mon administration dans la liste"));
        assert!(fr.main.contains("tel:+33199004120"));
        assert!(!fr.main.contains("role=\"alert\""));
        assert!(!fr.main.contains("Ce n’est pas vous"));
        assert!(en.main.contains("Continue to my ministry"));
        let aside = fr.aside.expect("a side panel");
        assert!(aside.contains("État des connexions, 24 novembre à 9\u{a0}h\u{a0}20"));
        assert!(aside.contains("Depuis 8\u{a0}h\u{a0}52, 27\u{a0}essais sans réponse"));
        assert!(aside.contains("Les 16\u{a0}autres administrations ne sont pas touchées"));
    }

    #[test]
    fn without_interruption_none_is_told() {
        let calm = Services {
            interrupted: &[],
            others: 17,
        };
        let (fr, _) = both(|reader| {
            SignIn {
                services: calm,
                ..page("", Notice::None)
            }
            .render(reader)
        });
        let aside = fr.aside.expect("a side panel");
        assert!(aside.contains("Aucune interruption connue"));
        assert!(!aside.contains("interrompue"));
    }

    #[test]
    fn a_kept_address_can_be_forgotten() {
        let notice = Notice::Remembered {
            not_you_url: "/connexion?oublier=1",
        };
        let (fr, _) = both(|reader| page("claire@interieur.gouv.fr", notice).render(reader));
        assert!(fr.main.contains("value=\"claire@interieur.gouv.fr\""));
        assert!(
            fr.main
                .contains("<a href=\"/connexion?oublier=1\">Ce n’est pas vous\u{a0}?</a>")
        );
        assert!(
            fr.main
                .contains("aria-describedby=\"email-hint email-kept\"")
        );
    }

    #[test]
    fn an_error_is_announced_and_tied_to_its_field() {
        for notice in [Notice::Malformed, Notice::UnknownDomain { domain: HOSTILE }] {
            let (fr, _) = both(|reader| page(HOSTILE, notice).render(reader));
            assert!(fr.main.contains("role=\"alert\""));
            assert!(fr.main.contains("aria-invalid=\"true\""));
            assert!(
                fr.main
                    .contains("aria-describedby=\"email-hint email-error")
            );
            assert!(fr.main.contains("<a href=\"#email\">"));
        }
    }

    #[test]
    fn a_near_domain_is_offered_and_the_typed_address_kept() {
        let notice = Notice::Suggestion {
            typed: "interieur.gouv.f",
            domain: "interieur.gouv.fr",
        };
        let (fr, en) = both(|reader| page("claire@interieur.gouv.f", notice).render(reader));
        assert!(
            fr.main
                .contains("Vouliez-vous dire interieur.gouv.fr\u{a0}?")
        );
        assert!(fr.main.contains("«\u{a0}interieur.gouv.f\u{a0}»"));
        assert!(
            fr.main
                .contains("name=\"suggestion\" value=\"interieur.gouv.fr\"")
        );
        assert!(
            fr.main
                .contains("name=\"mistyped\" value=\"interieur.gouv.f\"")
        );
        assert!(fr.main.contains("name=\"choose\" value=\"list\""));
        assert!(fr.main.contains("value=\"claire@interieur.gouv.f\""));
        assert!(
            !fr.main.contains("Continuer vers mon ministère"),
            "one filled button"
        );
        assert!(en.main.contains("Did you mean interieur.gouv.fr?"));
        let hostile = Notice::Suggestion {
            typed: HOSTILE,
            domain: HOSTILE,
        };
        both(|reader| page(HOSTILE, hostile).render(reader));
    }

    #[test]
    fn a_guest_s_code_is_offered_where_no_administration_uses_the_domain() {
        let offered = |notice, guests| {
            let (fr, _) = both(|reader| {
                SignIn {
                    guests,
                    ..page("h@sdis40.example", notice)
                }
                .render(reader)
            });
            fr.main.contains("name=\"choose\" value=\"guest\"")
        };
        let unknown = Notice::UnknownDomain {
            domain: "sdis40.example",
        };
        let near = Notice::Suggestion {
            typed: "interieur.gouv.f",
            domain: "interieur.gouv.fr",
        };
        assert!(offered(unknown, true) && offered(near, true));
        assert!(!offered(unknown, false), "nobody is invited here");
        assert!(!offered(Notice::None, true));
        assert!(!offered(Notice::Malformed, true));
    }

    #[test]
    fn without_support_no_help_is_promised() {
        let (fr, _) = both(|reader| {
            SignIn {
                help: None,
                ..page("", Notice::None)
            }
            .render(reader)
        });
        assert!(!fr.main.contains("Besoin d’aide"));
    }
}
