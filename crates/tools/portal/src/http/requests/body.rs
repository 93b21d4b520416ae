//! Requests as people read them.

use kernel::{AgentId, Audience, Locale, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::bodies::{AdministrationBody, AgentBody, AudienceSchema};
use crate::domain::{Request, RequestKind};
use crate::service::{KnownNames, Requests};

/// A request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestBody {
    /// Its id.
    id: String,
    /// `tool`: that a tool be published; `audience`: that agents see a published one.
    kind: &'static str,
    /// `pending`, `approved`, `refused` or `withdrawn`.
    state: &'static str,
    /// Who decides.
    organisation: AdministrationBody,
    /// Who asks.
    by: AgentBody,
    /// When, UTC milliseconds.
    #[schema(value_type = i64)]
    at: Timestamp,
    /// The tool's name.
    name: String,
    /// Its address.
    url: String,
    /// What for; of the kind `tool`.
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    /// The published tool, or the draft that an agreement made.
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<String>,
    /// For whom; of the kind `audience`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AudienceSchema>)]
    audience: Option<Audience>,
    /// The same as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<String>,
    /// How many agents of the administration that decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// Who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<AgentBody>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    decided_at: Option<Timestamp>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Requests, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RequestListBody {
    /// The requests.
    items: Vec<RequestBody>,
}

impl RequestListBody {
    /// In the language of the answer.
    pub(super) fn new(requests: &Requests, locale: Locale) -> Self {
        let items = requests.items.iter();
        Self {
            items: items
                .map(|request| body(request, &requests.names, locale))
                .collect(),
        }
    }

    /// The one that was written or answered.
    pub(super) fn one(mut self) -> Option<RequestBody> {
        self.items.pop()
    }
}

fn body(request: &Request, names: &KnownNames, locale: Locale) -> RequestBody {
    let agent = |id: AgentId| AgentBody {
        id: id.to_string(),
        display_name: names.agent(id).map(str::to_owned),
    };
    let (purpose, audience, count) = match &request.kind {
        RequestKind::Tool { purpose } => (Some(purpose.clone()), None, None),
        RequestKind::Audience { audience, agents } => (None, Some(audience.clone()), Some(*agents)),
    };
    let label = names.organisation(request.organisation);
    RequestBody {
        id: request.id.to_string(),
        kind: request.kind.word(),
        state: request.state.word(),
        organisation: AdministrationBody::new(request.organisation, label),
        by: agent(request.asked_by),
        at: request.asked_at,
        name: request.name.clone(),
        url: request.address.clone(),
        purpose,
        tool: request.tool.map(|tool| tool.to_string()),
        sentence: audience
            .as_ref()
            .map(|audience| names.sentence(audience, locale)),
        audience,
        count,
        decided_by: request.decided_by.map(agent),
        decided_at: request.decided_at,
        reason: request.reason.clone(),
    }
}
