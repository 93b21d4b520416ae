//! Back without a password: on a shared computer the one recognised may not be the one present.

use askama::Template;
use kernel::Timestamp;

use super::{Content, Form, Help, Reader, Rendered};
use crate::texts::sign_in as texts;

/// Name under which the answer is posted.
pub const FIELD_DECISION: &str = "decision";
/// Go on as the person shown.
pub const DECISION_CONTINUE: &str = "continue";
/// Close the administration's session and start again.
pub const DECISION_CHANGE: &str = "change";

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct SilentReturn<'a> {
    /// Posts the answer.
    pub form: Form<'a>,
    /// Who was recognised.
    pub name: &'a str,
    /// Two letters.
    pub initials: &'a str,
    /// Their administration.
    pub administration: &'a str,
    /// Their office.
    pub unit: Option<&'a str>,
    /// When the administration's session was opened (`auth_time`); none: not told.
    pub opened_at: Option<Timestamp>,
    /// Whom to call.
    pub help: Option<Help<'a>>,
}

#[derive(Template)]
#[template(path = "pages/silent.html")]
struct Main<'a> {
    t: &'static texts::Silent,
    form: Form<'a>,
    name: &'a str,
    initials: &'a str,
    lines: Vec<String>,
    continue_as: String,
    help: Option<Help<'a>>,
    help_question: &'static str,
    help_or: &'static str,
    colon: &'static str,
}

impl SilentReturn<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::Silent::of(reader.locale);
        let sign_in = texts::SignIn::of(reader.locale);
        let opened = self
            .opened_at
            .map(|at| texts::session_opened(reader.locale, &reader.at(at)));
        let main = Main {
            t,
            form: self.form,
            name: self.name,
            initials: self.initials,
            lines: [
                Some(self.administration.to_owned()),
                self.unit.map(str::to_owned),
                opened,
            ]
            .into_iter()
            .flatten()
            .collect(),
            continue_as: texts::continue_as(reader.locale, self.name),
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
    use super::super::testing::{FORM, HOSTILE, SINCE, both};
    use super::*;

    #[test]
    fn the_person_is_named_and_somebody_else_has_a_way() {
        let page = SilentReturn {
            form: FORM,
            name: "Claire Delmas",
            initials: "CD",
            administration: "Ministère de l’Intérieur",
            unit: Some(HOSTILE),
            opened_at: Some(SINCE),
            help: None,
        };
        let (fr, en) = both(|reader| page.render(reader));
        assert!(fr.main.contains("Continuer en tant que Claire Delmas"));
        assert!(fr.main.contains("ouverte à 8\u{a0}h\u{a0}52"));
        assert!(fr.main.contains("name=\"decision\" value=\"change\""));
        assert!(en.main.contains("Not you? Change person"));
        both(|reader| {
            SilentReturn {
                name: HOSTILE,
                initials: "<b",
                ..page
            }
            .render(reader)
        });
    }
}
