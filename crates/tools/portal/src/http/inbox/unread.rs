//! `POST /api/v1/inbox/{id}/unread`: marks one notice as unread.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiPath, SignedOrGuest};

use crate::domain::news::NoticeId;
use crate::service::News;

/// Marks one of the caller's notices as unread; doing it twice changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/inbox/{id}/unread",
    tag = "inbox",
    operation_id = "markNoticeUnread",
    params(("id" = String, Path, description = "Which notice")),
    responses(
        (status = 204, description = "It is"),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 404, description = "The caller has no such notice"),
    )
)]
pub(crate) async fn mark_unread(
    State(news): State<Arc<News>>,
    SignedOrGuest(caller): SignedOrGuest,
    ApiPath(id): ApiPath<NoticeId>,
) -> Result<StatusCode, ApiError> {
    news.inbox.mark(caller.agent, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}
