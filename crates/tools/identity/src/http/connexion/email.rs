//! `POST /connexion/{interaction}`: an address names its ministry.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;
use kernel_http::{Cookies, csrf};

use super::{Kind, open, sign_in};
use crate::domain::authorize::Parameters;
use crate::error::IdentityError;
use crate::http::form::{pairs, single};
use crate::http::view::{SIGN_IN, View};
use crate::pages::sign_in::field;
use crate::service::guests::CodeMail;
use crate::service::{Identity, Method};
use crate::upstream::{EmailAddress, Route};

/// Sends the person to the provider of the address's domain.
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    view: View,
    cookies: Cookies,
    Path(id): Path<String>,
    body: String,
) -> Response {
    view.or_failure(
        &identity,
        respond(&identity, &view, &cookies, &id, &pairs(&body)).await,
    )
}

async fn respond(
    identity: &Identity,
    view: &View,
    cookies: &Cookies,
    id: &str,
    form: &Parameters,
) -> Result<Response, IdentityError> {
    let mut interaction = open(identity, id, cookies)?;
    view.check_form(identity, id, single(form, csrf::FIELD).unwrap_or_default())?;
    let Method::Upstream(providers) = &identity.method else {
        return Err(IdentityError::UnknownProvider);
    };
    let upstreams = providers.current().await?;
    let chosen = single(form, field::CHOOSE);
    if chosen == Some(field::LIST) {
        return Ok(Redirect::to(&format!("{SIGN_IN}/{id}/administrations")).into_response());
    }
    let typed = single(form, field::EMAIL).unwrap_or_default().trim();
    let corrected = corrected(form, typed);
    let wanted = corrected.as_deref().unwrap_or(typed);
    let Ok(address) = EmailAddress::parse(wanted) else {
        return Ok(sign_in(
            identity,
            view,
            &interaction,
            typed,
            &Kind::Malformed,
        ));
    };
    let provider = match upstreams.route(&address) {
        Route::One(provider) => provider,
        Route::Several(_) => {
            return Ok(Redirect::to(&format!("{SIGN_IN}/{id}/administrations")).into_response());
        }
        // Whoever asks, and whoever is behind the address: the same answer, after the same work.
        Route::Unknown { .. } if chosen == Some(field::GUEST) => {
            let by = CodeMail::Address(address.clone());
            return super::guest_code::ask(
                identity,
                view,
                cookies,
                interaction,
                by,
                address.as_str(),
            )
            .await;
        }
        Route::Unknown { suggestion } => {
            let near = suggestion
                .as_deref()
                .and_then(|address| address.rsplit_once('@'));
            let kind = Kind::Unknown {
                domain: address.domain(),
                suggestion: near.map(|(_, domain)| domain),
            };
            return Ok(sign_in(identity, view, &interaction, typed, &kind));
        }
    };
    interaction.email = Some(address.as_str().to_owned());
    let mut response = view
        .go_upstream(identity, cookies, interaction, &provider, true)
        .await?;
    response
        .headers_mut()
        .append(SET_COOKIE, identity.keep_address(&address));
    Ok(response)
}

/// The address with the suggested domain, when that button was pressed and the address still has
/// the domain for which the suggestion was made.
fn corrected(form: &Parameters, typed: &str) -> Option<String> {
    let (suggestion, mistyped) =
        single(form, field::SUGGESTION).zip(single(form, field::MISTYPED))?;
    let (local, domain) = typed.rsplit_once('@')?;
    domain
        .eq_ignore_ascii_case(mistyped)
        .then(|| format!("{local}@{suggestion}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_suggestion_replaces_the_domain_it_was_made_for() {
        let form = pairs("suggestion=interieur.gouv.fr&mistyped=interieur.gouv.f");
        let taken = corrected(&form, "claire.delmas@interieur.gouv.f");
        assert_eq!(taken.as_deref(), Some("claire.delmas@interieur.gouv.fr"));
    }

    #[test]
    fn a_suggestion_for_another_domain_does_not_hold() {
        let form = pairs("suggestion=interieur.gouv.fr&mistyped=interieur.gouv.f");
        assert_eq!(corrected(&form, "claire@agriculture.gouv.fr"), None);
        assert_eq!(
            corrected(&pairs("email=x"), "claire@agriculture.gouv.fr"),
            None
        );
    }
}
