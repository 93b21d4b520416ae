//! `GET|POST /api/v2/session/end` (OIDC RP-Initiated Logout 1.0), its confirmation, and the way
//! back from the ministry's own sign-out.

use axum::extract::{Query, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use kernel_http::{Cookies, csrf};

use super::authorize::see_other;
use super::form::{pairs, single};
use super::view::View;
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::pages::Form;
use crate::pages::sign_out::ConfirmSignOut;
use crate::service::Identity;
use crate::service::end_session::{After, EndRequest, Ending};

/// The request by query.
pub(super) async fn by_query(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    RawQuery(query): RawQuery,
) -> Response {
    answer(
        &identity,
        &view,
        &cookies,
        &pairs(&query.unwrap_or_default()),
    )
    .await
}

/// The request by form.
pub(super) async fn by_form(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    body: String,
) -> Response {
    answer(&identity, &view, &cookies, &pairs(&body)).await
}

async fn answer(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    parameters: &Parameters,
) -> Response {
    view.or_failure(identity, respond(identity, view, cookies, parameters).await)
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    parameters: &Parameters,
) -> Result<Response, IdentityError> {
    let text = |name: &str| single(parameters, name).map(str::to_owned);
    let request = EndRequest {
        id_token_hint: text("id_token_hint"),
        post_logout_redirect_uri: text("post_logout_redirect_uri"),
        state: text("state"),
        client_id: text("client_id"),
    };
    let ending = identity.judge_end(&request).await?;
    let Some((session, agent)) = identity.session(cookies).await? else {
        return Ok(go_after(&ending.after));
    };
    // Without a hint of this very person, a link of another site could sign them out.
    if ending.hinted.as_deref() != Some(agent.id.to_string().as_str()) {
        return Ok(question(identity, view, &ending, session.id));
    }
    let upstream = identity.end_session(session, agent, &ending.after).await?;
    let mut response = match upstream {
        Some(url) => see_other(&url),
        None => go_after(&ending.after),
    };
    clear_session(identity, &mut response);
    Ok(response)
}

fn question(
    identity: &Identity,
    view: &View,
    ending: &Ending,
    session: kernel::SessionId,
) -> Response {
    let token = identity.house.csrf_token(session);
    let after = identity.seal_after(&ending.after);
    let hidden = [(csrf::FIELD, token.as_str()), ("after", after.as_str())];
    let page = ConfirmSignOut {
        form: Form {
            action: "/api/v2/session/end/confirm",
            hidden: &hidden,
        },
        stay_url: "/",
    };
    view.show(page.render(&view.reader(identity)), StatusCode::OK)
}

/// `POST /api/v2/session/end/confirm`: yes.
pub(super) async fn confirm(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    headers: http::HeaderMap,
    body: String,
) -> Response {
    let form = pairs(&body);
    let after = identity.open_after(single(&form, "after"));
    let token = single(&form, csrf::FIELD).unwrap_or_default();
    view.or_failure(
        &identity,
        end_by_form(&identity, &view, &cookies, &headers, token, &after).await,
    )
}

/// Ends the session of a form of ours; the answer is a page that goes on by itself.
///
/// # Errors
/// When the form is not ours or the database refuses.
pub(super) async fn end_by_form(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    headers: &http::HeaderMap,
    token: &str,
    after: &After,
) -> Result<Response, IdentityError> {
    let Some((session, agent)) = identity.session(cookies).await? else {
        return Ok(go_after(after));
    };
    csrf::check_form(&identity.house, headers, session.id, token)
        .map_err(|_| IdentityError::ForgedForm)?;
    let place = identity.provider_title(&session.provider);
    let upstream = identity.end_session(session, agent, after).await?;
    let mut response = match (upstream, after) {
        (Some(url), _) => view.go(identity, &url, &place, true, Vec::new()),
        (None, After::Application(url)) => view.go(identity, url, &place, true, Vec::new()),
        (None, After::Page | After::SignIn) => go_after(after),
    };
    clear_session(identity, &mut response);
    Ok(response)
}

/// What the ministry's sign-out brings back.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct CameBack {
    state: Option<String>,
}

/// `GET /api/v2/client/logout-callback`: the ministry's sign-out is done.
pub(super) async fn came_back(
    State(identity): State<Identity>,
    Query(query): Query<CameBack>,
) -> Response {
    go_after(&identity.open_after(query.state.as_deref()))
}

fn go_after(after: &After) -> Response {
    match after {
        After::Page => Redirect::to("/connexion?fin=1").into_response(),
        After::SignIn => Redirect::to(super::view::SIGN_IN).into_response(),
        After::Application(url) => see_other(url),
    }
}

fn clear_session(identity: &Identity, response: &mut Response) {
    let names = identity.house.cookies();
    response
        .headers_mut()
        .append(SET_COOKIE, names.clear(names.session()));
}
