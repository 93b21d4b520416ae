//! `PUT /api/v1/admin/tools/{id}`: an edit of the version in `If-Match`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel_http::etag::precondition_failed;
use kernel_http::{ApiError, ApiJson, ApiPath, EntityTag, IfMatch, Lang, Signed};

use super::body::ToolBody;
use super::input::ToolInput;
use crate::domain::TileId;
use crate::error::PortalError;
use crate::service::{Edit, Portal};

/// Writes an edit; a published tool changes at once.
#[utoipa::path(
    put,
    path = "/api/v1/admin/tools/{id}",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminTools.word()])),
    operation_id = "putTool",
    params(
        ("id" = String, Path, description = "The tool"),
        ("If-Match" = String, Header, description = "The `ETag` of the version that was read"),
    ),
    request_body = ToolInput,
    responses(
        (status = 200, description = "The tool as it stands now", body = ToolBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 404, description = "No such tool (problem `not-found`)"),
        (status = 409, description = "For everybody and unconfirmed (problem `audience-everybody`); of the configuration (`configured`)"),
        (status = 412, description = "Somebody else edited it (problem `precondition-failed`, member `current`)"),
        (status = 422, description = "A value that cannot be (problem `invalid-value`, member `field`)"),
        (status = 428, description = "No `If-Match` (problem `precondition-required`)"),
    )
)]
pub(crate) async fn put_tool(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiPath(id): ApiPath<TileId>,
    if_match: IfMatch,
    ApiJson(input): ApiJson<ToolInput>,
) -> Result<(EntityTag, Json<ToolBody>), ApiError> {
    let edit = Edit {
        read: if_match.require()?,
        organisation: input.organisation,
        confirm_everybody: input.confirm_everybody,
        fields: input.fields()?,
    };
    let sheet = match portal.edit_tool(&caller, id, edit).await {
        Err(PortalError::Outdated) => {
            let current = portal.tool(&caller, id).await?;
            let current = serde_json::json!(ToolBody::new(&current, locale));
            return Err(precondition_failed(current));
        }
        edited => edited?,
    };
    let tag = EntityTag::of(sheet.tool.version);
    Ok((tag, Json(ToolBody::new(&sheet, locale))))
}
