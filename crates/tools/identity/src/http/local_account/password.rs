//! `GET|POST /compte/mot-de-passe`: another password, against the one before.

use axum::extract::State;
use axum::response::Response;
use kernel::Secret;
use kernel_http::csrf;

use super::{BASE, Holder, HolderForm, done, shown, stay_known, tried};
use crate::error::IdentityError;
use crate::http::connexion::code::tried_response;
use crate::http::view::View;
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
    holder: Holder,
) -> Response {
    let question = question(&identity, &view, &holder, Choice::Tried(Tried::None));
    shown(&view, &identity, Ok(question))
}

/// The passwords.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    form: HolderForm,
) -> Response {
    let changed = respond(&identity, &view, &form).await;
    shown(&view, &identity, changed)
}

async fn respond(
    identity: &Identity,
    view: &View,
    form: &HolderForm,
) -> Result<Response, IdentityError> {
    let holder = &form.holder;
    let before = Secret::new(form.field(field::BEFORE));
    let password = Secret::new(form.field(field::PASSWORD));
    let attempt = form.password(&before);
    let changed = identity.change_password(&attempt, &password, holder.session.id);
    match changed.await {
        Ok(Chosen::Weak(weak)) => Ok(question(identity, view, holder, Choice::Weak(weak))),
        Ok(Chosen::Yes(_)) => {
            let mut response = done(Done::PasswordChanged);
            stay_known(identity, holder, &mut response).await?;
            Ok(response)
        }
        Ok(Chosen::Gone) => Err(IdentityError::NoInteraction),
        Err(cause) => {
            let choice = Choice::Tried(tried(cause)?);
            Ok(question(identity, view, holder, choice))
        }
    }
}

fn question(identity: &Identity, view: &View, holder: &Holder, choice: Choice) -> Response {
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
