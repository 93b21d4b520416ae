//! `GET /api/v1/requests`: what the caller asked.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, Lang, Signed};

use super::body::RequestListBody;
use crate::service::Portal;

/// What the caller asked, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/requests",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::PortalRead.word()])),
    operation_id = "listMyRequests",
    responses(
        (status = 200, description = "The requests", body = RequestListBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
    )
)]
pub(crate) async fn my_requests(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
) -> Result<Json<RequestListBody>, ApiError> {
    let requests = portal.my_requests(&caller).await?;
    Ok(Json(RequestListBody::new(&requests, locale)))
}
