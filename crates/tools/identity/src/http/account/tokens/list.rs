//! `GET /api/v1/account/tokens`.

use axum::Json;
use axum::extract::State;
use kernel::TokenScope;
use kernel_http::{ApiError, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use super::{TokenView, words};
use crate::domain::credential::{LONGEST_DAYS, MOST, USUAL_DAYS, is_within_roles};
use crate::service::Identity;

/// What programs have of the caller, and what may be made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct OwnTokens {
    /// The last made first.
    items: Vec<TokenView>,
    /// Tokens that an agent may have.
    most: u32,
    /// Days that one may live.
    longest_days: u16,
    /// Days that one lives when nothing is said.
    usual_days: u16,
    /// The scopes that the caller's roles allow now.
    scopes: Vec<&'static str>,
}

/// The caller's live tokens, without their secrets.
#[utoipa::path(
    get,
    path = "/api/v1/account/tokens",
    operation_id = "listOwnTokens",
    tag = "account",
    responses(
        (status = 200, description = "the tokens", body = OwnTokens),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
) -> Result<Json<OwnTokens>, ApiError> {
    let tokens = identity.own_tokens(&caller).await?;
    let now = identity.house.clock.now();
    let scopes = TokenScope::ALL.into_iter();
    Ok(Json(OwnTokens {
        items: tokens.into_iter().map(TokenView::from).collect(),
        most: MOST,
        longest_days: LONGEST_DAYS,
        usual_days: USUAL_DAYS,
        scopes: words(scopes.filter(|scope| is_within_roles(*scope, &caller, now))),
    }))
}
