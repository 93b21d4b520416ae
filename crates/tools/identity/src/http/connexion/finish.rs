//! Somebody has been proved: a session is opened, and they go where they wanted to.

use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use kernel::Secret;
use kernel_http::Cookies;
use url::Url;

use crate::domain::agent::Agent;
use crate::domain::authorize::UntrustedRequest;
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
    let previous = identity
        .session(cookies)
        .await?
        .map(|(session, _)| session.id);
    let ask = interaction.must_ask(vouched.auth_time, &vouched.attributes.email);
    let (session, agent, secret) = identity.open_session(vouched, previous).await?;
    if ask {
        interaction.held = Some(Held::new(&secret));
        // A page of its own: shown again by a reload, and no code in the address.
        let mut response = Redirect::to(&format!("{SIGN_IN}/{}", interaction.id)).into_response();
        for cookie in identity.keep(&interaction, cookies)? {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        return Ok(response);
    }
    enter(
        identity,
        view,
        interaction,
        &session,
        &agent,
        &secret,
        after_form,
    )
    .await
}

/// Gives the session's cookie and goes where the sign-in was for.
///
/// # Errors
/// When the application does not let the agent in, or the database refuses.
pub(super) async fn enter(
    identity: &Identity,
    view: &View,
    interaction: Interaction,
    session: &Session,
    agent: &Agent,
    secret: &Secret,
    after_form: bool,
) -> Result<Response, IdentityError> {
    let names = identity.house.cookies();
    let set = vec![
        names.set(names.session(), secret, None),
        identity.forget(&interaction.id),
    ];
    let (to, place): (Url, String) = match interaction.purpose {
        Purpose::Portal { back } => {
            let base = &identity.house.site.base_url;
            let to = base.join(back.as_str()).unwrap_or_else(|_| base.clone());
            (to, identity.house.site.name.clone())
        }
        Purpose::Application(request) => {
            let client = identity
                .clients
                .get(&request.client)
                .ok_or(UntrustedRequest::Client)?;
            identity.admit(&client, session, agent).await?;
            let to = if request.acr.is_met_by(session.acr) {
                identity.answer_to(*request, session.id)?
            } else {
                identity.refuse_to(&refusal(
                    &request,
                    "access_denied",
                    "requested ACRs could not be satisfied",
                ))
            };
            (to, client.name.clone())
        }
    };
    Ok(view.go(identity, &to, &place, after_form, set))
}
