//! `POST /api/v1/admin/requests/{id}/refuse`: refuses, with a reason.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::Problem;
use kernel_http::{ApiError, ApiJson, ApiPath, Lang, Signed};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{RequestBody, RequestListBody};
use crate::domain::{Label, RequestId};
use crate::error::PortalError;
use crate::service::Portal;
use crate::texts;

/// Characters of a reason.
const REASON: usize = 300;

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RefuseInput {
    /// One line of 300 characters at most; the asker reads it.
    reason: String,
}

/// Refuses a request.
#[utoipa::path(
    post,
    path = "/api/v1/admin/requests/{id}/refuse",
    tag = "portal",
    operation_id = "refuseRequest",
    params(("id" = String, Path, description = "The request")),
    request_body = RefuseInput,
    responses(
        (status = 200, description = "The request, refused", body = RequestBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "Another administration decides (problem `forbidden`)"),
        (status = 404, description = "No such request (problem `not-found`)"),
        (status = 409, description = "Answered already (problem `request-ended`)"),
        (status = 422, description = "No reason (problem `invalid-value`)"),
    )
)]
pub(crate) async fn refuse_request(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiPath(id): ApiPath<RequestId>,
    ApiJson(input): ApiJson<RefuseInput>,
) -> Result<Json<RequestBody>, ApiError> {
    let reason = Label::parse(&input.reason, None, REASON).map_err(|_| PortalError::Invalid {
        field: "reason",
        said: texts::request::REASON,
    })?;
    let requests = portal
        .refuse_request(&caller, id, reason.fr().to_owned())
        .await?;
    let body = RequestListBody::new(&requests, locale).one();
    Ok(Json(body.ok_or(ApiError(Problem::internal()))?))
}
