//! `POST /connexion/{interaction}/retour`: whoever was recognised without a password says who
//! they are.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use kernel_http::{Cookies, csrf};

use super::finish::{Proved, enter};
use super::open;
use crate::domain::agent::Agent;
use crate::domain::authorize::Parameters;
use crate::domain::interaction::Interaction;
use crate::domain::session::Session;
use crate::error::IdentityError;
use crate::http::form::{pairs, single};
use crate::http::view::{SIGN_IN, View};
use crate::pages::silent::{DECISION_CONTINUE, FIELD_DECISION, SilentReturn};
use crate::pages::{Form, Help};
use crate::service::Identity;
use crate::service::end_session::After;

/// Goes on as the person shown, or closes the administration's session and starts again.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(id): Path<String>,
    body: String,
) -> Response {
    view.or_failure(
        &identity,
        respond(&identity, &view, &cookies, &id, &pairs(&body)).await,
    )
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    id: &str,
    form: &Parameters,
) -> Result<Response, IdentityError> {
    let mut interaction = open(identity, id, cookies)?;
    view.check_form(identity, id, single(form, csrf::FIELD).unwrap_or_default())?;
    let held = interaction
        .held
        .take()
        .ok_or(IdentityError::NoInteraction)?
        .cookie();
    let (session, agent) = identity
        .session_of(&held)
        .await?
        .ok_or(IdentityError::NoInteraction)?;
    if single(form, FIELD_DECISION) == Some(DECISION_CONTINUE) {
        // Whoever is asked here was recognised by a time that their provider stated.
        let proved = Proved {
            session,
            agent,
            secret: held,
            auth_time_stated: true,
        };
        return enter(identity, view, cookies, interaction, &proved, true).await;
    }
    let place = identity.provider_title(&session.provider);
    let upstream = identity.end_session(session, agent, &After::SignIn).await?;
    let mut response = match upstream {
        Some(url) => view.go(identity, &url, &place, true, Vec::new()),
        None => Redirect::to(SIGN_IN).into_response(),
    };
    response
        .headers_mut()
        .append(SET_COOKIE, identity.forget(&interaction.id));
    response
        .headers_mut()
        .append(SET_COOKIE, identity.forget_address());
    Ok(response)
}

/// "Go on as Claire Delmas?"
pub(super) fn question(
    identity: &Identity,
    view: &View,
    interaction: &Interaction,
    session: &Session,
    agent: &Agent,
) -> Response {
    let action = format!("{SIGN_IN}/{}/retour", interaction.id);
    let token = identity.house.form_token(interaction.id.as_str());
    let (name, initials) = (agent.attributes.display_name(), agent.attributes.initials());
    let administration = identity.provider_title(&session.provider);
    let page = SilentReturn {
        form: Form {
            action: &action,
            hidden: &[(csrf::FIELD, &token)],
        },
        name: &name,
        initials: &initials,
        administration: &administration,
        unit: agent.attributes.organizational_unit.as_deref(),
        opened_at: Some(session.auth_time),
        help: Help::of(&identity.house.site.support, view.locale()),
    };
    view.show(page.render(&view.reader(identity)), StatusCode::OK)
}
