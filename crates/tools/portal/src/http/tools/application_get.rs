//! `GET /api/v1/admin/tools/{id}/application`: where the sign-in of a tool may lead.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, ApiPath, Signed};

use super::body::KnownApplicationBody;
use crate::domain::TileId;
use crate::service::Portal;

/// The tool's application; its secret is known to the tool only.
#[utoipa::path(
    get,
    path = "/api/v1/admin/tools/{id}/application",
    tag = "portal",
    operation_id = "getToolApplication",
    params(("id" = String, Path, description = "The tool")),
    responses(
        (status = 200, description = "The application", body = KnownApplicationBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 404, description = "No such tool, or it has no application (problem `not-found`)"),
    )
)]
pub(crate) async fn get_application(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<TileId>,
) -> Result<Json<KnownApplicationBody>, ApiError> {
    let known = portal.application(&caller, id).await?;
    Ok(Json(known.into()))
}
