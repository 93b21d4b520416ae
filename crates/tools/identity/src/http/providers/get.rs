//! `GET /api/v1/admin/providers/{id}`.

use axum::extract::State;
use kernel_http::{ApiError, ApiPath, Signed};

use super::{ProviderView, Tagged, provider_id, tagged};
use crate::service::Identity;

/// One provider, with the version that an edit names.
#[utoipa::path(
    get,
    path = "/api/v1/admin/providers/{id}",
    operation_id = "getProvider",
    tag = "administration",
    params(("id" = String, Path, description = "its name in the machine")),
    responses(
        (status = 200, description = "with `ETag`", body = ProviderView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "not an administrator of its administration", content_type = "application/problem+json"),
        (status = 404, description = "no such provider", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<String>,
) -> Result<Tagged, ApiError> {
    let seen = identity.seen_provider(caller, provider_id(&id)?).await;
    tagged(&identity, seen?)
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, LANDES, NEIGHBOUR};
    use crate::http::providers::testing::{ROOT, SECRET, body, create};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_provider_is_shown_whole_but_for_its_secret,
        a_stranger_an_agent_and_a_neighbour_do_not_see_it,
    );

    async fn a_provider_is_shown_whole_but_for_its_secret(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let seen = claire.get(&path).await;
        assert_eq!(seen.header("etag"), "\"v1\"");
        assert!(!seen.text().contains(SECRET));
        let view = seen.json();
        assert_eq!(view["state"], "draft");
        assert_eq!(view["preset"], "keycloak");
        assert_eq!(view["issuer"], "https://keycloak.test/realms/agents");
        assert_eq!(view["idTokenAlg"], "RS256");
        let usual = serde_json::json!(["openid", "email", "profile"]);
        assert_eq!(view["scopes"], usual);
        assert_eq!(view["claimNames"]["usual_name"], "family_name");
        assert_eq!(view["unprovedDomains"], view["domains"]);
        assert_eq!(
            view["redirectUri"],
            "https://besace.test/api/v2/oidc-callback"
        );
        assert_eq!(view["agents"], 0);
        let configured = claire.get(&format!("{ROOT}/landes")).await.json();
        assert_eq!(configured["readOnly"], true);
        assert_eq!(configured["agents"], 1);
        assert!(!configured.to_string().contains("0123456789abcdef"));
    }

    async fn a_stranger_an_agent_and_a_neighbour_do_not_see_it(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        for path in [path, format!("{ROOT}/landes")] {
            assert_eq!(admin.stranger().get(&path).await.status, 401);
            assert_eq!(admin.as_agent(AGENT).get(&path).await.status, 403);
            assert_eq!(admin.as_agent(NEIGHBOUR).get(&path).await.status, 403);
        }
        let mut claire = admin.as_agent(ADMINISTRATOR);
        for unknown in ["nobody", "No%20Body"] {
            assert_eq!(claire.get(&format!("{ROOT}/{unknown}")).await.status, 404);
        }
    }
}
