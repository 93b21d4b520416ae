//! `GET|POST /compte/codes-de-secours`: new recovery codes, against a code.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel_http::csrf;

use super::confirm::show_codes;
use super::{BASE, Holder, HolderForm, shown, tried};
use crate::error::IdentityError;
use crate::http::connexion::code::tried_response;
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
    holder: Holder,
) -> Response {
    let asked = ask(&identity, &view, &holder).await;
    shown(&view, &identity, asked)
}

async fn ask(identity: &Identity, view: &View, holder: &Holder) -> Result<Response, IdentityError> {
    let second = identity.second_factor(holder.account.subject).await?;
    if !second.is_asked() {
        return Ok(Redirect::to(BASE).into_response());
    }
    Ok(question(identity, view, holder, Tried::None))
}

/// The answer.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    form: HolderForm,
) -> Response {
    let made = respond(&identity, &view, &form).await;
    shown(&view, &identity, made)
}

async fn respond(
    identity: &Identity,
    view: &View,
    form: &HolderForm,
) -> Result<Response, IdentityError> {
    let holder = &form.holder;
    let codes = recovery_codes(identity.house.rng.as_ref());
    let attempt = form.code(form.field(field::PROOF));
    let taken = identity.take_code(&attempt, ForWhat::Codes(codes.clone()));
    match taken.await {
        Ok(_) => Ok(show_codes(identity, view, &codes, None)),
        Err(cause) => {
            let tried = tried(cause)?;
            Ok(question(identity, view, holder, tried))
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
