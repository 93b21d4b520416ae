//! `POST /api/v1/admin/requests/{id}/approve`: agrees.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Lang, Signed};

use super::body::{RequestBody, RequestListBody};
use crate::domain::RequestId;
use crate::service::Portal;

/// Agrees: a tool asked for becomes a draft; the agents whom an audience names see the tool.
#[utoipa::path(
    post,
    path = "/api/v1/admin/requests/{id}/approve",
    tag = "portal",
    operation_id = "approveRequest",
    params(("id" = String, Path, description = "The request")),
    responses(
        (status = 200, description = "The request, approved; `tool` is the draft or the tool", body = RequestBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration decides (problem `forbidden`)"),
        (status = 404, description = "No such request (problem `not-found`)"),
        (status = 409, description = "Answered already (problem `request-ended`); no category (`no-category`)"),
    )
)]
pub(crate) async fn approve_request(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiPath(id): ApiPath<RequestId>,
) -> Result<Json<RequestBody>, ApiError> {
    let requests = portal.approve_request(&caller, id).await?;
    let body = RequestListBody::new(&requests, locale).one();
    Ok(Json(body.ok_or(ApiError(Problem::internal()))?))
}
