//! `GET|POST /compte/second-facteur/confirmer`: the secret is shown, and the factor counts once
//! one of its codes comes back.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use kernel::Secret;
use kernel_http::{Cookies, csrf};

use super::{BASE, Holder, HolderForm, done, forget, kept, shown, stay_known};
use crate::error::IdentityError;
use crate::http::connexion::code::tried_response;
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
    holder: Holder,
) -> Response {
    let asked = match kept(&identity, &cookies, &holder) {
        Some(enrolment) => {
            let form = (&enrolment, None);
            question(&identity, &view, &holder, form, Tried::None)
        }
        None => Ok(Redirect::to(BASE).into_response()),
    };
    shown(&view, &identity, asked)
}

/// A code of it.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    form: HolderForm,
) -> Response {
    let added = respond(&identity, &view, &cookies, &form).await;
    shown(&view, &identity, added)
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    form: &HolderForm,
) -> Result<Response, IdentityError> {
    let holder = &form.holder;
    let Some(enrolment) = kept(identity, cookies, holder) else {
        return Ok(Redirect::to(BASE).into_response());
    };
    let typed_name = form.field(field::NAME);
    let shown_again = (&enrolment, Some(typed_name));
    let Some(name) = FactorName::parse(typed_name) else {
        return question(identity, view, holder, shown_again, Tried::Name);
    };
    let typed = form.field(field::CODE);
    let added = identity.add_factor(&holder.account, &enrolment, name, typed);
    let added = added.await?;
    let is_added = matches!(added, Added::Yes { .. });
    let mut response = match added {
        Added::Wrong => {
            return question(identity, view, holder, shown_again, Tried::Refused);
        }
        Added::Full | Added::Stale => Redirect::to(BASE).into_response(),
        Added::Yes { codes, .. } if codes.is_empty() => done(Done::Added),
        Added::Yes { codes, .. } => show_codes(identity, view, &codes, Some(Done::Added)),
    };
    forget(identity, &mut response);
    if is_added {
        stay_known(identity, holder, &mut response).await?;
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
