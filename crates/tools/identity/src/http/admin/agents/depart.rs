//! `POST /api/v1/admin/agents/{id}/depart`: the agent left the administration.

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Problem};
use kernel_http::{ApiError, ApiJson, ApiPath, Signed};

use super::{AccountDone, ReasonBody};
use crate::domain::life::Step;
use crate::service::Identity;
use crate::service::life::Wanted;

/// Closes the account of an agent who left: what a suspension ends, and their roles.
#[utoipa::path(
    post,
    path = "/api/v1/admin/agents/{id}/depart",
    operation_id = "departAgent",
    tag = "administration",
    params(("id" = String, Path, description = "the agent")),
    request_body = ReasonBody,
    responses(
        (status = 200, description = "closed", body = AccountDone),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `more-than-held`", content_type = "application/problem+json"),
        (status = 404, description = "no such agent", content_type = "application/problem+json"),
        (status = 409, description = "`account-state`, `oneself`", content_type = "application/problem+json"),
        (status = 422, description = "`reason-too-long`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(agent): ApiPath<AgentId>,
    ApiJson(body): ApiJson<ReasonBody>,
) -> Result<Json<AccountDone>, ApiError> {
    let wanted = Wanted {
        agent,
        step: Step::Depart,
        reason: body.read()?,
    };
    let done = identity.act_on_account(caller, wanted).await?;
    let done = done.ok_or_else(|| ApiError(Problem::not_found()))?;
    Ok(Json(done.into()))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;
    use serde_json::json;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, INTERIOR, NEIGHBOUR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        who_leaves_loses_their_roles_and_is_told_of,
        a_stranger_a_neighbour_and_an_agent_close_nothing,
    );

    async fn who_leaves_loses_their_roles_and_is_told_of(test: TestDb) {
        let admin = Admin::start(&test).await;
        admin.given(AGENT, "announcer", INTERIOR).await;
        let path = format!("/api/v1/admin/agents/{}/depart", Admin::id(AGENT));
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let done = claire.post_json(&path, &json!({})).await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert_eq!(done.json()["state"], "departed");
        let roles = "SELECT COUNT(*) AS n FROM identity_role WHERE role = 'announcer'";
        assert_eq!(admin.count(roles).await, 0);
        for kind in [
            "SELECT COUNT(*) AS n FROM outbox WHERE kind = 'identity.agent.departed'",
            "SELECT COUNT(*) AS n FROM outbox WHERE kind = 'identity.role.revoked'",
            "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.agent.depart'",
        ] {
            assert_eq!(admin.count(kind).await, 1, "{kind}");
        }
        let again = claire.post_json(&path, &json!({})).await;
        assert_eq!(again.problem(), "account-state");
    }

    async fn a_stranger_a_neighbour_and_an_agent_close_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = format!("/api/v1/admin/agents/{}/depart", Admin::id(AGENT));
        let mut stranger = admin.stranger();
        assert_eq!(stranger.post_json(&path, &json!({})).await.status, 401);
        for who in [NEIGHBOUR, AGENT] {
            let refused = admin.as_agent(who).post_json(&path, &json!({})).await;
            assert_eq!(refused.status, 403);
        }
    }
}
