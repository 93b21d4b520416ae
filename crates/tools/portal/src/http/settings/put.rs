//! `PUT /api/v1/settings`: changes the caller's quiet hours and digest.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel_http::{ApiError, ApiJson, EntityTag, IfMatch, SignedOrGuest};

use crate::domain::news::SettingsForm;
use crate::service::News;

/// Changes the caller's settings, whole.
#[utoipa::path(
    put,
    path = "/api/v1/settings",
    tag = "settings",
    operation_id = "putSettings",
    request_body = SettingsForm,
    params(("If-Match" = String, Header, description = "The `ETag` of what was read")),
    responses(
        (status = 200, description = "Settings, with their new `ETag`", body = SettingsForm),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 412, description = "Changed meanwhile: `current` holds what stands"),
        (status = 422, description = "Problem `invalid-settings`, naming the `field`"),
        (status = 428, description = "Problem `precondition-required`"),
    )
)]
pub(crate) async fn put_settings(
    State(news): State<Arc<News>>,
    SignedOrGuest(caller): SignedOrGuest,
    if_match: IfMatch,
    ApiJson(form): ApiJson<SettingsForm>,
) -> Result<(EntityTag, Json<SettingsForm>), ApiError> {
    let tag = if_match.require()?;
    let kept = news.change_settings(caller.agent, &form, tag).await?;
    Ok((EntityTag::of(kept.version), Json(kept.form)))
}
