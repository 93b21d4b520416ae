//! `GET /api/v1/admin/invitations`: the guests for whom an administration answers.

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, ApiQuery, Lang, Signed};
use serde::Deserialize;
use utoipa::IntoParams;

use super::list::cursor;
use super::view::InvitationList;
use crate::http::admin::{agent_id, organisation_id};
use crate::service::Identity;

/// Of which administration.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Which {
    /// This administration, and those below it when the caller administers them.
    organisation: String,
    /// Only those that this agent sent.
    inviter: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// The invitations that an administration answers for, 50 a page.
#[utoipa::path(
    get,
    path = "/api/v1/admin/invitations",
    operation_id = "listSponsoredInvitations",
    tag = "administration",
    params(Which),
    responses(
        (status = 200, description = "the newest first", body = InvitationList),
        (status = 400, description = "`invalid-query`, `invalid-cursor`", content_type = "application/problem+json"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiQuery(which): ApiQuery<Which>,
) -> Result<Json<InvitationList>, ApiError> {
    let organisation = organisation_id(&which.organisation)?;
    let inviter = which.inviter.as_deref().map(agent_id).transpose()?;
    let before = cursor(which.cursor.as_deref())?;
    let place = identity
        .sponsored_invitations(&caller, organisation, inviter, before)
        .await?;
    Ok(Json(InvitationList::of(&place, locale)))
}
