//! What the pages of a provider run here have in common: the browser that is known, the level
//! that was reached, and the end of the sign-in.

use std::time::Duration;

use axum::response::Response;
use http::HeaderValue;
use http::header::SET_COOKIE;
use kernel::{OrganisationId, Population};
use kernel_http::Cookies;

use super::finish;
use crate::domain::acr::Acr;
use crate::domain::agent::Attributes;
use crate::domain::browser::Browser;
use crate::domain::interaction::{HalfProved, Interaction};
use crate::error::IdentityError;
use crate::http::view::View;
use crate::local::{DeviceId, LocalAccount, LocalSubject, Login, Means, Realm, device};
use crate::service::Identity;
use crate::service::sign_in::Vouched;
use crate::upstream::Siret;

/// By what somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// A password.
    Password,
    /// A password and a code of an application.
    Code,
    /// A password and a recovery code, which is on no list of the levels' norm beside
    /// applications and keys: a second factor, and no more.
    Recovery,
}

impl From<Means> for Level {
    fn from(means: Means) -> Self {
        match means {
            Means::Code(_) => Self::Code,
            Means::Recovery { .. } => Self::Recovery,
        }
    }
}

impl Level {
    const fn acr(self) -> Acr {
        match self {
            Self::Password => Acr::Eidas1,
            Self::Code => Acr::Eidas2,
            Self::Recovery => Acr::Eidas1Mfa,
        }
    }

    /// RFC 8176 §2.
    const fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Password => &["pwd"],
            Self::Code => &["pwd", "otp", "mfa"],
            Self::Recovery => &["pwd", "mfa"],
        }
    }
}

/// Opens the session of somebody proved here, whose browser is known from now on.
///
/// # Errors
/// When the agent may not sign in, the application does not let them in, or the database refuses.
pub(super) async fn finish_local(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    interaction: Interaction,
    (account, known, level): (LocalAccount, Option<DeviceId>, Level),
) -> Result<Response, IdentityError> {
    let local = identity.local()?;
    let kept = keep_device(identity, local.realm, &account.login, known);
    let vouched = vouched(identity, account, local.organisation, view.browser(), level);
    let mut response = finish::finish(identity, view, cookies, interaction, vouched, true).await?;
    response.headers_mut().append(SET_COOKIE, kept);
    Ok(response)
}

/// The account of somebody whose password was right a moment ago.
///
/// # Errors
/// [`IdentityError::NoInteraction`] when it waited too long, or the account or its password is
/// another since.
pub(super) async fn half_proved(
    identity: &Identity,
    half: &HalfProved,
) -> Result<LocalAccount, IdentityError> {
    if !half.is_fresh(identity.house.clock.now()) {
        return Err(IdentityError::NoInteraction);
    }
    let subject = LocalSubject::parse(&half.subject).map_err(|_| IdentityError::NoInteraction)?;
    identity
        .local_account_since(subject, half.at)
        .await?
        .ok_or(IdentityError::NoInteraction)
}

/// This browser, when it signed in to this account before.
pub(in crate::http) fn known_device(
    identity: &Identity,
    cookies: &Cookies,
    realm: &Realm,
    login: &Login,
) -> Option<DeviceId> {
    let sealed = cookies.get(&identity.house.cookies().name(device::COOKIE))?;
    let now = identity.house.clock.now();
    device::open(&identity.sealer, &sealed, (realm, login), now)
}

/// The `Set-Cookie` by which this browser is known next time.
fn keep_device(
    identity: &Identity,
    realm: &Realm,
    login: &Login,
    known: Option<DeviceId>,
) -> HeaderValue {
    let (now, rng) = (identity.house.clock.now(), identity.house.rng.as_ref());
    let id = known.unwrap_or_else(|| DeviceId::new(now, rng));
    let proof = device::seal(&identity.sealer, rng, (realm, login), id, now);
    let names = identity.house.cookies();
    names.set(names.name(device::COOKIE), &proof, Some(device::LIFETIME))
}

/// Seconds to say of a wait: whoever waits so long is let through.
pub(in crate::http) fn waits(wait: Duration) -> u32 {
    u32::try_from(wait.as_secs())
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}

fn vouched(
    identity: &Identity,
    account: LocalAccount,
    fallback: OrganisationId,
    browser: Browser,
    level: Level,
) -> Vouched {
    let attributes = account.attributes;
    Vouched {
        provider: account.realm.as_str().to_owned(),
        subject: account.subject.to_string(),
        siret_stated: attributes.siret.is_some(),
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
        confined: false,
        acr: level.acr(),
        amr: level.amr().iter().map(|&one| one.to_owned()).collect(),
        auth_time: identity.house.clock.now(),
        auth_time_stated: true,
        upstream_id_token: None,
        browser,
    }
}
