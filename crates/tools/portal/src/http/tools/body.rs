//! A tool as administrators read it.

use kernel::port::KnownApplication;
use kernel::{Audience, Locale, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::bodies::{AdministrationBody, AudienceSchema, TextBody};
use crate::domain::{Reach, Request, RequestKind, RequestState, ToolNotice};
use crate::service::{Listed, Sheet, Warning};

/// What is said of a tool's state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ToolNoticeBody {
    /// `disturbed` or `down`.
    level: &'static str,
    /// What is wrong, and what to do meanwhile.
    message: TextBody,
    /// Since when, UTC milliseconds.
    #[schema(value_type = i64)]
    since: Timestamp,
    /// Until when; absent: until it is taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    until: Option<Timestamp>,
}

impl From<&ToolNotice> for ToolNoticeBody {
    fn from(notice: &ToolNotice) -> Self {
        Self {
            level: notice.level.word(),
            message: TextBody::from(&notice.message),
            since: notice.since,
            until: notice.until,
        }
    }
}

/// A tool in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ToolItemBody {
    /// Its id.
    id: String,
    /// Its name.
    name: TextBody,
    /// A DSFR icon's name without prefix.
    icon: String,
    /// `draft`, `published` or `withdrawn`.
    state: &'static str,
    /// `stored`: written here; `configured`: by the operator, in the configuration.
    origin: &'static str,
    /// Whose it is; absent: the operator's.
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<AdministrationBody>,
    /// The category's id.
    category: String,
    /// How many its audience took in when it was last saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    audience_count: Option<u64>,
    /// When it was last edited, UTC milliseconds.
    #[schema(value_type = i64)]
    updated_at: Timestamp,
    /// Administrations that have not answered yet.
    pending_approvals: i64,
    /// What is said of its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<ToolNoticeBody>,
}

impl From<&Listed> for ToolItemBody {
    fn from(listed: &Listed) -> Self {
        let tool = &listed.tool;
        let label = listed.organisation.clone().unwrap_or_default();
        Self {
            id: tool.id.to_string(),
            name: TextBody::from(&tool.fields.name),
            icon: tool.fields.icon.as_str().to_owned(),
            state: tool.state.word(),
            origin: tool.origin.word(),
            organisation: tool
                .organisation
                .map(|id| AdministrationBody::new(id, label)),
            category: tool.fields.category.to_string(),
            audience_count: tool.agents,
            updated_at: tool.updated_at,
            pending_approvals: listed.pending,
            notice: tool.notice.as_ref().map(ToolNoticeBody::from),
        }
    }
}

/// What another administration was asked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApprovalBody {
    /// The request's id.
    id: String,
    /// Who decides.
    organisation: AdministrationBody,
    /// `pending`, `approved`, `refused` or `withdrawn`.
    state: &'static str,
    /// How many of its agents.
    count: u64,
    /// When it was asked, UTC milliseconds.
    #[schema(value_type = i64)]
    asked_at: Timestamp,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// A tool with all that its page shows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ToolBody {
    /// Its id.
    id: String,
    /// Its name.
    name: TextBody,
    /// What it is for.
    description: TextBody,
    /// The category's id.
    category: String,
    /// A DSFR icon's name without prefix.
    icon: String,
    /// Where it leads.
    url: String,
    /// From which networks it answers: `internet`, `rie`, `vpn`.
    reaches: Vec<&'static str>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// Their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_name: Option<String>,
    /// Whose it is; absent: the operator's.
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<AdministrationBody>,
    /// For whom it is.
    #[schema(value_type = AudienceSchema)]
    audience: Audience,
    /// The same as a sentence, in the language of the answer.
    sentence: String,
    /// How many it took in when the tool was last saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    audience_count: Option<u64>,
    /// Whether agents who find it may share it with their guests.
    guests: bool,
    /// `draft`, `published` or `withdrawn`.
    state: &'static str,
    /// `stored` or `configured`.
    origin: &'static str,
    /// The application that signs agents in, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// As in `ETag`.
    version: i64,
    /// When it was last edited, UTC milliseconds.
    #[schema(value_type = i64)]
    updated_at: Timestamp,
    /// When it was first published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    published_at: Option<Timestamp>,
    /// What is said of its state.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<ToolNoticeBody>,
    /// What other administrations were asked, the newest first.
    approvals: Vec<ApprovalBody>,
    /// How many of these have not answered yet.
    pending_approvals: usize,
    /// After a publication: `nobody` when the audience takes in nobody today.
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'static str>,
}

impl ToolBody {
    /// In the language of the answer.
    pub(super) fn new(sheet: &Sheet, locale: Locale) -> Self {
        let (tool, fields) = (&sheet.tool, &sheet.tool.fields);
        let organisation = |id| AdministrationBody::new(id, sheet.names.organisation(id));
        let is_pending = |request: &&Request| request.state == RequestState::Pending;
        Self {
            id: tool.id.to_string(),
            name: TextBody::from(&fields.name),
            description: TextBody::from(&fields.description),
            category: fields.category.to_string(),
            icon: fields.icon.as_str().to_owned(),
            url: fields.address.as_str().to_owned(),
            reaches: fields.reaches.all().into_iter().map(Reach::word).collect(),
            owner: fields.owner.map(|owner| owner.to_string()),
            owner_name: fields
                .owner
                .and_then(|owner| sheet.names.agent(owner))
                .map(str::to_owned),
            organisation: tool.organisation.map(organisation),
            audience: fields.audience.clone(),
            sentence: sheet.names.sentence(&fields.audience, locale),
            audience_count: tool.agents,
            guests: fields.guests,
            state: tool.state.word(),
            origin: tool.origin.word(),
            client_id: tool.client_id.clone(),
            version: tool.version,
            updated_at: tool.updated_at,
            published_at: tool.published_at,
            notice: tool.notice.as_ref().map(ToolNoticeBody::from),
            approvals: sheet
                .requests
                .iter()
                .map(|request| approval(request, sheet))
                .collect(),
            pending_approvals: sheet.requests.iter().filter(is_pending).count(),
            warning: None,
        }
    }

    /// With what who published should know.
    pub(super) const fn with_warning(mut self, warning: Option<Warning>) -> Self {
        self.warning = match warning {
            Some(Warning::Nobody) => Some("nobody"),
            None => None,
        };
        self
    }
}

fn approval(request: &Request, sheet: &Sheet) -> ApprovalBody {
    let label = sheet.names.organisation(request.organisation);
    ApprovalBody {
        id: request.id.to_string(),
        organisation: AdministrationBody::new(request.organisation, label),
        state: request.state.word(),
        count: match &request.kind {
            RequestKind::Audience { agents, .. } => *agents,
            RequestKind::Tool { .. } => 0,
        },
        asked_at: request.asked_at,
        reason: request.reason.clone(),
    }
}

/// A tool's application. Its secret is not kept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KnownApplicationBody {
    /// Its name toward us.
    client_id: String,
    /// Where answers may go, compared to the character.
    redirect_uris: Vec<String>,
    /// Where a sign-out may lead back.
    post_logout_redirect_uris: Vec<String>,
}

impl From<KnownApplication> for KnownApplicationBody {
    fn from(known: KnownApplication) -> Self {
        Self {
            client_id: known.client_id,
            redirect_uris: known.redirect_uris,
            post_logout_redirect_uris: known.post_logout_redirect_uris,
        }
    }
}
