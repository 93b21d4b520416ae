//! `PUT /api/v1/application/search`: an application joins the one search, or leaves it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use kernel_http::{ApiError, ApiJson, Application};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::service::Portal;

/// Where the application answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SearchWish {
    /// An `https` address; null: nowhere any more.
    #[schema(example = "https://mission.gouv.fr/besace/search")]
    url: Option<String>,
}

/// The registration.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchRegistration {
    /// Where the application is asked: `POST` of `{q, agent, locale}`, answered within 400 ms by
    /// `{hits:[{id, title, detail?, icon?, link}]}` of 64 KB at most.
    url: String,
    /// What each question brings in `Authorization: Bearer`. Shown this once.
    secret: String,
}

/// Registers where the calling application answers in the search.
#[utoipa::path(
    put,
    path = "/api/v1/application/search",
    tag = "application",
    operation_id = "putApplicationSearch",
    request_body = SearchWish,
    responses(
        (status = 200, description = "Registered, with a new secret", body = SearchRegistration),
        (status = 204, description = "Not asked any more"),
        (status = 401, description = "No token, or one that is not valid (problems `token-required`, `invalid-token`)"),
        (status = 403, description = "A token without the scope `search` (problem `insufficient-scope`)"),
        (status = 404, description = "The application has no tile (problem `application-without-tool`)"),
        (status = 422, description = "An address that is not to be asked (problem `search-address`)"),
    )
)]
pub(crate) async fn put_search(
    State(portal): State<Arc<Portal>>,
    application: Application,
    ApiJson(wish): ApiJson<SearchWish>,
) -> Result<Response, ApiError> {
    application.require("search")?;
    let (client, organisation) = (&application.0.client_id, application.0.organisation);
    let Some(url) = wish.url else {
        portal.end_search(client, organisation).await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let registration = portal.register_search(client, organisation, &url).await?;
    let body = SearchRegistration {
        url: registration.url,
        secret: registration.secret.expose().to_owned(),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}
