//! `GET /api/v1/admin/announcements/{id}`: one, for its authors.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel_http::{ApiError, ApiPath, EntityTag, Signed};

use super::body::WrittenBody;
use crate::domain::news::AnnouncementId;
use crate::service::News;

/// One announcement, in whatever state.
#[utoipa::path(
    get,
    path = "/api/v1/admin/announcements/{id}",
    tag = "announcements",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminAnnouncements.word()])),
    operation_id = "getWrittenAnnouncement",
    params(("id" = String, Path, description = "Which announcement")),
    responses(
        (status = 200, description = "The announcement, with its `ETag`", body = WrittenBody),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 403, description = "The caller does not announce there"),
        (status = 404, description = "No such announcement"),
    )
)]
pub(crate) async fn get_written(
    State(news): State<Arc<News>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<AnnouncementId>,
) -> Result<(EntityTag, Json<WrittenBody>), ApiError> {
    let written = news.announcement(&caller, id).await?;
    let tag = EntityTag::of(written.announcement.version);
    Ok((tag, Json(WrittenBody::of(&written))))
}
