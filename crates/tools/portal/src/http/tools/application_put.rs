//! `PUT /api/v1/admin/tools/{id}/application`: other addresses, the same secret.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, ApiJson, ApiPath, Signed};

use super::body::KnownApplicationBody;
use super::input::ApplicationInput;
use crate::domain::TileId;
use crate::service::Portal;

/// Gives the tool's application other addresses; its secret stays.
#[utoipa::path(
    put,
    path = "/api/v1/admin/tools/{id}/application",
    tag = "portal",
    operation_id = "putToolApplication",
    params(("id" = String, Path, description = "The tool")),
    request_body = ApplicationInput,
    responses(
        (status = 200, description = "The application", body = KnownApplicationBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 404, description = "No such tool, or it has no application (problem `not-found`)"),
        (status = 422, description = "An address that cannot be (problem `application-refused`)"),
    )
)]
pub(crate) async fn put_application(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<TileId>,
    ApiJson(input): ApiJson<ApplicationInput>,
) -> Result<Json<KnownApplicationBody>, ApiError> {
    let known = portal.move_application(&caller, id, input.into()).await?;
    Ok(Json(known.into()))
}
