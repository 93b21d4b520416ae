//! `DELETE /api/v1/account/tokens`: every one.

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Identity;

/// How many tokens were revoked.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct TokensRevoked {
    revoked: usize,
}

/// Revokes the caller's tokens, at once and for good.
#[utoipa::path(
    delete,
    path = "/api/v1/account/tokens",
    operation_id = "deleteOwnTokens",
    tag = "account",
    responses(
        (status = 200, description = "revoked", body = TokensRevoked),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
) -> Result<Json<TokensRevoked>, ApiError> {
    let revoked = identity.revoke_own_tokens(caller, None).await?;
    Ok(Json(TokensRevoked { revoked }))
}
