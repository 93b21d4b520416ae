//! `GET /api/v1/admin/tools/{id}`: one tool, with its `ETag`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, ApiPath, EntityTag, Lang, Signed};

use super::body::ToolBody;
use crate::domain::TileId;
use crate::service::Portal;

/// One tool.
#[utoipa::path(
    get,
    path = "/api/v1/admin/tools/{id}",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminTools.word()])),
    operation_id = "getTool",
    params(("id" = String, Path, description = "The tool")),
    responses(
        (status = 200, description = "The tool; `ETag` names its version", body = ToolBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 404, description = "No such tool (problem `not-found`)"),
    )
)]
pub(crate) async fn get_tool(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiPath(id): ApiPath<TileId>,
) -> Result<(EntityTag, Json<ToolBody>), ApiError> {
    let sheet = portal.tool(&caller, id).await?;
    let tag = EntityTag::of(sheet.tool.version);
    Ok((tag, Json(ToolBody::new(&sheet, locale))))
}
