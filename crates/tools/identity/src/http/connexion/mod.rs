//! The sign-in pages: `/connexion` begins one, `/connexion/{interaction}` shows it.

pub(super) mod administrations;
pub(super) mod code;
pub(super) mod email;
pub(super) mod enrol;
pub(super) mod finish;
pub(super) mod guest_code;
pub(super) mod guest_factor;
pub(super) mod local;
pub(super) mod password;
pub(super) mod silent;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use kernel_http::{Cookies, csrf};

use super::view::{SIGN_IN, View};
use crate::domain::acr::Acr;
use crate::domain::interaction::{
    HalfProved, Interaction, InteractionId, Next, Purpose, ReturnPath,
};
use crate::error::IdentityError;
use crate::pages::second_factor::Tried;
use crate::pages::sign_in::{Notice, SignIn};
use crate::pages::sign_out::{AdministrationSession, SignedOut};
use crate::pages::{Form, Help, Interruption, Services};
use crate::service::{Identity, Method};

/// What `/connexion` may carry.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Begin {
    /// A page of ours to come back to.
    retour: Option<String>,
    /// Present after a sign-out.
    fin: Option<String>,
    /// Present: the session there is, if any, is too weak for the page to come back to.
    renforcer: Option<String>,
    /// Present: whatever happened to the session that this browser held, begin anew.
    autre: Option<String>,
}

/// `GET /connexion`: begins a sign-in to the portal, or goes straight there.
pub(super) async fn begin(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Query(query): Query<Begin>,
) -> Response {
    if query.fin.is_some() {
        let page = SignedOut {
            administration: AdministrationSession::Unknown,
            sign_in_url: SIGN_IN,
        };
        return view.show(page.render(&view.reader(&identity)), StatusCode::OK);
    }
    let back = ReturnPath::parse(query.retour.as_deref().unwrap_or("/"));
    let level = query.renforcer.as_ref().and(identity.administration_level);
    match identity.session(&cookies).await {
        Ok(Some((session, agent))) => {
            let Some(level) = level.filter(|level| session.acr < *level) else {
                return Redirect::to(back.as_str()).into_response();
            };
            let stronger = Stronger {
                level,
                provider: &session.provider,
                email: agent.attributes.email,
            };
            let begun = begin_stronger(&identity, &view, &cookies, back, stronger).await;
            return view.or_failure(&identity, begun);
        }
        Ok(None) => {}
        Err(cause) => return view.failure(&identity, &cause, None),
    }
    if query.autre.is_none() {
        match identity.session_end(&cookies).await {
            Ok(Some(reason)) => return view.ended(&identity, reason),
            Ok(None) => {}
            Err(cause) => return view.failure(&identity, &cause, None),
        }
    }
    let mut interaction = identity.begin(Purpose::Portal { back });
    interaction.level = level;
    match to_its_page(&identity, &cookies, &interaction) {
        Ok(mut response) => {
            if query.autre.is_some() {
                let names = identity.house.cookies();
                let gone = names.clear(names.session());
                response.headers_mut().append(SET_COOKIE, gone);
            }
            response
        }
        Err(cause) => view.failure(&identity, &cause, None),
    }
}

/// What a session that is too weak for a page is to become.
struct Stronger<'a> {
    level: Acr,
    /// Where its agent signed in.
    provider: &'a str,
    email: String,
}

/// Sends somebody who is signed in to where they signed in, to prove themselves at a higher level.
/// The session that they have lives until the stronger one replaces it.
async fn begin_stronger(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    back: ReturnPath,
    stronger: Stronger<'_>,
) -> Result<Response, IdentityError> {
    let mut interaction = identity.begin(Purpose::Portal { back });
    interaction.level = Some(stronger.level);
    interaction.email = Some(stronger.email);
    let provider = match &identity.method {
        Method::Upstream(providers) => providers.current().await?.provider_named(stronger.provider),
        Method::Local { .. } => None,
    };
    if let Some(provider) = provider {
        return view
            .go_upstream(identity, cookies, interaction, &provider, false)
            .await;
    }
    to_its_page(identity, cookies, &interaction)
}

/// Keeps a sign-in and goes to its page.
///
/// # Errors
/// [`IdentityError::TooLarge`] when it cannot be kept.
pub(super) fn to_its_page(
    identity: &Identity,
    cookies: &Cookies,
    interaction: &Interaction,
) -> Result<Response, IdentityError> {
    let mut response = Redirect::to(&format!("{SIGN_IN}/{}", interaction.id)).into_response();
    for cookie in identity.keep(interaction, cookies)? {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(super::protocol::never_cached(response))
}

/// What a sign-in page may carry.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Shown {
    /// Present: forget the address kept on this machine.
    oublier: Option<String>,
    /// Present: forget whose password was right.
    autre: Option<String>,
}

