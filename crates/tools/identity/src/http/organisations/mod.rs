//! The administrations.

pub(super) mod list;

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    paths(list::handle),
    components(schemas(list::OrganisationsView, list::OrganisationLine))
)]
struct ApiDoc;

/// The description of these endpoints.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    ApiDoc::openapi()
}
