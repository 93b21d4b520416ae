//! `POST /api/v1/admin/providers/{id}/enable`.

use axum::extract::State;
use kernel_http::{ApiError, ApiPath, Signed};

use super::{ProviderView, Tagged, provider_id, tagged};
use crate::service::Identity;

/// Puts a provider in service: addresses of its domains lead to it.
#[utoipa::path(
    post,
    path = "/api/v1/admin/providers/{id}/enable",
    operation_id = "enableProvider",
    tag = "administration",
    params(("id" = String, Path, description = "its name in the machine")),
    responses(
        (status = 200, description = "as it stands now", body = ProviderView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "not an administrator of its administration", content_type = "application/problem+json"),
        (status = 404, description = "no such provider", content_type = "application/problem+json"),
        (status = 409, description = "`provider-configured`, `domain-taken`, `domain-not-proved` with `domains`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<String>,
) -> Result<Tagged, ApiError> {
    let id = provider_id(&id)?;
    let seen = identity.enable_provider(caller, id).await;
    tagged(&identity, seen?)
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;
    use serde_json::json;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, LANDES, NEIGHBOUR, OPERATOR};
    use crate::http::providers::testing::{ROOT, body, create};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_administrator_opens_a_domain_that_their_agents_bear_and_nobody_else_s,
        the_operator_opens_any_domain,
        of_two_with_one_domain_one_is_opened,
        a_stranger_an_agent_and_a_neighbour_open_nothing,
    );

    async fn an_administrator_opens_a_domain_that_their_agents_bear_and_nobody_else_s(
        test: TestDb,
    ) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let enable = format!("{path}/enable");
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let refused = claire.post_json(&enable, &()).await;
        assert_eq!(refused.status, 409);
        assert_eq!(refused.json()["type"], "/problems/domain-not-proved");
        admin.set_email(5, "mathieu.lacaze@keycloak.gouv.fr").await;
        admin.set_email(4, "hugo.castaing@keycloak.gouv.fr").await;
        let refused = claire.post_json(&enable, &()).await;
        assert_eq!(refused.status, 409, "an agent of another bears it too");
        admin
            .set_email(4, "hugo.castaing@agriculture.gouv.fr")
            .await;
        let opened = claire.post_json(&enable, &()).await;
        assert_eq!(opened.status, 200, "{}", opened.text());
        assert_eq!(opened.json()["state"], "enabled");
        assert_eq!(opened.json()["unprovedDomains"], json!([]));
        let again = claire.post_json(&enable, &()).await;
        assert_eq!(again.header("etag"), opened.header("etag"), "as it was");
        let states = admin.identity.provider_states().await;
        assert!(states.iter().any(|one| one.name == "Keycloak" && one.up));
    }

    async fn the_operator_opens_any_domain(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let enable = format!("{path}/enable");
        let opened = admin.as_agent(OPERATOR).post_json(&enable, &()).await;
        assert_eq!(opened.json()["enabled"], true);
        let journal = "SELECT COUNT(*) AS n FROM journal_pending
                       WHERE act = 'identity.provider.enable'";
        assert_eq!(admin.count(journal).await, 1);
    }

    async fn of_two_with_one_domain_one_is_opened(test: TestDb) {
        let admin = Admin::start(&test).await;
        let one = create(&admin, OPERATOR, &body("Un", LANDES)).await;
        let other = create(&admin, OPERATOR, &body("Deux", LANDES)).await;
        let open = |path: String| {
            let mut ines = admin.as_agent(OPERATOR);
            let enable = format!("{path}/enable");
            tokio::spawn(async move { ines.post_json(&enable, &()).await.status })
        };
        let (one, other) = tokio::join!(open(one), open(other));
        let mut statuses = [one.expect("ran"), other.expect("ran")];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        let enabled = "SELECT COUNT(*) AS n FROM identity_provider WHERE state = 'enabled'";
        assert_eq!(admin.count(enabled).await, 1);
    }

    async fn a_stranger_an_agent_and_a_neighbour_open_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let enable = format!("{path}/enable");
        assert_eq!(admin.stranger().post_json(&enable, &()).await.status, 401);
        for who in [AGENT, NEIGHBOUR] {
            let refused = admin.as_agent(who).post_json(&enable, &()).await;
            assert_eq!(refused.status, 403);
        }
        let configured = format!("{ROOT}/landes/enable");
        let refused = admin.as_agent(OPERATOR).post_json(&configured, &()).await;
        assert_eq!(refused.json()["type"], "/problems/provider-configured");
    }
}
