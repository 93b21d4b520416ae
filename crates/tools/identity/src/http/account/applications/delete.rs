//! `DELETE /api/v1/account/applications/{client_id}`.

use axum::extract::State;
use http::StatusCode;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, SignedOrGuest};

use crate::domain::client::ClientId;
use crate::service::Identity;

/// Takes back what the caller gave to an application: its tokens open nothing of theirs from now
/// on, until they open it again.
#[utoipa::path(
    delete,
    path = "/api/v1/account/applications/{client_id}",
    operation_id = "deleteOwnApplication",
    tag = "account",
    params(("client_id" = String, Path, description = "the application")),
    responses(
        (status = 204, description = "taken back"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 404, description = "it received nothing of the caller", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    SignedOrGuest(caller): SignedOrGuest,
    ApiPath(client): ApiPath<String>,
) -> Result<StatusCode, ApiError> {
    let client = ClientId::parse(&client).map_err(|_| ApiError(Problem::not_found()))?;
    if identity.withdraw_from(caller, client).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError(Problem::not_found()))
    }
}
