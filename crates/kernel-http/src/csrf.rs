//! Proof that a write comes from our own pages.
//!
//! Each unsafe method under `/api/` that carries the session's cookie, and no token of an agent
//! or an application, must bring the session's
//! token in `x-besace-csrf`, and an origin that is ours when the browser names one. The sign-in
//! protocol's own paths (`/api/v2`) are left out: its POSTs come from other sites by
//! specification and prove themselves otherwise. Server-rendered forms carry the token as a
//! field ([`FIELD`]) and are checked by [`check_form`].

use aws_lc_rs::hmac;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Method, header};
use kernel::{Problem, SessionId, Text};

use crate::extract::session::resolve;
use crate::keys::MasterKey;
use crate::problem::ApiError;
use crate::tokens::Presented;
use crate::{House, Site};

/// The header that scripts send.
pub const HEADER: &str = "x-besace-csrf";
/// The field that forms send.
pub const FIELD: &str = "csrf";

/// The key of the tokens, and those of the master keys that are believed beside the current one: a
/// page keeps its token as long as it is open.
pub(crate) struct CsrfKey {
    current: hmac::Key,
    accepted: Vec<hmac::Key>,
}

impl CsrfKey {
    pub(crate) fn derive(master: &MasterKey, accepted: &[MasterKey]) -> Self {
        let of = |key: &MasterKey| hmac::Key::new(hmac::HMAC_SHA256, &key.derive("http/csrf/1"));
        Self {
            current: of(master),
            accepted: accepted.iter().map(of).collect(),
        }
    }

    pub(crate) fn token(&self, binding: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.current, binding.as_bytes()))
    }

    pub(crate) fn is_token(&self, binding: &str, token: &str) -> bool {
        let Ok(token) = URL_SAFE_NO_PAD.decode(token) else {
            return false;
        };
        std::iter::once(&self.current)
            .chain(&self.accepted)
            .any(|key| hmac::verify(key, binding.as_bytes(), &token).is_ok())
    }
}

/// Said when a write does not prove its origin.
pub fn refused() -> Problem {
    Problem::new(
        403,
        "csrf",
        Text::fixed(
            "Cette demande ne vient pas d’une page de Besace.",
            "This request does not come from a page of Besace.",
        ),
    )
    .with_detail(Text::fixed(
        "Rien n’a été modifié. Rechargez la page, puis recommencez.",
        "Nothing was changed. Reload the page, then try again.",
    ))
}

/// Whether the browser's own words (`Sec-Fetch-Site`, `Origin`) allow that this comes from us.
/// Programs that are no browser send neither.
pub fn is_same_origin(site: &Site, headers: &HeaderMap) -> bool {
    if let Some(fetch_site) = headers.get("sec-fetch-site")
        && fetch_site != "same-origin"
        && fetch_site != "none"
    {
        return false;
    }
    match headers.get(header::ORIGIN) {
        None => true,
        Some(origin) => origin.as_bytes() == site.origin().as_bytes(),
    }
}

/// Checks a server-rendered form of a signed-in agent.
///
/// # Errors
/// The problem to answer, when the token or the origin is not ours.
pub fn check_form(
    house: &House,
    headers: &HeaderMap,
    session: SessionId,
    token: &str,
) -> Result<(), ApiError> {
    if is_same_origin(&house.site, headers) && house.is_csrf_token(session, token) {
        Ok(())
    } else {
        Err(ApiError(refused()))
    }
}

/// Checks a server-rendered form shown before any session; `binding` is what the page's
/// [`House::form_token`] was made of.
///
/// # Errors
/// The problem to answer, when the token or the origin is not ours.
pub fn check_unsigned_form(
    house: &House,
    headers: &HeaderMap,
    binding: &str,
    token: &str,
) -> Result<(), ApiError> {
    if is_same_origin(&house.site, headers) && house.is_form_token(binding, token) {
        Ok(())
    } else {
        Err(ApiError(refused()))
    }
}

/// Whether the middleware looks at this request.
fn is_guarded(method: &Method, path: &str) -> bool {
    let exempt = path == "/api/v2" || path.starts_with("/api/v2/");
    !method.is_safe() && path.starts_with("/api/") && !exempt
}

/// The middleware.
pub(crate) async fn guard<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    if !is_guarded(request.method(), request.uri().path()) {
        return next(request).await;
    }
    let Some(house) = request.extensions().get::<House>().cloned() else {
        return ApiError(Problem::internal()).into_response();
    };
    // Who speaks by a token is known by no cookie, and no other site's page can send one.
    if Presented::in_headers(request.headers()).is_something() {
        return next(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let carries_session =
        crate::extract::cookie_of(&parts.headers, &house.cookies().session()).is_some();
    if carries_session {
        if !is_same_origin(&house.site, &parts.headers) {
            return ApiError(refused()).into_response();
        }
        match resolve(&mut parts).await {
            Err(problem) => return problem.into_response(),
            // A dead cookie proves nobody: the endpoint answers 401 by itself.
            Ok(None) => {}
            Ok(Some(caller)) => {
                let Some(session) = caller.session() else {
                    return ApiError(refused()).into_response();
                };
                let token = parts
                    .headers
                    .get(HEADER)
                    .and_then(|value| value.to_str().ok())
                    .unwrap_or_default();
                if !house.is_csrf_token(session, token) {
                    return ApiError(refused()).into_response();
                }
            }
        }
    }
    next(Request::from_parts(parts, body)).await
}
