//! What administrators do: roles, their administrations, the agents there, the password accounts,
//! imports of directories, the journal.

pub(in crate::http) mod agents;
pub(in crate::http) mod grants;
pub(in crate::http) mod imports;
pub(in crate::http) mod journal;
pub(in crate::http) mod local_accounts;
pub(in crate::http) mod organisation;
#[cfg(test)]
pub(crate) mod testing;

use kernel::{AgentId, Cursor, CursorError, OrganisationId, Problem, Text};
use kernel_http::ApiError;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::error::IdentityError;

/// The administrators' part of the API's description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut all = grants::ApiDoc::openapi();
    all.merge(organisation::ApiDoc::openapi());
    all.merge(agents::ApiDoc::openapi());
    all.merge(imports::ApiDoc::openapi());
    all.merge(journal::ApiDoc::openapi());
    all.merge(local_accounts::ApiDoc::openapi());
    all
}

/// Somebody, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct NamedAgent {
    #[schema(value_type = String)]
    id: AgentId,
    display_name: String,
    email: String,
}

impl NamedAgent {
    fn new(id: AgentId, given_name: &str, usual_name: &str, email: &str) -> Self {
        Self {
            id,
            display_name: format!("{given_name} {usual_name}"),
            email: email.to_owned(),
        }
    }
}

/// An administration, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct NamedOrganisation {
    #[schema(value_type = String)]
    id: OrganisationId,
    label: String,
}

impl From<IdentityError> for ApiError {
    fn from(cause: IdentityError) -> Self {
        let problem = cause.problem();
        if problem.status >= 500 {
            tracing::error!(%cause, "refused by a failure");
        }
        Self(problem)
    }
}

/// An id in a query or a body; 400 when it is none.
pub(in crate::http) fn organisation_id(text: &str) -> Result<OrganisationId, ApiError> {
    OrganisationId::parse(text).map_err(|_| ApiError(not_an_id()))
}

/// The same, of an agent.
pub(in crate::http) fn agent_id(text: &str) -> Result<AgentId, ApiError> {
    AgentId::parse(text).map_err(|_| ApiError(not_an_id()))
}

fn not_an_id() -> Problem {
    Problem::new(
        400,
        "invalid-query",
        Text::fixed(
            "Les paramètres de cette adresse ne sont pas ceux attendus.",
            "The parameters of this address are not the expected ones.",
        ),
    )
}

/// Where a list goes on; 400 for a cursor that is not ours.
fn cursor(text: &str) -> Result<Vec<u8>, ApiError> {
    Cursor::parse(text)
        .map(|cursor| cursor.key().to_vec())
        .map_err(|_: CursorError| ApiError(not_an_id()))
}
