//! `GET|POST /compte/codes-de-secours`: new recovery codes, against a code.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderMap;
use kernel_http::{ClientIp, Cookies, csrf};

use super::confirm::show_codes;
use super::{BASE, Holder, check_form, holder, shown, tried};
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::http::connexion::code::tried_response;
use crate::http::form::{pairs, single};
use crate::http::view::View;
use crate::local::recovery_codes;
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
    if !second.is_asked() {
        return Ok(Redirect::to(BASE).into_response());
    }
    Ok(question(identity, view, &holder, Tried::None))
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
    let made = respond(&identity, &view, &cookies, from, &pairs(&body)).await;
    shown(&view, &identity, made)
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
    let proof = single(fields, field::PROOF).unwrap_or_default();
    let codes = recovery_codes(identity.house.rng.as_ref());
    let attempt = holder.attempt(proof, address);
    let taken = identity.take_code(&attempt, ForWhat::Codes(codes.clone()));
    match taken.await {
        Ok(_) => Ok(show_codes(identity, view, &codes, None)),
        Err(cause) => {
            let tried = tried(cause)?;
            Ok(question(identity, view, &holder, tried))
        }
    }
}

fn question(identity: &Identity, view: &View, holder: &Holder, tried: Tried) -> Response {
    let token = holder.token(identity);
    let page = Prove {
        form: Form {
            action: &format!("{BASE}/codes-de-secours"),
            hidden: &[(csrf::FIELD, &token)],
        },
        wanted: Wanted::Codes,
        login: None,
        tried,
        back_url: BASE,
    };
    tried_response(view, page.render(&view.reader(identity)), tried)
}
