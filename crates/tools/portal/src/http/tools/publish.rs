//! `POST /api/v1/admin/tools/{id}/publish`: shows a tool to its audience.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, ApiJson, ApiPath, EntityTag, Lang, Signed};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::ToolBody;
use crate::domain::TileId;
use crate::service::Portal;

/// How.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublishInput {
    /// Says that an audience of all agents is meant.
    #[serde(default)]
    confirm_everybody: bool,
}

/// Shows a tool to its audience: at once where the caller administers, elsewhere when that
/// administration agrees, which is asked now.
#[utoipa::path(
    post,
    path = "/api/v1/admin/tools/{id}/publish",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminTools.word()])),
    operation_id = "publishTool",
    params(("id" = String, Path, description = "The tool")),
    request_body = PublishInput,
    responses(
        (status = 200, description = "The tool, published", body = ToolBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 404, description = "No such tool (problem `not-found`)"),
        (status = 409, description = "For everybody and unconfirmed (problem `audience-everybody`, member `count`); published already (`tool-state`)"),
    )
)]
pub(crate) async fn publish_tool(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiPath(id): ApiPath<TileId>,
    ApiJson(input): ApiJson<PublishInput>,
) -> Result<(EntityTag, Json<ToolBody>), ApiError> {
    let (sheet, warning) = portal
        .publish_tool(&caller, id, input.confirm_everybody)
        .await?;
    let tag = EntityTag::of(sheet.tool.version);
    let body = ToolBody::new(&sheet, locale).with_warning(warning);
    Ok((tag, Json(body)))
}
