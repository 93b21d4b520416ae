//! Where a trial of a provider ends, in its own tab: it may be closed.

use askama::Template;

use super::{Content, Reader, Rendered};
use crate::texts::providers as texts;

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct TrialDone<'a> {
    /// The provider's name for people.
    pub provider: &'a str,
    /// Whether a sign-in would have succeeded.
    pub succeeds: bool,
}

#[derive(Template)]
#[template(path = "pages/trial.html")]
struct Main<'a> {
    t: &'static texts::TrialDone,
    provider: &'a str,
    lead: &'static str,
}

impl TrialDone<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::TrialDone::of(reader.locale);
        let main = Main {
            t,
            provider: self.provider,
            lead: if self.succeeds { t.succeeds } else { t.fails },
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
    use super::super::testing::{HOSTILE, both};
    use super::*;

    #[test]
    fn the_page_says_that_nobody_was_signed_in_and_leads_nowhere() {
        for succeeds in [true, false] {
            let (fr, _) = both(|reader| {
                TrialDone {
                    provider: HOSTILE,
                    succeeds,
                }
                .render(reader)
            });
            assert!(!fr.main.contains("href="), "{}", fr.main);
            assert!(!fr.main.contains("<form"));
        }
    }
}
