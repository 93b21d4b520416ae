//! `POST /api/v1/tiles/{id}/opened`: the caller opened a tool.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiPath, Signed};

use crate::domain::TileId;
use crate::service::Portal;

/// Notes that the caller opened a tool; remembered for 90 days, for the caller alone.
#[utoipa::path(
    post,
    path = "/api/v1/tiles/{id}/opened",
    tag = "portal",
    operation_id = "noteTileOpened",
    params(("id" = String, Path, description = "The tile")),
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 404, description = "No such tile for the caller (problem `not-found`)"),
    )
)]
pub(crate) async fn note_opened(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<TileId>,
) -> Result<StatusCode, ApiError> {
    portal.note_opened(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
