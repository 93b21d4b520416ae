//! `/api/v1/account/tokens`: what the caller made for programs that speak in their name. None of it
//! is open to a token: a token makes no token, and revokes none.

pub(in crate::http) mod create;
pub(in crate::http) mod current;
pub(in crate::http) mod delete;
pub(in crate::http) mod delete_all;
pub(in crate::http) mod list;

use kernel::{CredentialId, Timestamp, TokenScope};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::domain::credential::Token;

#[derive(OpenApi)]
#[openapi(
    paths(
        list::handle,
        create::handle,
        delete::handle,
        delete_all::handle,
        current::handle
    ),
    components(schemas(
        TokenView,
        list::OwnTokens,
        create::NewToken,
        create::TokenMade,
        delete_all::TokensRevoked,
        current::CurrentToken,
        current::TokenAgent
    ))
)]
struct ApiDoc;

pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    ApiDoc::openapi()
}

/// A live token; its secret is not told.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TokenView {
    #[schema(value_type = String)]
    id: CredentialId,
    name: String,
    /// What it was made for: `profile:read`, `inbox:read`, `portal:read`, `people:read`,
    /// `account:export`, `admin:import`, `admin:tools`, `admin:announcements`, `admin:journal`.
    scopes: Vec<&'static str>,
    /// UTC milliseconds.
    created_at: i64,
    /// UTC milliseconds.
    expires_at: i64,
    /// UTC milliseconds, within an hour; absent: never.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<i64>,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            scopes: words(token.scopes),
            created_at: token.created_at.millis(),
            expires_at: token.expires_at.millis(),
            last_used_at: token.last_used_at.map(Timestamp::millis),
            name: token.name,
        }
    }
}

fn words(scopes: impl IntoIterator<Item = TokenScope>) -> Vec<&'static str> {
    scopes.into_iter().map(TokenScope::word).collect()
}
