//! `POST /api/v1/inbox/read-all`: marks all that came until now as read.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel_http::{ApiError, SignedOrGuest};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::News;

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllReadBody {
    /// How many were unread.
    read: u64,
    /// To be sent to `POST /api/v1/inbox/undo` within a minute.
    undo: String,
}

/// Marks every notice of the caller as read.
#[utoipa::path(
    post,
    path = "/api/v1/inbox/read-all",
    tag = "inbox",
    operation_id = "readAllNotices",
    responses(
        (status = 200, description = "How many were read, and how to take it back", body = AllReadBody),
        (status = 401, description = "Problem `sign-in-required`"),
    )
)]
pub(crate) async fn read_all(
    State(news): State<Arc<News>>,
    SignedOrGuest(caller): SignedOrGuest,
) -> Result<Json<AllReadBody>, ApiError> {
    let done = news.inbox.read_all(caller.agent).await?;
    Ok(Json(AllReadBody {
        read: done.read,
        undo: super::undo::token(done.mark),
    }))
}
