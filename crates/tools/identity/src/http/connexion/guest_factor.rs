//! `/connexion/{interaction}/second-facteur-invite`: after the code of the mail, a guest of whom a
//! second factor is asked adds one, or enters its code.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderValue;
use http::header::SET_COOKIE;
use kernel_http::rate::Class;
use kernel_http::{ClientIp, Cookies, csrf};

use super::code::tried_response;
use super::finish::{Proved, enter};
use super::local::waits;
use super::open;
use crate::domain::agent::Agent;
use crate::domain::authorize::Parameters;
use crate::domain::guest_factor::{GuestNext, GuestStanding, HalfGuest};
use crate::domain::interaction::Interaction;
use crate::error::IdentityError;
use crate::http::form::{pairs, single};
use crate::http::view::{SIGN_IN, View};
use crate::local::{DeviceId, Realm, TotpSecret, VerifyError, device};
use crate::pages::Form;
use crate::pages::second_factor::{AskCode, Enrol, Tried, Whose, Why, field};
use crate::service::Identity;
use crate::service::guests::{Came, FactorTry, login_of};

/// Goes to the page on which a guest is asked for more.
///
/// # Errors
/// [`IdentityError::TooLarge`] when the sign-in cannot be kept.
pub(super) fn ask(
    identity: &Identity,
    cookies: &Cookies,
    interaction: &Interaction,
) -> Result<Response, IdentityError> {
    let mut response = Redirect::to(&address(interaction)).into_response();
    for cookie in identity.keep(interaction, cookies)? {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn address(interaction: &Interaction) -> String {
    format!("{SIGN_IN}/{}/second-facteur-invite", interaction.id)
}

/// `GET`: what is asked. Looking changes nothing.
pub(in crate::http) async fn page(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(id): Path<String>,
) -> Response {
    let shown = async {
        let interaction = open(&identity, &id, &cookies)?;
        let (half, guest) = half_proved(&identity, &interaction).await?;
        show(&identity, &view, &interaction, (&half, &guest), Tried::None)
    };
    let shown = shown.await;
    super::super::protocol::never_cached(view.or_failure(&identity, shown))
}

/// `POST`: a code.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    ClientIp(address): ClientIp,
    Path(id): Path<String>,
    body: String,
) -> Response {
    let fields = pairs(&body);
    let answer = respond(&identity, &view, &cookies, address, &id, &fields).await;
    super::super::protocol::never_cached(view.or_failure(&identity, answer))
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
    let (half, guest) = half_proved(identity, &interaction).await?;
    view.count(identity, Class::GuestCode)?;
    let device = known_device(identity, cookies, &guest, half.standing)?;
    let attempt = FactorTry {
        half: &half,
        guest: &guest,
        typed: single(fields, field::CODE).unwrap_or_default(),
        device,
        address,
        browser: view.browser(),
        locale: view.locale(),
    };
    let tried = match identity.enter_by_factor(&attempt).await {
        Ok(Some(came)) => {
            return go_on(identity, view, cookies, interaction, (came, device)).await;
        }
        Ok(None) => Tried::Refused,
        Err(IdentityError::Local(VerifyError::TooManyAttempts { wait })) => {
            let seconds = waits(wait);
            Tried::TooManyAttempts { seconds }
        }
        Err(cause) => return Err(cause),
    };
    show(identity, view, &interaction, (&half, &guest), tried)
}

/// Somebody whose mailbox was proved in this tab, a moment ago.
///
/// # Errors
/// [`IdentityError::NoInteraction`] when nobody was, or no longer; or when the database refuses.
async fn half_proved(
    identity: &Identity,
    interaction: &Interaction,
) -> Result<(HalfGuest, Agent), IdentityError> {
    let half = interaction.half_guest.clone();
    let half = half.ok_or(IdentityError::NoInteraction)?;
    let guest = identity.half_guest(&half).await?;
    Ok((half, guest))
}

/// The session is there: its browser is known from now on.
async fn go_on(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    interaction: Interaction,
    (came, known): (Came, Option<DeviceId>),
) -> Result<Response, IdentityError> {
    let kept = keep_device(identity, &came, known)?;
    let proved = Proved {
        session: came.session,
        agent: came.guest,
        secret: came.secret,
        auth_time_stated: true,
    };
    let mut response = enter(identity, view, cookies, interaction, &proved, true).await?;
    response.headers_mut().append(SET_COOKIE, kept);
    Ok(response)
}

/// This browser, when the guest entered by it before and their factor is what it was then.
///
/// # Errors
/// [`IdentityError::NoInteraction`] when the guest has no address any more.
fn known_device(
    identity: &Identity,
    cookies: &Cookies,
    guest: &Agent,
    today: GuestStanding,
) -> Result<Option<DeviceId>, IdentityError> {
    let (realm, login) = (Realm::of_guests(), login_of(guest)?);
    let name = identity.house.cookies().name(device::COOKIE);
    let now = identity.house.clock.now();
    let shown = cookies
        .get(&name)
        .and_then(|sealed| device::open(&identity.sealer, &sealed, (&realm, &login), now));
    Ok(shown.and_then(|(known, then)| (today == then).then_some(known)))
}

/// The `Set-Cookie` by which this browser is known next time.
///
/// # Errors
/// [`IdentityError::NoInteraction`] when the guest has no address any more.
fn keep_device(
    identity: &Identity,
    came: &Came,
    known: Option<DeviceId>,
) -> Result<HeaderValue, IdentityError> {
    let (now, rng) = (identity.house.clock.now(), identity.house.rng.as_ref());
    let (realm, login) = (Realm::of_guests(), login_of(&came.guest)?);
    let id = known.unwrap_or_else(|| DeviceId::new(now, rng));
    let stands = (id, came.standing);
    let proof = device::seal(&identity.sealer, rng, (&realm, &login), stands, now);
    let names = identity.house.cookies();
    Ok(names.set(names.name(device::COOKIE), &proof, Some(device::LIFETIME)))
}

/// The question, or the secret of the factor to come, with how the last try ended.
///
/// # Errors
/// [`IdentityError::NoInteraction`] when what was sealed is damaged.
fn show(
    identity: &Identity,
    view: &View,
    interaction: &Interaction,
    (half, guest): (&HalfGuest, &Agent),
    tried: Tried,
) -> Result<Response, IdentityError> {
    let action = address(interaction);
    let restart_url = format!("{SIGN_IN}/{}", interaction.id);
    let token = identity.house.form_token(interaction.id.as_str());
    let form = Form {
        action: &action,
        hidden: &[(csrf::FIELD, &token)],
    };
    let reader = view.reader(identity);
    let content = match &half.next {
        GuestNext::Code => AskCode {
            form,
            tried,
            whose: Whose::Guest,
            restart_url: &restart_url,
            help: None,
        }
        .render(&reader),
        GuestNext::Enrol { secret } => {
            let secret = TotpSecret::parse(secret).ok_or(IdentityError::NoInteraction)?;
            Enrol {
                form,
                uri: &secret.uri(&identity.house.site.name, &guest.attributes.email),
                key: &secret.text(),
                name: None,
                tried,
                why: Why::AskedOfGuests,
                back_url: None,
            }
            .render(&reader)
        }
    };
    Ok(tried_response(view, content, tried))
}
