//! Somebody has been proved: a session is opened, and they go where they wanted to.

use axum::response::Response;
use kernel_http::Cookies;
use url::Url;

use crate::domain::interaction::{Interaction, Purpose};
use crate::error::IdentityError;
use crate::http::view::View;
use crate::service::Identity;
use crate::service::authorize::refusal;
use crate::service::sign_in::Vouched;

/// Opens the session and goes on; the interaction is spent.
///
/// # Errors
/// When the agent may not sign in, the application does not let them in, or the database refuses.
pub(in crate::http) async fn finish(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    interaction: Interaction,
    vouched: Vouched,
    after_form: bool,
) -> Result<Response, IdentityError> {
    let previous = identity.session(cookies).await?.map(|(session, _)| session.id);
    let (session, agent, secret) = identity.open_session(vouched, previous).await?;
    let names = identity.house.cookies();
    let set = vec![
        names.set(names.session(), &secret, None),
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
                .ok_or(crate::domain::authorize::UntrustedRequest::Client)?;
            identity.admit(&client, &session, &agent).await?;
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
