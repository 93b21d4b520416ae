//! `POST /api/v1/admin/announcements/{id}/withdraw`.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel_http::{ApiError, ApiPath, EntityTag, Signed};

use super::body::WrittenBody;
use crate::domain::news::AnnouncementId;
use crate::service::News;

/// Takes an announcement back, for ever; doing it twice changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/admin/announcements/{id}/withdraw",
    tag = "announcements",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminAnnouncements.word()])),
    operation_id = "withdrawAnnouncement",
    params(("id" = String, Path, description = "Which announcement")),
    responses(
        (status = 200, description = "The announcement, with its new `ETag`", body = WrittenBody),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 403, description = "The caller does not announce there"),
        (status = 404, description = "No such announcement"),
        (status = 409, description = "Problem `announcement-draft`"),
    )
)]
pub(crate) async fn withdraw_announcement(
    State(news): State<Arc<News>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<AnnouncementId>,
) -> Result<(EntityTag, Json<WrittenBody>), ApiError> {
    let written = news.withdraw_announcement(&caller, id).await?;
    let tag = EntityTag::of(written.announcement.version);
    Ok((tag, Json(WrittenBody::of(&written))))
}
