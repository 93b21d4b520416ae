//! `DELETE /api/v1/account/sessions/{id}`.

use axum::extract::State;
use http::StatusCode;
use kernel::{Problem, SessionId, Text};
use kernel_http::{ApiError, ApiPath, SignedOrGuest};

use crate::service::Identity;

/// Ends one of the caller's other sessions, and takes back what it gave to applications.
#[utoipa::path(
    delete,
    path = "/api/v1/account/sessions/{id}",
    operation_id = "deleteOwnSession",
    tag = "account",
    params(("id" = String, Path, description = "the session")),
    responses(
        (status = 204, description = "ended"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 404, description = "the caller has no such session", content_type = "application/problem+json"),
        (status = 409, description = "`current-session`: the one that asks", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    SignedOrGuest(caller): SignedOrGuest,
    ApiPath(session): ApiPath<SessionId>,
) -> Result<StatusCode, ApiError> {
    if Some(session) == caller.session() {
        return Err(ApiError(current()));
    }
    if identity.end_own_session(caller, session).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError(Problem::not_found()))
    }
}

fn current() -> Problem {
    Problem::new(
        409,
        "current-session",
        Text::fixed(
            "C’est la session par laquelle vous le demandez.",
            "This is the session by which you ask.",
        ),
    )
    .with_detail(Text::fixed(
        "Rien n’a été fait. Pour la fermer, déconnectez-vous\u{a0}: la session de votre administration est fermée aussi.",
        "Nothing was done. To close it, sign out: your administration’s session is closed too.",
    ))
}
