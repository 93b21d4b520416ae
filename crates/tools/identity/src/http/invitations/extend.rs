//! `POST /api/v1/invitations/{id}/extend`: another end.

use axum::Json;
use axum::extract::State;
use kernel::{Problem, Timestamp};
use kernel_http::{ApiError, ApiJson, ApiPath, Lang, Signed};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::InvitationView;
use crate::domain::invitation::InvitationId;
use crate::service::Identity;

/// The new end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ExtendBody {
    /// UTC milliseconds.
    until: i64,
}

/// Gives an invitation of the caller's another end, later or earlier.
#[utoipa::path(
    post,
    path = "/api/v1/invitations/{id}/extend",
    operation_id = "extendInvitation",
    tag = "guests",
    params(("id" = String, Path, description = "the invitation")),
    request_body = ExtendBody,
    responses(
        (status = 200, description = "with its new end", body = InvitationView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`guest-refused`", content_type = "application/problem+json"),
        (status = 404, description = "the caller sent no such invitation", content_type = "application/problem+json"),
        (status = 409, description = "`invitation-state`: it is over; `no-longer-shareable`: a later end, by who could not send it now", content_type = "application/problem+json"),
        (status = 422, description = "`invalid-end`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiPath(id): ApiPath<InvitationId>,
    ApiJson(body): ApiJson<ExtendBody>,
) -> Result<Json<InvitationView>, ApiError> {
    let until = Timestamp::from_millis(body.until);
    let one = identity.extend_invitation(&caller, id, until).await?;
    let one = one.ok_or(ApiError(Problem::not_found()))?;
    let listed = identity.listed(one).await?;
    let now = identity.house.clock.now();
    Ok(Json(InvitationView::of(&listed, now, locale)))
}
