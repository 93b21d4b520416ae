//! `GET /api/v1/account/token`: whose token asks, and what it was made for.

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Problem};
use kernel_http::{ApiError, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use super::TokenView;
use crate::domain::agent::Agent;
use crate::domain::organisation::Organisation;
use crate::service::Identity;

/// The token that asks.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CurrentToken {
    token: TokenView,
    agent: TokenAgent,
}

/// In whose name it speaks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TokenAgent {
    #[schema(value_type = String)]
    id: AgentId,
    display_name: String,
    email: String,
    /// The name of their administration.
    organisation: String,
}

impl TokenAgent {
    fn new(agent: Agent, organisation: Organisation) -> Self {
        Self {
            id: agent.id,
            display_name: agent.attributes.display_name(),
            email: agent.attributes.email,
            organisation: organisation.label,
        }
    }
}

/// Whose token this is. A session has none: it is unseen there.
#[utoipa::path(
    get,
    path = "/api/v1/account/token",
    operation_id = "getCurrentToken",
    tag = "account",
    security(("token" = [kernel::TokenScope::ProfileRead.word()])),
    responses(
        (status = 200, description = "the token that asks", body = CurrentToken),
        (status = 401, description = "`sign-in-required`, `invalid-token`", content_type = "application/problem+json"),
        (status = 403, description = "`insufficient-scope`", content_type = "application/problem+json"),
        (status = 404, description = "a session asks", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
) -> Result<Json<CurrentToken>, ApiError> {
    let found = identity.current_token(&caller).await?;
    let (token, agent, organisation) = found.ok_or(ApiError(Problem::not_found()))?;
    Ok(Json(CurrentToken {
        token: token.into(),
        agent: TokenAgent::new(agent, organisation),
    }))
}
