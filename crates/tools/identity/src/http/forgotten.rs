//! `GET|POST /mot-de-passe-oublie`: an address, to which a link goes if there is an account. What
//! is answered, and how fast, is the same if there is none.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use kernel_http::{ClientIp, csrf};

use super::form::{pairs, single};
use super::view::{SIGN_IN, View};
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::pages::choose_password::{Forgotten, News, Told, field};
use crate::pages::{Form, Help};
use crate::service::Identity;

/// Where it is.
pub(super) const HERE: &str = "/mot-de-passe-oublie";
/// What the form's token is made of: there is nothing else to bind it to.
const BINDING: &str = "forgotten-password";

/// The question; where no mail leaves, there is none to ask.
pub(super) async fn page(State(identity): State<Identity>, view: View) -> Response {
    if !identity.mailer().is_configured() {
        return Redirect::to(SIGN_IN).into_response();
    }
    let token = identity.house.form_token(BINDING);
    let page = Forgotten {
        form: Form {
            action: HERE,
            hidden: &[(csrf::FIELD, &token)],
        },
        back_url: SIGN_IN,
    };
    let shown = view.show(page.render(&view.reader(&identity)), StatusCode::OK);
    super::protocol::never_cached(shown)
}

/// The answer.
pub(super) async fn handle(
    State(identity): State<Identity>,
    view: View,
    ClientIp(address): ClientIp,
    body: String,
) -> Response {
    let asked = respond(&identity, &view, address, &pairs(&body)).await;
    super::protocol::never_cached(view.or_failure(&identity, asked))
}

async fn respond(
    identity: &Identity,
    view: &View,
    address: std::net::IpAddr,
    fields: &Parameters,
) -> Result<Response, IdentityError> {
    view.check_form(
        identity,
        BINDING,
        single(fields, csrf::FIELD).unwrap_or_default(),
    )?;
    let typed = single(fields, field::EMAIL).unwrap_or_default();
    if identity.mailer().is_configured() {
        identity.ask_new_password(typed, address).await?;
    }
    let page = Told {
        news: News::Sent,
        next_url: SIGN_IN,
        help: Help::of(&identity.house.site.support, view.locale()),
    };
    Ok(view.show(page.render(&view.reader(identity)), StatusCode::OK))
}
