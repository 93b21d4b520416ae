//! The whole program's router, out of the tools'.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::{Extension, Router};
use tower::ServiceBuilder;

use crate::assets::{self, WebAssets};
use crate::openapi::{self, Document};
use crate::tokens::Operations;
use crate::{House, Tool, client_errors, health, live, middleware, pages, site};

/// Bytes of a request's body, unless a route says otherwise (`DefaultBodyLimit` on it).
pub(crate) const BODY_LIMIT: usize = 1_000_000;

/// Merges the tools, the house's own endpoints and the web app, inside all the middleware.
///
/// Two routes with one path and method are a mistake of composition: the router then panics at
/// start, before it listens.
pub fn app(house: House, tools: Vec<Tool>, web: Option<Arc<dyn WebAssets>>) -> Router {
    let parts = tools.iter().map(|tool| tool.openapi.clone());
    let description = openapi::merged(&house.site.version, parts);
    let document = Document::of(&description);
    let operations = Operations::of(&description);
    let mut router = Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/api/v1/openapi.json", get(openapi::get))
        .route("/api/v1/site", get(site::get))
        .route("/api/v1/live", get(live::get))
        .route("/api/v1/client-errors", post(client_errors::post))
        .merge(pages::router());
    for tool in tools {
        router = router.merge(tool.router);
    }
    // One stack, outermost first: each `Router::layer` would box every route once more.
    let layers = ServiceBuilder::new()
        .layer(Extension(web))
        .layer(Extension(document))
        .layer(Extension(operations))
        .layer(Extension(Arc::new(client_errors::Routes::default())))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(house, middleware::outside))
        .layer(middleware::compression::layer())
        .layer(from_fn(middleware::inside));
    router.fallback(assets::fallback).layer(layers)
}
