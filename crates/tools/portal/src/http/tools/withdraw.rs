//! `POST /api/v1/admin/tools/{id}/withdraw`: takes a tool back from everybody.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, ApiPath, EntityTag, Lang, Signed};

use super::body::ToolBody;
use crate::domain::TileId;
use crate::service::Portal;

/// Takes a published tool back from everybody.
#[utoipa::path(
    post,
    path = "/api/v1/admin/tools/{id}/withdraw",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminTools.word()])),
    operation_id = "withdrawTool",
    params(("id" = String, Path, description = "The tool")),
    responses(
        (status = 200, description = "The tool, withdrawn", body = ToolBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 404, description = "No such tool (problem `not-found`)"),
        (status = 409, description = "Not published (problem `tool-state`)"),
    )
)]
pub(crate) async fn withdraw_tool(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiPath(id): ApiPath<TileId>,
) -> Result<(EntityTag, Json<ToolBody>), ApiError> {
    let sheet = portal.withdraw_tool(&caller, id).await?;
    let tag = EntityTag::of(sheet.tool.version);
    Ok((tag, Json(ToolBody::new(&sheet, locale))))
}
