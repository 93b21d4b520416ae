//! `DELETE /api/v1/account/sessions`: all but the one that asks.

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, SignedOrGuest};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Identity;

/// How many sessions ended.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct SessionsEnded {
    ended: usize,
}

/// Ends the caller's sessions but the one that asks.
#[utoipa::path(
    delete,
    path = "/api/v1/account/sessions",
    operation_id = "deleteOtherSessions",
    tag = "account",
    responses(
        (status = 200, description = "ended", body = SessionsEnded),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    SignedOrGuest(caller): SignedOrGuest,
) -> Result<Json<SessionsEnded>, ApiError> {
    let ended = identity.end_other_sessions(caller).await?;
    Ok(Json(SessionsEnded { ended }))
}
