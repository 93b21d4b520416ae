//! `DELETE /api/v1/admin/agents/{id}/tokens/{token}`.

use axum::extract::State;
use http::StatusCode;
use kernel::{AgentId, CredentialId, Problem};
use kernel_http::{ApiError, ApiPath, Signed};

use crate::service::Identity;

/// Revokes a token of an agent, at once and for good. Journalled.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/agents/{id}/tokens/{token}",
    operation_id = "deleteAgentToken",
    tag = "administration",
    params(
        ("id" = String, Path, description = "the agent"),
        ("token" = String, Path, description = "the token")
    ),
    responses(
        (status = 204, description = "revoked"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `more-than-held`", content_type = "application/problem+json"),
        (status = 404, description = "no such agent, or no such token of theirs", content_type = "application/problem+json"),
        (status = 409, description = "`oneself`: one's own are on “My account”", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath((agent, token)): ApiPath<(AgentId, CredentialId)>,
) -> Result<StatusCode, ApiError> {
    if identity.revoke_token_of(caller, agent, token).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError(Problem::not_found()))
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, Admin, BELOW, LANDES, NEIGHBOUR, OPERATOR, Somebody,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_administrator_sees_what_programs_have_and_revokes_it,
        a_stranger_a_neighbour_and_an_agent_see_and_revoke_nothing,
        nobody_revokes_of_themselves_here_nor_of_who_holds_more,
    );

    fn path(who: Somebody) -> String {
        format!("/api/v1/admin/agents/{}/tokens", Admin::id(who))
    }

    async fn an_administrator_sees_what_programs_have_and_revokes_it(test: TestDb) {
        let admin = Admin::start(&test).await;
        let (id, bearer) = admin.token(AGENT, 7).await;
        assert_eq!(admin.opens(&bearer).await, 200);
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let listed = claire.get(&path(AGENT)).await;
        let seen = &listed.json()["items"][0];
        assert_eq!(
            (&seen["name"], &seen["id"]),
            (&"Sauvegarde".into(), &id.as_str().into())
        );
        assert!(!listed.text().contains("besace_"), "never the secret");
        let one = format!("{}/{id}", path(AGENT));
        assert_eq!(claire.call(Method::DELETE, &one).await.status, 204);
        assert_eq!(admin.opens(&bearer).await, 401);
        assert_eq!(claire.call(Method::DELETE, &one).await.status, 404, "once");
        let items = claire.get(&path(AGENT)).await.json();
        assert_eq!(items["items"].as_array().map(Vec::len), Some(0));
        let told = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.token.revoke'";
        assert_eq!(admin.count(told).await, 1);
    }

    async fn a_stranger_a_neighbour_and_an_agent_see_and_revoke_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let (id, bearer) = admin.token(AGENT, 7).await;
        let one = format!("{}/{id}", path(AGENT));
        let mut stranger = admin.stranger();
        assert_eq!(stranger.get(&path(AGENT)).await.status, 401);
        assert_eq!(stranger.call(Method::DELETE, &one).await.status, 401);
        for who in [NEIGHBOUR, AGENT, BELOW] {
            let mut other = admin.as_agent(who);
            assert_eq!(other.get(&path(AGENT)).await.status, 403, "{}", who.4);
            let refused = other.call(Method::DELETE, &one).await;
            assert_eq!(refused.problem(), "forbidden", "{}", who.4);
        }
        // A token opens neither, whosever it is.
        let mut program = admin.program(&bearer);
        assert_eq!(
            program.get(&path(AGENT)).await.problem(),
            "closed-to-tokens"
        );
        let refused = program.call(Method::DELETE, &one).await;
        assert_eq!(refused.problem(), "closed-to-tokens");
        assert_eq!(admin.opens(&bearer).await, 200);
        let nobody = "/api/v1/admin/agents/01890000-0000-7000-8000-000000000000/tokens";
        assert_eq!(admin.as_agent(OPERATOR).get(nobody).await.status, 404);
        assert_eq!(admin.as_agent(AGENT).get(nobody).await.status, 403);
    }

    async fn nobody_revokes_of_themselves_here_nor_of_who_holds_more(test: TestDb) {
        let admin = Admin::start(&test).await;
        for (who, number, problem) in [
            (ADMINISTRATOR, 7, "oneself"),
            (OPERATOR, 8, "more-than-held"),
        ] {
            let (id, bearer) = admin.token(who, number).await;
            let mut claire = admin.as_agent(ADMINISTRATOR);
            assert_eq!(claire.get(&path(who)).await.status, 200);
            let one = format!("{}/{id}", path(who));
            let refused = claire.call(Method::DELETE, &one).await;
            assert_eq!(refused.problem(), problem);
            assert_eq!(admin.opens(&bearer).await, 200);
        }
        // Of another agent's account the token is none.
        admin.given(BELOW, "announcer", LANDES).await;
        let (id, _) = admin.token(BELOW, 9).await;
        let astray = format!("{}/{id}", path(AGENT));
        let mut claire = admin.as_agent(ADMINISTRATOR);
        assert_eq!(claire.call(Method::DELETE, &astray).await.status, 404);
    }
}
