//! `GET|POST /api/v2/authorize` (OIDC Core §3.1.2).

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use kernel_http::Cookies;

use super::form::pairs;
use super::view::View;
use crate::domain::authorize::{
    AuthorizeRequest, Parameters, Prompt, UntrustedRequest, client_id, judge,
};
use crate::domain::interaction::Purpose;
use crate::error::IdentityError;
use crate::service::authorize::{Decision, decide, refusal};
use crate::service::{Identity, Method};

/// The request by query.
pub(super) async fn by_query(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = pairs(&query.unwrap_or_default());
    let answer = respond(&identity, &view, &cookies, &parameters, false).await;
    view.or_failure(&identity, answer)
}

/// The request by form, from the application's own page.
pub(super) async fn by_form(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    body: String,
) -> Response {
    let answer = respond(&identity, &view, &cookies, &pairs(&body), true).await;
    view.or_failure(&identity, answer)
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    parameters: &Parameters,
    after_form: bool,
) -> Result<Response, IdentityError> {
    let id = client_id(parameters)?;
    let client = identity.clients.get(&id).await?;
    let client = client.ok_or(UntrustedRequest::Client)?;
    let mut request = match judge(parameters, &client)? {
        Ok(request) => request,
        Err(refused) => return Ok(see_other(&identity.refuse_to(&refused))),
    };
    // Read once, and not carried on: the token would fill the cookie of the sign-in under way.
    let hinted = match request.id_token_hint.take() {
        Some(token) => Some(identity.read_hint(&token).await?),
        None => None,
    };
    let hinted = match hinted {
        Some(None) => {
            let refused = refusal(
                &request,
                "invalid_request",
                "could not validate id_token_hint",
            );
            return Ok(see_other(&identity.refuse_to(&refused)));
        }
        Some(Some((hinted_client, subject))) if hinted_client.id == client.id => Some(subject),
        Some(Some(_)) => {
            let description = "id_token_hint was issued to another client";
            let refused = refusal(&request, "invalid_request", description);
            return Ok(see_other(&identity.refuse_to(&refused)));
        }
        None => None,
    };
    request.hinted_subject = hinted;
    let session = identity.session(cookies).await?;
    let session = match session {
        Some((session, agent)) if identity.is_in_service(&session.provider).await? => {
            Some((session, agent))
        }
        _ => None,
    };
    let known = session.as_ref().map(|(session, agent)| (session, agent));
    match decide(&request, known, identity.house.clock.now()) {
        Decision::LoginRequired => {
            let refused = refusal(
                &request,
                "login_required",
                "End-User authentication is required",
            );
            Ok(see_other(&identity.refuse_to(&refused)))
        }
        Decision::Answer => match session {
            Some((session, agent)) => match identity.admit(&client, &session, &agent).await {
                Err(cause @ IdentityError::NotPublicAgent) if request.prompt == Prompt::None => {
                    let refused = refusal(&request, "access_denied", &cause.to_string());
                    Ok(see_other(&identity.refuse_to(&refused)))
                }
                Err(cause @ IdentityError::NotShared) => {
                    let refused = refusal(&request, "access_denied", &cause.to_string());
                    Ok(see_other(&identity.refuse_to(&refused)))
                }
                Err(cause) => Err(cause),
                Ok(()) => Ok(see_other(&identity.answer_to(request, session.id)?)),
            },
            None => Err(IdentityError::NoInteraction),
        },
        Decision::Interact => {
            match interact(identity, view, cookies, request.clone(), after_form).await {
                Err(IdentityError::TooLarge) => {
                    let description = "the request is too large to be kept during a sign-in";
                    let refused = refusal(&request, "invalid_request", description);
                    Ok(see_other(&identity.refuse_to(&refused)))
                }
                answer => answer,
            }
        }
    }
}

/// Sends the person to the provider the request names, or to our own page.
async fn interact(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    request: AuthorizeRequest,
    after_form: bool,
) -> Result<Response, IdentityError> {
    let interaction = identity.begin(Purpose::Application(Box::new(request.clone())));
    if let Method::Upstream(providers) = &identity.method {
        let upstreams = providers.current().await?;
        if let Some(hint) = &request.idp_hint {
            let Some(provider) = upstreams.provider_named(hint) else {
                let refused = refusal(
                    &request,
                    "idp_hint_not_found",
                    "provided idp_hint could not be found",
                );
                return Ok(see_other(&identity.refuse_to(&refused)));
            };
            return view
                .go_upstream(identity, cookies, interaction, &provider, after_form)
                .await;
        }
        if let Some(provider) = request
            .login_hint
            .as_deref()
            .and_then(|hint| upstreams.only_provider_for(hint))
        {
            return view
                .go_upstream(identity, cookies, interaction, &provider, after_form)
                .await;
        }
    }
    let target = format!("/connexion/{}", interaction.id);
    let mut response = Redirect::to(&target).into_response();
    for header in identity.keep(&interaction, cookies)? {
        response.headers_mut().append(SET_COOKIE, header);
    }
    Ok(response)
}

/// 303: the method becomes GET whatever it was (RFC 9110 §15.4.4).
pub(super) fn see_other(target: &url::Url) -> Response {
    super::protocol::never_cached(Redirect::to(target.as_str()).into_response())
}
