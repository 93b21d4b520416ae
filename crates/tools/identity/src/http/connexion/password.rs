//! `POST /connexion/{interaction}/mot-de-passe`: an address and a password, at a provider run by
//! this program.

use axum::extract::{Path, State};
use axum::response::Response;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use kernel::Secret;
use kernel_http::{ClientIp, Cookies, csrf};

use super::local::{Level, Person, finish_local, known_device, waits};
use super::{open, to_its_page};
use crate::domain::acr::Acr;
use crate::domain::authorize::Parameters;
use crate::domain::interaction::{HalfProved, Interaction, Next, Purpose};
use crate::error::IdentityError;
use crate::http::form::{pairs, single};
use crate::http::view::{SIGN_IN, View};
use crate::local::{Attempt, DeviceId, Login, Proved, VerifyError};
use crate::pages::password::{Notice, PasswordPage, field};
use crate::pages::{Form, Help};
use crate::service::Identity;

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
    fields: &Parameters,
) -> Result<Response, IdentityError> {
    let interaction = open(identity, id, cookies)?;
    view.check_form(
        identity,
        id,
        single(fields, csrf::FIELD).unwrap_or_default(),
    )?;
    let local = identity.local()?;
    let realm = local.realm;
    let login = single(fields, field::EMAIL).unwrap_or_default();
    let address_typed = Login::parse(login).ok();
    let known = match &address_typed {
        Some(login) => known_device(identity, cookies, realm, login).await?,
        None => None,
    };
    let password = Secret::new(single(fields, field::PASSWORD).unwrap_or_default());
    let attempt = Attempt {
        realm,
        login,
        password: &password,
        device: known,
        address,
    };
    match local.accounts.verify(&attempt).await {
        Ok(proved) => {
            let person = (proved, known);
            after_password(identity, view, cookies, interaction, person).await
        }
        Err(cause) => {
            // Only a password that was looked at is journalled, so that what limits tries limits
            // the journal too; and only an address, since people type their password there.
            if let (VerifyError::Refused, Some(login)) = (&cause, &address_typed) {
                identity
                    .journal_refusal(realm.as_str(), login.as_str(), "credentials")
                    .await?;
            }
            match notice(&cause) {
                Some(notice) => form(identity, view, &interaction, login, notice).await,
                None => Err(cause.into()),
            }
        }
    }
}

/// The password is right: the session is opened, or more is asked.
///
/// # Errors
/// When the agent may not sign in, or the database refuses.
async fn after_password(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    mut interaction: Interaction,
    (proved, known): (Proved, Option<DeviceId>),
) -> Result<Response, IdentityError> {
    let Proved { account, standing } = proved;
    let second = identity.second_factor(account.subject).await?;
    let asked_for = wants_second_factor(&interaction);
    let next = if second.is_asked() {
        Next::Code
    } else if second.must_enrol || asked_for {
        Next::Enrol {
            enrolment: identity.begin_factor(standing),
            may_skip: !second.must_enrol,
        }
    } else {
        let person = Person {
            account,
            standing,
            known,
            level: Level::Password,
        };
        return finish_local(identity, view, cookies, interaction, person).await;
    };
    interaction.half = Some(HalfProved {
        standing,
        at: identity.house.clock.now(),
        next,
    });
    to_its_page(identity, cookies, &interaction)
}

/// Whether a level is demanded that a second factor reaches and a password does not.
fn wants_second_factor(interaction: &Interaction) -> bool {
    let wish = interaction.wish();
    !wish.is_met_by(Acr::Eidas1) && wish.is_met_by(Acr::Eidas2)
}

fn notice(cause: &VerifyError) -> Option<Notice> {
    match cause {
        VerifyError::Refused => Some(Notice::Refused),
        VerifyError::TooManyAttempts { wait } => Some(Notice::TooManyAttempts {
            seconds: waits(*wait),
        }),
        VerifyError::Busy => Some(Notice::Busy),
        VerifyError::Hashing(_) | VerifyError::Database(_) => None,
    }
}

