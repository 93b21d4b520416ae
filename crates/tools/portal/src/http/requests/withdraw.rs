//! `POST /api/v1/requests/{id}/withdraw`: no longer asked.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiPath, Signed};

use crate::domain::RequestId;
use crate::service::Portal;

/// Takes back a request of the caller's own.
#[utoipa::path(
    post,
    path = "/api/v1/requests/{id}/withdraw",
    tag = "portal",
    operation_id = "withdrawRequest",
    params(("id" = String, Path, description = "The request")),
    responses(
        (status = 204, description = "No longer asked"),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 404, description = "No such request of the caller's (problem `not-found`)"),
        (status = 409, description = "Answered already (problem `request-ended`)"),
    )
)]
pub(crate) async fn withdraw_request(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<RequestId>,
) -> Result<StatusCode, ApiError> {
    portal.withdraw_request(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
