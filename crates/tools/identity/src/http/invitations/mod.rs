//! `/api/v1/invitations`: agents invite partners, and see whom they invited; administrators see
//! whom their administration answers for.

pub(super) mod create;
pub(super) mod end;
pub(super) mod extend;
pub(super) mod list;
pub(super) mod reset_factor;
pub(super) mod sponsored;
pub(super) mod tools;
mod view;

use serde::Deserialize;
use utoipa::{IntoParams, OpenApi};

#[derive(OpenApi)]
#[openapi(
    paths(
        list::handle,
        create::handle,
        tools::handle,
        extend::handle,
        end::handle,
        reset_factor::handle,
        sponsored::handle
    ),
    components(schemas(
        view::InvitationView,
        view::InvitationList,
        view::InviterView,
        view::SharedToolView,
        create::InvitationBody,
        extend::ExtendBody,
        tools::ShareableView
    ))
)]
struct ApiDoc;

/// The description of these endpoints.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    ApiDoc::openapi()
}

/// Where a list goes on.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Page {
    /// `next` of the page before.
    cursor: Option<String>,
}
