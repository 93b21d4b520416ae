//! `/api/v1/account/applications`: what applications received of the caller.

pub(in crate::http) mod delete;
pub(in crate::http) mod list;

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    paths(list::handle, delete::handle),
    components(schemas(list::OwnApplications, list::OwnApplication))
)]
struct ApiDoc;

pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    ApiDoc::openapi()
}
