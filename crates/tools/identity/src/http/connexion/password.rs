//! `POST /connexion/{interaction}/mot-de-passe`: an address and a password, at a provider run by
//! this program.

use axum::extract::{Path, State};
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use kernel::{Population, Secret};
use kernel_http::{ClientIp, Cookies, csrf};

use super::{finish, open};
use crate::domain::acr::Acr;
use crate::domain::agent::Attributes;
use crate::domain::authorize::Parameters;
use crate::domain::interaction::{Interaction, Purpose};
use crate::error::IdentityError;
use crate::http::form::{pairs, single};
use crate::http::view::{SIGN_IN, View};
use crate::local::{Attempt, LocalAccount, VerifyError};
use crate::pages::password::{Notice, PasswordPage, field};
use crate::pages::{Form, Help};
use crate::service::sign_in::Vouched;
use crate::service::{Identity, Method};
use crate::upstream::Siret;

/// Signs somebody in, or shows the form again.
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
    form: &Parameters,
) -> Result<Response, IdentityError> {
    let interaction = open(identity, id, cookies)?;
    view.check_form(identity, id, single(form, csrf::FIELD).unwrap_or_default())?;
    let Method::Local {
        accounts,
        realm,
        organisation,
    } = &identity.method
    else {
        return Err(IdentityError::UnknownProvider);
    };
    let login = single(form, field::EMAIL).unwrap_or_default();
    let password = Secret::new(single(form, field::PASSWORD).unwrap_or_default());
    let attempt = Attempt {
        realm,
        login,
        password: &password,
        device: None,
        address,
    };
    match accounts.verify(&attempt).await {
        Ok(account) => {
            let vouched = vouched(identity, account, *organisation);
            finish::finish(identity, view, cookies, interaction, vouched, true).await
        }
        Err(cause) => match notice(&cause) {
            Some(notice) => {
                identity
                    .journal_refusal(realm.as_str(), login, "credentials")
                    .await?;
                Ok(self::form(identity, view, &interaction, login, notice))
            }
            None => Err(cause.into()),
        },
    }
}

fn notice(cause: &VerifyError) -> Option<Notice> {
    match cause {
        VerifyError::Refused => Some(Notice::Refused),
        VerifyError::TooManyAttempts { wait } => {
            let seconds = u32::try_from(wait.as_secs())
                .unwrap_or(u32::MAX)
                .saturating_add(1);
            Some(Notice::TooManyAttempts { seconds })
        }
        VerifyError::Busy => Some(Notice::Busy),
        VerifyError::Hashing(_) | VerifyError::Database(_) => None,
    }
}

fn vouched(
    identity: &Identity,
    account: LocalAccount,
    fallback: kernel::OrganisationId,
) -> Vouched {
    let attributes = account.attributes;
    Vouched {
        provider: account.realm.as_str().to_owned(),
        subject: account.subject.to_string(),
        siret: attributes
            .siret
            .as_deref()
            .and_then(|text| Siret::parse(text).ok()),
        attributes: Attributes {
            given_name: attributes.given_name,
            usual_name: attributes.usual_name,
            email: account.login.as_str().to_owned(),
            uid: attributes.uid,
            organizational_unit: attributes.organizational_unit,
            population: attributes.population.or(Some(Population::Agent)),
            phone: attributes.phone,
            chorusdt: None,
            custom: serde_json::Map::new(),
        },
        fallback,
        acr: Acr::Eidas1,
        amr: vec!["pwd".to_owned()],
        auth_time: identity.house.clock.now(),
        auth_time_stated: true,
        upstream_id_token: None,
    }
}

/// The form, with how the last try ended.
pub(super) fn form(
    identity: &Identity,
    view: &View,
    interaction: &Interaction,
    login: &str,
    notice: Notice,
) -> Response {
    let action = format!("{SIGN_IN}/{}/mot-de-passe", interaction.id);
    let token = identity.house.form_token(interaction.id.as_str());
    let site = &identity.house.site;
    let client = match &interaction.purpose {
        Purpose::Application(request) => identity.clients.get(&request.client),
        Purpose::Portal { .. } => None,
    };
    let status = match notice {
        // A form shown again is an answer, not a failure: browsers report 4xx pages as errors.
        Notice::None | Notice::Refused => StatusCode::OK,
        Notice::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
        Notice::Busy => StatusCode::SERVICE_UNAVAILABLE,
    };
    let page = PasswordPage {
        form: Form {
            action: &action,
            hidden: &[(csrf::FIELD, &token)],
        },
        provider: &site.name,
        application: client
            .as_deref()
            .map_or(site.name.as_str(), |client| client.name.as_str()),
        login,
        notice,
        help: Help::of(&site.support, view.locale()),
    };
    let mut response = view.show(page.render(&view.reader(identity)), status);
    if let Notice::TooManyAttempts { seconds } = notice {
        let wait = HeaderValue::from(seconds);
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    response
}
