//! `PUT /api/v1/application/badge`: an application counts what waits for an agent.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use kernel::{AgentId, Problem};
use kernel_http::{ApiError, ApiJson, Application};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::BadgeCount;
use crate::service::Portal;
use crate::texts::plugin as texts;

/// A count.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BadgeWish {
    /// For whom: the `sub` of the agent's sign-in.
    #[schema(value_type = String, example = "01890000-0000-7000-8000-000000000000")]
    agent: AgentId,
    /// How much waits, 0 to 999.
    #[schema(maximum = 999, example = 3)]
    count: u32,
}

/// Says what waits for an agent in the calling application.
#[utoipa::path(
    put,
    path = "/api/v1/application/badge",
    tag = "application",
    operation_id = "putApplicationBadge",
    request_body = BadgeWish,
    responses(
        (status = 204, description = "Shown on the application's tile, also in open pages"),
        (status = 401, description = "No token, or one that is not valid (problems `token-required`, `invalid-token`)"),
        (status = 403, description = "A token without the scope `badge` (problem `insufficient-scope`)"),
        (status = 404, description = "The application has no tile (problem `application-without-tool`), or the agent does not see it (problem `unknown-agent`)"),
        (status = 422, description = "Over 999 (problem `badge-count`)"),
    )
)]
pub(crate) async fn put_badge(
    State(portal): State<Arc<Portal>>,
    application: Application,
    ApiJson(wish): ApiJson<BadgeWish>,
) -> Result<StatusCode, ApiError> {
    application.require("badge")?;
    let count = BadgeCount::parse(wish.count)
        .map_err(|_| ApiError(Problem::new(422, "badge-count", texts::BADGE_COUNT)))?;
    portal
        .set_badge(&application.0.client_id, wish.agent, count)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
