//! `/api/launcher/v1/…`: for pages of every site, with a token or without, never with a cookie.

pub(crate) mod services;

use std::sync::Arc;

use axum::middleware::map_response;
use axum::response::{IntoResponse as _, Response};
use axum::routing::options;
use http::{HeaderName, HeaderValue, StatusCode, header};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::service::Portal;

/// The endpoints, open to the scripts of every origin. No credentials: a browser sends no cookie
/// and the answer would not look at one.
pub(crate) fn endpoints() -> OpenApiRouter<Arc<Portal>> {
    OpenApiRouter::new()
        .routes(routes!(services::get_services))
        .route("/api/launcher/v1/services", options(preflight))
        .layer(map_response(open_to_every_origin))
}

/// What a browser asks before it sends a token (Fetch §3.2.2).
async fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Refusals too: a page must be able to tell 401 from a network that is down.
async fn open_to_every_origin(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("authorization, accept-language"),
    );
    response
}
