//! `PUT /api/v1/admin/providers/{id}`.

use axum::extract::State;
use kernel::Problem;
use kernel_http::etag::precondition_failed;
use kernel_http::{ApiError, ApiJson, ApiPath, IfMatch, Signed};

use super::{ProviderBody, ProviderView, Tagged, provider_id, tagged};
use crate::service::Identity;
use crate::service::providers::{ProviderEdit, Put};

/// Changes a provider; the secret stays when none is given.
#[utoipa::path(
    put,
    path = "/api/v1/admin/providers/{id}",
    operation_id = "putProvider",
    tag = "administration",
    params(
        ("id" = String, Path, description = "its name in the machine"),
        ("If-Match" = String, Header, description = "the `ETag` that was read")
    ),
    request_body = ProviderBody,
    responses(
        (status = 200, description = "with its new `ETag`", body = ProviderView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "not an administrator of its administration", content_type = "application/problem+json"),
        (status = 404, description = "no such provider", content_type = "application/problem+json"),
        (status = 409, description = "`provider-configured`, `provider-in-service`, `domain-taken`, `domain-not-proved`", content_type = "application/problem+json"),
        (status = 412, description = "`precondition-failed` with `current`", content_type = "application/problem+json"),
        (status = 422, description = "`invalid-provider` with `field`", content_type = "application/problem+json"),
        (status = 428, description = "`precondition-required`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<String>,
    if_match: IfMatch,
    ApiJson(mut body): ApiJson<ProviderBody>,
) -> Result<Tagged, ApiError> {
    let edit = ProviderEdit {
        read: if_match.require()?,
        organisation: body.organisation,
        secret: body.client_secret.take(),
        input: body.input(),
    };
    let put = identity
        .edit_provider(caller, provider_id(&id)?, edit)
        .await;
    match put? {
        Put::Done(seen) => tagged(&identity, seen),
        Put::Stale(seen) => {
            let current = serde_json::to_value(ProviderView::of(&identity, seen)?);
            let current = current.map_err(|_| ApiError(Problem::internal()))?;
            Err(precondition_failed(current))
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use kernel_db::testing::TestDb;
    use serde_json::{Value, json};
    use testkit::{Answer, Client};

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, AGRICULTURE, Admin, INTERIOR, LANDES, NEIGHBOUR, OPERATOR,
    };
    use crate::http::providers::testing::{ROOT, body, create};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_edit_of_what_was_read_is_kept_with_what_it_does_not_say,
        an_edit_of_an_older_version_shows_what_stands,
        where_agents_are_proved_does_not_change_under_them,
        a_stranger_an_agent_and_a_neighbour_change_nothing,
    );

    async fn put(client: Client, path: &str, tag: &str, body: &Value) -> Answer {
        let mut client = client.with_header("if-match", tag);
        client.json(Method::PUT, path, body).await
    }

    fn edited() -> Value {
        let mut said = body("Keycloak", LANDES);
        said["title"] = "Préfecture".into();
        let members = said.as_object_mut().expect("an object");
        members.remove("clientSecret");
        said
    }

    async fn an_edit_of_what_was_read_is_kept_with_what_it_does_not_say(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let claire = || admin.as_agent(ADMINISTRATOR);
        let mut first = edited();
        first["scopes"] = json!(["openid", "agents"]);
        let done = put(claire(), &path, "\"v1\"", &first).await;
        assert_eq!(done.status, 200, "{}", done.text());
        assert_eq!(done.header("etag"), "\"v2\"");
        let done = put(claire(), &path, "\"v2\"", &edited()).await.json();
        assert_eq!(done["title"], "Préfecture");
        assert_eq!(done["scopes"], json!(["openid", "agents"]), "kept");
        let mut other = edited();
        other["preset"] = "entra".into();
        let done = put(claire(), &path, "\"v3\"", &other).await.json();
        assert_eq!(done["scopes"], json!(["openid", "email", "profile"]));
        let journal = "SELECT COUNT(*) AS n FROM journal_pending
                       WHERE act = 'identity.provider.amend'";
        assert_eq!(admin.count(journal).await, 3);
    }

    async fn an_edit_of_an_older_version_shows_what_stands(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let claire = || admin.as_agent(ADMINISTRATOR);
        put(claire(), &path, "\"v1\"", &edited()).await;
        let mut late = edited();
        late["title"] = "Trop tard".into();
        let refused = put(claire(), &path, "\"v1\"", &late).await;
        assert_eq!(refused.status, 412);
        assert_eq!(refused.json()["current"]["title"], "Préfecture");
        let unsaid = claire().json(Method::PUT, &path, &late).await;
        assert_eq!(unsaid.status, 428);
        let configured = format!("{ROOT}/landes");
        let refused = put(claire(), &configured, "\"v0\"", &edited()).await;
        assert_eq!(refused.json()["type"], "/problems/provider-configured");
    }

    async fn where_agents_are_proved_does_not_change_under_them(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let enable = format!("{path}/enable");
        admin.as_agent(OPERATOR).post_json(&enable, &()).await;
        let mut moved = edited();
        moved["issuer"] = "https://ailleurs.test/".into();
        let refused = put(admin.as_agent(OPERATOR), &path, "\"v2\"", &moved).await;
        assert_eq!(refused.json()["type"], "/problems/provider-in-service");
        let mut wider = edited();
        wider["domains"] = json!(["keycloak.gouv.fr", "justice.gouv.fr"]);
        let claire = || admin.as_agent(ADMINISTRATOR);
        let refused = put(claire(), &path, "\"v2\"", &wider).await;
        assert_eq!(refused.json()["type"], "/problems/domain-not-proved");
        assert_eq!(refused.json()["domains"], json!(["justice.gouv.fr"]));
        let kept = put(claire(), &path, "\"v2\"", &edited()).await;
        assert_eq!(kept.status, 200, "{}", kept.text());
        // What the operator opened for one administration is not open for another.
        let mut given = edited();
        given["organisation"] = Admin::organisation(INTERIOR).to_string().into();
        let refused = put(claire(), &path, "\"v3\"", &given).await;
        assert_eq!(refused.json()["type"], "/problems/domain-not-proved");
    }

    async fn a_stranger_an_agent_and_a_neighbour_change_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let refused = put(admin.stranger(), &path, "\"v1\"", &edited()).await;
        assert_eq!(refused.status, 401);
        for who in [AGENT, NEIGHBOUR] {
            let refused = put(admin.as_agent(who), &path, "\"v1\"", &edited()).await;
            assert_eq!(refused.status, 403);
        }
        // Nor is it given to an administration that is not the caller's.
        let claire = || admin.as_agent(ADMINISTRATOR);
        let mut given = edited();
        given["organisation"] = Admin::organisation(AGRICULTURE).to_string().into();
        let refused = put(claire(), &path, "\"v1\"", &given).await;
        assert_eq!(refused.status, 403);
        given["organisation"] = Admin::organisation(INTERIOR).to_string().into();
        let moved = put(claire(), &path, "\"v1\"", &given).await;
        assert_eq!(moved.status, 200, "{}", moved.text());
    }
}
