//! `GET /api/v1/admin/requests`: what is asked of the caller’s administrations.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, ApiQuery, Lang, Signed};
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::RequestListBody;
use crate::domain::RequestState;
use crate::error::PortalError;
use crate::service::Portal;
use crate::texts;

/// Which.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// `pending` (also when absent), `approved`, `refused` or `withdrawn`.
    state: Option<String>,
}

/// What is asked of the administrations that the caller administers, the newest first.
#[utoipa::path(
    get,
    path = "/api/v1/admin/requests",
    tag = "portal",
    operation_id = "listRequests",
    params(Wanted),
    responses(
        (status = 200, description = "The requests", body = RequestListBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "The caller administers nothing (problem `forbidden`)"),
        (status = 422, description = "No such state (problem `invalid-value`)"),
    )
)]
pub(crate) async fn list_requests(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiQuery(wanted): ApiQuery<Wanted>,
) -> Result<Json<RequestListBody>, ApiError> {
    let state = match wanted.state.as_deref() {
        None => RequestState::Pending,
        Some(word) => RequestState::from_word(word).ok_or(PortalError::Invalid {
            field: "state",
            said: texts::request::UNKNOWN_STATE,
        })?,
    };
    let requests = portal.requests_for(&caller, state).await?;
    Ok(Json(RequestListBody::new(&requests, locale)))
}
