//! `/connexion/{interaction}/code-invite`: a guest enters the digits that they were sent. A code belongs
//! to the tab that asked for it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use kernel_http::rate::Class;
use kernel_http::{Cookies, csrf};

use super::finish::{Proved, enter};
use super::open;
use crate::domain::authorize::Parameters;
use crate::domain::guest_code::AGAIN;
use crate::domain::interaction::{GuestStep, Interaction};
use crate::error::IdentityError;
use crate::http::form::{pairs, single};
use crate::http::invitation::{Named, help};
use crate::http::view::{SIGN_IN, View};
use crate::pages::Form;
use crate::pages::guest_code::{GuestCode, Notice, field};
use crate::service::Identity;
use crate::service::guests::{CodeMail, Entered};
use crate::upstream::EmailAddress;

/// `GET`: the form. Looking changes nothing.
pub(in crate::http) async fn page(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(id): Path<String>,
) -> Response {
    let shown = async {
        let interaction = open(&identity, &id, &cookies)?;
        form(&identity, &view, &interaction, Notice::None).await
    };
    let shown = shown.await;
    super::super::protocol::never_cached(view.or_failure(&identity, shown))
}

/// `POST`: the digits, or another code.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(id): Path<String>,
    body: String,
) -> Response {
    let answer = respond(&identity, &view, &cookies, &id, &pairs(&body)).await;
    super::super::protocol::never_cached(view.or_failure(&identity, answer))
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    id: &str,
    fields: &Parameters,
) -> Result<Response, IdentityError> {
    let interaction = open(identity, id, cookies)?;
    view.check_form(
        identity,
        id,
        single(fields, csrf::FIELD).unwrap_or_default(),
    )?;
    let step = step(&interaction)?.clone();
    if single(fields, field::AGAIN).is_some() {
        return again(identity, view, cookies, interaction, &step).await;
    }
    let typed = single(fields, field::CODE).unwrap_or_default();
    if crate::domain::guest_code::Digits::parse(typed).is_none() {
        return form(identity, view, &interaction, Notice::Unreadable).await;
    }
    view.count(identity, Class::GuestCode)?;
    match identity
        .enter_by_code(step.code, typed, view.browser())
        .await?
    {
        Entered::Wrong { left } => form(identity, view, &interaction, Notice::Wrong { left }).await,
        Entered::Dead => form(identity, view, &interaction, Notice::Dead).await,
        Entered::More(half) => {
            let mut interaction = interaction;
            // The code is spent: what it proved is in its place.
            interaction.guest = None;
            interaction.half_guest = Some(half);
            super::guest_factor::ask(identity, cookies, &interaction)
        }
        Entered::In {
            session,
            guest,
            secret,
        } => {
            let proved = Proved {
                session: *session,
                agent: *guest,
                secret,
                auth_time_stated: true,
            };
            enter(identity, view, cookies, interaction, &proved, true).await
        }
    }
}

/// Another code, when the last was asked for a minute ago.
async fn again(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    interaction: Interaction,
    step: &GuestStep,
) -> Result<Response, IdentityError> {
    if seconds_left(identity, step) > 0 {
        return form(identity, view, &interaction, Notice::None).await;
    }
    let by = match step.invitation {
        Some(invitation) => CodeMail::Invitation(invitation),
        None => CodeMail::Address(
            EmailAddress::parse(&step.address).map_err(|_| IdentityError::NoInteraction)?,
        ),
    };
    let address = step.address.clone();
    ask(identity, view, cookies, interaction, by, &address).await
}

/// Asks for a code and goes to the page on which it is entered. What was asked for in this tab
/// before is good for nothing from then on.
///
/// # Errors
/// When too many were asked for by this invitation or from this network, or the database refuses.
pub(in crate::http) async fn ask(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    mut interaction: Interaction,
    by: CodeMail,
    address: &str,
) -> Result<Response, IdentityError> {
    let invitation = match &by {
        CodeMail::Invitation(id) => Some(*id),
        CodeMail::Address(_) => {
            view.count(identity, Class::GuestCode)?;
            None
        }
    };
    let before = interaction.guest.as_ref().map(|step| step.code);
    let asked = match identity.ask_for_code(by, before, view.locale()).await {
        Ok(asked) => asked,
        // The page of a code that was asked for stays: it may be good still.
        Err(IdentityError::TooManyCodes) if interaction.guest.is_some() => {
            return form(identity, view, &interaction, Notice::TooMany).await;
        }
        Err(cause) => return Err(cause),
    };
    interaction.half_guest = None;
    interaction.guest = Some(GuestStep {
        code: asked.code,
        asked_at: asked.at,
        address: address.to_owned(),
        invitation,
    });
    let target = format!("{SIGN_IN}/{}/code-invite", interaction.id);
    let mut response = Redirect::to(&target).into_response();
    for cookie in identity.keep(&interaction, cookies)? {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn step(interaction: &Interaction) -> Result<&GuestStep, IdentityError> {
    interaction
        .guest
        .as_ref()
        .ok_or(IdentityError::NoInteraction)
}

/// Seconds until another code can be asked for.
fn seconds_left(identity: &Identity, step: &GuestStep) -> u64 {
    let now = identity.house.clock.now();
    let ready = step.asked_at.plus(AGAIN);
    if now >= ready {
        return 0;
    }
    ready.since(now).as_secs().saturating_add(1)
}

async fn form(
    identity: &Identity,
    view: &View,
    interaction: &Interaction,
    notice: Notice,
) -> Result<Response, IdentityError> {
    let step = step(interaction)?;
    let opened = match step.invitation {
        Some(id) => identity.opened_invitation(id).await?,
        None => None,
    };
    let action = format!("{SIGN_IN}/{}/code-invite", interaction.id);
    let back = format!("{SIGN_IN}/{}", interaction.id);
    let token = identity.house.form_token(interaction.id.as_str());
    let locale = view.locale();
    let named = opened.as_ref().map(|opened| Named::of(opened, locale));
    let tools = named.as_ref().map(Named::tools).unwrap_or_default();
    let page = GuestCode {
        form: Form {
            action: &action,
            hidden: &[(csrf::FIELD, &token)],
        },
        address: opened
            .as_ref()
            .map_or(step.address.as_str(), |opened| opened.address.as_str()),
        shown: named.as_ref().map(|named| named.shown(&tools)),
        notice,
        again_in: seconds_left(identity, step),
        back_url: step.invitation.is_none().then_some(back.as_str()),
        help: help(identity, locale),
    };
    // A form shown again is an answer, not a failure: browsers report 4xx pages as errors.
    let status = match notice {
        Notice::TooMany => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::OK,
    };
    Ok(view.show_guest(page.render(&view.reader(identity)), status))
}
