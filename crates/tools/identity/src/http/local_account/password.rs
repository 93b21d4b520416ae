//! `GET|POST /compte/mot-de-passe`: another password, against the one before.

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use kernel::Secret;
use kernel_http::{ClientIp, Cookies, csrf};

use super::{BASE, Holder, check_form, done, holder, shown, stay_known, tried};
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::http::connexion::code::tried_response;
use crate::http::form::{pairs, single};
use crate::http::view::View;
use crate::local::Attempt;
use crate::pages::Form;
use crate::pages::choose_password::{Choice, ChoosePassword, Occasion, field};
use crate::pages::local_account::Done;
use crate::pages::second_factor::Tried;
use crate::service::Identity;
use crate::service::local_password::Chosen;

/// The form.
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
    match holder(identity, cookies).await? {
        Ok(holder) => {
            let choice = Choice::Tried(Tried::None);
            Ok(form(identity, view, &holder, choice))
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// The passwords.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    ClientIp(address): ClientIp,
    headers: HeaderMap,
    body: String,
) -> Response {
    let from = (&headers, address);
    let changed = respond(&identity, &view, &cookies, from, &pairs(&body)).await;
    shown(&view, &identity, changed)
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    (headers, address): (&HeaderMap, std::net::IpAddr),
    fields: &Parameters,
) -> Result<Response, IdentityError> {
    let holder = match holder(identity, cookies).await? {
        Ok(holder) => holder,
        Err(elsewhere) => return Ok(elsewhere),
    };
    check_form(identity, headers, holder.session.id, fields)?;
    let before = Secret::new(single(fields, field::BEFORE).unwrap_or_default());
    let password = Secret::new(single(fields, field::PASSWORD).unwrap_or_default());
    let attempt = Attempt {
        realm: &holder.account.realm,
        login: holder.account.login.as_str(),
        password: &before,
        device: holder.device(),
        address,
    };
    let changed = identity.change_password(&attempt, &password, holder.session.id);
    match changed.await {
        Ok(Chosen::Weak(weak)) => Ok(form(identity, view, &holder, Choice::Weak(weak))),
        Ok(Chosen::Yes(_)) => {
            let mut response = done(Done::PasswordChanged);
            stay_known(identity, &holder, &mut response).await?;
            Ok(response)
        }
        Ok(Chosen::Gone) => Err(IdentityError::NoInteraction),
        Err(cause) => {
            let choice = Choice::Tried(tried(cause)?);
            Ok(form(identity, view, &holder, choice))
        }
    }
}

fn form(identity: &Identity, view: &View, holder: &Holder, choice: Choice) -> Response {
    let token = holder.token(identity);
    let page = ChoosePassword {
        form: Form {
            action: &format!("{BASE}/mot-de-passe"),
            hidden: &[(csrf::FIELD, &token)],
        },
        occasion: Occasion::Changed,
        login: holder.account.login.as_str(),
        choice,
        back_url: Some(BASE),
    };
    let how = match choice {
        Choice::Tried(tried) => tried,
        Choice::Weak(_) => Tried::Refused,
    };
    tried_response(view, page.render(&view.reader(identity)), how)
}
