//! `GET|POST /mot-de-passe/{secret}`: a link that was mailed. Opening it changes nothing, since
//! mail scanners do; the form spends it.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use http::header::SET_COOKIE;
use kernel::Secret;
use kernel_http::{Cookies, csrf};

use super::connexion::code::tried_response;
use super::connexion::local::{keep_device, known_device};
use super::form::{pairs, single};
use super::local_account::tried;
use super::view::{SIGN_IN, View};
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::local::{LinkPurpose, LocalAccount};
use crate::pages::choose_password::{Choice, ChoosePassword, News, Occasion, Told, field};
use crate::pages::second_factor::Tried;
use crate::pages::{Form, Help};
use crate::service::Identity;
use crate::service::local_password::{Chosen, PATH};

/// The form.
pub(super) async fn page(
    State(identity): State<Identity>,
    view: View,
    Path(secret): Path<String>,
) -> Response {
    let asked = ask(&identity, &view, &Secret::new(secret)).await;
    super::protocol::never_cached(view.or_failure(&identity, asked))
}

async fn ask(identity: &Identity, view: &View, secret: &Secret) -> Result<Response, IdentityError> {
    match identity.link(secret).await? {
        Some(link) => {
            let choice = Choice::Tried(Tried::None);
            Ok(form(identity, view, secret, &link, choice))
        }
        None => Ok(told(identity, view, News::Gone)),
    }
}

/// The password.
pub(super) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(secret): Path<String>,
    body: String,
) -> Response {
    let secret = Secret::new(secret);
    let chosen = respond(&identity, &view, &cookies, &secret, &pairs(&body)).await;
    super::protocol::never_cached(view.or_failure(&identity, chosen))
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    secret: &Secret,
    fields: &Parameters,
) -> Result<Response, IdentityError> {
    let token = single(fields, csrf::FIELD).unwrap_or_default();
    view.check_form(identity, secret.expose(), token)?;
    let Some(link) = identity.link(secret).await? else {
        return Ok(told(identity, view, News::Gone));
    };
    let password = Secret::new(single(fields, field::PASSWORD).unwrap_or_default());
    let account = &link.0;
    let known = known_device(identity, cookies, &account.realm, &account.login).await?;
    match identity.choose_password(secret, &password).await {
        Ok(Chosen::Yes(standing)) => {
            // Whoever keeps guessing at the account does not keep the mailbox's holder waiting.
            let kept = keep_device(identity, account, standing, known);
            let mut response = told(identity, view, News::Chosen);
            response.headers_mut().append(SET_COOKIE, kept);
            Ok(response)
        }
        Ok(Chosen::Gone) => Ok(told(identity, view, News::Gone)),
        Ok(Chosen::Weak(weak)) => Ok(form(identity, view, secret, &link, Choice::Weak(weak))),
        Err(cause) => {
            let choice = Choice::Tried(tried(cause)?);
            Ok(form(identity, view, secret, &link, choice))
        }
    }
}

fn form(
    identity: &Identity,
    view: &View,
    secret: &Secret,
    (account, purpose): &(LocalAccount, LinkPurpose),
    choice: Choice,
) -> Response {
    let token = identity.house.form_token(secret.expose());
    let page = ChoosePassword {
        form: Form {
            action: &format!("{PATH}{}", secret.expose()),
            hidden: &[(csrf::FIELD, &token)],
        },
        occasion: match purpose {
            LinkPurpose::NewPassword => Occasion::Forgotten,
            LinkPurpose::Invitation => Occasion::Invited,
        },
        login: account.login.as_str(),
        choice,
        back_url: None,
    };
    let how = match choice {
        Choice::Tried(tried) => tried,
        Choice::Weak(_) => Tried::Refused,
    };
    tried_response(view, page.render(&view.reader(identity)), how)
}

fn told(identity: &Identity, view: &View, news: News) -> Response {
    let page = Told {
        news,
        next_url: match news {
            News::Gone => super::forgotten::HERE,
            News::Sent | News::Chosen => SIGN_IN,
        },
        help: Help::of(&identity.house.site.support, view.locale()),
    };
    view.show(page.render(&view.reader(identity)), StatusCode::OK)
}
