//! `GET /api/v2/oidc-callback`: a ministry's provider answers.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use kernel_http::Cookies;

use super::connexion::finish::finish;
use super::form::{pairs, single};
use super::view::View;
use crate::domain::authorize::Parameters;
use crate::domain::browser::Browser;
use crate::domain::interaction::{InteractionId, Purpose};
use crate::error::IdentityError;
use crate::pages::trial::TrialDone;
use crate::service::authorize::refusal;
use crate::service::providers::Tried;
use crate::service::sign_in::Vouched;
use crate::service::{Identity, Method};
use crate::upstream::{UpstreamError, UpstreamIdentity, interaction_of};

/// Checks the answer and signs the agent in.
pub(super) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    RawQuery(query): RawQuery,
) -> Response {
    let answer = pairs(&query.unwrap_or_default());
    match respond(&identity, &view, &cookies, &answer).await {
        // Back onto a spent answer by somebody signed in since: the way is open already.
        Err(cause @ IdentityError::NoInteraction) => match identity.session(&cookies).await {
            Ok(Some(_)) => Redirect::to("/").into_response(),
            _ => view.failure(&identity, &cause, None),
        },
        answered => view.or_failure(&identity, answered),
    }
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    answer: &Parameters,
) -> Result<Response, IdentityError> {
    let id = single(answer, "state")
        .and_then(interaction_of)
        .and_then(InteractionId::parse)
        .ok_or(IdentityError::NoInteraction)?;
    let mut interaction = identity.interaction(&id, cookies)?;
    let pending = interaction
        .pending
        .take()
        .ok_or(IdentityError::NoInteraction)?;
    let Method::Upstream(providers) = &identity.method else {
        return Err(IdentityError::UnknownProvider);
    };
    let upstreams = providers.current().await?;
    if let Purpose::Trial { trial, session } = interaction.purpose {
        let tried = Tried {
            trial,
            session,
            pending,
        };
        return trial_end(identity, view, cookies, &id, &tried, answer).await;
    }
    match upstreams.finish(&pending, answer).await {
        Ok(proved) => {
            let vouched = vouched(identity, proved, view.browser());
            finish(identity, view, cookies, interaction, vouched, false).await
        }
        Err(cause) => {
            let provider = pending.provider.as_str().to_owned();
            // An answer that is not the provider's changes nothing: the true one may still come.
            let forged = matches!(
                cause,
                UpstreamError::State | UpstreamError::NoCode | UpstreamError::MixUp
            );
            if !forged {
                identity
                    .journal_refusal(&provider, "", cause.failure().code())
                    .await?;
            }
            if let Purpose::Application(request) = &interaction.purpose
                && request.acr.essential
                && cause.is_unmet_level()
            {
                // What the application demanded was not met: it is told so, as when we see it.
                let words = "requested ACRs could not be satisfied";
                let refused = identity.refuse_to(&refusal(request, "access_denied", words));
                let gone = vec![identity.forget(&interaction.id)];
                return Ok(view.go(identity, &refused, "", false, gone));
            }
            let error = IdentityError::Upstream { provider, cause };
            let mut response = view.failure(identity, &error, None);
            if !forged {
                // The answer is spent: sent again, it finds no sign-in under way.
                for cookie in identity.keep(&interaction, cookies)? {
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
            }
            Ok(response)
        }
    }
}

/// Ends a trial: nobody is signed in, whoever came back.
async fn trial_end(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    id: &InteractionId,
    tried: &Tried,
    answer: &Parameters,
) -> Result<Response, IdentityError> {
    let session = identity.session(cookies).await?;
    let outcome = identity.end_trial(session, tried, answer).await?;
    let provider = identity.provider_title(tried.pending.provider.as_str());
    let page = TrialDone {
        provider: &provider,
        succeeds: outcome.problem.is_none(),
    };
    let mut response = view.show(page.render(&view.reader(identity)), StatusCode::OK);
    response
        .headers_mut()
        .append(SET_COOKIE, identity.forget(id));
    Ok(super::protocol::never_cached(response))
}

fn vouched(identity: &Identity, proved: UpstreamIdentity, browser: Browser) -> Vouched {
    Vouched {
        provider: proved.provider.as_str().to_owned(),
        subject: proved.subject,
        attributes: proved.attributes,
        siret: proved.siret,
        siret_stated: proved.siret_stated,
        fallback: proved.organisation,
        confined: proved.confined,
        acr: proved.acr,
        amr: proved.amr,
        auth_time: proved.auth_time,
        auth_time_stated: proved.auth_time_stated,
        upstream_id_token: Some(identity.seal_upstream_token(&proved.id_token)),
        browser,
        standing: None,
    }
}
