//! `GET /api/v1/admin/tools`: the tools that the caller administers.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::OrganisationId;
use kernel_http::{ApiError, ApiQuery, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::ToolItemBody;
use crate::service::Portal;

/// Which.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Of this administration only.
    #[param(value_type = Option<String>)]
    organisation: Option<OrganisationId>,
    /// With the tools of the configuration, for the operator.
    #[serde(default)]
    configured: bool,
}

/// Tools in the order of their names.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ToolListBody {
    /// The tools.
    items: Vec<ToolItemBody>,
}

/// The tools that the caller administers.
#[utoipa::path(
    get,
    path = "/api/v1/admin/tools",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminTools.word()])),
    operation_id = "listTools",
    params(Wanted),
    responses(
        (status = 200, description = "The tools", body = ToolListBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "The caller does not administer it (problem `forbidden`)"),
    )
)]
pub(crate) async fn list_tools(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiQuery(wanted): ApiQuery<Wanted>,
) -> Result<Json<ToolListBody>, ApiError> {
    let tools = portal
        .tools(&caller, wanted.organisation, wanted.configured)
        .await?;
    let items = tools.iter().map(ToolItemBody::from).collect();
    Ok(Json(ToolListBody { items }))
}
