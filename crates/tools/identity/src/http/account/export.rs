//! `GET /api/v1/account/export`: all that is kept of the caller, as a file.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use kernel_http::{ApiError, SignedOrGuest};
use utoipa::OpenApi;

use crate::service::Identity;

#[derive(OpenApi)]
#[openapi(paths(handle))]
pub(super) struct ApiDoc;

/// What every tool keeps of the caller: one member a tool, times as UTC milliseconds. Journalled.
#[utoipa::path(
    get,
    path = "/api/v1/account/export",
    operation_id = "exportOwnData",
    tag = "account",
    security(("session" = []), ("token" = [kernel::TokenScope::AccountExport.word()])),
    responses(
        (status = 200, description = "a JSON file", content_type = "application/json"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 503, description = "a tool does not answer now", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    SignedOrGuest(caller): SignedOrGuest,
) -> Result<Response, ApiError> {
    let file = identity.own_export(&caller).await?;
    let mut response = Json(file).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"besace-mes-donnees.json\""),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
