//! `POST /invitation/{secret}/code`: « recevoir un code ».

use axum::extract::{Path, State};
use axum::response::Response;
use kernel_http::Cookies;

use super::check;
use super::page::{private, show};
use crate::domain::interaction::{Purpose, ReturnPath};
use crate::error::IdentityError;
use crate::http::connexion::guest_code::ask;
use crate::http::form::pairs;
use crate::http::view::View;
use crate::pages::guest_over::Notice;
use crate::service::Identity;
use crate::service::guests::CodeMail;

/// Begins a sign-in in this tab, and has a code sent to the guest's own address.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(secret): Path<String>,
    body: String,
) -> Response {
    let answer = respond(&identity, &view, &cookies, &secret, &body).await;
    private(view.or_failure(&identity, answer))
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    secret: &str,
    body: &str,
) -> Result<Response, IdentityError> {
    check(identity, view, secret, &pairs(body))?;
    let opened = identity.opened_link(secret).await?;
    let Some(opened) = opened.filter(|opened| opened.one.is_open(opened.now)) else {
        return show(identity, view, secret, Notice::None).await;
    };
    let interaction = identity.begin(Purpose::Portal {
        back: ReturnPath::parse("/"),
    });
    let by = CodeMail::Invitation(opened.one.id);
    ask(identity, view, cookies, interaction, by, &opened.address).await
}
