//! `POST /api/v1/admin/announcements/{id}/publish`.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel_http::{ApiError, ApiPath, EntityTag, Signed};

use super::body::WrittenBody;
use crate::domain::news::AnnouncementId;
use crate::service::News;

/// Shows an announcement to its audience; doing it twice changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/admin/announcements/{id}/publish",
    tag = "announcements",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminAnnouncements.word()])),
    operation_id = "publishAnnouncement",
    params(("id" = String, Path, description = "Which announcement")),
    responses(
        (status = 200, description = "The announcement, with its new `ETag`", body = WrittenBody),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 403, description = "Not an announcer there, or problem `audience-out-of-scope`"),
        (status = 404, description = "No such announcement"),
        (status = 409, description = "Problem `announcement-withdrawn`"),
    )
)]
pub(crate) async fn publish_announcement(
    State(news): State<Arc<News>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<AnnouncementId>,
) -> Result<(EntityTag, Json<WrittenBody>), ApiError> {
    let written = news.publish_announcement(&caller, id).await?;
    let tag = EntityTag::of(written.announcement.version);
    Ok((tag, Json(WrittenBody::of(&written))))
}
