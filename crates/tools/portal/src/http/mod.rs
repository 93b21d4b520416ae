//! The portal's endpoints.

use std::sync::Arc;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::service::Portal;

mod application;
mod home;
mod launcher;
mod search;

/// The endpoints with their descriptions.
pub(crate) fn router(portal: Arc<Portal>) -> (axum::Router, utoipa::openapi::OpenApi) {
    endpoints().with_state(portal).split_for_parts()
}

/// The descriptions alone.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    endpoints().into_openapi()
}

fn endpoints() -> OpenApiRouter<Arc<Portal>> {
    OpenApiRouter::new()
        .routes(routes!(home::get::get_home))
        .routes(routes!(search::get::search))
        .routes(routes!(application::put_badge::put_badge))
        .routes(routes!(application::put_search::put_search))
        .merge(launcher::endpoints())
}
