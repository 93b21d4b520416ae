//! A page that goes on by itself to another origin.
//!
//! A redirect after a POST would be stopped by `form-action` in Chromium: the answer is 200 with
//! a `Refresh` (the caller's to set) and this plain link.

use askama::Template;

use super::{Content, Reader, Rendered};
use crate::texts::sign_in as texts;

/// The page.
#[derive(Debug, Clone, Copy)]
pub struct GoingOn<'a> {
    /// Where to; the same as in `Refresh`.
    pub url: &'a url::Url,
    /// What lies there, in words (an application, an administration).
    pub place: &'a str,
}

#[derive(Template)]
#[template(path = "pages/going_on.html")]
struct Main<'a> {
    t: &'static texts::GoingOn,
    url: &'a str,
    go_on: String,
}

impl GoingOn<'_> {
    /// Writes the page.
    ///
    /// # Errors
    /// When a template cannot be written.
    pub fn render(&self, reader: &Reader<'_>) -> Rendered {
        let t = texts::GoingOn::of(reader.locale);
        let main = Main {
            t,
            url: self.url.as_str(),
            go_on: texts::go_on_to(reader.locale, self.place),
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
    fn the_link_is_plain_and_its_query_survives() {
        let url = url::Url::parse("https://mission.gouv.fr/cb?code=a&state=\"b\"").expect("url");
        let (fr, _) = both(|reader| {
            GoingOn {
                url: &url,
                place: HOSTILE,
            }
            .render(reader)
        });
        let link = "href=\"https://mission.gouv.fr/cb?code=a&#38;state=%22b%22\"";
        assert!(fr.main.contains(link), "{}", fr.main);
        assert!(!fr.main.contains("<form"));
    }
}
