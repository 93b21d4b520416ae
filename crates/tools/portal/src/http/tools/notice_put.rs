//! `PUT /api/v1/admin/tools/{id}/notice`: says how a tool does.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::Timestamp;
use kernel_http::{ApiError, ApiJson, ApiPath, Signed};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::bodies::TextBody;
use super::body::ToolNoticeBody;
use crate::domain::{Label, Level, TileId};
use crate::error::PortalError;
use crate::service::Portal;
use crate::texts;

/// Characters of a message.
const MESSAGE: usize = 200;

/// What is wrong.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NoticeInput {
    /// `disturbed` or `down`.
    level: String,
    /// What is wrong, and what to do meanwhile; one line of 200 characters.
    message: TextBody,
    /// Until when, UTC milliseconds; absent: until it is taken back.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    until: Option<Timestamp>,
}

/// Says how a tool does, on the pages of its audience.
#[utoipa::path(
    put,
    path = "/api/v1/admin/tools/{id}/notice",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminTools.word()])),
    operation_id = "putToolNotice",
    params(("id" = String, Path, description = "The tool")),
    request_body = NoticeInput,
    responses(
        (status = 200, description = "What is said now", body = ToolNoticeBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration’s (problem `forbidden`)"),
        (status = 404, description = "No such tool (problem `not-found`)"),
        (status = 422, description = "A value that cannot be (problem `invalid-value`, member `field`)"),
    )
)]
pub(crate) async fn put_notice(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<TileId>,
    ApiJson(input): ApiJson<NoticeInput>,
) -> Result<Json<ToolNoticeBody>, ApiError> {
    let level = Level::from_word(&input.level).ok_or(PortalError::Invalid {
        field: "level",
        said: texts::tool::NOTICE_LEVEL,
    })?;
    let message =
        Label::parse(&input.message.fr, input.message.en.as_deref(), MESSAGE).map_err(|_| {
            PortalError::Invalid {
                field: "message",
                said: texts::tool::NOTICE_MESSAGE,
            }
        })?;
    let notice = portal
        .put_notice(&caller, id, level, message.text(), input.until)
        .await?;
    Ok(Json(ToolNoticeBody::from(&notice)))
}
