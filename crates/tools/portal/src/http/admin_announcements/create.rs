//! `POST /api/v1/admin/announcements`: writes a draft.

use std::sync::Arc;

use axum::{Json, extract::State};
use http::StatusCode;
use kernel_http::{ApiError, ApiJson, EntityTag, Signed};

use super::body::{DraftForm, WrittenBody};
use crate::news_error::NewsError;
use crate::service::News;

/// Writes a draft, which nobody is shown yet.
#[utoipa::path(
    post,
    path = "/api/v1/admin/announcements",
    tag = "announcements",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminAnnouncements.word()])),
    operation_id = "createAnnouncement",
    request_body = DraftForm,
    responses(
        (status = 201, description = "The draft, with its `ETag`", body = WrittenBody),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 403, description = "Not an announcer there, or problem `audience-out-of-scope`, whose `elsewhere` says who may"),
        (status = 422, description = "Problem `invalid-announcement`, naming the `field`"),
    )
)]
pub(crate) async fn create_announcement(
    State(news): State<Arc<News>>,
    Signed(caller): Signed,
    ApiJson(form): ApiJson<DraftForm>,
) -> Result<(StatusCode, EntityTag, Json<WrittenBody>), ApiError> {
    let draft = form.draft().map_err(NewsError::from)?;
    let written = news.create_announcement(&caller, draft).await?;
    let tag = EntityTag::of(written.announcement.version);
    Ok((StatusCode::CREATED, tag, Json(WrittenBody::of(&written))))
}
