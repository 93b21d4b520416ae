//! `/api/v1/admin/agents`: the agents of what the caller administers.

pub(in crate::http) mod depart;
pub(in crate::http) mod erase;
pub(in crate::http) mod get;
pub(in crate::http) mod list;
pub(in crate::http) mod merge;
pub(in crate::http) mod resume;
pub(in crate::http) mod suspend;
pub(in crate::http) mod tokens;

use kernel::{AgentId, Population, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::NamedOrganisation;
use crate::domain::life::Reason;
use crate::error::IdentityError;
use crate::service::life::Done;
use crate::store::administration::AgentRow;

/// The part of the API's description.
#[derive(OpenApi)]
#[openapi(
    paths(
        list::handle,
        get::handle,
        suspend::handle,
        resume::handle,
        depart::handle,
        erase::handle,
        merge::handle,
        tokens::list::handle,
        tokens::delete::handle
    ),
    components(schemas(
        AdministeredAgent,
        AdministeredAgents,
        get::AgentInFull,
        merge::MergeBody,
        AccountDone,
        ReasonBody,
        tokens::list::AgentTokens
    ))
)]
pub(super) struct ApiDoc;

/// An agent as administrators see them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AdministeredAgent {
    #[schema(value_type = String)]
    id: AgentId,
    given_name: String,
    usual_name: String,
    display_name: String,
    initials: String,
    email: String,
    organisation: NamedOrganisation,
    /// Their service.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    population: Option<&'static str>,
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// `pre_created`, `active`, `suspended` or `departed`.
    state: &'static str,
    /// UTC milliseconds; absent: never signed in.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign_in_at: Option<i64>,
}

/// Why something is done to an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct ReasonBody {
    /// 500 characters at most. Kept in the journal, apart from its chain, and erased with the
    /// account.
    #[schema(nullable = false)]
    #[serde(default)]
    reason: Option<String>,
}

impl ReasonBody {
    fn read(&self) -> Result<Option<Reason>, IdentityError> {
        Ok(Reason::parse(self.reason.as_deref().unwrap_or_default())?)
    }
}

/// What became of an account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AccountDone {
    #[schema(value_type = String)]
    id: AgentId,
    /// `pre_created`, `active`, `suspended`, `departed` or `erased`.
    state: &'static str,
    /// How many sessions ended.
    sessions_ended: usize,
}

impl From<Done> for AccountDone {
    fn from(done: Done) -> Self {
        Self {
            id: done.agent,
            state: done.state.wire(),
            sessions_ended: done.sessions,
        }
    }
}

/// A page of agents.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AdministeredAgents {
    items: Vec<AdministeredAgent>,
    /// Sent back as `cursor` for the following ones; absent at the end.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl From<AgentRow> for AdministeredAgent {
    fn from(row: AgentRow) -> Self {
        let agent = row.agent;
        Self {
            id: agent.id,
            display_name: agent.attributes.display_name(),
            initials: agent.attributes.initials(),
            given_name: agent.attributes.given_name,
            usual_name: agent.attributes.usual_name,
            email: agent.attributes.email,
            organisation: NamedOrganisation {
                id: agent.organisation,
                label: row.organisation_label,
            },
            unit: agent.attributes.organizational_unit,
            population: agent.attributes.population.map(Population::claim),
            phone: agent.attributes.phone,
            state: agent.state.wire(),
            last_sign_in_at: row.last_sign_in_at.map(Timestamp::millis),
        }
    }
}
