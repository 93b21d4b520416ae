//! Colleagues of all administrations.

pub(super) mod get;
pub(super) mod list;
mod view;

use utoipa::OpenApi;

pub(super) use view::PersonView;

#[derive(OpenApi)]
#[openapi(
    paths(get::handle, list::handle),
    components(schemas(PersonView, view::PersonOrganisation, list::PeopleView))
)]
struct ApiDoc;

/// The description of these endpoints.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    ApiDoc::openapi()
}
