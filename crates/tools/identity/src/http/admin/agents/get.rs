//! `GET /api/v1/admin/agents/{id}`: one agent, and what the caller may do to their account.

use axum::Json;
use axum::extract::State;
use kernel::{AgentId, Problem, Timestamp};
use kernel_http::{ApiError, ApiPath, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use super::AdministeredAgent;
use crate::domain::life::Step;
use crate::http::admin::NamedAgent;
use crate::service::Identity;
use crate::service::life::Account;

/// An agent as administrators see them, with where their account stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct AgentInFull {
    #[serde(flatten)]
    agent: AdministeredAgent,
    /// Since when the account is in this state, UTC milliseconds; absent: since it is known.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    state_since: Option<i64>,
    /// Who did it; absent: nobody, or the command line.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    state_by: Option<NamedAgent>,
    /// Sessions open now.
    sessions: u32,
    /// Roles held now.
    roles: u32,
    /// Invitations of theirs that let a guest in now: `GET /api/v1/admin/invitations?inviter=…`.
    guests: u32,
    /// What the caller may do now: of `suspend`, `resume`, `depart`, `erase`.
    may: Vec<&'static str>,
}

impl From<Account> for AgentInFull {
    fn from(account: Account) -> Self {
        Self {
            agent: account.row.into(),
            state_since: account.life.since.map(Timestamp::millis),
            state_by: account.by.map(|by| {
                let said = &by.attributes;
                NamedAgent::new(by.id, &said.given_name, &said.usual_name, &said.email)
            }),
            sessions: account.sessions,
            roles: account.roles,
            guests: account.guests,
            may: account.may.into_iter().map(Step::word).collect(),
        }
    }
}

/// One agent of what the caller administers.
#[utoipa::path(
    get,
    path = "/api/v1/admin/agents/{id}",
    operation_id = "getAgent",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminImport.word()])),
    params(("id" = String, Path, description = "the agent")),
    responses(
        (status = 200, description = "the agent", body = AgentInFull),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json"),
        (status = 404, description = "no such agent", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(agent): ApiPath<AgentId>,
) -> Result<Json<AgentInFull>, ApiError> {
    let account = identity.account(caller, agent).await?;
    let account = account.ok_or_else(|| ApiError(Problem::not_found()))?;
    Ok(Json(account.into()))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;
    use serde_json::json;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, NEIGHBOUR, OPERATOR, Somebody};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_administrator_sees_what_they_may_do,
        a_stranger_a_neighbour_and_an_agent_see_nothing,
    );

    fn path(who: Somebody) -> String {
        format!("/api/v1/admin/agents/{}", Admin::id(who))
    }

    async fn an_administrator_sees_what_they_may_do(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let seen = claire.get(&path(AGENT)).await.json();
        assert_eq!(seen["displayName"], "Yann Kerbrat");
        assert_eq!(seen["state"], "active");
        assert_eq!(seen["may"], json!(["suspend", "depart"]));
        assert!(seen["stateSince"].is_null() && seen["stateBy"].is_null());
        let suspend = format!("{}/suspend", path(AGENT));
        claire
            .post_json(&suspend, &json!({ "reason": "Badge perdu" }))
            .await;
        let seen = claire.get(&path(AGENT)).await.json();
        assert_eq!(seen["may"], json!(["resume", "depart"]));
        assert_eq!(seen["stateBy"]["displayName"], "Claire Delmas");
        assert!(seen["stateSince"].is_i64());
        for who in [ADMINISTRATOR, OPERATOR] {
            let seen = claire.get(&path(who)).await.json();
            assert_eq!(seen["may"], json!([]), "{}", who.4);
        }
    }

    async fn a_stranger_a_neighbour_and_an_agent_see_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        assert_eq!(admin.stranger().get(&path(AGENT)).await.status, 401);
        for who in [NEIGHBOUR, AGENT] {
            let refused = admin.as_agent(who).get(&path(AGENT)).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (403, "forbidden")
            );
        }
        let nobody = "/api/v1/admin/agents/01890000-0000-7000-8000-000000000000";
        assert_eq!(admin.as_agent(OPERATOR).get(nobody).await.status, 404);
        assert_eq!(admin.as_agent(AGENT).get(nobody).await.status, 403);
    }
}
