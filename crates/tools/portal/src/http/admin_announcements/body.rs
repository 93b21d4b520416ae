//! An announcement as its authors write and read it.

use kernel::{Audience, OrganisationId, Text, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::bodies::AudienceSchema;
use crate::domain::news::{
    AnnouncementDraft, AnnouncementError, AnnouncementState, Link, Severity,
};
use crate::http::announcements::body::NamedBody;
use crate::service::Written;

/// A text in both languages.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BothForm {
    /// French.
    fr: String,
    /// English; French when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    en: Option<String>,
}

impl BothForm {
    fn text(self) -> Text {
        let en = self.en.filter(|en| !en.trim().is_empty());
        let en = en.unwrap_or_else(|| self.fr.clone());
        Text::made(self.fr, en)
    }

    /// English that repeats French was not written.
    fn of(text: &Text) -> Self {
        Self {
            fr: text.fr.to_string(),
            en: (text.en != text.fr).then(|| text.en.to_string()),
        }
    }
}

/// What an announcement says, and to whom.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DraftForm {
    /// One line, 140 characters.
    title: BothForm,
    /// Paragraphs, 5,000 characters.
    body: BothForm,
    severity: Severity,
    /// Whose it is: its id.
    #[schema(value_type = String)]
    organisation: OrganisationId,
    /// For whom: the audience rule.
    #[schema(value_type = AudienceSchema)]
    audience: Audience,
    /// Shown from then, UTC milliseconds; once published when absent.
    from: Option<i64>,
    /// Shown until then; 180 days when absent.
    until: Option<i64>,
    #[serde(default)]
    must_confirm: bool,
    /// A path of ours, or `https`.
    link: Option<String>,
}

impl DraftForm {
    /// The draft it describes, its texts still to be checked.
    ///
    /// # Errors
    /// [`AnnouncementError::Link`].
    pub(crate) fn draft(self) -> Result<AnnouncementDraft, AnnouncementError> {
        let link = match self.link.filter(|link| !link.is_empty()) {
            None => None,
            Some(text) => Some(Link::parse(&text).map_err(|_| AnnouncementError::Link)?),
        };
        Ok(AnnouncementDraft {
            title: self.title.text(),
            body: self.body.text(),
            severity: self.severity,
            organisation: self.organisation,
            audience: self.audience,
            from: self.from.map(Timestamp::from_millis),
            until: self.until.map(Timestamp::from_millis),
            must_confirm: self.must_confirm,
            link,
        })
    }
}

/// An announcement for its authors.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WrittenBody {
    id: String,
    title: BothForm,
    body: BothForm,
    severity: Severity,
    organisation: NamedBody,
    #[schema(value_type = AudienceSchema)]
    audience: Audience,
    state: AnnouncementState,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_at: Option<i64>,
    updated_at: i64,
    must_confirm: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

impl WrittenBody {
    /// Its wire form.
    pub(crate) fn of(written: &Written) -> Self {
        let announcement = &written.announcement;
        let content = &announcement.content;
        Self {
            id: announcement.id.to_string(),
            title: BothForm::of(&content.title),
            body: BothForm::of(&content.body),
            severity: content.severity,
            organisation: NamedBody {
                id: content.organisation.to_string(),
                label: written.organisation_label.clone(),
            },
            audience: content.audience.clone(),
            state: announcement.state,
            from: content.from.map(Timestamp::millis),
            until: content.until.map(Timestamp::millis),
            published_at: announcement.published_at.map(Timestamp::millis),
            updated_at: announcement.written_at.millis(),
            must_confirm: content.must_confirm,
            link: content.link.as_ref().map(|link| link.as_str().to_owned()),
        }
    }

    /// The same as a value, for a problem's `current`.
    pub(crate) fn value(written: &Written) -> serde_json::Value {
        serde_json::to_value(Self::of(written)).unwrap_or_default()
    }
}
