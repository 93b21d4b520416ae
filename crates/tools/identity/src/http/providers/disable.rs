//! `POST /api/v1/admin/providers/{id}/disable`.

use axum::extract::State;
use kernel_http::{ApiError, ApiPath, Signed};

use super::{ProviderView, Tagged, provider_id, tagged};
use crate::service::Identity;

/// Takes a provider out of service: nobody signs in by it any more.
#[utoipa::path(
    post,
    path = "/api/v1/admin/providers/{id}/disable",
    operation_id = "disableProvider",
    tag = "administration",
    params(("id" = String, Path, description = "its name in the machine")),
    responses(
        (status = 200, description = "as it stands now", body = ProviderView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "not an administrator of its administration", content_type = "application/problem+json"),
        (status = 404, description = "no such provider", content_type = "application/problem+json"),
        (status = 409, description = "`provider-configured`, `provider-never-enabled`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<String>,
) -> Result<Tagged, ApiError> {
    let id = provider_id(&id)?;
    let seen = identity.disable_provider(caller, id).await;
    tagged(&identity, seen?)
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, LANDES, NEIGHBOUR, OPERATOR};
    use crate::http::providers::testing::{body, create};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_provider_taken_out_of_service_vouches_for_nobody_and_may_come_back,
        a_stranger_an_agent_and_a_neighbour_close_nothing,
    );

    async fn a_provider_taken_out_of_service_vouches_for_nobody_and_may_come_back(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let (enable, disable) = (format!("{path}/enable"), format!("{path}/disable"));
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let refused = claire.post_json(&disable, &()).await;
        assert_eq!(refused.json()["type"], "/problems/provider-never-enabled");
        admin.as_agent(OPERATOR).post_json(&enable, &()).await;
        let closed = claire.post_json(&disable, &()).await;
        assert_eq!(closed.json()["state"], "disabled");
        let states = admin.identity.provider_states().await;
        assert!(states.iter().all(|one| one.name != "Keycloak"));
        // Its domains stay proved.
        let opened = claire.post_json(&enable, &()).await;
        assert_eq!(opened.status, 200, "{}", opened.text());
    }

    async fn a_stranger_an_agent_and_a_neighbour_close_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let disable = format!("{path}/disable");
        assert_eq!(admin.stranger().post_json(&disable, &()).await.status, 401);
        for who in [AGENT, NEIGHBOUR] {
            let refused = admin.as_agent(who).post_json(&disable, &()).await;
            assert_eq!(refused.status, 403);
        }
    }
}
