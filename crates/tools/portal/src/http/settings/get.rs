//! `GET /api/v1/settings`: the caller's quiet hours and digest.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel_http::{ApiError, EntityTag, SignedOrGuest};

use crate::domain::news::SettingsForm;
use crate::service::News;

/// The caller's settings; the defaults until they are changed.
#[utoipa::path(
    get,
    path = "/api/v1/settings",
    tag = "settings",
    operation_id = "getSettings",
    responses(
        (status = 200, description = "Settings, with their `ETag`", body = SettingsForm),
        (status = 401, description = "Problem `sign-in-required`"),
    )
)]
pub(crate) async fn get_settings(
    State(news): State<Arc<News>>,
    SignedOrGuest(caller): SignedOrGuest,
) -> Result<(EntityTag, Json<SettingsForm>), ApiError> {
    let kept = news.settings(caller.agent).await?;
    Ok((EntityTag::of(kept.version), Json(kept.form)))
}
