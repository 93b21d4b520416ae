//! `GET /api/v1/invitations/tools`: what the caller may share, and until when at most.

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, Lang, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::SharedToolView;
use crate::service::Identity;

/// What an invitation may hold.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Shareable)]
pub(in crate::http) struct ShareableView {
    /// The tools that the caller finds on their home page and that are open to guests.
    tools: Vec<SharedToolView>,
    /// The most days that an invitation lasts.
    longest_days: u16,
}

/// What the caller may share with guests.
#[utoipa::path(
    get,
    path = "/api/v1/invitations/tools",
    operation_id = "listShareableTools",
    tag = "guests",
    responses(
        (status = 200, description = "in the order of the home page", body = ShareableView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`guest-refused`: a guest passes nothing on", content_type = "application/problem+json"),
        (status = 503, description = "`invitations-unavailable`: no mail server is configured", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    Lang(locale): Lang,
) -> Result<Json<ShareableView>, ApiError> {
    let (tools, longest_days) = identity.shareable_tools(&caller).await?;
    let tools = tools.iter();
    Ok(Json(ShareableView {
        tools: tools.map(|tool| SharedToolView::of(tool, locale)).collect(),
        longest_days,
    }))
}
