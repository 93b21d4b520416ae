//! `GET /api/v1/admin/agents/{id}/tokens`.

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Problem};
use kernel_http::{ApiError, ApiPath, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::account::tokens::TokenView;
use crate::service::Identity;

/// What programs have of an agent.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct AgentTokens {
    /// The last made first.
    items: Vec<TokenView>,
}

/// An agent's live tokens, without their secrets.
#[utoipa::path(
    get,
    path = "/api/v1/admin/agents/{id}/tokens",
    operation_id = "listAgentTokens",
    tag = "administration",
    params(("id" = String, Path, description = "the agent")),
    responses(
        (status = 200, description = "the tokens", body = AgentTokens),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json"),
        (status = 404, description = "no such agent", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(agent): ApiPath<AgentId>,
) -> Result<Json<AgentTokens>, ApiError> {
    let tokens = identity.administered_tokens(caller, agent).await?;
    let tokens = tokens.ok_or_else(|| ApiError(Problem::not_found()))?;
    let items = tokens.into_iter().map(TokenView::from).collect();
    Ok(Json(AgentTokens { items }))
}
