//! `GET /compte/second-facteur/{id}`, `POST …/nom` and `POST …/retirer`: a factor gets another
//! name or goes, against a code.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel_http::csrf;

use super::{BASE, Holder, HolderForm, done, shown, stay_known, tried};
use crate::error::IdentityError;
use crate::http::connexion::code::tried_response;
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
    holder: Holder,
    Path(id): Path<String>,
) -> Response {
    let asked = ask(&identity, &view, &holder, &id).await;
    shown(&view, &identity, asked)
}

async fn ask(
    identity: &Identity,
    view: &View,
    holder: &Holder,
    id: &str,
) -> Result<Response, IdentityError> {
    match own(identity, holder, id).await? {
        Some(factor) => {
            let name = factor.name.as_str();
            let tried = (Sent::Rename, Tried::None);
            Ok(forms(identity, view, holder, (&factor, name), tried))
        }
        None => Ok(Redirect::to(BASE).into_response()),
    }
}

/// Another name.
pub(in crate::http) async fn rename(
    State(identity): State<Identity>,
    view: View,
    Path(id): Path<String>,
    form: HolderForm,
) -> Response {
    let changed = respond(&identity, &view, &form, (Sent::Rename, &id)).await;
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
    Path(id): Path<String>,
    form: HolderForm,
) -> Response {
    let changed = respond(&identity, &view, &form, (Sent::Remove, &id)).await;
    shown(&view, &identity, changed)
}

async fn respond(
    identity: &Identity,
    view: &View,
    form: &HolderForm,
    (sent, id): (Sent, &str),
) -> Result<Response, IdentityError> {
    let holder = &form.holder;
    let Some(factor) = own(identity, holder, id).await? else {
        return Ok(Redirect::to(BASE).into_response());
    };
    let typed_name = match sent {
        Sent::Rename => form.field(factor_field::NAME),
        Sent::Remove => factor.name.as_str(),
    };
    let (what, said) = match sent {
        Sent::Remove => (ForWhat::Remove(factor.id), Done::Removed),
        Sent::Rename => {
            let Some(name) = FactorName::parse(typed_name) else {
                let shown_again = (&factor, typed_name);
                let tried = (sent, Tried::Name);
                return Ok(forms(identity, view, holder, shown_again, tried));
            };
            (ForWhat::Rename(factor.id, name), Done::Renamed)
        }
    };
    let attempt = form.code(form.field(field::PROOF));
    match identity.take_code(&attempt, what).await {
        Ok(_) => {
            let mut response = done(said);
            stay_known(identity, holder, &mut response).await?;
            Ok(response)
        }
        Err(cause) => {
            let tried = tried(cause)?;
            let shown_again = (&factor, typed_name);
            Ok(forms(identity, view, holder, shown_again, (sent, tried)))
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
