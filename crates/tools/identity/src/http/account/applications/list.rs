//! `GET /api/v1/account/applications`.

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, SignedOrGuest};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Identity;
use crate::store::account::Received;

/// Applications that received something of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct OwnApplications {
    /// The last first.
    items: Vec<OwnApplication>,
}

/// What an application received.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct OwnApplication {
    client_id: String,
    /// Absent: it is not registered any more.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What it received, all times together, as scopes.
    scopes: Vec<String>,
    /// UTC milliseconds.
    first_at: i64,
    /// UTC milliseconds.
    last_at: i64,
}

impl From<(Received, Option<String>)> for OwnApplication {
    fn from((received, name): (Received, Option<String>)) -> Self {
        Self {
            client_id: received.client.as_str().to_owned(),
            name,
            scopes: received.scopes.values(),
            first_at: received.first_at.millis(),
            last_at: received.last_at.millis(),
        }
    }
}

/// What each application received of the caller.
#[utoipa::path(
    get,
    path = "/api/v1/account/applications",
    operation_id = "listOwnApplications",
    tag = "account",
    responses(
        (status = 200, description = "the applications", body = OwnApplications),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    SignedOrGuest(caller): SignedOrGuest,
) -> Result<Json<OwnApplications>, ApiError> {
    let received = identity.own_applications(&caller).await?;
    let items = received.into_iter().map(OwnApplication::from).collect();
    Ok(Json(OwnApplications { items }))
}
