//! `POST /api/v1/admin/audience/try`: whether an audience takes in one agent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Audience};
use kernel_http::{ApiError, ApiJson, Lang, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::bodies::AudienceSchema;
use crate::service::Portal;

/// What is to be tried.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct TryInput {
    /// The rule.
    #[schema(value_type = AudienceSchema)]
    audience: Audience,
    /// With whom.
    #[schema(value_type = String)]
    agent: AgentId,
}

/// Whether.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TriedBody {
    /// Whether the rule takes in the agent.
    included: bool,
    /// The same as a sentence, with what the agent is.
    #[schema(example = "La verra : agent public, Préfecture des Landes")]
    sentence: String,
}

/// Tries an audience with one agent.
#[utoipa::path(
    post,
    path = "/api/v1/admin/audience/try",
    tag = "portal",
    operation_id = "tryAudience",
    request_body = TryInput,
    responses(
        (status = 200, description = "Whether it takes in the agent", body = TriedBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "The caller administers nothing (problem `forbidden`)"),
        (status = 404, description = "No such agent (problem `not-found`)"),
    )
)]
pub(crate) async fn try_audience(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiJson(input): ApiJson<TryInput>,
) -> Result<Json<TriedBody>, ApiError> {
    let (included, sentence) = portal
        .try_audience(&caller, &input.audience, input.agent, locale)
        .await?;
    Ok(Json(TriedBody { included, sentence }))
}
