//! `DELETE /api/v1/account/tokens/{id}`.

use axum::extract::State;
use http::StatusCode;
use kernel::{CredentialId, Problem};
use kernel_http::{ApiError, ApiPath, Signed};

use crate::service::Identity;

/// Revokes one of the caller's tokens, at once and for good.
#[utoipa::path(
    delete,
    path = "/api/v1/account/tokens/{id}",
    operation_id = "deleteOwnToken",
    tag = "account",
    params(("id" = String, Path, description = "the token")),
    responses(
        (status = 204, description = "revoked"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 404, description = "the caller has no such token", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(token): ApiPath<CredentialId>,
) -> Result<StatusCode, ApiError> {
    if identity.revoke_own_tokens(caller, Some(token)).await? == 1 {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError(Problem::not_found()))
    }
}
