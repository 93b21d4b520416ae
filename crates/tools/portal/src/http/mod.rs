//! The portal's endpoints.

use std::sync::Arc;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::service::Portal;

mod home;

/// The endpoints with their descriptions.
pub(crate) fn router(portal: Arc<Portal>) -> (axum::Router, utoipa::openapi::OpenApi) {
    OpenApiRouter::new()
        .routes(routes!(home::get::get_home))
        .with_state(portal)
        .split_for_parts()
}
