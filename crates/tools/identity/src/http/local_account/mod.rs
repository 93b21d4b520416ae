//! `/compte` of a provider run here: what somebody's account has beside its password. These pages
//! work without JavaScript, as those of the sign-in do.

pub(super) mod add;
pub(super) mod codes;
pub(super) mod confirm;
pub(super) mod factor;
mod holder;
pub(super) mod page;
pub(super) mod password;

use std::time::Duration;

use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderValue;
use http::header::SET_COOKIE;
use kernel::{Secret, SessionId, Timestamp};
use kernel_http::Cookies;

use super::connexion::local::{keep_device, waits};
use super::view::View;
use crate::error::IdentityError;
use crate::local::{Enrolment, VerifyError};
use crate::pages::local_account::Done;
use crate::pages::second_factor::Tried;
use crate::service::Identity;

pub(super) use holder::{Holder, HolderForm};

/// The stem of these pages.
pub(super) const BASE: &str = "/compte";

/// Keeps this browser known after its holder changed by what their account is proved: it ends
/// what every other browser was known by.
///
/// # Errors
/// When the database refuses.
pub(super) async fn stay_known(
    identity: &Identity,
    holder: &Holder,
    response: &mut Response,
) -> Result<(), IdentityError> {
    let known = identity.local_account(holder.account.subject).await?;
    if let (Some(device), Some((account, standing))) = (holder.device, known) {
        let kept = keep_device(identity, &account, standing, Some(device));
        response.headers_mut().append(SET_COOKIE, kept);
    }
    Ok(())
}

/// How a refused try is said on the page; what is no matter of the person's stays a failure.
///
/// # Errors
/// The cause itself, when it is not a refused try.
pub(super) fn tried(cause: IdentityError) -> Result<Tried, IdentityError> {
    match cause {
        IdentityError::Local(VerifyError::Refused) => Ok(Tried::Refused),
        IdentityError::Local(VerifyError::TooManyAttempts { wait }) => Ok(Tried::TooManyAttempts {
            seconds: waits(wait),
        }),
        IdentityError::Local(VerifyError::Busy) => Ok(Tried::Busy),
        cause => Err(cause),
    }
}

/// Back to the account, which says what was done.
pub(super) fn done(what: Done) -> Response {
    Redirect::to(&format!("{BASE}?fait={}", what.word())).into_response()
}

/// A factor that is being added, kept sealed in a cookie of the session.
#[derive(serde::Serialize, serde::Deserialize)]
struct Kept {
    session: SessionId,
    until: Timestamp,
    enrolment: Enrolment,
}

const COOKIE: &str = "f";
const PURPOSE: &str = "identity/enrolment/1";
/// How long an application may take to be set up.
const LIFETIME: Duration = Duration::from_mins(15);

/// The `Set-Cookie` that keeps a factor until its first code comes back.
///
/// # Errors
/// When it cannot be written.
pub(super) fn keep(
    identity: &Identity,
    holder: &Holder,
    enrolment: Enrolment,
) -> Result<HeaderValue, IdentityError> {
    let kept = Kept {
        session: holder.session.id,
        until: identity.house.clock.now().plus(LIFETIME),
        enrolment,
    };
    let bytes = serde_json::to_vec(&kept)?;
    let rng = identity.house.rng.as_ref();
    let sealed = Secret::new(identity.sealer.seal(PURPOSE, &bytes, rng));
    let names = identity.house.cookies();
    Ok(names.set(names.name(COOKIE), &sealed, Some(LIFETIME)))
}

/// The factor that this session is adding.
pub(super) fn kept(identity: &Identity, cookies: &Cookies, holder: &Holder) -> Option<Enrolment> {
    let sealed = cookies.get(&identity.house.cookies().name(COOKIE))?;
    let bytes = identity.sealer.open(PURPOSE, &sealed)?;
    let kept: Kept = serde_json::from_slice(&bytes).ok()?;
    let is_theirs = kept.session == holder.session.id
        && kept.enrolment.is_of(holder.account.subject)
        && identity.house.clock.now() < kept.until;
    is_theirs.then_some(kept.enrolment)
}

/// Forgets it.
pub(super) fn forget(identity: &Identity, response: &mut Response) {
    let names = identity.house.cookies();
    let gone = names.clear(names.name(COOKIE));
    response.headers_mut().append(SET_COOKIE, gone);
}

/// A page of these, never kept by a cache.
pub(super) fn shown(
    view: &View,
    identity: &Identity,
    result: Result<Response, IdentityError>,
) -> Response {
    super::protocol::never_cached(view.or_failure(identity, result))
}
