//! `POST /api/v1/admin/tools/{id}/application`: signs agents in to a tool through us.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::{HeaderName, StatusCode, header};
use kernel_http::{ApiError, ApiJson, ApiPath, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use super::input::ApplicationInput;
use crate::domain::TileId;
use crate::service::Portal;

/// What the tool's people configure.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationBody {
    /// Its name toward us.
    client_id: String,
    /// Its secret, shown this once.
    secret: String,
}

/// Registers the tool's application, or gives it new addresses and a new secret.
#[utoipa::path(
    post,
    path = "/api/v1/admin/tools/{id}/application",
    tag = "portal",
    operation_id = "registerToolApplication",
    params(("id" = String, Path, description = "The tool")),
    request_body = ApplicationInput,
    responses(
        (status = 201, description = "The application and its secret, shown once", body = ApplicationBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 404, description = "No such tool (problem `not-found`)"),
        (status = 422, description = "An address that cannot be (problem `application-refused`)"),
    )
)]
pub(crate) async fn register_application(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<TileId>,
    ApiJson(input): ApiJson<ApplicationInput>,
) -> Result<
    (
        StatusCode,
        [(HeaderName, &'static str); 1],
        Json<ApplicationBody>,
    ),
    ApiError,
> {
    let registered = portal
        .register_application(&caller, id, input.into())
        .await?;
    let body = ApplicationBody {
        client_id: registered.client_id,
        secret: registered.secret.expose().to_owned(),
    };
    let unkept = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, unkept, Json(body)))
}
