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
    use kernel::{AgentId, Secret};
    use kernel_db::testing::TestDb;
    use kernel_db::{Tx, values};
    use serde_json::json;

    use super::super::testing::{ACCOUNTS, NADIA, NOBODY, path, provider, secret_of};
    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, Admin, INTERIOR, NEIGHBOUR, OPERATOR, Somebody,
    };
    use crate::local::RecoveryCode;
    use crate::service::local_password::Chosen;

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_invited_account_goes_with_its_link_and_its_agent_stays,
        its_sessions_end_and_its_factors_go,
        a_stranger_a_neighbour_an_announcer_and_an_agent_remove_nothing,
        what_the_configuration_names_is_not_removed,
        roles_go_with_the_account_and_the_last_operator_stays,
        a_password_chosen_beside_a_removal_opens_nothing,
        nothing_that_was_given_outlives_the_account,
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

    async fn roles_go_with_the_account_and_the_last_operator_stays(test: TestDb) {
        let admin = provider(&test).await;
        let id = admin.account_id(NADIA).await;
        let mut ines = admin.as_agent(OPERATOR);
        let body = json!({ "agent": id, "role": "operator", "subtree": true });
        let given = ines.post_json("/api/v1/admin/grants", &body).await;
        assert_eq!(given.status, 201, "{}", given.text());
        let held = "SELECT COUNT(*) AS n FROM identity_role WHERE role = 'operator'";
        assert_eq!(admin.count(held).await, 2);
        let gone = ines.call(Method::DELETE, &path(&id, "")).await;
        assert_eq!(gone.status, 204, "{}", gone.text());
        assert_eq!(admin.count(held).await, 1);
        let taken = "SELECT COUNT(*) AS n FROM journal_pending
                     WHERE act = 'identity.role.revoke' AND actor IS NOT NULL";
        assert_eq!(admin.count(taken).await, 1);
        // Who cannot sign in any more is not somebody who is left.
        let own = admin.role_path(OPERATOR).await;
        let last = ines.call(Method::DELETE, &own).await;
        assert_eq!(
            (last.status, last.problem().as_str()),
            (409, "last-administrator")
        );
    }

    async fn a_password_chosen_beside_a_removal_opens_nothing(test: TestDb) {
        let admin = provider(&test).await;
        let link = admin.link_of(NADIA).await;
        let nadia = path(&admin.account_id(NADIA).await, "");
        let password = Secret::new("trois pommes vertes et un vélo");
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let secret = secret_of(&link);
        let (chosen, gone) = tokio::join!(
            admin.identity.choose_password(&secret, &password),
            claire.call(Method::DELETE, &nadia)
        );
        // Whichever came first: the account is gone, and the link with it.
        assert!(matches!(chosen, Ok(Chosen::Yes(_) | Chosen::Gone)));
        assert_eq!(gone.status, 204, "{}", gone.text());
        assert_eq!(admin.count(HERS).await, 0);
        let links = "SELECT COUNT(*) AS n FROM identity_local_link";
        assert_eq!(admin.count(links).await, 0);
        let again = admin.identity.choose_password(&secret, &password).await;
        assert!(matches!(again, Ok(Chosen::Gone)));
    }

    async fn nothing_that_was_given_outlives_the_account(test: TestDb) {
        let admin = provider(&test).await;
        let id = admin.account_id(NADIA).await;
        let agent = AgentId::parse(&id).expect("an id");
        let number = u128::from_be_bytes(*agent.as_bytes());
        let nadia: Somebody = (number, "interieur", NADIA, "Nadia", "Benhamou", INTERIOR);
        admin.with_factor_and_session(NADIA, &id).await;
        let (_, bearer) = admin.token(nadia, 5).await;
        let given = admin.identity.house.db.write(move |tx: &mut Tx| {
            Box::pin(async move {
                let code = RecoveryCode::parse("aaaa-bbbb-cccc-dddd").expect("a code");
                tx.execute(
                    "INSERT INTO identity_local_recovery_code (subject, code_hash) VALUES ($1, $2)",
                    &values![agent, code.hash()],
                )
                .await?;
                tx.execute(
                    "INSERT INTO identity_grant (id, session, agent, client, scopes,
                         provider, acr, created_at, expires_at)
                     VALUES ($1, $1, $1, 'mission', 'openid', 'interieur', 'eidas1', 1, 2)",
                    &values![agent],
                )
                .await?;
                Ok::<_, kernel_db::DbError>(())
            })
        });
        given.await.expect("written");
        let codes = "SELECT COUNT(*) AS n FROM identity_local_recovery_code";
        let grants = "SELECT COUNT(*) AS n FROM identity_grant WHERE revoked_at IS NULL";
        let tokens = "SELECT COUNT(*) AS n FROM identity_credential WHERE revoked_at IS NULL";
        for sql in [codes, grants, tokens] {
            assert_eq!(admin.count(sql).await, 1, "{sql}");
        }
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let gone = claire.call(Method::DELETE, &path(&id, "")).await;
        assert_eq!(gone.status, 204, "{}", gone.text());
        for sql in [codes, grants, tokens] {
            assert_eq!(admin.count(sql).await, 0, "{sql}");
        }
        assert_eq!(admin.opens(&bearer).await, 401);
    }
}
