//! `GET /api/v1/status`: how the services do.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::{Locale, Timestamp};
use kernel_http::{ApiError, Lang, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::{Portal, Service};

/// How one service does.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceStatusBody {
    /// `provider` or `tool`.
    kind: &'static str,
    /// Stable within its kind.
    id: String,
    /// Its name, in the language of the answer.
    name: String,
    /// `up` (nothing is said against it), `disturbed` or `down`.
    level: &'static str,
    /// Since when, UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    since: Option<Timestamp>,
    /// What is known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// How the services do that the caller may use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusBody {
    /// Providers first, then tools.
    items: Vec<ServiceStatusBody>,
}

/// How the services do.
#[utoipa::path(
    get,
    path = "/api/v1/status",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::PortalRead.word()])),
    operation_id = "getStatus",
    responses(
        (status = 200, description = "How the services do", body = StatusBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
    )
)]
pub(crate) async fn get_status(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
) -> Result<Json<StatusBody>, ApiError> {
    let services = portal.status(&caller).await?;
    let items = services.iter().map(|service| body(service, locale));
    Ok(Json(StatusBody {
        items: items.collect(),
    }))
}

fn body(service: &Service, locale: Locale) -> ServiceStatusBody {
    let status = &service.status;
    ServiceStatusBody {
        kind: service.kind,
        id: status.id.clone(),
        name: status.name.get(locale).to_owned(),
        level: status.level.word(),
        since: status.since,
        message: status
            .message
            .as_ref()
            .map(|message| message.get(locale).to_owned()),
    }
}
