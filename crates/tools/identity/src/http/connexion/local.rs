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
use crate::domain::interaction::{HalfProved, Interaction, Next};
use crate::error::IdentityError;
use crate::http::view::View;
use crate::local::{DeviceId, LocalAccount, Login, Means, Realm, Standing, device};
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

/// Somebody proved here.
pub(super) struct Person {
    /// Who.
    pub(super) account: LocalAccount,
    /// The account as it stood when it was proved.
    pub(super) standing: Standing,
    /// The browser, when it signed in to this account before.
    pub(super) known: Option<DeviceId>,
    /// By what.
    pub(super) level: Level,
}

/// Opens the session of somebody proved here, whose browser is known from now on.
///
/// # Errors
/// When the agent may not sign in, the application does not let them in, or the database refuses;
/// [`IdentityError::NoInteraction`] when the account is no longer what it was when it was proved.
pub(super) async fn finish_local(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    interaction: Interaction,
    person: Person,
) -> Result<Response, IdentityError> {
    let local = identity.local()?;
    let kept = keep_device(identity, &person.account, person.standing, person.known);
    let vouched = vouched(identity, person, local.organisation, view.browser());
    let mut response = finish::finish(identity, view, cookies, interaction, vouched, true).await?;
    response.headers_mut().append(SET_COOKIE, kept);
    Ok(response)
}

/// The account of somebody whose password was right a moment ago.
///
/// # Errors
/// [`IdentityError::NoInteraction`] when it waited too long, or the account, its password or its
/// factors are others since.
pub(super) async fn half_proved(
    identity: &Identity,
    half: &HalfProved,
) -> Result<LocalAccount, IdentityError> {
    if !half.is_fresh(identity.house.clock.now()) {
        return Err(IdentityError::NoInteraction);
    }
    let known = identity.local_account(half.standing.subject()).await?;
    let (account, standing) = known.ok_or(IdentityError::NoInteraction)?;
    let is_good = match half.next {
        Next::Code | Next::Enrolled { .. } => standing == half.standing,
        // A factor whose answer was lost may be sent again. Whether it is that one, and whether
        // the sign-in may go on without, is asked where it is written.
        Next::Enrol { .. } => standing.has_password_of(&half.standing),
    };
    is_good
        .then_some(account)
        .ok_or(IdentityError::NoInteraction)
}

/// This browser, when it signed in to this account before and nothing of how it is proved was
/// changed since. The database is asked for who shows a proof only: what that takes tells nobody
/// else whether there is an account.
///
/// # Errors
/// When the database refuses.
pub(in crate::http) async fn known_device(
    identity: &Identity,
    cookies: &Cookies,
    realm: &Realm,
    login: &Login,
) -> Result<Option<DeviceId>, IdentityError> {
    let name = identity.house.cookies().name(device::COOKIE);
    let Some(sealed) = cookies.get(&name) else {
        return Ok(None);
    };
    let now = identity.house.clock.now();
    let shown = device::open(&identity.sealer, &sealed, (realm, login), now);
    let Some((known, standing)): Option<(DeviceId, Standing)> = shown else {
        return Ok(None);
    };
    let account = identity.local_account(standing.subject()).await?;
    let still_stands = account.is_some_and(|(_, today)| today == standing);
    Ok(still_stands.then_some(known))
}

/// The `Set-Cookie` by which this browser is known next time, while the account stands so.
pub(in crate::http) fn keep_device(
    identity: &Identity,
    account: &LocalAccount,
    standing: Standing,
    known: Option<DeviceId>,
) -> HeaderValue {
    let (now, rng) = (identity.house.clock.now(), identity.house.rng.as_ref());
    let id = known.unwrap_or_else(|| DeviceId::new(now, rng));
    let whose = (&account.realm, &account.login);
    let proof = device::seal(&identity.sealer, rng, whose, (id, standing), now);
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
    person: Person,
    fallback: OrganisationId,
    browser: Browser,
) -> Vouched {
    let (account, level) = (person.account, person.level);
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
        standing: Some(person.standing),
    }
}
