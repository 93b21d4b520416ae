//! `/api/v1/account/sessions`: where the caller is signed in.

pub(in crate::http) mod delete;
pub(in crate::http) mod delete_others;
pub(in crate::http) mod list;

use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    paths(list::handle, delete::handle, delete_others::handle),
    components(schemas(list::OwnSessions, list::OwnSession, delete_others::SessionsEnded))
)]
struct ApiDoc;

pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    ApiDoc::openapi()
}
