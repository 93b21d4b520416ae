//! `GET /api/v1/announcements`: what is announced to the caller now, latest first.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel::Limit;
use kernel_http::{ApiError, ApiQuery, Lang, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::AnnouncementBody;
use crate::service::News;

/// Which part.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PartQuery {
    /// Where the part begins: `next` of the one before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    limit: Option<u16>,
}

/// A part of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnnouncementsBody {
    /// Latest first.
    items: Vec<AnnouncementBody>,
    /// Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What is announced to the caller.
#[utoipa::path(
    get,
    path = "/api/v1/announcements",
    tag = "announcements",
    security(("session" = []), ("token" = [kernel::TokenScope::PortalRead.word()])),
    operation_id = "listAnnouncements",
    params(PartQuery),
    responses(
        (status = 200, description = "Announcements, latest first", body = AnnouncementsBody),
        (status = 400, description = "Problem `invalid-cursor`"),
        (status = 401, description = "Problem `sign-in-required`"),
    )
)]
pub(crate) async fn list_announcements(
    State(news): State<Arc<News>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiQuery(query): ApiQuery<PartQuery>,
) -> Result<Json<AnnouncementsBody>, ApiError> {
    let limit = query.limit.map_or_else(Limit::default, Limit::new);
    let page = news
        .announcements_for(&caller, query.cursor.as_deref(), limit)
        .await?;
    Ok(Json(AnnouncementsBody {
        items: page
            .items
            .iter()
            .map(|one| AnnouncementBody::of(one, locale))
            .collect(),
        next: page.next.map(|cursor| cursor.to_text()),
    }))
}
