//! The list of administrations, for whoever has no address at hand.

use askama::Template;
use kernel::fold;

use super::{Content, Form, Help, Reader, Rendered};
use crate::texts::sign_in as texts;

/// Name under which the chosen provider's id is posted.
pub const FIELD_PROVIDER: &str = "provider";

/// One administration.
#[derive(Debug, Clone, Copy)]
pub struct Administration<'a> {
    /// The provider's id, posted.
    pub id: &'a str,
    /// Shown.
    pub title: &'a str,
    /// Whether its provider does not answer now.
    pub interrupted: bool,
    /// Whether it is the one for whoever is of none of the others: it comes last.
    pub fallback: bool,
}

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct Administrations<'a> {
    /// Posts the choice.
    pub form: Form<'a>,
    /// In any order; the page sorts them by title.
    pub entries: &'a [Administration<'a>],
    /// Back to the address.
    pub back_url: &'a str,
    /// Whom to call.
    pub help: Option<Help<'a>>,
}

#[derive(Template)]
#[template(path = "pages/administrations.html")]
struct Main<'a> {
    t: &'static texts::Administrations,
    form: Form<'a>,
    entries: Vec<Administration<'a>>,
    back_url: &'a str,
    help: Option<Help<'a>>,
    help_question: &'static str,
    help_or: &'static str,
    colon: &'static str,
}

impl Administrations<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::Administrations::of(reader.locale);
        let sign_in = texts::SignIn::of(reader.locale);
        let mut entries = self.entries.to_vec();
        entries.sort_by_cached_key(|entry| (entry.fallback, fold(entry.title)));
        let main = Main {
            t,
            form: self.form,
            entries,
            back_url: self.back_url,
            help: self.help,
            help_question: sign_in.need_help,
            help_or: sign_in.or_by_mail,
            colon: reader.colon(),
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
    use super::super::testing::{FORM, HELP, HOSTILE, both};
    use super::*;

    fn entry<'a>(id: &'a str, title: &'a str) -> Administration<'a> {
        Administration {
            id,
            title,
            interrupted: false,
            fallback: false,
        }
    }

    #[test]
    fn administrations_are_sorted_as_people_read_and_the_fallback_is_last() {
        let entries = [
            Administration {
                fallback: true,
                ..entry("autre", "Autre")
            },
            entry("interieur", "Intérieur"),
            Administration {
                interrupted: true,
                ..entry("ecologie", "Écologie")
            },
            entry("justice", "Justice"),
            entry(HOSTILE, HOSTILE),
        ];
        let (fr, _) = both(|reader| {
            Administrations {
                form: FORM,
                entries: &entries,
                back_url: "/connexion",
                help: Some(HELP),
            }
            .render(reader)
        });
        let places: Vec<_> = ["Écologie", "Intérieur", "Justice", "Autre"]
            .iter()
            .map(|title| fr.main.find(title).expect("listed"))
            .collect();
        assert!(places.is_sorted(), "{places:?}");
        assert!(fr.main.contains("name=\"provider\" value=\"justice\""));
        assert_eq!(fr.main.matches("Connexion interrompue").count(), 1);
    }

    #[test]
    fn an_empty_list_is_said_and_offers_the_way_back() {
        let (fr, _) = both(|reader| {
            Administrations {
                form: FORM,
                entries: &[],
                back_url: "/connexion",
                help: None,
            }
            .render(reader)
        });
        assert!(
            fr.main
                .contains("Aucune administration n’est encore raccordée.")
        );
        assert!(fr.main.contains("href=\"/connexion\""));
        assert!(!fr.main.contains("<form"));
    }
}
