//! `POST /api/v1/invitations/{id}/end`: over, now.

use axum::Json;
use axum::extract::State;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Lang, Signed};

use super::view::InvitationView;
use crate::domain::invitation::InvitationId;
use crate::service::Identity;

/// Ends an invitation, or takes it back when it was not answered: one that the caller sent, or
/// that an administration answers for which they administer. What the guest has open ends with the
/// last.
#[utoipa::path(
    post,
    path = "/api/v1/invitations/{id}/end",
    operation_id = "endInvitation",
    tag = "guests",
    params(("id" = String, Path, description = "the invitation")),
    responses(
        (status = 200, description = "over", body = InvitationView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`guest-refused`", content_type = "application/problem+json"),
        (status = 404, description = "there is no such invitation for the caller", content_type = "application/problem+json"),
        (status = 409, description = "`invitation-state`: it is over", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiPath(id): ApiPath<InvitationId>,
) -> Result<Json<InvitationView>, ApiError> {
    let one = identity.end_invitation(&caller, id).await?;
    let one = one.ok_or(ApiError(Problem::not_found()))?;
    let listed = identity.listed(one).await?;
    let now = identity.house.clock.now();
    Ok(Json(InvitationView::of(&listed, now, locale)))
}
