//! `POST /invitation/{secret}/demande`: « demander un nouvel accès ».

use axum::extract::{Path, State};
use axum::response::Response;

use super::check;
use super::page::{private, show};
use crate::domain::invitation::{InvitationRefusal, reason};
use crate::error::IdentityError;
use crate::http::form::{pairs, single};
use crate::http::view::View;
use crate::pages::guest_over::{Notice, REASON};
use crate::service::Identity;

/// Tells whoever had invited.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    Path(secret): Path<String>,
    body: String,
) -> Response {
    let answer = respond(&identity, &view, &secret, &body).await;
    private(view.or_failure(&identity, answer))
}

async fn respond(
    identity: &Identity,
    view: &View,
    secret: &str,
    body: &str,
) -> Result<Response, IdentityError> {
    let fields = pairs(body);
    check(identity, view, secret, &fields)?;
    let asked = match reason(single(&fields, REASON).unwrap_or_default()) {
        Ok(why) => identity.ask_for_access(secret, why).await,
        Err(cause) => Err(cause.into()),
    };
    let notice = match asked {
        Ok(Some(_)) => Notice::Asked,
        Err(IdentityError::Invitation(InvitationRefusal::Asked)) => Notice::TooOften,
        Err(IdentityError::Invitation(InvitationRefusal::LongReason)) => Notice::Long,
        // No link of ours, or nothing to ask for: it is shown as it stands.
        Ok(None) | Err(IdentityError::Invitation(_)) => Notice::None,
        Err(cause) => return Err(cause),
    };
    show(identity, view, secret, notice).await
}
