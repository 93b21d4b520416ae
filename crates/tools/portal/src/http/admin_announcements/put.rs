//! `PUT /api/v1/admin/announcements/{id}`: changes what it says.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel_http::{ApiError, ApiJson, ApiPath, EntityTag, IfMatch, Signed};

use super::body::{DraftForm, WrittenBody};
use crate::domain::news::AnnouncementId;
use crate::news_error::NewsError;
use crate::service::News;

/// Changes a draft, or a published announcement while it is shown.
#[utoipa::path(
    put,
    path = "/api/v1/admin/announcements/{id}",
    tag = "announcements",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminAnnouncements.word()])),
    operation_id = "putAnnouncement",
    request_body = DraftForm,
    params(
        ("id" = String, Path, description = "Which announcement"),
        ("If-Match" = String, Header, description = "The `ETag` of what was read"),
    ),
    responses(
        (status = 200, description = "The announcement, with its new `ETag`", body = WrittenBody),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 403, description = "Not an announcer there, or problem `audience-out-of-scope`"),
        (status = 404, description = "No such announcement"),
        (status = 409, description = "Problem `announcement-withdrawn`"),
        (status = 412, description = "Changed meanwhile: `current` holds what stands"),
        (status = 422, description = "Problem `invalid-announcement`, naming the `field`"),
        (status = 428, description = "Problem `precondition-required`"),
    )
)]
pub(crate) async fn put_announcement(
    State(news): State<Arc<News>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<AnnouncementId>,
    if_match: IfMatch,
    ApiJson(form): ApiJson<DraftForm>,
) -> Result<(EntityTag, Json<WrittenBody>), ApiError> {
    let tag = if_match.require()?;
    let draft = form.draft().map_err(NewsError::from)?;
    let written = news
        .change_announcement(&caller, id, draft, tag, WrittenBody::value)
        .await?;
    let tag = EntityTag::of(written.announcement.version);
    Ok((tag, Json(WrittenBody::of(&written))))
}
