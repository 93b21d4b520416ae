//! `GET|POST /compte/second-facteur`: a proof before a factor is added. It is the password while
//! there is no factor, and a code of one once there is: whoever finds an open session adds none.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header::SET_COOKIE;
use kernel::Secret;
use kernel_http::csrf;

use super::{BASE, Holder, HolderForm, keep, shown, tried};
use crate::error::IdentityError;
use crate::http::connexion::code::tried_response;
use crate::http::view::View;
use crate::local::{MOST_FACTORS, SecondFactor};
use crate::pages::Form;
use crate::pages::local_account::{Prove, Wanted, field};
use crate::pages::second_factor::Tried;
use crate::service::Identity;
use crate::service::second_factor::ForWhat;

/// The question.
pub(in crate::http) async fn page(
    State(identity): State<Identity>,
    view: View,
    holder: Holder,
) -> Response {
    let asked = ask(&identity, &view, &holder).await;
    shown(&view, &identity, asked)
}

async fn ask(identity: &Identity, view: &View, holder: &Holder) -> Result<Response, IdentityError> {
    let second = identity.second_factor(holder.account.subject).await?;
    if second.factors.len() >= MOST_FACTORS {
        return Ok(Redirect::to(BASE).into_response());
    }
    Ok(question(identity, view, holder, &second, Tried::None))
}

/// The answer.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    form: HolderForm,
) -> Response {
    let begun = respond(&identity, &view, &form).await;
    shown(&view, &identity, begun)
}

async fn respond(
    identity: &Identity,
    view: &View,
    form: &HolderForm,
) -> Result<Response, IdentityError> {
    let holder = &form.holder;
    let second = identity.second_factor(holder.account.subject).await?;
    if let Err(cause) = prove(identity, form, &second).await {
        let tried = tried(cause)?;
        return Ok(question(identity, view, holder, &second, tried));
    }
    let enrolment = identity.begin_factor(holder.standing);
    let kept = keep(identity, holder, enrolment)?;
    let mut response = Redirect::to(&format!("{BASE}/second-facteur/confirmer")).into_response();
    response.headers_mut().append(SET_COOKIE, kept);
    Ok(response)
}

async fn prove(
    identity: &Identity,
    form: &HolderForm,
    second: &SecondFactor,
) -> Result<(), IdentityError> {
    let typed = form.field(field::PROOF);
    if second.is_asked() {
        let attempt = form.code(typed);
        identity.take_code(&attempt, ForWhat::SignIn).await?;
        return Ok(());
    }
    let password = Secret::new(typed);
    let accounts = identity.local()?.accounts;
    accounts.verify(&form.password(&password)).await?;
    Ok(())
}

fn question(
    identity: &Identity,
    view: &View,
    holder: &Holder,
    second: &SecondFactor,
    tried: Tried,
) -> Response {
    let token = holder.token(identity);
    let page = Prove {
        form: Form {
            action: &format!("{BASE}/second-facteur"),
            hidden: &[(csrf::FIELD, &token)],
        },
        wanted: Wanted::Add,
        login: (!second.is_asked()).then(|| holder.account.login.as_str()),
        tried,
        back_url: BASE,
    };
    tried_response(view, page.render(&view.reader(identity)), tried)
}
