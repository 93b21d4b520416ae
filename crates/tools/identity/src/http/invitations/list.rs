//! `GET /api/v1/invitations`: the invitations that the caller sent.

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, ApiQuery, Lang, Signed};

use super::Page;
use super::view::InvitationList;
use crate::domain::invitation::InvitationId;
use crate::error::IdentityError;
use crate::service::Identity;

/// The caller's invitations, 50 a page.
#[utoipa::path(
    get,
    path = "/api/v1/invitations",
    operation_id = "listInvitations",
    tag = "guests",
    params(Page),
    responses(
        (status = 200, description = "the newest first", body = InvitationList),
        (status = 400, description = "`invalid-cursor`", content_type = "application/problem+json"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`guest-refused`: a guest invites nobody", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiQuery(page): ApiQuery<Page>,
) -> Result<Json<InvitationList>, ApiError> {
    let before = cursor(page.cursor.as_deref())?;
    let place = identity.own_invitations(&caller, before).await?;
    Ok(Json(InvitationList::of(&place, locale)))
}

/// Where a list goes on.
///
/// # Errors
/// [`IdentityError::Cursor`] when it is nowhere.
pub(super) fn cursor(text: Option<&str>) -> Result<Option<InvitationId>, IdentityError> {
    text.map(|text| InvitationId::parse(text).map_err(|_| IdentityError::Cursor))
        .transpose()
}
