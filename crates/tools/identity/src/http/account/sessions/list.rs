//! `GET /api/v1/account/sessions`.

use axum::Json;
use axum::extract::State;
use kernel::SessionId;
use kernel_http::{ApiError, SignedOrGuest};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Identity;
use crate::store::account::SeenSession;

/// Where the caller is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct OwnSessions {
    /// The last opened first.
    items: Vec<OwnSession>,
}

/// A browser in which the caller is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct OwnSession {
    #[schema(value_type = String)]
    id: SessionId,
    /// Whether it is the one that asks.
    current: bool,
    /// `firefox`, `edge`, `chrome`, `safari` or `other`.
    browser: &'static str,
    /// `windows`, `macos`, `ios`, `android`, `linux` or `other`.
    system: &'static str,
    /// Who vouched for the caller then.
    provider: String,
    /// UTC milliseconds.
    opened_at: i64,
    /// UTC milliseconds, within five minutes.
    seen_at: i64,
    /// UTC milliseconds.
    expires_at: i64,
}

fn own(identity: &Identity, seen: &SeenSession, current: Option<SessionId>) -> OwnSession {
    let session = &seen.session;
    OwnSession {
        id: session.id,
        current: Some(session.id) == current,
        browser: session.browser.family.word(),
        system: session.browser.system.word(),
        provider: identity.provider_title(&session.provider),
        opened_at: session.created_at.millis(),
        seen_at: seen.seen_at.millis(),
        expires_at: session.expires_at.millis(),
    }
}

/// The caller's sessions, on every device.
#[utoipa::path(
    get,
    path = "/api/v1/account/sessions",
    operation_id = "listOwnSessions",
    tag = "account",
    responses(
        (status = 200, description = "the sessions", body = OwnSessions),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    SignedOrGuest(caller): SignedOrGuest,
) -> Result<Json<OwnSessions>, ApiError> {
    let sessions = identity.own_sessions(&caller).await?;
    let items = sessions
        .iter()
        .map(|seen| own(&identity, seen, caller.session()))
        .collect();
    Ok(Json(OwnSessions { items }))
}
