//! `GET /api/v1/people/{id}`: one colleague.

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Problem};
use kernel_http::{ApiError, ApiPath, Signed};

use super::PersonView;
use crate::service::Identity;

/// An agent as colleagues see them.
#[utoipa::path(
    get,
    path = "/api/v1/people/{id}",
    tag = "identity",
    security(("session" = []), ("token" = [kernel::TokenScope::PeopleRead.word()])),
    operation_id = "getPerson",
    params(("id" = String, Path, description = "The agent's id")),
    responses(
        (status = 200, description = "The agent", body = PersonView),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 404, description = "No agent of this id may sign in (problem `not-found`)"),
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(_): Signed,
    ApiPath(agent): ApiPath<AgentId>,
) -> Result<Json<PersonView>, ApiError> {
    let found = identity.person(agent).await?;
    let person = found.ok_or_else(|| ApiError::from(Problem::not_found()))?;
    Ok(Json(person.into()))
}
