//! `GET /api/v1/admin/announcements`: those of one administration.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel::{Limit, OrganisationId};
use kernel_http::{ApiError, ApiQuery, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::WrittenBody;
use crate::service::News;

/// Which ones.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OfQuery {
    /// Whose; the caller's own administration when absent.
    #[param(value_type = Option<String>)]
    organisation: Option<OrganisationId>,
    /// Where the part begins: `next` of the one before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    limit: Option<u16>,
}

/// A part of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WrittenListBody {
    /// Latest first.
    items: Vec<WrittenBody>,
    /// Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The announcements of an administration, in every state.
#[utoipa::path(
    get,
    path = "/api/v1/admin/announcements",
    tag = "announcements",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminAnnouncements.word()])),
    operation_id = "listWrittenAnnouncements",
    params(OfQuery),
    responses(
        (status = 200, description = "Latest first", body = WrittenListBody),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 403, description = "The caller does not announce there"),
    )
)]
pub(crate) async fn list_written(
    State(news): State<Arc<News>>,
    Signed(caller): Signed,
    ApiQuery(query): ApiQuery<OfQuery>,
) -> Result<Json<WrittenListBody>, ApiError> {
    let limit = query.limit.map_or_else(Limit::default, Limit::new);
    let organisation = query.organisation.unwrap_or(caller.organisation);
    let page = news
        .announcements_of(&caller, organisation, query.cursor.as_deref(), limit)
        .await?;
    Ok(Json(WrittenListBody {
        items: page.items.iter().map(WrittenBody::of).collect(),
        next: page.next.map(|cursor| cursor.to_text()),
    }))
}
