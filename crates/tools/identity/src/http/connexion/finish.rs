//! Somebody has been proved: a session is opened, and they go where they wanted to.

use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use kernel::Secret;
use kernel_http::Cookies;
use url::Url;

use crate::domain::agent::Agent;
use crate::domain::authorize::{Proof, UntrustedRequest};
use crate::domain::interaction::{Held, Interaction, Purpose};
use crate::domain::session::Session;
use crate::error::IdentityError;
use crate::http::view::{SIGN_IN, View};
use crate::service::Identity;
use crate::service::authorize::refusal;
use crate::service::sign_in::Vouched;

/// Opens the session and goes on; the interaction is spent. When the provider recognised somebody
/// without asking, the person is asked first, and the new cookie is held back meanwhile.
///
/// # Errors
/// When the agent may not sign in, the application does not let them in, or the database refuses.
pub(in crate::http) async fn finish(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    mut interaction: Interaction,
    vouched: Vouched,
    after_form: bool,
) -> Result<Response, IdentityError> {
    let ask = interaction.must_ask(vouched.auth_time, &vouched.attributes.email);
    let auth_time_stated = vouched.auth_time_stated;
    let provider = vouched.provider.clone();
    let opened = identity.open_session(vouched).await;
    if let Err(cause @ IdentityError::AgentState(_)) = opened {
        identity
            .journal_refusal(&provider, "", "agent-state")
            .await?;
        return Err(cause);
    }
    let (session, agent, secret) = opened?;
    if ask {
        interaction.held = Some(Held::new(&secret));
        // A page of its own: shown again by a reload, and no code in the address.
        let mut response = Redirect::to(&format!("{SIGN_IN}/{}", interaction.id)).into_response();
        for cookie in identity.keep(&interaction, cookies)? {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        return Ok(response);
    }
    let proved = Proved {
        session,
        agent,
        secret,
        auth_time_stated,
    };
    enter(identity, view, cookies, interaction, &proved, after_form).await
}

/// A session just opened, whose cookie has not been given yet.
pub(super) struct Proved {
    pub(super) session: Session,
    pub(super) agent: Agent,
    pub(super) secret: Secret,
    /// Whether whoever proved the agent said when.
    pub(super) auth_time_stated: bool,
}

/// Gives the session's cookie, ends the session that it replaces, and goes where the sign-in was
/// for.
///
/// # Errors
/// When the application does not let the agent in, or the database refuses; then the browser
/// keeps what it had.
pub(super) async fn enter(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    interaction: Interaction,
    proved: &Proved,
    after_form: bool,
) -> Result<Response, IdentityError> {
    let started_at = interaction.started_at;
    if interaction.is_too_weak(proved.session.acr) {
        identity
            .replace_session(&proved.session, &proved.agent)
            .await?;
        return Err(IdentityError::TooWeak);
    }
    let (to, place): (Url, String) = match interaction.purpose {
        Purpose::Trial { .. } => return Err(IdentityError::NoInteraction),
        Purpose::Portal { back } => {
            let base = &identity.house.site.base_url;
            let to = base.join(back.as_str()).unwrap_or_else(|_| base.clone());
            (to, identity.house.site.name.clone())
        }
        Purpose::Application(request) => {
            let client = identity
                .clients
                .get(&request.client)
                .await?
                .ok_or(UntrustedRequest::Client)?;
            let admitted = identity
                .admit(&client, &proved.session, &proved.agent)
                .await;
            let is_shared = !matches!(admitted, Err(IdentityError::NotShared));
            if let (true, Err(cause)) = (is_shared, admitted) {
                identity
                    .replace_session(&proved.session, &proved.agent)
                    .await?;
                return Err(cause);
            }
            let proof = Proof {
                subject: &proved.agent.id.to_string(),
                acr: proved.session.acr,
                auth_time: proved.session.auth_time,
                auth_time_stated: proved.auth_time_stated,
                started_at,
                now: identity.house.clock.now(),
            };
            let checked = if is_shared {
                request.check_proof(&proof)
            } else {
                // A guest who is let in, but not there: the application is told so.
                Err((
                    "access_denied",
                    "this application is not shared with this guest",
                ))
            };
            let to = match checked {
                Ok(()) => identity.answer_to(*request, proved.session.id)?,
                Err((error, description)) => {
                    identity.refuse_to(&refusal(&request, error, description))
                }
            };
            (to, client.name.clone())
        }
    };
    if let Some((previous, agent)) = identity.session(cookies).await? {
        identity.replace_session(&previous, &agent).await?;
    }
    let names = identity.house.cookies();
    let set = vec![
        names.set(names.session(), &proved.secret, None),
        identity.forget(&interaction.id),
    ];
    Ok(view.go(identity, &to, &place, after_form, set))
}
