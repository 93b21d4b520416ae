//! `GET|POST /deconnexion`: signing out of Besace, and then of the ministry.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use kernel_http::{Cookies, csrf};

use super::form::{pairs, single};
use super::session_end::end_by_form;
use super::view::View;
use crate::pages::Form;
use crate::pages::sign_out::ConfirmSignOut;
use crate::service::end_session::After;
use crate::service::{Identity, Method};

/// The question, for whoever comes by an address.
pub(super) async fn page(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
) -> Response {
    match identity.session(&cookies).await {
        Ok(Some((session, _))) => {
            let token = identity.house.csrf_token(session.id);
            let page = ConfirmSignOut {
                form: Form {
                    action: "/deconnexion",
                    hidden: &[(csrf::FIELD, &token)],
                },
                stay_url: match &identity.method {
                    Method::Upstream(_) => "/",
                    Method::Local { .. } => super::local_account::BASE,
                },
            };
            view.show(page.render(&view.reader(&identity)), StatusCode::OK)
        }
        Ok(None) => Redirect::to("/connexion?fin=1").into_response(),
        Err(cause) => view.failure(&identity, &cause, None),
    }
}

/// Yes.
pub(super) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    headers: http::HeaderMap,
    body: String,
) -> Response {
    let form = pairs(&body);
    let token = single(&form, csrf::FIELD).unwrap_or_default();
    let ended = end_by_form(&identity, &view, &cookies, &headers, token, &After::Page).await;
    view.or_failure(&identity, ended)
}
