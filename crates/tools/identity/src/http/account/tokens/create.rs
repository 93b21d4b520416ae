//! `POST /api/v1/account/tokens`: a token is made, and its secret told this once.

use axum::Json;
use axum::extract::State;
use http::{StatusCode, header};
use kernel_http::{ApiError, ApiJson, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::TokenView;
use crate::domain::credential::Wanted;
use crate::error::IdentityError;
use crate::service::Identity;

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct NewToken {
    /// What will use it: 1 to 80 characters.
    name: String,
    /// One at least.
    scopes: Vec<String>,
    /// How long it lives: 1 to 365; 90 when absent.
    #[schema(nullable = false)]
    #[serde(default)]
    days: Option<u16>,
}

/// A token just made.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TokenMade {
    token: TokenView,
    /// What the program sends, `besace_…`. It is kept nowhere and never told again.
    secret: String,
}

/// Makes a token for the caller, who is signed in: a token makes none.
#[utoipa::path(
    post,
    path = "/api/v1/account/tokens",
    operation_id = "createOwnToken",
    tag = "account",
    request_body = NewToken,
    responses(
        (status = 201, description = "made", body = TokenMade),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`token-beyond-roles`, `csrf`", content_type = "application/problem+json"),
        (status = 409, description = "`too-many-tokens`", content_type = "application/problem+json"),
        (status = 422, description = "`token-name`, `token-scopes`, `token-days`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiJson(body): ApiJson<NewToken>,
) -> Result<
    (
        StatusCode,
        [(header::HeaderName, &'static str); 1],
        Json<TokenMade>,
    ),
    ApiError,
> {
    let now = identity.house.clock.now();
    let asked = (body.name.as_str(), body.scopes.as_slice(), body.days);
    let wanted = Wanted::read(asked, &caller, now).map_err(IdentityError::from)?;
    let (token, secret) = identity.make_token(caller, wanted).await?;
    let made = TokenMade {
        token: token.into(),
        secret: secret.expose().to_owned(),
    };
    let headers = [(header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::CREATED, headers, Json(made)))
}
