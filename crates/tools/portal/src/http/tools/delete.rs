//! `DELETE /api/v1/admin/tools/{id}`: deletes a draft.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiPath, Signed};

use crate::domain::TileId;
use crate::service::Portal;

/// Deletes a draft, and its application when it has one; then no token does it.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/tools/{id}",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminTools.word()])),
    operation_id = "deleteTool",
    params(("id" = String, Path, description = "The tool")),
    responses(
        (status = 204, description = "Gone"),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`), or it has an application and a token asks (problem `closed-to-tokens`)"),
        (status = 404, description = "No such tool (problem `not-found`)"),
        (status = 409, description = "It was published once (problem `tool-state`)"),
    )
)]
pub(crate) async fn delete_tool(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<TileId>,
) -> Result<StatusCode, ApiError> {
    portal.delete_tool(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
