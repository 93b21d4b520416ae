//! `GET /compte/second-facteur/{id}`, `POST …/nom` and `POST …/retirer`: a factor gets another
//! name or goes, against a code.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderMap;
use kernel_http::{ClientIp, Cookies, csrf};

use super::{BASE, Holder, check_form, done, holder, shown, stay_known, tried};
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::http::connexion::code::tried_response;
use crate::http::form::{pairs, single};
use crate::http::view::View;
use crate::local::{Factor, FactorId, FactorName};
use crate::pages::Form;
use crate::pages::local_account::{Done, FactorPage, Sent, field};
use crate::pages::second_factor::{Tried, field as factor_field};
use crate::service::Identity;
use crate::service::second_factor::ForWhat;

/// The two forms.
pub(in crate::http) async fn page(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(id): Path<String>,
) -> Response {
    let asked = ask(&identity, &view, &cookies, &id).await;
    shown(&view, &identity, asked)
}

async fn ask(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    id: &str,
) -> Result<Response, IdentityError> {
    let holder = match holder(identity, cookies).await? {
        Ok(holder) => holder,
        Err(elsewhere) => return Ok(elsewhere),
    };
    match own(identity, &holder, id).await? {
        Some(factor) => {
            let name = factor.name.as_str();
            let tried = (Sent::Rename, Tried::None);
            Ok(forms(identity, view, &holder, (&factor, name), tried))
        }
        None => Ok(Redirect::to(BASE).into_response()),
    }
}

/// Another name.
pub(in crate::http) async fn rename(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    ClientIp(address): ClientIp,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: String,
) -> Response {
    let from = (&headers, address);
    let sent = (Sent::Rename, id.as_str(), &pairs(&body));
    let changed = respond(&identity, &view, &cookies, from, sent).await;
    shown(&view, &identity, changed)
}

/// `GET` of an address that a form posts to: the factor's page.
pub(in crate::http) async fn again(Path(id): Path<String>) -> Response {
    match FactorId::parse(&id) {
        Ok(id) => Redirect::to(&format!("{BASE}/second-facteur/{id}")).into_response(),
        Err(_) => Redirect::to(BASE).into_response(),
    }
}

/// It goes.
pub(in crate::http) async fn remove(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    ClientIp(address): ClientIp,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: String,
) -> Response {
    let from = (&headers, address);
    let sent = (Sent::Remove, id.as_str(), &pairs(&body));
    let changed = respond(&identity, &view, &cookies, from, sent).await;
    shown(&view, &identity, changed)
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    (headers, address): (&HeaderMap, std::net::IpAddr),
    (sent, id, fields): (Sent, &str, &Parameters),
) -> Result<Response, IdentityError> {
    let holder = match holder(identity, cookies).await? {
        Ok(holder) => holder,
        Err(elsewhere) => return Ok(elsewhere),
    };
    check_form(identity, headers, holder.session.id, fields)?;
    let Some(factor) = own(identity, &holder, id).await? else {
        return Ok(Redirect::to(BASE).into_response());
    };
    let typed_name = match sent {
        Sent::Rename => single(fields, factor_field::NAME).unwrap_or_default(),
        Sent::Remove => factor.name.as_str(),
    };
    let (what, said) = match sent {
        Sent::Remove => (ForWhat::Remove(factor.id), Done::Removed),
        Sent::Rename => {
            let Some(name) = FactorName::parse(typed_name) else {
                let form = (&factor, typed_name);
                return Ok(forms(identity, view, &holder, form, (sent, Tried::Name)));
            };
            (ForWhat::Rename(factor.id, name), Done::Renamed)
        }
    };
    let proof = single(fields, field::PROOF).unwrap_or_default();
    match identity
        .take_code(&holder.attempt(proof, address), what)
        .await
    {
        Ok(_) => {
            let mut response = done(said);
            stay_known(identity, &holder, &mut response).await?;
            Ok(response)
        }
        Err(cause) => {
            let tried = tried(cause)?;
            let form = (&factor, typed_name);
            Ok(forms(identity, view, &holder, form, (sent, tried)))
        }
    }
}

/// The holder's factor of this id; somebody else's is as unknown as none.
async fn own(
    identity: &Identity,
    holder: &Holder,
    id: &str,
) -> Result<Option<Factor>, IdentityError> {
    let Ok(id) = FactorId::parse(id) else {
        return Ok(None);
    };
    let second = identity.second_factor(holder.account.subject).await?;
    Ok(second.factors.into_iter().find(|factor| factor.id == id))
}

fn forms(
    identity: &Identity,
    view: &View,
    holder: &Holder,
    (factor, typed_name): (&Factor, &str),
    tried: (Sent, Tried),
) -> Response {
    let token = holder.token(identity);
    let hidden = [(csrf::FIELD, token.as_str())];
    let here = format!("{BASE}/second-facteur/{}", factor.id);
    let page = FactorPage {
        factor,
        rename: Form {
            action: &format!("{here}/nom"),
            hidden: &hidden,
        },
        remove: Form {
            action: &format!("{here}/retirer"),
            hidden: &hidden,
        },
        typed_name,
        tried,
        back_url: BASE,
    };
    tried_response(view, page.render(&view.reader(identity)), tried.1)
}
