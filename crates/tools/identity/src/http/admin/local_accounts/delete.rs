//! `DELETE /api/v1/admin/local-accounts/{id}`: an account made by an invitation is removed.

use axum::extract::State;
use http::StatusCode;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Signed};

use crate::domain::local_account::Removal;
use crate::local::LocalSubject;
use crate::service::Identity;

/// Removes an account made by an invitation, with its second factors: its sessions end, and what
/// applications and programs were given is taken back, as are the agent's roles. The agent's record
/// stays.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/local-accounts/{id}",
    operation_id = "deleteLocalAccount",
    tag = "administration",
    params(("id" = String, Path, description = "the account")),
    responses(
        (status = 204, description = "removed"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`, `more-than-held`", content_type = "application/problem+json"),
        (status = 404, description = "no such account, or nobody signs in here with a password", content_type = "application/problem+json"),
        (status = 409, description = "`configured`, `oneself`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(subject): ApiPath<LocalSubject>,
) -> Result<StatusCode, ApiError> {
    let done = identity
        .act_on_local_account(caller, subject, Removal::Account)
        .await?;
    done.map(|_| StatusCode::NO_CONTENT)
        .ok_or_else(|| ApiError(Problem::not_found()))
}

#[cfg(test)]
mod tests {
    use http::Method;
    use kernel_db::testing::TestDb;

    use super::super::testing::{ACCOUNTS, NADIA, NOBODY, path, provider};
    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, NEIGHBOUR, OPERATOR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_invited_account_goes_with_its_link_and_its_agent_stays,
        its_sessions_end_and_its_factors_go,
        a_stranger_a_neighbour_an_announcer_and_an_agent_remove_nothing,
        what_the_configuration_names_is_not_removed,
    );

    const HERS: &str = "SELECT COUNT(*) AS n FROM identity_local_account
                        WHERE login = 'nadia.benhamou@interieur.gouv.fr'";

    async fn an_invited_account_goes_with_its_link_and_its_agent_stays(test: TestDb) {
        let admin = provider(&test).await;
        let link = admin.link_of(NADIA).await;
        let nadia = path(&admin.account_id(NADIA).await, "");
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let gone = claire.call(Method::DELETE, &nadia).await;
        assert_eq!(gone.status, 204, "{}", gone.text());
        assert_eq!(claire.call(Method::DELETE, &nadia).await.status, 404);
        assert!(!admin.opens_link(&link).await);
        assert_eq!(admin.count(HERS).await, 0);
        let agent = "SELECT COUNT(*) AS n FROM identity_agent
                     WHERE email = 'nadia.benhamou@interieur.gouv.fr'";
        assert_eq!(admin.count(agent).await, 1);
        let by = "SELECT COUNT(*) AS n FROM journal_pending
                  WHERE act = 'identity.account.remove' AND actor IS NOT NULL";
        assert_eq!(admin.count(by).await, 1);
        let listed = claire.get(&format!("{ACCOUNTS}?q=nadia")).await.json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(0));
    }

    async fn its_sessions_end_and_its_factors_go(test: TestDb) {
        let admin = provider(&test).await;
        let account = admin.account_id(NADIA).await;
        admin.with_factor_and_session(NADIA, &account).await;
        let left = [
            "SELECT COUNT(*) AS n FROM identity_session",
            "SELECT COUNT(*) AS n FROM identity_local_factor",
        ];
        for sql in left {
            assert_eq!(admin.count(sql).await, 1, "{sql}");
        }
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let gone = claire.call(Method::DELETE, &path(&account, "")).await;
        assert_eq!(gone.status, 204, "{}", gone.text());
        for sql in left {
            assert_eq!(admin.count(sql).await, 0, "{sql}");
        }
    }

    async fn a_stranger_a_neighbour_an_announcer_and_an_agent_remove_nothing(test: TestDb) {
        let admin = provider(&test).await;
        let nadia = path(&admin.account_id(NADIA).await, "");
        let mut stranger = admin.stranger();
        assert_eq!(stranger.call(Method::DELETE, &nadia).await.status, 401);
        for mut who in [
            admin.as_agent(NEIGHBOUR),
            admin.as_agent(AGENT),
            admin.announcer(AGENT),
        ] {
            let refused = who.call(Method::DELETE, &nadia).await;
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (403, "forbidden")
            );
        }
        assert_eq!(admin.count(HERS).await, 1);
        let nobody = path(NOBODY, "");
        let unknown = admin.as_agent(OPERATOR).call(Method::DELETE, &nobody).await;
        assert_eq!(unknown.status, 404);
    }

    async fn what_the_configuration_names_is_not_removed(test: TestDb) {
        let admin = provider(&test).await;
        let yann = path(&Admin::account(AGENT), "");
        let refused = admin
            .as_agent(ADMINISTRATOR)
            .call(Method::DELETE, &yann)
            .await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (409, "configured")
        );
        let own = admin.administrator(AGENT).call(Method::DELETE, &yann).await;
        assert_eq!((own.status, own.problem().as_str()), (409, "oneself"));
    }
}
