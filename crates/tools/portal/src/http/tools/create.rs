//! `POST /api/v1/admin/tools`: a new draft.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiJson, EntityTag, Lang, Signed};

use super::body::ToolBody;
use super::input::ToolInput;
use crate::service::Portal;

/// Writes a draft, shown to nobody.
#[utoipa::path(
    post,
    path = "/api/v1/admin/tools",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminTools.word()])),
    operation_id = "createTool",
    request_body = ToolInput,
    responses(
        (status = 201, description = "The draft", body = ToolBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 422, description = "A value that cannot be (problem `invalid-value`, member `field`; `unknown-category`)"),
    )
)]
pub(crate) async fn create_tool(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiJson(input): ApiJson<ToolInput>,
) -> Result<(StatusCode, EntityTag, Json<ToolBody>), ApiError> {
    let organisation = input.organisation;
    let sheet = portal
        .create_tool(&caller, organisation, input.fields()?)
        .await?;
    let tag = EntityTag::of(sheet.tool.version);
    Ok((
        StatusCode::CREATED,
        tag,
        Json(ToolBody::new(&sheet, locale)),
    ))
}
