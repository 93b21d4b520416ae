//! `GET /api/v1/admin/announcements/{id}/readers`: who has read it, and who has not yet.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel::port::Person;
use kernel::{Limit, Timestamp};
use kernel_http::{ApiError, ApiPath, ApiQuery, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::news::AnnouncementId;
use crate::http::announcements::body::NamedBody;
use crate::service::{News, Readers};

/// Which ones.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReadersQuery {
    /// Those who have read it (when absent), or those who have not.
    confirmed: Option<bool>,
    /// Where the part begins: `next` of the one before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    limit: Option<u16>,
}

/// A part of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReadersBody {
    /// Persons; a part may hold fewer than asked for and still have a `next`.
    items: Vec<ReaderBody>,
    /// Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many have read it.
    confirmed: i64,
    /// How many it is for.
    expected: u64,
}

/// A person of the audience.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReaderBody {
    id: String,
    given_name: String,
    usual_name: String,
    display_name: String,
    initials: String,
    email: String,
    organisation: NamedBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// When they read it, UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_at: Option<i64>,
}

/// Who has read an announcement.
#[utoipa::path(
    get,
    path = "/api/v1/admin/announcements/{id}/readers",
    tag = "announcements",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminAnnouncements.word()])),
    operation_id = "listAnnouncementReaders",
    params(("id" = String, Path, description = "Which announcement"), ReadersQuery),
    responses(
        (status = 200, description = "In the order of reading; those who have not, in that of their ids", body = ReadersBody),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 403, description = "The caller does not announce there"),
        (status = 404, description = "No such announcement"),
    )
)]
pub(crate) async fn list_readers(
    State(news): State<Arc<News>>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<AnnouncementId>,
    ApiQuery(query): ApiQuery<ReadersQuery>,
) -> Result<Json<ReadersBody>, ApiError> {
    let limit = query.limit.map_or_else(Limit::default, Limit::new);
    let confirmed = query.confirmed.unwrap_or(true);
    let readers = news
        .readers(&caller, id, confirmed, query.cursor.as_deref(), limit)
        .await?;
    Ok(Json(body(readers)))
}

fn body(readers: Readers) -> ReadersBody {
    ReadersBody {
        items: readers
            .items
            .into_iter()
            .map(|(person, read_at)| reader(person, read_at))
            .collect(),
        next: readers.next.map(|cursor| cursor.to_text()),
        confirmed: readers.confirmed,
        expected: readers.expected,
    }
}

fn reader(person: Person, read_at: Option<Timestamp>) -> ReaderBody {
    let initial = |name: &str| name.chars().next().into_iter().flat_map(char::to_uppercase);
    let initials = initial(&person.given_name)
        .chain(initial(&person.usual_name))
        .collect();
    ReaderBody {
        id: person.id.to_string(),
        display_name: person.display_name(),
        initials,
        given_name: person.given_name,
        usual_name: person.usual_name,
        email: person.email,
        organisation: NamedBody {
            id: person.organisation.to_string(),
            label: person.organisation_label,
        },
        unit: person.organizational_unit,
        read_at: read_at.map(Timestamp::millis),
    }
}
