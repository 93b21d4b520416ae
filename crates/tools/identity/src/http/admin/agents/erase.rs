//! `POST /api/v1/admin/agents/{id}/erase`: all that is kept of a departed agent goes.

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Problem};
use kernel_http::{ApiError, ApiJson, ApiPath, Signed};

use super::{AccountDone, ReasonBody};
use crate::domain::life::Step;
use crate::service::Identity;
use crate::service::life::Wanted;

/// Erases a closed account. Names and ways to sign in go at once, what each tool keeps goes in
/// the background; a tombstone without a name stays.
#[utoipa::path(
    post,
    path = "/api/v1/admin/agents/{id}/erase",
    operation_id = "eraseAgent",
    tag = "administration",
    params(("id" = String, Path, description = "the agent")),
    request_body = ReasonBody,
    responses(
        (status = 200, description = "erased", body = AccountDone),
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
        step: Step::Erase,
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

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, Admin, INTERIOR, NEIGHBOUR, OPERATOR, known,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        only_a_closed_account_is_erased_and_a_tombstone_stays,
        a_stranger_a_neighbour_and_an_agent_erase_nothing,
    );

    fn path(verb: &str) -> String {
        format!("/api/v1/admin/agents/{}/{verb}", Admin::id(AGENT))
    }

    async fn only_a_closed_account_is_erased_and_a_tombstone_stays(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let open = claire.post_json(&path("erase"), &json!({})).await;
        assert_eq!(
            (open.status, open.problem().as_str()),
            (409, "account-state")
        );
        claire.post_json(&path("depart"), &json!({})).await;
        let done = claire.post_json(&path("erase"), &json!({})).await;
        assert_eq!(done.json()["state"], "erased", "{}", done.text());
        for verb in ["resume", "depart", "erase", "suspend"] {
            let body = json!({ "reason": "Trop tard" });
            let refused = claire.post_json(&path(verb), &body).await;
            assert_eq!(refused.problem(), "account-state", "{verb}");
        }
        let seen = claire
            .get(&format!("/api/v1/admin/agents/{}", Admin::id(AGENT)))
            .await;
        assert_eq!(seen.status, 404);
        let tombstone = "SELECT COUNT(*) AS n FROM identity_agent
                         WHERE state = 'erased' AND state_at IS NOT NULL
                           AND given_name = '' AND usual_name = '' AND email = '' AND uid = ''";
        assert_eq!(admin.count(tombstone).await, 1);
        let left = "SELECT (SELECT COUNT(*) FROM identity_login WHERE subject = 's2')
                         + (SELECT COUNT(*) FROM identity_agent_word WHERE entry LIKE 'kerbrat%')
                           AS n";
        assert_eq!(admin.count(left).await, 0);
        // A configuration that still names them does not write them again.
        let again = admin.identity.know(vec![known(AGENT)]).await;
        again.expect("nothing is written");
        assert_eq!(admin.count(tombstone).await, 1);
        let role = Admin::grant_body(AGENT, "announcer", Some(INTERIOR));
        let refused = admin
            .as_agent(OPERATOR)
            .post_json("/api/v1/admin/grants", &role)
            .await;
        assert_eq!(refused.problem(), "unknown-agent");
    }

    async fn a_stranger_a_neighbour_and_an_agent_erase_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        claire.post_json(&path("depart"), &json!({})).await;
        let mut stranger = admin.stranger();
        assert_eq!(
            stranger.post_json(&path("erase"), &json!({})).await.status,
            401
        );
        for who in [NEIGHBOUR, AGENT] {
            let refused = admin
                .as_agent(who)
                .post_json(&path("erase"), &json!({}))
                .await;
            assert_eq!(refused.status, 403);
        }
    }
}
