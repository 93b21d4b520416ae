//! What happened, for the tools that want to know: written to the outbox in the transaction of
//! the act, delivered at least once, in order per subject.

use crate::{AgentId, EventId, OrganisationId, Timestamp};

/// One event. Fields are only ever added.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Event {
    /// Consumers are idempotent by it.
    pub id: EventId,
    /// `tool.noun.verb`, for example `identity.agent.signed_in`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Version of `data`'s schema, from 1.
    pub version: u32,
    /// When.
    pub at: Timestamp,
    /// Who acted; none: the program.
    pub actor: Option<AgentId>,
    /// Whose.
    pub organisation: Option<OrganisationId>,
    /// Order is kept per subject, for example `agent:…`.
    pub subject: String,
    /// Ids and figures; no names, no content.
    pub data: serde_json::Value,
}
