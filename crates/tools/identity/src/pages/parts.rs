//! What several pages are made of.

use std::borrow::Cow;

use kernel::{Locale, Timestamp};

use super::Reader;
use crate::texts::error as texts;

/// A page's own part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// For `<title>`.
    pub title: String,
    /// For `<main>`: trusted HTML.
    pub main: String,
    /// For the side panel: trusted HTML.
    pub aside: Option<String>,
}

impl Content {
    /// The whole page, in the site's look and with status 200 unless changed.
    pub fn page(self, context: &kernel_http::pages::PageContext) -> kernel_http::Page {
        let page = kernel_http::Page::new(context, self.title, self.main);
        match self.aside {
            Some(aside) => page.with_aside(aside),
            None => page,
        }
    }
}

/// A page's own part, or why it could not be written.
pub type Rendered = Result<Content, askama::Error>;

/// Where a form posts to, and what it carries unseen (the token against forgery, the
/// interaction).
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    /// Path on our origin.
    pub action: &'a str,
    /// Names and values.
    pub hidden: &'a [(&'a str, &'a str)],
}

/// Whom to call.
#[derive(Debug, Clone, Copy)]
pub struct Help<'a> {
    /// Who it is.
    pub label: &'a str,
    /// As written for people (`01 99 00 41 20`).
    pub phone: Option<&'a str>,
    /// Address.
    pub email: Option<&'a str>,
    /// When somebody answers.
    pub hours: Option<&'a str>,
}

impl<'a> Help<'a> {
    /// The site's support; none when it gave neither number nor address.
    pub fn of(support: &'a kernel_http::Support, locale: Locale) -> Option<Self> {
        Self {
            label: support.label.get(locale),
            phone: support.phone.as_deref(),
            email: support.email.as_deref(),
            hours: support.hours.as_ref().map(|hours| hours.get(locale)),
        }
        .reachable()
    }

    /// The same when it can be reached at all.
    pub fn reachable(self) -> Option<Self> {
        (self.phone.is_some() || self.email.is_some()).then_some(self)
    }

    /// The number as a telephone dials it (RFC 3966): a French one becomes international.
    pub(crate) fn dialled(&self) -> Cow<'static, str> {
        let typed = self.phone.unwrap_or_default().trim();
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        if typed.starts_with('+') {
            return format!("+{digits}").into();
        }
        match digits.strip_prefix('0') {
            Some(national) if national.len() == 9 => format!("+33{national}").into(),
            _ => digits.into(),
        }
    }
}

/// A provider that does not answer.
#[derive(Debug, Clone, Copy)]
pub struct Interruption<'a> {
    /// The administration.
    pub title: &'a str,
    /// Since when; none: not known.
    pub since: Option<Timestamp>,
    /// How many tries got no answer; 0: not counted.
    pub failures: u32,
}

/// The true state of the providers.
#[derive(Debug, Clone, Copy)]
pub struct Services<'a> {
    /// Those that do not answer.
    pub interrupted: &'a [Interruption<'a>],
    /// How many others there are.
    pub others: usize,
}

/// A line of the state panel.
pub(crate) struct ServiceLine {
    pub(crate) title: String,
    pub(crate) detail: String,
}

/// The state panel, in the reader's words.
pub(crate) struct ServicePanel {
    pub(crate) heading: String,
    pub(crate) interrupted: Vec<ServiceLine>,
    pub(crate) others: Option<String>,
}

impl ServicePanel {
    pub(crate) fn new(reader: &Reader<'_>, services: Services<'_>) -> Self {
        let common = texts::Common::of(reader.locale);
        let interrupted: Vec<_> = services
            .interrupted
            .iter()
            .map(|one| line(reader, one))
            .collect();
        let others = match (interrupted.is_empty(), services.others) {
            (true, _) => Some(common.none_interrupted.to_owned()),
            (false, 0) => None,
            (false, count) => Some(texts::others_untouched(reader.locale, count)),
        };
        Self {
            heading: format!("{}, {}", common.status, reader.present()),
            interrupted,
            others,
        }
    }
}

fn line(reader: &Reader<'_>, one: &Interruption<'_>) -> ServiceLine {
    let since = one
        .since
        .map(|at| texts::since(reader.locale, &reader.moment(at)));
    let failures = (one.failures > 0).then(|| texts::failures(reader.locale, one.failures));
    let detail: Vec<String> = since.into_iter().chain(failures).collect();
    ServiceLine {
        title: texts::interrupted(reader.locale, one.title),
        detail: detail.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_dialled_from_anywhere() {
        for (written, dialled) in [
            ("01 99 00 41 20", "+33199004120"),
            ("+33 1 99 00 41 20", "+33199004120"),
            ("3939", "3939"),
            ("17", "17"),
        ] {
            let help = Help {
                label: "",
                phone: Some(written),
                email: None,
                hours: None,
            };
            assert_eq!(help.dialled(), dialled);
        }
    }

    #[test]
    fn a_support_without_number_nor_address_is_not_shown() {
        let help = Help {
            label: "Assistance",
            phone: None,
            email: None,
            hours: Some("8 h"),
        };
        assert!(help.reachable().is_none());
        assert!(
            Help {
                email: Some("a@b"),
                ..help
            }
            .reachable()
            .is_some()
        );
    }
}
