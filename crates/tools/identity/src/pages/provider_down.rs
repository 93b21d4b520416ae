//! An administration's provider does not answer: whose, since when, whom to call, what holds.

use askama::Template;
use kernel::{RequestId, Timestamp};

use super::parts::ServicePanel;
use super::{Content, Form, Help, Reader, Rendered, Services};
use crate::texts::error as texts;

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct ProviderDown<'a> {
    /// Posts another try.
    pub form: Form<'a>,
    /// The administration.
    pub provider: &'a str,
    /// Since when; none: this was the first try.
    pub since: Option<Timestamp>,
    /// The administration's own support.
    pub help: Option<Help<'a>>,
    /// Another address, another administration.
    pub sign_in_url: &'a str,
    /// To be told to the support.
    pub request: RequestId,
    /// State of all providers, this one among them.
    pub services: Services<'a>,
}

#[derive(Template)]
#[template(path = "pages/down.html")]
struct Main<'a> {
    t: &'static texts::Down,
    common: &'static texts::Common,
    form: Form<'a>,
    provider: &'a str,
    since: String,
    colon: &'static str,
    help: Option<Help<'a>>,
    sign_in_url: &'a str,
    code: Option<&'static str>,
    request: RequestId,
}

#[derive(Template)]
#[template(path = "pages/aside_down.html")]
struct Aside {
    t: &'static texts::Down,
    services: ServicePanel,
}

impl ProviderDown<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::Down::of(reader.locale);
        let main = Main {
            t,
            common: texts::Common::of(reader.locale),
            form: self.form,
            provider: self.provider,
            since: self.since.map_or_else(
                || texts::no_answer(reader.locale).to_owned(),
                |at| texts::no_answer_since(reader.locale, &reader.moment(at)),
            ),
            colon: reader.colon(),
            help: self.help.and_then(Help::reachable),
            sign_in_url: self.sign_in_url,
            code: None,
            request: self.request,
        };
        let aside = Aside {
            t,
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
    use super::super::testing::{FORM, HELP, HOSTILE, SERVICES, SINCE, both};
    use super::*;

    fn page<'a>() -> ProviderDown<'a> {
        ProviderDown {
            form: FORM,
            provider: HOSTILE,
            since: Some(SINCE),
            help: Some(HELP),
            sign_in_url: "/connexion",
            request: RequestId::from_u128(0x0193_7c52),
            services: SERVICES,
        }
    }

    #[test]
    fn whose_since_when_whom_to_call_and_the_request_are_told() {
        let (fr, en) = both(|reader| page().render(reader));
        assert!(fr.main.contains("pas de réponse depuis 8\u{a0}h\u{a0}52."));
        assert!(fr.main.contains("tel:+33199004120"));
        assert!(fr.main.contains("00000000-0000-0000-0000-000001937c52"));
        assert!(fr.main.contains("Réessayer la connexion"));
        assert!(fr.main.contains("href=\"/connexion\""));
        assert!(en.main.contains("no answer since 08:52."));
        let aside = fr.aside.expect("a side panel");
        assert!(aside.contains("Rien n’est perdu"));
    }

    #[test]
    fn what_is_not_known_is_not_invented() {
        let (fr, _) = both(|reader| {
            ProviderDown {
                since: None,
                help: None,
                ..page()
            }
            .render(reader)
        });
        assert!(fr.main.contains("pas de réponse."));
        assert!(fr.main.contains("n’a pas donné de numéro d’assistance"));
        assert!(!fr.main.contains("tel:"));
    }
}
