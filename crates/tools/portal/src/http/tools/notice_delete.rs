//! `DELETE /api/v1/admin/tools/{id}/notice`: all is well again.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiPath, Signed};

use crate::domain::TileId;
use crate::service::Portal;

/// Takes back what was said of a tool's state.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/tools/{id}/notice",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminTools.word()])),
    operation_id = "deleteToolNotice",
    params(("id" = String, Path, description = "The tool")),
    responses(
        (status = 204, description = "Nothing is said any more"),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 404, description = "No such tool (problem `not-found`)"),
    )
)]
pub(crate) async fn delete_notice(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<TileId>,
) -> Result<StatusCode, ApiError> {
    portal.clear_notice(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
