//! `GET /api/v2/jwks` (RFC 7517): the public keys, never a secret one.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::protocol;
use crate::service::Identity;

/// The keys that verify our tokens.
pub(super) async fn handle(State(identity): State<Identity>) -> Response {
    protocol::public(Json(identity.keys.published().await).into_response())
}
