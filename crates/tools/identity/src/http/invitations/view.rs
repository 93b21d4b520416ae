//! An invitation as agents read it.

use kernel::{Locale, OrganisationId, Timestamp, ToolId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::invitation::InvitationId;
use crate::service::guests::{Listed, Place};
use kernel::port::SharedTool;

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invitation)]
pub(in crate::http) struct InvitationView {
    #[schema(value_type = String)]
    id: InvitationId,
    /// `pending`, `accepted`, `ended`, `declined` or `withdrawn`.
    state: &'static str,
    /// The guest's account.
    guest: String,
    given_name: String,
    usual_name: String,
    /// Where they work, as the inviter says.
    organisation: String,
    /// Their address; empty once the account is erased.
    email: String,
    purpose: String,
    /// The tools that are shared still.
    tools: Vec<SharedToolView>,
    inviter: InviterView,
    /// The administration that answers for the guest.
    #[schema(value_type = String)]
    sponsor: OrganisationId,
    sponsor_label: String,
    /// UTC milliseconds.
    created_at: i64,
    /// Unanswered until then, it ends. UTC milliseconds.
    answer_by: i64,
    /// UTC milliseconds.
    until: i64,
    /// UTC milliseconds; absent: not yet.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_at: Option<i64>,
    /// UTC milliseconds; absent: it is open.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<i64>,
    /// `date`, `unanswered`, `inviter`, `administrator`, `guest` or `account`; absent: it is open.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    ending: Option<&'static str>,
    /// When the guest last asked for a new access, UTC milliseconds; absent: never.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_at: Option<i64>,
    /// Since when the guest has a second factor that may be reset from here, UTC milliseconds;
    /// absent: none may.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    second_factor_since: Option<i64>,
}

/// Who invited.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Inviter)]
pub(in crate::http) struct InviterView {
    id: String,
    /// Their name; absent: the account was erased.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// A tool that is shared, or may be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharedTool)]
pub(in crate::http) struct SharedToolView {
    #[schema(value_type = String)]
    id: ToolId,
    /// In the language of the answer.
    name: String,
    /// What it is for.
    description: String,
}

/// Invitations, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct InvitationList {
    items: Vec<InvitationView>,
    /// Where the list goes on; absent: it does not.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl SharedToolView {
    pub(super) fn of(tool: &SharedTool, locale: Locale) -> Self {
        Self {
            id: tool.id,
            name: tool.name.get(locale).to_owned(),
            description: tool.description.get(locale).to_owned(),
        }
    }
}

impl InvitationView {
    pub(super) fn of(listed: &Listed, now: Timestamp, locale: Locale) -> Self {
        let one = &listed.one;
        let over = one.over_at(now);
        Self {
            id: one.id,
            state: one.at(now).word(),
            guest: one.guest.to_string(),
            given_name: one.who.given_name.as_str().to_owned(),
            usual_name: one.who.usual_name.as_str().to_owned(),
            organisation: one.who.organisation.as_str().to_owned(),
            email: listed.address.clone(),
            purpose: one.purpose.as_str().to_owned(),
            tools: listed
                .tools
                .iter()
                .map(|tool| SharedToolView::of(tool, locale))
                .collect(),
            inviter: InviterView {
                id: one.inviter.to_string(),
                name: listed.inviter.name.clone(),
            },
            sponsor: one.sponsor,
            sponsor_label: listed.inviter.organisation.clone(),
            created_at: one.created_at.millis(),
            answer_by: one.answer_by.millis(),
            until: one.until.millis(),
            accepted_at: one.accepted_at.map(Timestamp::millis),
            ended_at: over.map(|over| over.at.millis()),
            ending: over.map(|over| over.why.word()),
            asked_at: one.asked_at.map(Timestamp::millis),
            second_factor_since: listed.factor_since.map(Timestamp::millis),
        }
    }
}

impl InvitationList {
    pub(super) fn of(place: &Place, locale: Locale) -> Self {
        let view = |listed| InvitationView::of(listed, place.now, locale);
        Self {
            items: place.items.iter().map(view).collect(),
            next: place.next.map(|id| id.to_string()),
        }
    }
}
