//! `POST /api/v1/admin/agents/{id}/suspend`: an account is refused everywhere, for now.

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Problem};
use kernel_http::{ApiError, ApiJson, ApiPath, Signed};

use super::{AccountDone, ReasonBody};
use crate::domain::life::Step;
use crate::service::Identity;
use crate::service::life::Wanted;

/// Suspends an account: its sessions end, its tokens are refused, its open pages close.
#[utoipa::path(
    post,
    path = "/api/v1/admin/agents/{id}/suspend",
    operation_id = "suspendAgent",
    tag = "administration",
    params(("id" = String, Path, description = "the agent")),
    request_body = ReasonBody,
    responses(
        (status = 200, description = "suspended", body = AccountDone),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `more-than-held`", content_type = "application/problem+json"),
        (status = 404, description = "no such agent", content_type = "application/problem+json"),
        (status = 409, description = "`account-state`, `oneself`", content_type = "application/problem+json"),
        (status = 422, description = "`reason-required`, `reason-too-long`", content_type = "application/problem+json")
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
        step: Step::Suspend,
        reason: body.read()?,
    };
    let done = identity.act_on_account(caller, wanted).await?;
    let done = done.ok_or_else(|| ApiError(Problem::not_found()))?;
    Ok(Json(done.into()))
}

#[cfg(test)]
mod tests {
    use futures_util::future::join;
    use kernel_db::testing::TestDb;
    use serde_json::json;

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, Admin, BELOW, INTERIOR, NEIGHBOUR, OPERATOR,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_suspension_is_journalled_with_its_reason_apart_and_told,
        a_stranger_a_neighbour_an_agent_and_oneself_are_refused,
        who_holds_more_is_out_of_reach_of_who_holds_less,
        a_reason_is_needed_and_not_too_long,
        two_administrators_who_suspend_each_other_at_once_leave_one,
        one_suspension_by_two_at_once_is_done_once,
    );

    fn path(who: crate::http::admin::testing::Somebody) -> String {
        format!("/api/v1/admin/agents/{}/suspend", Admin::id(who))
    }

    async fn a_suspension_is_journalled_with_its_reason_apart_and_told(test: TestDb) {
        let admin = Admin::start(&test).await;
        let body = json!({ "reason": "Badge perdu" });
        let mut claire = admin.as_agent(ADMINISTRATOR);
        for who in [AGENT, BELOW] {
            let done = claire.post_json(&path(who), &body).await;
            assert_eq!(done.status, 200, "{}", done.text());
            assert_eq!(done.json()["state"], "suspended");
        }
        let again = claire.post_json(&path(AGENT), &body).await;
        assert_eq!(
            (again.status, again.problem().as_str()),
            (409, "account-state")
        );
        let journal = "SELECT COUNT(*) AS n FROM journal_pending
                       WHERE act = 'identity.agent.suspend' AND personal = 'Badge perdu'
                         AND data NOT LIKE '%Badge%'";
        assert_eq!(admin.count(journal).await, 2);
        let told = "SELECT COUNT(*) AS n FROM outbox
                    WHERE kind = 'identity.agent.suspended' AND version = 1
                      AND data NOT LIKE '%Badge%'";
        assert_eq!(admin.count(told).await, 2);
        let listed = claire
            .get("/api/v1/admin/agents?state=suspended")
            .await
            .json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
    }

    async fn a_stranger_a_neighbour_an_agent_and_oneself_are_refused(test: TestDb) {
        let admin = Admin::start(&test).await;
        let body = json!({ "reason": "Parce que" });
        let stranger = admin.stranger().post_json(&path(AGENT), &body).await;
        assert_eq!(stranger.status, 401);
        for who in [NEIGHBOUR, BELOW] {
            let refused = admin.as_agent(who).post_json(&path(AGENT), &body).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (403, "forbidden")
            );
        }
        for who in [ADMINISTRATOR, OPERATOR] {
            let refused = admin.as_agent(who).post_json(&path(who), &body).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (409, "oneself")
            );
        }
        let nobody = "/api/v1/admin/agents/01890000-0000-7000-8000-000000000000/suspend";
        let unknown = admin.as_agent(ADMINISTRATOR).post_json(nobody, &body).await;
        assert_eq!(unknown.status, 404);
        assert_eq!(
            admin.as_agent(AGENT).post_json(nobody, &body).await.status,
            403
        );
        let active = "SELECT COUNT(*) AS n FROM identity_agent WHERE state = 'active'";
        assert_eq!(admin.count(active).await, 5, "nothing was done");
    }

    async fn who_holds_more_is_out_of_reach_of_who_holds_less(test: TestDb) {
        let admin = Admin::start(&test).await;
        let body = json!({ "reason": "Parce que" });
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let refused = claire.post_json(&path(OPERATOR), &body).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (403, "more-than-held")
        );
        admin.given(BELOW, "announcer", INTERIOR).await;
        let below = admin
            .administrator(BELOW)
            .post_json(&path(BELOW), &body)
            .await;
        assert_eq!(below.problem(), "oneself");
        let done = claire.post_json(&path(BELOW), &body).await;
        assert_eq!(done.status, 200, "a role of her own reach: {}", done.text());
        let mut operator = admin.as_agent(OPERATOR);
        let done = operator.post_json(&path(ADMINISTRATOR), &body).await;
        assert_eq!(done.status, 200, "{}", done.text());
    }

    async fn a_reason_is_needed_and_not_too_long(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        for (body, problem) in [
            (json!({}), "reason-required"),
            (json!({ "reason": " \n " }), "reason-required"),
            (json!({ "reason": "a".repeat(501) }), "reason-too-long"),
            (json!({ "reason": "x", "until": 3 }), "invalid-body"),
        ] {
            let refused = claire.post_json(&path(AGENT), &body).await;
            assert_eq!((refused.status, refused.problem().as_str()), (422, problem));
        }
    }

    async fn two_administrators_who_suspend_each_other_at_once_leave_one(test: TestDb) {
        let admin = Admin::start(&test).await;
        admin.given(AGENT, "administrator", INTERIOR).await;
        let (mut claire, mut yann) = (admin.as_agent(ADMINISTRATOR), admin.administrator(AGENT));
        let body = json!({ "reason": "L’un ou l’autre" });
        let (of_yann, of_claire) = (path(AGENT), path(ADMINISTRATOR));
        let (one, other) = join(
            claire.post_json(&of_yann, &body),
            yann.post_json(&of_claire, &body),
        )
        .await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403]);
        let left = "SELECT COUNT(*) AS n FROM identity_agent WHERE state = 'suspended'";
        assert_eq!(admin.count(left).await, 1);
    }

    async fn one_suspension_by_two_at_once_is_done_once(test: TestDb) {
        let admin = Admin::start(&test).await;
        let (mut claire, mut ines) = (admin.as_agent(ADMINISTRATOR), admin.as_agent(OPERATOR));
        let body = json!({ "reason": "Badge perdu" });
        let target = path(AGENT);
        let (one, other) = join(
            claire.post_json(&target, &body),
            ines.post_json(&target, &body),
        )
        .await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let told = "SELECT COUNT(*) AS n FROM outbox WHERE kind = 'identity.agent.suspended'";
        assert_eq!(admin.count(told).await, 1);
    }
}
