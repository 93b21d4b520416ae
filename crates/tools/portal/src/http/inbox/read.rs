//! `POST /api/v1/inbox/{id}/read`: marks one notice as read.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiPath, SignedOrGuest};

use crate::domain::news::NoticeId;
use crate::service::News;

/// Marks one of the caller's notices as read; doing it twice changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/inbox/{id}/read",
    tag = "inbox",
    operation_id = "markNoticeRead",
    params(("id" = String, Path, description = "Which notice")),
    responses(
        (status = 204, description = "It is"),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 404, description = "The caller has no such notice"),
    )
)]
pub(crate) async fn mark_read(
    State(news): State<Arc<News>>,
    SignedOrGuest(caller): SignedOrGuest,
    ApiPath(id): ApiPath<NoticeId>,
) -> Result<StatusCode, ApiError> {
    news.inbox.mark(caller.agent, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}
