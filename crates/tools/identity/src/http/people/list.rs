//! `GET /api/v1/people`: the directory, found by the beginnings of words or read by name.

use axum::Json;
use axum::extract::State;
use kernel::{Cursor, Limit, OrganisationId};
use kernel_http::{ApiError, ApiQuery, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::PersonView;
use crate::domain::words::Question;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::service::directory::Asked;

/// Letters of a question that count.
const LONGEST: usize = 200;

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct PeopleQuery {
    /// Beginnings of words of a name or a service, or of an address; absent: everybody.
    q: Option<String>,
    /// Of this administration and those below it only.
    #[param(value_type = Option<String>)]
    organisation: Option<OrganisationId>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// Persons of a page, 1 to 200; 50 unless said.
    limit: Option<u16>,
}

/// A page of the directory.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PeopleView {
    /// Best first for a question, else by name.
    items: Vec<PersonView>,
    /// The cursor of the next page; absent on the last.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl PeopleQuery {
    fn asked(&self) -> Asked {
        let typed = self
            .q
            .as_deref()
            .map(str::trim)
            .filter(|typed| !typed.is_empty());
        let typed = typed.map(|typed| typed.chars().take(LONGEST).collect::<String>());
        Asked {
            question: typed.as_deref().map(Question::parse),
            organisation: self.organisation,
        }
    }

    fn cursor(&self) -> Result<Option<Cursor>, IdentityError> {
        let cursor = self.cursor.as_deref().map(Cursor::parse).transpose();
        cursor.map_err(|_| IdentityError::Cursor)
    }
}

/// Agents of all administrations who may sign in.
#[utoipa::path(
    get,
    path = "/api/v1/people",
    tag = "identity",
    security(("session" = []), ("token" = [kernel::TokenScope::PeopleRead.word()])),
    operation_id = "listPeople",
    params(PeopleQuery),
    responses(
        (status = 200, description = "A page of the directory", body = PeopleView),
        (status = 400, description = "A parameter or the cursor cannot be (problems `invalid-query`, `invalid-cursor`)"),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(_): Signed,
    ApiQuery(query): ApiQuery<PeopleQuery>,
) -> Result<Json<PeopleView>, ApiError> {
    let cursor = query.cursor()?;
    let limit = query.limit.map_or_else(Limit::default, Limit::new);
    let page = identity.people(query.asked(), cursor, limit).await?;
    Ok(Json(PeopleView {
        items: page.items.into_iter().map(PersonView::from).collect(),
        next: page.next.map(|next| next.to_text()),
    }))
}