/// The form, with how the last try ended.
///
/// # Errors
/// When the database refuses.
pub(super) async fn form(
    identity: &Identity,
    view: &View,
    interaction: &Interaction,
    login: &str,
    notice: Notice,
) -> Result<Response, IdentityError> {
    let action = format!("{SIGN_IN}/{}/mot-de-passe", interaction.id);
    let token = identity.house.form_token(interaction.id.as_str());
    let site = &identity.house.site;
    let client = match &interaction.purpose {
        Purpose::Application(request) => identity.clients.get(&request.client).await?,
        Purpose::Portal { .. } | Purpose::Trial { .. } => None,
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
        forgotten_url: identity
            .mailer()
            .is_configured()
            .then_some(crate::http::forgotten::HERE),
        help: Help::of(&site.support, view.locale()),
    };
    let mut response = view.show(page.render(&view.reader(identity)), status);
    if let Notice::TooManyAttempts { seconds } = notice {
        let wait = HeaderValue::from(seconds);
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use kernel_db::testing::TestDb;
    use kernel_db::{DbError, Tx, Value};
    use testkit::FixedClock;

    use crate::local::device;
    use crate::local::testing::{Browser, PASSWORD, Provider};

    const CLAIRE: &str = "claire@interieur.gouv.fr";
    const HUGO: &str = "hugo@interieur.gouv.fr";

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        strangers_do_not_keep_the_owner_of_a_known_browser_waiting,
        a_browser_is_known_for_its_own_account_and_for_ninety_days,
        only_an_address_whose_password_was_looked_at_is_journalled,
    );

    async fn provider(test: &TestDb) -> Provider {
        let provider = Provider::start(&test.db, &Arc::new(FixedClock::default())).await;
        provider.configure(&[("claire", 1), ("hugo", 2)]).await;
        provider
    }

    /// Somebody guesses from a browser of their own until they must wait.
    async fn guess(provider: &Provider, login: &str) {
        let mut stranger = provider.browser();
        for _ in 0..3 {
            assert_eq!(stranger.attempt(login, "faux").await.status, 200);
        }
        assert_eq!(stranger.attempt(login, PASSWORD).await.status, 429);
    }

    fn is_signed_in(answer: &testkit::Answer) -> bool {
        answer.status == 200 && answer.refresh() == "https://interieur.test/"
    }

    /// A browser that signed in as Claire, and is given the cookie that says so.
    async fn claire_s(provider: &Provider) -> Browser {
        let mut browser = provider.browser();
        let answer = browser.attempt(CLAIRE, PASSWORD).await;
        assert!(is_signed_in(&answer));
        let name = provider.identity.house.cookies().name(device::COOKIE);
        let cookie = answer.set_cookie(&name).expect("a cookie");
        assert!(name.starts_with("__Host-d-"), "{name}");
        for attribute in ["HttpOnly", "Secure", "Path=/", "Max-Age=7776000"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("claire"), "sealed: {cookie}");
        // Its session is forgotten, as after an evening.
        browser
            .0
            .set_cookie(provider.identity.house.cookies().session(), "");
        browser
    }

    async fn strangers_do_not_keep_the_owner_of_a_known_browser_waiting(test: TestDb) {
        let provider = provider(&test).await;
        let mut known = claire_s(&provider).await;
        guess(&provider, CLAIRE).await;
        let mut unknown = provider.browser();
        assert_eq!(unknown.attempt(CLAIRE, PASSWORD).await.status, 429);
        assert!(is_signed_in(&known.attempt(CLAIRE, PASSWORD).await));
    }

    async fn a_browser_is_known_for_its_own_account_and_for_ninety_days(test: TestDb) {
        let provider = provider(&test).await;
        let mut known = claire_s(&provider).await;
        guess(&provider, HUGO).await;
        assert_eq!(known.attempt(HUGO, PASSWORD).await.status, 429);
        provider.clock.advance(device::LIFETIME);
        guess(&provider, CLAIRE).await;
        assert_eq!(known.attempt(CLAIRE, PASSWORD).await.status, 429);
        provider.clock.advance(Duration::from_secs(1));
        assert!(is_signed_in(&known.attempt(CLAIRE, PASSWORD).await));
    }

    /// The refused tries in the journal.
    async fn refused(test: &TestDb) -> i64 {
        let counted: Result<i64, DbError> = test
            .db
            .read(|tx: &mut Tx| {
                Box::pin(async move {
                    let sql = "SELECT COUNT(*) AS n FROM journal_pending
                               WHERE act = 'identity.session.open' AND outcome = $1";
                    let row = tx.query_optional(sql, &[Value::from("refused")]).await?;
                    row.expect("a row").get("n")
                })
            })
            .await;
        counted.expect("a number")
    }

    async fn only_an_address_whose_password_was_looked_at_is_journalled(test: TestDb) {
        let provider = provider(&test).await;
        for typed in ["my password in the wrong field", "", "claire@", "a b@c"] {
            assert_eq!(provider.browser().attempt(typed, "x").await.status, 200);
        }
        assert_eq!(
            refused(&test).await,
            0,
            "what is no address is written nowhere"
        );
        guess(&provider, CLAIRE).await;
        assert_eq!(refused(&test).await, 3, "and not the one that had to wait");
        for _ in 0..20 {
            provider.browser().attempt(CLAIRE, "faux").await;
        }
        assert_eq!(refused(&test).await, 3);
        provider.browser().attempt(HUGO, "faux").await;
        assert_eq!(refused(&test).await, 4);
    }
}
