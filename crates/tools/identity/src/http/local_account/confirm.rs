//! `GET|POST /compte/second-facteur/confirmer`: the secret is shown, and the factor counts once
//! one of its codes comes back.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::{HeaderMap, StatusCode};
use kernel::Secret;
use kernel_http::{Cookies, csrf};

use super::{BASE, Holder, check_form, done, forget, holder, kept, shown, stay_known};
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::http::connexion::code::tried_response;
use crate::http::form::{pairs, single};
use crate::http::view::View;
use crate::local::{Enrolment, FactorName, RecoveryCode};
use crate::pages::Form;
use crate::pages::local_account::Done;
use crate::pages::second_factor::{Enrol, RecoveryCodes, Tried, Why, field};
use crate::service::Identity;
use crate::service::second_factor::Added;

/// The secret, as a picture and as text.
pub(in crate::http) async fn page(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
) -> Response {
    let asked = ask(&identity, &view, &cookies).await;
    shown(&view, &identity, asked)
}

async fn ask(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
) -> Result<Response, IdentityError> {
    let holder = match holder(identity, cookies).await? {
        Ok(holder) => holder,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match kept(identity, cookies, &holder) {
        Some(enrolment) => question(identity, view, &holder, (&enrolment, None), Tried::None),
        None => Ok(Redirect::to(BASE).into_response()),
    }
}

/// A code of it.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    headers: HeaderMap,
    body: String,
) -> Response {
    let added = respond(&identity, &view, &cookies, &headers, &pairs(&body)).await;
    shown(&view, &identity, added)
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    headers: &HeaderMap,
    fields: &Parameters,
) -> Result<Response, IdentityError> {
    let holder = match holder(identity, cookies).await? {
        Ok(holder) => holder,
        Err(elsewhere) => return Ok(elsewhere),
    };
    check_form(identity, headers, holder.session.id, fields)?;
    let Some(enrolment) = kept(identity, cookies, &holder) else {
        return Ok(Redirect::to(BASE).into_response());
    };
    let typed_name = single(fields, field::NAME).unwrap_or_default();
    let form = (&enrolment, Some(typed_name));
    let Some(name) = FactorName::parse(typed_name) else {
        return question(identity, view, &holder, form, Tried::Name);
    };
    let typed = single(fields, field::CODE).unwrap_or_default();
    let added = identity.add_factor(&holder.account, &enrolment, name, typed);
    let added = added.await?;
    let is_added = matches!(added, Added::Yes { .. });
    let mut response = match added {
        Added::Wrong => return question(identity, view, &holder, form, Tried::Refused),
        Added::Full | Added::Stale => Redirect::to(BASE).into_response(),
        Added::Yes { codes, .. } if codes.is_empty() => done(Done::Added),
        Added::Yes { codes, .. } => show_codes(identity, view, &codes, Some(Done::Added)),
    };
    forget(identity, &mut response);
    if is_added {
        stay_known(identity, &holder, &mut response).await?;
    }
    Ok(response)
}

/// Recovery codes, once.
pub(super) fn show_codes(
    identity: &Identity,
    view: &View,
    codes: &[RecoveryCode],
    what: Option<Done>,
) -> Response {
    let codes: Vec<Secret> = codes.iter().map(RecoveryCode::text).collect();
    let next = match what {
        Some(what) => format!("{BASE}?fait={}", what.word()),
        None => BASE.to_owned(),
    };
    let page = RecoveryCodes {
        codes: &codes,
        form: None,
        next_url: &next,
    };
    view.show(page.render(&view.reader(identity)), StatusCode::OK)
}

fn question(
    identity: &Identity,
    view: &View,
    holder: &Holder,
    (enrolment, name): (&Enrolment, Option<&str>),
    tried: Tried,
) -> Result<Response, IdentityError> {
    let secret = enrolment.secret().ok_or(IdentityError::NoInteraction)?;
    let token = holder.token(identity);
    let site = &identity.house.site;
    let page = Enrol {
        form: Form {
            action: &format!("{BASE}/second-facteur/confirmer"),
            hidden: &[(csrf::FIELD, &token)],
        },
        uri: &secret.uri(&site.name, holder.account.login.as_str()),
        key: &secret.text(),
        name,
        tried,
        why: Why::Wanted,
        back_url: Some(BASE),
    };
    Ok(tried_response(
        view,
        page.render(&view.reader(identity)),
        tried,
    ))
}
