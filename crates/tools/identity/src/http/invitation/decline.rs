//! `POST /invitation/{secret}/refus`: « ce n’est pas vous ? ».

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::page::{private, show};
use super::{check, help};
use crate::error::IdentityError;
use crate::http::form::pairs;
use crate::http::view::View;
use crate::pages::guest_over::{GuestUnknown, Notice};
use crate::service::Identity;

/// Refuses the invitation.
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
    check(identity, view, secret, &pairs(body))?;
    match identity.decline_invitation(secret).await {
        Ok(Some(_)) => {
            let page = GuestUnknown {
                help: help(identity, view.locale()),
            };
            let content = page.render_declined(&view.reader(identity));
            Ok(view.show(content, StatusCode::OK))
        }
        // Answered meanwhile, or no link of ours: it is shown as it stands.
        Ok(None) | Err(IdentityError::Invitation(_)) => {
            show(identity, view, secret, Notice::None).await
        }
        Err(cause) => Err(cause),
    }
}
