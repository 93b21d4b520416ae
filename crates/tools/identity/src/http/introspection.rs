//! `POST /api/v2/token/introspection` (RFC 7662): JSON, or a signed JWT (RFC 9701) when the client
//! registered an algorithm.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;

use super::client_form::{ClientForm, refused};
use super::protocol::never_cached;
use crate::service::Identity;
use crate::service::introspection::{Introspection, TYPE};

/// What a token is worth to the application that asks.
pub(super) async fn handle(State(identity): State<Identity>, form: ClientForm) -> Response {
    let token = match form.required("token", "missing required parameter(s) 'token'") {
        Ok(token) => token,
        Err(unread) => return unread.into_response(),
    };
    match identity.introspect(&form.credentials, &token).await {
        Ok(Introspection::Json(members)) => never_cached(Json(members).into_response()),
        Ok(Introspection::Signed(jwt)) => {
            let kind = [(header::CONTENT_TYPE, format!("application/{TYPE}"))];
            never_cached((kind, jwt).into_response())
        }
        Err(cause) => refused(&cause, form.by_header),
    }
}
