//! `POST /api/v1/admin/agents/{id}/resume`: a suspended or closed account opens again.

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Problem};
use kernel_http::{ApiError, ApiPath, Signed};

use super::AccountDone;
use crate::domain::life::Step;
use crate::service::Identity;
use crate::service::life::Wanted;

/// Opens an account again, as it was before it was suspended or closed. Sessions and roles do not come back.
#[utoipa::path(
    post,
    path = "/api/v1/admin/agents/{id}/resume",
    operation_id = "resumeAgent",
    tag = "administration",
    params(("id" = String, Path, description = "the agent")),
    responses(
        (status = 200, description = "as it was before", body = AccountDone),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `more-than-held`", content_type = "application/problem+json"),
        (status = 404, description = "no such agent", content_type = "application/problem+json"),
        (status = 409, description = "`account-state`, `oneself`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(agent): ApiPath<AgentId>,
) -> Result<Json<AccountDone>, ApiError> {
    let wanted = Wanted {
        agent,
        step: Step::Resume,
        reason: None,
    };
    let done = identity.act_on_account(caller, wanted).await?;
    let done = done.ok_or_else(|| ApiError(Problem::not_found()))?;
    Ok(Json(done.into()))
}

#[cfg(test)]
mod tests {
    use http::Method;
    use kernel_db::testing::TestDb;
    use serde_json::json;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, NEIGHBOUR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        who_comes_back_is_what_they_were,
        a_stranger_a_neighbour_and_an_agent_resume_nobody,
    );

    async fn who_comes_back_is_what_they_were(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let path = |verb: &str| format!("/api/v1/admin/agents/{}/{verb}", Admin::id(AGENT));
        let open = claire.call(Method::POST, &path("resume")).await;
        assert_eq!(open.problem(), "account-state", "it is open");
        for verb in ["suspend", "depart"] {
            let left = claire
                .post_json(&path(verb), &json!({ "reason": "Un essai" }))
                .await;
            assert_eq!(left.status, 200, "{}", left.text());
            let back = claire.call(Method::POST, &path("resume")).await;
            assert_eq!(back.json()["state"], "active", "{verb}");
        }
        let told = "SELECT COUNT(*) AS n FROM outbox WHERE kind = 'identity.agent.resumed'";
        assert_eq!(admin.count(told).await, 2);
    }

    async fn a_stranger_a_neighbour_and_an_agent_resume_nobody(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = format!("/api/v1/admin/agents/{}/resume", Admin::id(AGENT));
        let mut stranger = admin.stranger();
        assert_eq!(stranger.call(Method::POST, &path).await.status, 401);
        for who in [NEIGHBOUR, AGENT] {
            let refused = admin.as_agent(who).call(Method::POST, &path).await;
            assert_eq!(refused.status, 403);
        }
    }
}
