//! `POST /connexion/{interaction}/code`: after a right password, a code of the second factor.

use axum::extract::{Path, State};
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use kernel_http::{ClientIp, Cookies, csrf};

use super::local::{Person, finish_local, half_proved, known_device, waits};
use super::open;
use crate::domain::authorize::Parameters;
use crate::domain::interaction::{Interaction, Next};
use crate::error::IdentityError;
use crate::http::form::{pairs, single};
use crate::http::view::{SIGN_IN, View};
use crate::local::VerifyError;
use crate::pages::second_factor::{AskCode, Tried, Whose, field};
use crate::pages::{Form, Help};
use crate::service::Identity;
use crate::service::second_factor::{CodeTry, ForWhat};

/// Signs somebody in, or asks again.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    ClientIp(address): ClientIp,
    Path(id): Path<String>,
    body: String,
) -> Response {
    view.or_failure(
        &identity,
        respond(&identity, &view, &cookies, address, &id, &pairs(&body)).await,
    )
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    address: std::net::IpAddr,
    id: &str,
    fields: &Parameters,
) -> Result<Response, IdentityError> {
    let interaction = open(identity, id, cookies)?;
    view.check_form(
        identity,
        id,
        single(fields, csrf::FIELD).unwrap_or_default(),
    )?;
    let half = interaction.half.clone();
    let half = half.filter(|half| half.next == Next::Code);
    let half = half.ok_or(IdentityError::NoInteraction)?;
    let account = half_proved(identity, &half).await?;
    let known = known_device(identity, cookies, &account.realm, &account.login).await?;
    let attempt = CodeTry {
        account: &account,
        typed: single(fields, field::CODE).unwrap_or_default(),
        device: known,
        address,
    };
    match identity.take_code(&attempt, ForWhat::SignIn).await {
        Ok(means) => {
            let person = Person {
                account,
                standing: half.standing,
                known,
                level: means.into(),
            };
            finish_local(identity, view, cookies, interaction, person).await
        }
        Err(IdentityError::Local(VerifyError::Refused)) => {
            let (realm, login) = (account.realm.as_str(), account.login.as_str());
            identity.journal_refusal(realm, login, "code").await?;
            Ok(page(identity, view, &interaction, Tried::Refused))
        }
        Err(IdentityError::Local(VerifyError::TooManyAttempts { wait })) => {
            let seconds = waits(wait);
            Ok(page(
                identity,
                view,
                &interaction,
                Tried::TooManyAttempts { seconds },
            ))
        }
        Err(cause) => Err(cause),
    }
}

/// The question, with how the last try ended.
pub(super) fn page(
    identity: &Identity,
    view: &View,
    interaction: &Interaction,
    tried: Tried,
) -> Response {
    let action = format!("{SIGN_IN}/{}/code", interaction.id);
    let token = identity.house.form_token(interaction.id.as_str());
    let page = AskCode {
        form: Form {
            action: &action,
            hidden: &[(csrf::FIELD, &token)],
        },
        tried,
        whose: Whose::Account,
        restart_url: &format!("{SIGN_IN}/{}?autre=1", interaction.id),
        help: Help::of(&identity.house.site.support, view.locale()),
    };
    tried_response(view, page.render(&view.reader(identity)), tried)
}

/// A page with the status that fits how the last try ended.
pub(in crate::http) fn tried_response(
    view: &View,
    content: crate::pages::Rendered,
    tried: Tried,
) -> Response {
    let status = match tried {
        // A form shown again is an answer, not a failure: browsers report 4xx pages as errors.
        Tried::None | Tried::Refused | Tried::Name => StatusCode::OK,
        Tried::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
        Tried::Busy => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = view.show(content, status);
    if let Tried::TooManyAttempts { seconds } = tried {
        let wait = HeaderValue::from(seconds);
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    crate::http::protocol::never_cached(response)
}
