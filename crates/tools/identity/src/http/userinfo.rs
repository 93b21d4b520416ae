//! `GET|POST /api/v2/userinfo` (OIDC Core §5.3): plain JSON, or a signed JWT when the client
//! registered an algorithm.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::protocol::{error, never_cached, open_to_all};
use crate::service::Identity;
use crate::service::userinfo::UserInfo;

/// The claims behind a bearer token.
pub(super) async fn handle(State(identity): State<Identity>, headers: HeaderMap) -> Response {
    let Some(token) = bearer(&headers) else {
        return refused("Bearer realm=\"besace\"", "no access token provided");
    };
    let mut response = match identity.userinfo(token).await {
        Ok(Some(UserInfo::Json(claims))) => never_cached(Json(claims).into_response()),
        Ok(Some(UserInfo::Signed(jwt))) => {
            let kind = [(header::CONTENT_TYPE, "application/jwt")];
            never_cached((kind, jwt).into_response())
        }
        Ok(None) => refused(
            "Bearer realm=\"besace\", error=\"invalid_token\"",
            "invalid token provided",
        ),
        Err(cause) => {
            tracing::error!(%cause, "userinfo");
            let status = StatusCode::from_u16(cause.problem().status)
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            error(status, "server_error", "the server cannot answer now")
        }
    };
    open_to_all(response.headers_mut());
    response
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim())
        .filter(|token| !token.is_empty())
}

fn refused(challenge: &'static str, description: &str) -> Response {
    let mut response = error(StatusCode::UNAUTHORIZED, "invalid_token", description);
    response.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static(challenge),
    );
    open_to_all(response.headers_mut());
    response
}
