//! `POST /api/v1/invitations/{id}/reset-second-factor`: a guest lost what shows their codes.

use axum::Json;
use axum::extract::State;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Lang, Signed};

use super::view::InvitationView;
use crate::domain::invitation::InvitationId;
use crate::service::Identity;

/// Takes the second factor of a guest away, and ends their sessions: by an invitation that the
/// caller sent, or that an administration answers for which they administer, when that
/// administration asks for the factor. The guest is told by mail. It opens nothing: the next entry
/// asks for a code by mail, then for a new factor.
#[utoipa::path(
    post,
    path = "/api/v1/invitations/{id}/reset-second-factor",
    operation_id = "resetGuestSecondFactor",
    tag = "guests",
    params(("id" = String, Path, description = "the invitation")),
    responses(
        (status = 200, description = "there is none any more", body = InvitationView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`guest-refused`", content_type = "application/problem+json"),
        (status = 404, description = "there is no such invitation for the caller", content_type = "application/problem+json"),
        (status = 409, description = "`no-second-factor`: none may be reset from there", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiPath(id): ApiPath<InvitationId>,
) -> Result<Json<InvitationView>, ApiError> {
    let one = identity.reset_guest_factor(&caller, id).await?;
    let one = one.ok_or(ApiError(Problem::not_found()))?;
    let listed = identity.listed(one).await?;
    let now = identity.house.clock.now();
    Ok(Json(InvitationView::of(&listed, now, locale)))
}
