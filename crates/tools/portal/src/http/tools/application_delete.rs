//! `DELETE /api/v1/admin/tools/{id}/application`: nobody signs in to the tool through us any more.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiPath, Signed};

use crate::domain::TileId;
use crate::service::Portal;

/// Ends the tool's application: its secret, codes and tokens open nothing any more. The tile stays.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/tools/{id}/application",
    tag = "portal",
    operation_id = "endToolApplication",
    params(("id" = String, Path, description = "The tool")),
    responses(
        (status = 204, description = "Ended"),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 404, description = "No such tool, or it has no application (problem `not-found`)"),
    )
)]
pub(crate) async fn end_application(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<TileId>,
) -> Result<StatusCode, ApiError> {
    portal.end_application(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
