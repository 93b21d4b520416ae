//! Finishes a sign-in without a provider, for the benchmark of sign-ins: no route leads here, and
//! the program is never built with it (feature `bench`).

use axum::extract::FromRequestParts as _;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use kernel_http::Cookies;

use super::connexion::finish::finish;
use super::view::View;
use crate::domain::interaction::InteractionId;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::service::sign_in::Vouched;

/// Finishes the interaction of this name, which the request's cookie holds, as the answer of a
/// ministry's provider does once it has been checked: the session, the journal, the event, the
/// cookies and the code.
pub async fn approve(
    identity: &Identity,
    mut request: Parts,
    interaction: &str,
    vouched: Vouched,
) -> Response {
    let view = match View::from_request_parts(&mut request, &()).await {
        Ok(view) => view,
        Err(refused) => return refused.into_response(),
    };
    let cookies = Cookies::of(&request.headers);
    let held = InteractionId::parse(interaction)
        .ok_or(IdentityError::NoInteraction)
        .and_then(|id| identity.interaction(&id, &cookies));
    let finished = match held {
        Ok(held) => finish(identity, &view, &cookies, held, vouched, false).await,
        Err(cause) => Err(cause),
    };
    finished.unwrap_or_else(|cause| view.failure(identity, &cause, None))
}
