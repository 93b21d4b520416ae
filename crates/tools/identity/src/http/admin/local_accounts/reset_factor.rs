//! `POST /api/v1/admin/local-accounts/{id}/reset-factor`: the second factors are removed.

use axum::Json;
use axum::extract::State;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::local_account::Removal;
use crate::local::LocalSubject;
use crate::service::Identity;

/// What removing the factors ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct FactorsRemoved {
    /// How many sessions ended.
    sessions_ended: usize,
}

/// Removes the second factors and recovery codes of an account, and ends its sessions: the next
/// sign-in asks for the password, then for a new factor. Its holder is told by mail.
#[utoipa::path(
    post,
    path = "/api/v1/admin/local-accounts/{id}/reset-factor",
    operation_id = "resetLocalAccountFactor",
    tag = "administration",
    params(("id" = String, Path, description = "the account")),
    responses(
        (status = 200, description = "removed", body = FactorsRemoved),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `more-than-held`", content_type = "application/problem+json"),
        (status = 404, description = "no such account, or nobody signs in here with a password", content_type = "application/problem+json"),
        (status = 409, description = "`no-second-factor`, `oneself`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(subject): ApiPath<LocalSubject>,
) -> Result<Json<FactorsRemoved>, ApiError> {
    let done = identity
        .act_on_local_account(caller, subject, Removal::Factors)
        .await?;
    let sessions_ended = done.ok_or_else(|| ApiError(Problem::not_found()))?;
    Ok(Json(FactorsRemoved { sessions_ended }))
}

#[cfg(test)]
mod tests {
    use http::Method;
    use kernel_db::testing::TestDb;

    use super::super::testing::{NOBODY, path, provider};
    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, NEIGHBOUR, OPERATOR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        the_factors_go_the_sessions_end_and_the_journal_says_who_did_it,
        a_stranger_a_neighbour_an_announcer_and_an_agent_reset_nothing,
        nobody_resets_their_own_nor_that_of_who_holds_more,
        a_factor_that_is_not_there_is_not_reset,
    );

    const RESET: &str =
        "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.factor.reset'";

    async fn the_factors_go_the_sessions_end_and_the_journal_says_who_did_it(test: TestDb) {
        let admin = provider(&test).await;
        let account = Admin::account(AGENT);
        admin.with_factor_and_session(AGENT.2, &account).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        assert_eq!(
            claire.get(&path(&account, "")).await.json()["secondFactor"],
            true
        );
        let done = claire
            .call(Method::POST, &path(&account, "/reset-factor"))
            .await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert_eq!(done.json()["sessionsEnded"], 1);
        let seen = claire.get(&path(&account, "")).await.json();
        assert_eq!(
            (&seen["secondFactor"], &seen["secondFactorDue"]),
            (&false.into(), &true.into())
        );
        let sessions = "SELECT COUNT(*) AS n FROM identity_session";
        assert_eq!(admin.count(sessions).await, 0);
        let by = "SELECT COUNT(*) AS n FROM journal_pending
                  WHERE act = 'identity.factor.reset' AND actor IS NOT NULL";
        assert_eq!(admin.count(by).await, 1);
    }

    async fn a_stranger_a_neighbour_an_announcer_and_an_agent_reset_nothing(test: TestDb) {
        let admin = provider(&test).await;
        let reset = path(&Admin::account(AGENT), "/reset-factor");
        let mut stranger = admin.stranger();
        assert_eq!(stranger.call(Method::POST, &reset).await.status, 401);
        for mut who in [
            admin.as_agent(NEIGHBOUR),
            admin.as_agent(AGENT),
            admin.announcer(AGENT),
        ] {
            let refused = who.call(Method::POST, &reset).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (403, "forbidden")
            );
        }
        assert_eq!(admin.count(RESET).await, 0);
        let nobody = path(NOBODY, "/reset-factor");
        let unknown = admin.as_agent(OPERATOR).call(Method::POST, &nobody).await;
        assert_eq!(unknown.status, 404);
    }

    async fn nobody_resets_their_own_nor_that_of_who_holds_more(test: TestDb) {
        let admin = provider(&test).await;
        let own = path(&Admin::account(AGENT), "/reset-factor");
        let refused = admin.administrator(AGENT).call(Method::POST, &own).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (409, "oneself")
        );
        let operator = path(&Admin::account(OPERATOR), "/reset-factor");
        let refused = admin
            .as_agent(ADMINISTRATOR)
            .call(Method::POST, &operator)
            .await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (403, "more-than-held")
        );
        assert_eq!(admin.count(RESET).await, 0);
    }

    async fn a_factor_that_is_not_there_is_not_reset(test: TestDb) {
        let admin = provider(&test).await;
        let account = Admin::account(AGENT);
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let refused = claire
            .call(Method::POST, &path(&account, "/reset-factor"))
            .await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (409, "no-second-factor")
        );
        let seen = claire.get(&path(&account, "")).await.json();
        assert_eq!(seen["secondFactorDue"], false);
        assert_eq!(seen["may"], serde_json::json!([]), "nor is it offered");
        assert_eq!(admin.count(RESET).await, 0);
    }
}
