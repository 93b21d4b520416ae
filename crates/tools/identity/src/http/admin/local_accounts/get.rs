//! `GET /api/v1/admin/local-accounts/{id}`: one account, and what the caller may do to it.

use axum::Json;
use axum::extract::State;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Signed};

use super::LocalAccountInFull;
use crate::local::LocalSubject;
use crate::service::Identity;

/// One password account of what the caller administers.
#[utoipa::path(
    get,
    path = "/api/v1/admin/local-accounts/{id}",
    operation_id = "getLocalAccount",
    tag = "administration",
    params(("id" = String, Path, description = "the account")),
    responses(
        (status = 200, description = "the account", body = LocalAccountInFull),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json"),
        (status = 404, description = "no such account, or nobody signs in here with a password", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(subject): ApiPath<LocalSubject>,
) -> Result<Json<LocalAccountInFull>, ApiError> {
    let seen = identity.seen_local_account(caller, subject).await?;
    let seen = seen.ok_or_else(|| ApiError(Problem::not_found()))?;
    Ok(Json(seen.into()))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;
    use serde_json::json;

    use super::super::testing::{NADIA, NOBODY, path, provider};
    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, NEIGHBOUR, OPERATOR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_administrator_sees_what_they_may_do,
        a_stranger_a_neighbour_an_announcer_and_an_agent_see_nothing,
    );

    async fn an_administrator_sees_what_they_may_do(test: TestDb) {
        let admin = provider(&test).await;
        let nadia = admin.account_id(NADIA).await;
        let yann = Admin::account(AGENT);
        admin.with_factor_and_session(AGENT.2, &yann).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        for (account, may) in [
            (nadia.as_str(), json!(["invite", "remove"])),
            (yann.as_str(), json!(["reset_factor"])),
            // The operator holds more.
            (&Admin::account(OPERATOR), json!([])),
        ] {
            let seen = claire.get(&path(account, "")).await;
            assert_eq!(seen.status, 200, "{}", seen.text());
            assert_eq!(seen.json()["may"], may, "{account}");
        }
        let mut yann = admin.administrator(AGENT);
        let own = yann.get(&path(&Admin::account(AGENT), "")).await.json();
        assert_eq!(own["may"], json!([]), "one’s own");
    }

    async fn a_stranger_a_neighbour_an_announcer_and_an_agent_see_nothing(test: TestDb) {
        let admin = provider(&test).await;
        let nadia = path(&admin.account_id(NADIA).await, "");
        assert_eq!(admin.stranger().get(&nadia).await.status, 401);
        for mut who in [
            admin.as_agent(NEIGHBOUR),
            admin.as_agent(AGENT),
            admin.announcer(AGENT),
        ] {
            let refused = who.get(&nadia).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (403, "forbidden")
            );
        }
        let nobody = path(NOBODY, "");
        assert_eq!(admin.as_agent(OPERATOR).get(&nobody).await.status, 404);
        assert_eq!(admin.as_agent(AGENT).get(&nobody).await.status, 403);
    }
}
