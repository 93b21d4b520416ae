//! `POST /connexion/{interaction}/second-facteur`: after a right password, a second factor is
//! added before the sign-in goes on.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use http::header::SET_COOKIE;
use kernel::Secret;
use kernel_http::{Cookies, csrf};

use super::code::tried_response;
use super::local::{Level, Person, finish_local, half_proved, known_device};
use super::open;
use crate::domain::authorize::Parameters;
use crate::domain::interaction::{HalfProved, Interaction, Next, Purpose};
use crate::error::IdentityError;
use crate::http::form::{pairs, single};
use crate::http::view::{SIGN_IN, View};
use crate::local::{Enrolment, FactorName, LocalAccount, RecoveryCode};
use crate::pages::Form;
use crate::pages::second_factor::{Enrol, RecoveryCodes, Tried, Why, field};
use crate::service::Identity;
use crate::service::second_factor::Added;

/// Adds the factor, goes on without, or goes on once the recovery codes were seen.
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
    fields: &Parameters,
) -> Result<Response, IdentityError> {
    let mut interaction = open(identity, id, cookies)?;
    view.check_form(
        identity,
        id,
        single(fields, csrf::FIELD).unwrap_or_default(),
    )?;
    let half = interaction
        .half
        .clone()
        .ok_or(IdentityError::NoInteraction)?;
    let account = half_proved(identity, &half).await?;
    let known = known_device(identity, cookies, &account.realm, &account.login).await?;
    let person = |account, level| Person {
        account,
        standing: half.standing,
        known,
        level,
    };
    let (enrolment, may_skip) = match half.next {
        Next::Code => return Err(IdentityError::NoInteraction),
        Next::Enrolled { .. } => {
            let person = person(account, Level::Code);
            return finish_local(identity, view, cookies, interaction, person).await;
        }
        Next::Enrol {
            enrolment,
            may_skip,
        } => (enrolment, may_skip),
    };
    if may_skip && single(fields, field::SKIP).is_some() {
        let person = person(account, Level::Password);
        return finish_local(identity, view, cookies, interaction, person).await;
    }
    let typed_name = single(fields, field::NAME).unwrap_or_default();
    let shown = (&enrolment, may_skip, Some(typed_name));
    let Some(name) = FactorName::parse(typed_name) else {
        return page(identity, view, &interaction, &account, shown, Tried::Name).await;
    };
    let typed = single(fields, field::CODE).unwrap_or_default();
    match identity
        .add_factor(&account, &enrolment, name, typed)
        .await?
    {
        Added::Yes { codes, standing } => {
            interaction.half = Some(HalfProved {
                standing,
                at: half.at,
                next: Next::enrolled(&codes),
            });
            let here = format!("{SIGN_IN}/{}", interaction.id);
            let mut response = Redirect::to(&here).into_response();
            for cookie in identity.keep(&interaction, cookies)? {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            Ok(crate::http::protocol::never_cached(response))
        }
        Added::Wrong => {
            page(
                identity,
                view,
                &interaction,
                &account,
                shown,
                Tried::Refused,
            )
            .await
        }
        Added::Full | Added::Stale => Err(IdentityError::NoInteraction),
    }
}

/// The secret, as a picture and as text, with how the last try ended.
///
/// # Errors
/// When the database refuses.
pub(super) async fn page(
    identity: &Identity,
    view: &View,
    interaction: &Interaction,
    account: &LocalAccount,
    (enrolment, may_skip, name): (&Enrolment, bool, Option<&str>),
    tried: Tried,
) -> Result<Response, IdentityError> {
    let secret = enrolment.secret().ok_or(IdentityError::NoInteraction)?;
    let action = format!("{SIGN_IN}/{}/second-facteur", interaction.id);
    let token = identity.house.form_token(interaction.id.as_str());
    let site = &identity.house.site;
    let client = match &interaction.purpose {
        Purpose::Application(request) => identity.clients.get(&request.client).await?,
        Purpose::Portal { .. } | Purpose::Trial { .. } => None,
    };
    let application = client
        .as_deref()
        .map_or(site.name.as_str(), |client| client.name.as_str());
    let page = Enrol {
        form: Form {
            action: &action,
            hidden: &[(csrf::FIELD, &token)],
        },
        uri: &secret.uri(&site.name, account.login.as_str()),
        key: &secret.text(),
        name,
        tried,
        why: if may_skip {
            Why::AskedBy(application)
        } else {
            Why::Required
        },
        back_url: None,
    };
    Ok(tried_response(
        view,
        page.render(&view.reader(identity)),
        tried,
    ))
}

/// The recovery codes, until the sign-in goes on.
pub(super) fn codes(
    identity: &Identity,
    view: &View,
    interaction: &Interaction,
    codes: &[String],
) -> Response {
    let action = format!("{SIGN_IN}/{}/second-facteur", interaction.id);
    let token = identity.house.form_token(interaction.id.as_str());
    let codes: Vec<Secret> = codes
        .iter()
        .filter_map(|code| RecoveryCode::parse(code))
        .map(|code| code.text())
        .collect();
    let page = RecoveryCodes {
        codes: &codes,
        form: Some(Form {
            action: &action,
            hidden: &[(csrf::FIELD, &token)],
        }),
        next_url: &action,
    };
    view.show(page.render(&view.reader(identity)), StatusCode::OK)
}