/// `GET /connexion/{interaction}`: the address, or the password at a provider of ours.
pub(super) async fn page(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(id): Path<String>,
    Query(query): Query<Shown>,
) -> Response {
    let mut interaction = match open(&identity, &id, &cookies) {
        Ok(interaction) => interaction,
        // Back after having signed in: the way is open already.
        Err(cause) => match identity.session(&cookies).await {
            Ok(Some(_)) => return Redirect::to("/").into_response(),
            _ => return view.failure(&identity, &cause, None),
        },
    };
    if let Some(held) = &interaction.held {
        return match identity.session_of(&held.cookie()).await {
            Ok(Some((session, agent))) => {
                silent::question(&identity, &view, &interaction, &session, &agent)
            }
            Ok(None) => view.failure(&identity, &IdentityError::NoInteraction, None),
            Err(cause) => view.failure(&identity, &cause, None),
        };
    }
    if query.autre.is_some() {
        interaction.half = None;
    }
    if let Some(half) = &interaction.half {
        let asked = more(&identity, &view, &interaction, half).await;
        return super::protocol::never_cached(view.or_failure(&identity, asked));
    }
    let response = match &identity.method {
        Method::Upstream(_) if query.oublier.is_some() => {
            let mut response = sign_in(&identity, &view, &interaction, "", &Kind::Plain);
            response
                .headers_mut()
                .append(SET_COOKIE, identity.forget_address());
            response
        }
        Method::Upstream(_) => match identity.kept_address(&cookies) {
            Some(address) => sign_in(&identity, &view, &interaction, &address, &Kind::Remembered),
            None => sign_in(&identity, &view, &interaction, "", &Kind::Plain),
        },
        Method::Local { .. } => {
            let hint = match &interaction.purpose {
                Purpose::Application(request) => request.login_hint.clone(),
                Purpose::Portal { .. } | Purpose::Trial { .. } => None,
            };
            let login = hint.as_deref().unwrap_or_default();
            let notice = crate::pages::password::Notice::None;
            let form = password::form(&identity, &view, &interaction, login, notice).await;
            view.or_failure(&identity, form)
        }
    };
    super::protocol::never_cached(response)
}

/// `GET` of an address that a form posts to: the language was switched on the answer, or the page
/// was opened again. The sign-in is shown where it stands.
pub(super) async fn again(Path(id): Path<String>) -> Response {
    match InteractionId::parse(&id) {
        Some(id) => Redirect::to(&format!("{SIGN_IN}/{id}")).into_response(),
        None => Redirect::to(SIGN_IN).into_response(),
    }
}

/// What is asked after a right password.
///
/// # Errors
/// When it waited too long, or the database refuses.
async fn more(
    identity: &Identity,
    view: &View,
    interaction: &Interaction,
    half: &HalfProved,
) -> Result<Response, IdentityError> {
    let account = local::half_proved(identity, half).await?;
    match &half.next {
        Next::Code => Ok(code::page(identity, view, interaction, Tried::None)),
        Next::Enrol {
            enrolment,
            may_skip,
        } => {
            let shown = (enrolment, *may_skip, None);
            enrol::page(identity, view, interaction, &account, shown, Tried::None).await
        }
        Next::Enrolled { codes } => Ok(enrol::codes(identity, view, interaction, codes)),
    }
}

/// The interaction an address names, when this browser holds it.
fn open(identity: &Identity, id: &str, cookies: &Cookies) -> Result<Interaction, IdentityError> {
    let id = InteractionId::parse(id).ok_or(IdentityError::NoInteraction)?;
    let interaction = identity.interaction(&id, cookies)?;
    // A trial signs nobody in: there is no page of ours on its way.
    if matches!(interaction.purpose, Purpose::Trial { .. }) {
        return Err(IdentityError::NoInteraction);
    }
    Ok(interaction)
}

/// What the page says of the address.
pub(super) enum Kind<'a> {
    /// Nothing.
    Plain,
    /// Kept from last time.
    Remembered,
    /// Not an address.
    Malformed,
    /// No administration uses its domain; one uses another that is near.
    Unknown {
        /// The domain typed.
        domain: &'a str,
        /// The near one.
        suggestion: Option<&'a str>,
    },
}

/// The first page.
pub(super) fn sign_in(
    identity: &Identity,
    view: &View,
    interaction: &Interaction,
    email: &str,
    kind: &Kind<'_>,
) -> Response {
    let Method::Upstream(providers) = &identity.method else {
        return view.failure(identity, &IdentityError::UnknownProvider, None);
    };
    let upstreams = providers.last();
    let here = format!("{SIGN_IN}/{}", interaction.id);
    let not_you = format!("{here}?oublier=1");
    let administrations = format!("{here}/administrations");
    let token = identity.house.form_token(interaction.id.as_str());
    // A form shown again is an answer, not a failure: browsers report 4xx pages as errors.
    let notice = match *kind {
        Kind::Plain => Notice::None,
        Kind::Remembered => Notice::Remembered {
            not_you_url: &not_you,
        },
        Kind::Malformed => Notice::Malformed,
        Kind::Unknown {
            domain,
            suggestion: None,
        } => Notice::UnknownDomain { domain },
        Kind::Unknown {
            domain,
            suggestion: Some(near),
        } => Notice::Suggestion {
            typed: domain,
            domain: near,
        },
    };
    let health = upstreams.health();
    let interrupted: Vec<_> = health
        .iter()
        .filter(|one| one.since.is_some())
        .map(|one| Interruption {
            title: &one.title,
            since: one.since,
            failures: one.failures,
        })
        .collect();
    let page = SignIn {
        form: Form {
            action: &here,
            hidden: &[(csrf::FIELD, &token)],
        },
        email,
        notice,
        administrations_url: &administrations,
        help: Help::of(&identity.house.site.support, view.locale()),
        services: Services {
            interrupted: &interrupted,
            others: health.len().saturating_sub(interrupted.len()),
        },
        guests: identity.guests.get().is_some(),
    };
    view.show(page.render(&view.reader(identity)), StatusCode::OK)
}
