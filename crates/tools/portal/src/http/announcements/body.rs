//! An announcement as its reader gets it.

use kernel::{Locale, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::news::Severity;
use crate::service::Shown;

/// An administration.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NamedBody {
    pub(crate) id: String,
    pub(crate) label: String,
}

/// One announcement, in the language of the answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AnnouncementBody {
    id: String,
    title: String,
    /// Paragraphs.
    body: String,
    severity: Severity,
    /// Whose it is.
    organisation: NamedBody,
    /// Since when it is shown, UTC milliseconds.
    published_at: i64,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    /// Whether each reader is to say that they have read it.
    must_confirm: bool,
    /// When the caller read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_at: Option<i64>,
    /// A path of ours, or `https`.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

impl AnnouncementBody {
    /// In a language.
    pub(crate) fn of(shown: &Shown, locale: Locale) -> Self {
        let content = &shown.announcement.content;
        Self {
            id: shown.announcement.id.to_string(),
            title: content.title.get(locale).to_owned(),
            body: content.body.get(locale).to_owned(),
            severity: content.severity,
            organisation: NamedBody {
                id: content.organisation.to_string(),
                label: shown.organisation_label.clone(),
            },
            published_at: shown.since.millis(),
            until: content.until.map(Timestamp::millis),
            must_confirm: content.must_confirm,
            read_at: shown.read_at.map(Timestamp::millis),
            link: content.link.as_ref().map(|link| link.as_str().to_owned()),
        }
    }
}
