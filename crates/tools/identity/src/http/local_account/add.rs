//! `GET|POST /compte/second-facteur`: a proof before a factor is added. It is the password while
//! there is no factor, and a code of one once there is: whoever finds an open session adds none.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderMap;
use http::header::SET_COOKIE;
use kernel::Secret;
use kernel_http::{ClientIp, Cookies, csrf};

use super::{BASE, Holder, check_form, holder, keep, shown, tried};
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::http::connexion::code::tried_response;
use crate::http::form::{pairs, single};
use crate::http::view::View;
use crate::local::{Attempt, MOST_FACTORS, SecondFactor};
use crate::pages::Form;
use crate::pages::local_account::{Prove, Wanted, field};
use crate::pages::second_factor::Tried;
use crate::service::Identity;
use crate::service::second_factor::ForWhat;

/// The question.
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
    let second = identity.second_factor(holder.account.subject).await?;
    if second.factors.len() >= MOST_FACTORS {
        return Ok(Redirect::to(BASE).into_response());
    }
    Ok(question(identity, view, &holder, &second, Tried::None))
}

/// The answer.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    ClientIp(address): ClientIp,
    headers: HeaderMap,
    body: String,
) -> Response {
    let from = (&headers, address);
    let begun = respond(&identity, &view, &cookies, from, &pairs(&body)).await;
    shown(&view, &identity, begun)
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
    let second = identity.second_factor(holder.account.subject).await?;
    let typed = single(fields, field::PROOF).unwrap_or_default();
    if let Err(cause) = prove(identity, &holder, &second, typed, address).await {
        let tried = tried(cause)?;
        return Ok(question(identity, view, &holder, &second, tried));
    }
    let enrolment = identity.begin_factor(holder.standing);
    let kept = keep(identity, &holder, enrolment)?;
    let mut response = Redirect::to(&format!("{BASE}/second-facteur/confirmer")).into_response();
    response.headers_mut().append(SET_COOKIE, kept);
    Ok(response)
}

async fn prove(
    identity: &Identity,
    holder: &Holder,
    second: &SecondFactor,
    typed: &str,
    address: std::net::IpAddr,
) -> Result<(), IdentityError> {
    if second.is_asked() {
        let attempt = holder.attempt(typed, address);
        identity.take_code(&attempt, ForWhat::SignIn).await?;
        return Ok(());
    }
    let local = identity.local()?;
    let attempt = Attempt {
        realm: local.realm,
        login: holder.account.login.as_str(),
        password: &Secret::new(typed),
        device: holder.device(),
        address,
    };
    local.accounts.verify(&attempt).await?;
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
