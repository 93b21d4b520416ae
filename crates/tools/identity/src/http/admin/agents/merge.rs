//! `POST /api/v1/admin/agents/{id}/merge`: two accounts of one person become one.

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Problem};
use kernel_http::{ApiError, ApiJson, ApiPath, Signed};
use serde::Deserialize;
use utoipa::ToSchema;

use super::AccountDone;
use crate::service::Identity;

/// The account that stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct MergeBody {
    #[schema(value_type = String)]
    into: AgentId,
}

/// Merges an account into another of the same person: ways to sign in, roles, favourites and the
/// rest move to the one that stays, whose `sub` is the same as before. It cannot be undone.
#[utoipa::path(
    post,
    path = "/api/v1/admin/agents/{id}/merge",
    operation_id = "mergeAgent",
    tag = "administration",
    params(("id" = String, Path, description = "the account that goes")),
    request_body = MergeBody,
    responses(
        (status = 200, description = "the account that stays", body = AccountDone),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `more-than-held`", content_type = "application/problem+json"),
        (status = 404, description = "no such agent", content_type = "application/problem+json"),
        (status = 409, description = "`unmergeable`, `oneself`", content_type = "application/problem+json"),
        (status = 422, description = "`same-account`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(from): ApiPath<AgentId>,
    ApiJson(body): ApiJson<MergeBody>,
) -> Result<Json<AccountDone>, ApiError> {
    let done = identity.merge_accounts(caller, from, body.into).await?;
    let done = done.ok_or_else(|| ApiError(Problem::not_found()))?;
    Ok(Json(done.into()))
}

#[cfg(test)]
mod tests {
    use futures_util::future::join;
    use kernel_db::testing::TestDb;
    use serde_json::json;

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, Admin, BELOW, INTERIOR, NEIGHBOUR, OPERATOR, Somebody,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        the_account_that_stays_has_both_ways_to_sign_in_and_the_roles,
        who_administers_one_of_the_two_merges_nothing,
        what_cannot_be_merged_is_said_by_name,
        a_guest_whose_account_is_closed_becomes_no_agent_by_a_merge,
        two_merges_crossing_leave_one_account,
    );

    fn path(who: Somebody) -> String {
        format!("/api/v1/admin/agents/{}/merge", Admin::id(who))
    }

    fn into(who: Somebody) -> serde_json::Value {
        json!({ "into": Admin::id(who) })
    }

    async fn the_account_that_stays_has_both_ways_to_sign_in_and_the_roles(test: TestDb) {
        let admin = Admin::start(&test).await;
        admin.given(BELOW, "announcer", INTERIOR).await;
        let (_, moved) = admin.token(BELOW, 7).await;
        let (_, kept) = admin.token(AGENT, 8).await;
        assert_eq!(admin.opens(&moved).await, 200);
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let done = claire.post_json(&path(BELOW), &into(AGENT)).await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert_eq!(done.json()["id"], Admin::id(AGENT).to_string());
        // A secret given for one account never opens the other.
        assert_eq!(admin.opens(&moved).await, 401);
        assert_eq!(admin.opens(&kept).await, 200);
        let logins = "SELECT COUNT(*) AS n FROM identity_login l
                      JOIN identity_agent a ON a.id = l.agent
                      WHERE l.subject IN ('s2', 's5') AND a.usual_name = 'Kerbrat'";
        assert_eq!(admin.count(logins).await, 2);
        let roles = "SELECT COUNT(*) AS n FROM identity_role r
                     JOIN identity_agent a ON a.id = r.agent
                     WHERE r.role = 'announcer' AND a.usual_name = 'Kerbrat'";
        assert_eq!(admin.count(roles).await, 1);
        let tombstone = "SELECT COUNT(*) AS n FROM identity_agent t
                         JOIN identity_agent a ON a.id = t.merged_into
                         WHERE t.state = 'erased' AND t.email = '' AND a.usual_name = 'Kerbrat'";
        assert_eq!(admin.count(tombstone).await, 1);
        for told in [
            "SELECT COUNT(*) AS n FROM outbox WHERE kind = 'identity.agent.merged'",
            "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.agent.merge'",
            "SELECT COUNT(*) AS n FROM job WHERE kind = 'identity.merge'",
        ] {
            assert_eq!(admin.count(told).await, 1, "{told}");
        }
    }

    async fn who_administers_one_of_the_two_merges_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let stranger = admin.stranger().post_json(&path(AGENT), &into(BELOW)).await;
        assert_eq!(stranger.status, 401);
        for (who, from, to) in [
            (AGENT, AGENT, BELOW),
            (NEIGHBOUR, AGENT, BELOW),
            (ADMINISTRATOR, AGENT, NEIGHBOUR),
            (ADMINISTRATOR, NEIGHBOUR, AGENT),
        ] {
            let refused = admin.as_agent(who).post_json(&path(from), &into(to)).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (403, "forbidden"),
                "{}",
                who.4
            );
        }
        let of_more = admin
            .as_agent(ADMINISTRATOR)
            .post_json(&path(OPERATOR), &into(AGENT))
            .await;
        assert_eq!(of_more.problem(), "more-than-held");
    }

    async fn what_cannot_be_merged_is_said_by_name(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let itself = claire.post_json(&path(AGENT), &into(AGENT)).await;
        assert_eq!(
            (itself.status, itself.problem().as_str()),
            (422, "same-account")
        );
        let suspend = format!("/api/v1/admin/agents/{}/suspend", Admin::id(AGENT));
        claire
            .post_json(&suspend, &json!({ "reason": "Badge perdu" }))
            .await;
        for (from, to) in [(AGENT, BELOW), (BELOW, AGENT)] {
            let refused = claire.post_json(&path(from), &into(to)).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (409, "unmergeable")
            );
        }
        let own = claire.post_json(&path(ADMINISTRATOR), &into(BELOW)).await;
        assert_eq!(own.problem(), "oneself");
    }

    async fn a_guest_whose_account_is_closed_becomes_no_agent_by_a_merge(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let db = &admin.identity.house.db;
        let became = db.write(|tx: &mut kernel_db::Tx| {
            Box::pin(async move {
                let sql = "UPDATE identity_agent SET state = 'guest' WHERE id = $1";
                tx.execute(sql, &[Admin::id(AGENT).into()]).await
            })
        });
        let became: Result<u64, kernel_db::DbError> = became.await;
        assert_eq!(became.expect("a guest"), 1);
        let depart = format!("/api/v1/admin/agents/{}/depart", Admin::id(AGENT));
        let left = claire.post_json(&depart, &json!({})).await;
        assert_eq!(left.status, 200, "{}", left.text());
        let refused = claire.post_json(&path(AGENT), &into(BELOW)).await;
        let refused = (refused.status, refused.problem());
        assert_eq!(refused, (409, "unmergeable".to_owned()));
    }

    async fn two_merges_crossing_leave_one_account(test: TestDb) {
        let admin = Admin::start(&test).await;
        let (mut claire, mut ines) = (admin.as_agent(ADMINISTRATOR), admin.as_agent(OPERATOR));
        let (of_agent, of_below) = (path(AGENT), path(BELOW));
        let (to_below, to_agent) = (into(BELOW), into(AGENT));
        let (one, other) = join(
            claire.post_json(&of_agent, &to_below),
            ines.post_json(&of_below, &to_agent),
        )
        .await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let erased = "SELECT COUNT(*) AS n FROM identity_agent WHERE state = 'erased'";
        assert_eq!(admin.count(erased).await, 1);
    }
}
