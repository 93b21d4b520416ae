//! `POST /api/v1/admin/providers/{id}/try`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::SET_COOKIE;
use kernel_http::{ApiError, ApiPath, Cookies, Lang, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use super::provider_id;
use crate::service::Identity;

/// A trial begun.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct TrialStarted {
    /// To be opened in another tab of this browser.
    url: String,
    /// No answer counts from then on, UTC milliseconds.
    expires_at: i64,
}

/// Begins a trial of a provider, in service or not: the caller signs in there in another tab of
/// this browser, and nobody is signed in here.
#[utoipa::path(
    post,
    path = "/api/v1/admin/providers/{id}/try",
    operation_id = "startProviderTrial",
    tag = "administration",
    params(("id" = String, Path, description = "its name in the machine")),
    responses(
        (status = 200, description = "where the other tab goes", body = TrialStarted),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "not an administrator of its administration", content_type = "application/problem+json"),
        (status = 404, description = "no such provider", content_type = "application/problem+json"),
        (status = 503, description = "the provider does not answer", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<String>,
    Lang(locale): Lang,
    cookies: Cookies,
) -> Result<Response, ApiError> {
    let id = provider_id(&id)?;
    let started = identity.start_trial(caller, id, locale).await;
    let started = started?;
    let kept = identity.keep(&started.interaction, &cookies);
    let mut response = Json(TrialStarted {
        url: started.url.into(),
        expires_at: started.expires_at.millis(),
    })
    .into_response();
    for cookie in kept? {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, LANDES, NEIGHBOUR};
    use crate::http::providers::testing::{body, create};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_provider_that_does_not_answer_is_not_tried,
        a_stranger_an_agent_and_a_neighbour_try_nothing,
    );

    async fn a_provider_that_does_not_answer_is_not_tried(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let path = format!("{path}/try");
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let refused = claire.post_json(&path, &()).await;
        assert_eq!(refused.status, 503);
        assert_eq!(refused.json()["type"], "/problems/Y020031");
        let none = claire.get(&path).await;
        assert_eq!(none.json()["type"], "/problems/no-trial");
    }

    async fn a_stranger_an_agent_and_a_neighbour_try_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let path = format!("{path}/try");
        assert_eq!(admin.stranger().post_json(&path, &()).await.status, 401);
        for who in [AGENT, NEIGHBOUR] {
            let refused = admin.as_agent(who).post_json(&path, &()).await;
            assert_eq!(refused.status, 403);
        }
    }
}
