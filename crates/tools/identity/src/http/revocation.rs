//! `POST /api/v2/token/revocation` (RFC 7009): what is unknown is as good as taken back.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::client_form::{ClientForm, refused};
use super::protocol::never_cached;
use crate::service::Identity;

/// Takes one of the application's own tokens back.
pub(super) async fn handle(State(identity): State<Identity>, form: ClientForm) -> Response {
    let token = match form.required("token", "missing required parameter(s) 'token'") {
        Ok(token) => token,
        Err(unread) => return unread.into_response(),
    };
    match identity.revoke_token(&form.credentials, &token).await {
        Ok(()) => never_cached(StatusCode::OK.into_response()),
        Err(cause) => refused(&cause, form.by_header),
    }
}
