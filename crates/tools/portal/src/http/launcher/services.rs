//! `GET /api/launcher/v1/services`: the agent's tools, or the public ones, for other sites.
//!
//! The form is that of the launcher widely embedded by the State's tools (La Gaufre, version 2),
//! so that they change an address and nothing else.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use axum::extract::{FromRequestParts, State};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use kernel::port::OrganisationFacts;
use kernel::{Locale, Problem};
use kernel_http::{ApiError, ApiQuery, Application, Site};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{Maturity, Tile};
use crate::error::PortalError;
use crate::service::{Launcher, LauncherError, Place, Portal};
use crate::texts::launcher as texts;

/// For whom, and in which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ServicesParameters {
    /// An administration's fourteen digits; looked at without an agent's token only.
    #[param(example = "11000000000017")]
    siret: Option<String>,
    /// `fr` or `en`; without it, what the browser asks for.
    lang: Option<String>,
}

/// The list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServicesBody {
    /// Whose services, when an administration is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<OrganizationBody>,
    /// In the order to be shown.
    services: Vec<LauncherServiceBody>,
}

/// An administration.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganizationBody {
    /// Its name.
    name: String,
    /// `administration`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// Its fourteen digits.
    siret: String,
}

/// One service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LauncherServiceBody {
    /// Its id.
    id: String,
    /// Its name, in the language of the answer.
    name: String,
    /// Where it leads.
    url: String,
    /// `stable`, `beta` or `new`.
    maturity: &'static str,
    /// Address of its picture, an SVG.
    logo: String,
    /// Whether it is the agent's own.
    subscribed: bool,
}

/// Who asks: with a token, or nobody in particular. A token that is sent must be valid: it never
/// falls back to the public list. No cookie is looked at.
pub(crate) struct Reader(Option<Application>);

impl<S: Send + Sync> FromRequestParts<S> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if !parts.headers.contains_key(header::AUTHORIZATION) {
            return Ok(Self(None));
        }
        let application = Application::from_request_parts(parts, state).await?;
        application.require("launcher")?;
        Ok(Self(Some(application)))
    }
}

/// The services that a launcher shows.
#[utoipa::path(
    get,
    path = "/api/launcher/v1/services",
    tag = "launcher",
    operation_id = "getLauncherServices",
    params(ServicesParameters),
    responses(
        (status = 200, body = ServicesBody,
            description = "With an agent's token their tools; without one those of every agent of the administration, or of every agent"),
        (status = 304, description = "As it was (`If-None-Match`)"),
        (status = 401, description = "A token that is not valid (problem `invalid-token`), or no token in the header (`token-required`)"),
        (status = 403, description = "A token without the scope `launcher` (problem `insufficient-scope`)"),
    )
)]
pub(crate) async fn get_services(
    State(portal): State<Arc<Portal>>,
    Reader(reader): Reader,
    ApiQuery(parameters): ApiQuery<ServicesParameters>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let launcher = match reader.map(|application| application.0) {
        Some(bearer) => match (bearer.agent, bearer.organisation) {
            (Some(agent), _) => portal.launcher_of(agent).await?,
            (None, Some(id)) => portal.public_launcher(Place::Organisation(id)).await?,
            (None, None) => portal.public_launcher(Place::Nowhere).await?,
        },
        None => portal.public_launcher(place(&parameters)).await?,
    };
    let locale = locale(parameters.lang.as_deref(), &headers);
    answer(&body(&launcher, portal.site(), locale), &headers)
}

fn place(parameters: &ServicesParameters) -> Place<'_> {
    let siret = parameters.siret.as_deref().map(str::trim);
    siret
        .filter(|siret| !siret.is_empty())
        .map_or(Place::Nowhere, Place::Siret)
}

/// What is asked for, else what the browser asks for; a cookie has no say here.
fn locale(asked: Option<&str>, headers: &HeaderMap) -> Locale {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    asked
        .and_then(Locale::from_tag)
        .unwrap_or_else(|| Locale::negotiate(accepted.unwrap_or_default()))
}

fn body(launcher: &Launcher, site: &Site, locale: Locale) -> ServicesBody {
    let service = |tile: &Tile| LauncherServiceBody {
        id: tile.id.to_string(),
        name: tile.name.get(locale).to_owned(),
        url: tile.address.as_str().to_owned(),
        maturity: Maturity::of(tile.badge_at(launcher.now)).word(),
        logo: format!(
            "{}/_launcher/icons/{}.svg",
            site.origin(),
            tile.icon.as_str()
        ),
        subscribed: launcher.subscribed,
    };
    ServicesBody {
        organization: launcher.organisation.as_ref().map(organization),
        services: launcher.tiles().map(service).collect(),
    }
}

fn organization(facts: &OrganisationFacts) -> OrganizationBody {
    OrganizationBody {
        name: facts.label.clone(),
        kind: "administration",
        siret: facts.siret.clone(),
    }
}

/// The list with its tag, or that it is as it was.
fn answer(body: &ServicesBody, asked: &HeaderMap) -> Result<Response, ApiError> {
    let json = serde_json::to_vec(body).map_err(|cause| {
        tracing::error!(%cause, "a list of services is no JSON");
        ApiError(Problem::internal())
    })?;
    let mut hasher = DefaultHasher::new();
    json.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    let headers = [
        // Weak: the same list, whatever it is packed in on the way.
        (header::ETAG, format!("W/{tag}")),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::CONTENT_TYPE, "application/json".to_owned()),
    ];
    if names(asked, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, json).into_response())
}

/// Whether `If-None-Match` names this tag (weak comparison, RFC 9110 §13.1.2).
fn names(asked: &HeaderMap, tag: &str) -> bool {
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*")
}

impl From<LauncherError> for ApiError {
    fn from(error: LauncherError) -> Self {
        Self(match error {
            LauncherError::UnknownAgent => Problem::new(401, "invalid-token", texts::AGENT_GONE),
            LauncherError::Directory(cause) => {
                tracing::warn!(%cause, "the directory does not answer");
                Problem::unavailable(2)
            }
            LauncherError::Database(cause) => return Self::from(PortalError::from(cause)),
        })
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_language_asked_for_goes_before_the_browser_s() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        headers.insert(header::COOKIE, HeaderValue::from_static("besace-lang=fr"));
        assert_eq!(locale(None, &headers), Locale::En);
        assert_eq!(locale(Some("fr"), &headers), Locale::Fr);
        assert_eq!(locale(Some("xx"), &headers), Locale::En);
    }
}
