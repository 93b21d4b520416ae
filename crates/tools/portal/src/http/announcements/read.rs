//! `POST /api/v1/announcements/{id}/read`: the caller has read it.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiPath, Signed};

use crate::domain::news::AnnouncementId;
use crate::service::News;

/// Notes that the caller has read an announcement; where it is to be confirmed, this confirms.
#[utoipa::path(
    post,
    path = "/api/v1/announcements/{id}/read",
    tag = "announcements",
    operation_id = "readAnnouncement",
    params(("id" = String, Path, description = "Which announcement")),
    responses(
        (status = 204, description = "Noted; the first time counts"),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 404, description = "No such announcement is shown to the caller"),
    )
)]
pub(crate) async fn read_announcement(
    State(news): State<Arc<News>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<AnnouncementId>,
) -> Result<StatusCode, ApiError> {
    news.read_announcement(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
