//! `POST /api/v1/admin/providers`.

use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiJson, Signed};

use super::{ProviderBody, ProviderView, Tagged, tagged};
use crate::service::Identity;
use crate::service::providers::NewProvider;

/// Plugs a provider in, as a draft: nobody signs in by it yet.
#[utoipa::path(
    post,
    path = "/api/v1/admin/providers",
    operation_id = "createProvider",
    tag = "administration",
    request_body = ProviderBody,
    responses(
        (status = 201, description = "with `ETag`", body = ProviderView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "not an administrator there", content_type = "application/problem+json"),
        (status = 409, description = "`provider-id-taken`, `domain-taken` with `domain` and `provider`", content_type = "application/problem+json"),
        (status = 422, description = "`invalid-provider` with `field`, `unknown-organisation`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiJson(mut body): ApiJson<ProviderBody>,
) -> Result<(StatusCode, Tagged), ApiError> {
    let new = NewProvider {
        id: body.id.take(),
        organisation: body.organisation,
        secret: body.client_secret.take(),
        input: body.input(),
    };
    let made = identity.create_provider(caller, new).await;
    Ok((StatusCode::CREATED, tagged(&identity, made?)?))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;
    use serde_json::json;

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, Admin, INTERIOR, LANDES, NEIGHBOUR, OPERATOR,
    };
    use crate::http::providers::testing::{ROOT, SECRET, body};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_draft_is_made_with_a_name_of_its_own_and_journalled,
        what_cannot_be_is_refused_by_its_field,
        a_domain_of_another_names_its_holder,
        a_broker_is_the_operator_s,
        a_stranger_an_agent_and_a_neighbour_plug_nothing_in,
    );

    async fn a_draft_is_made_with_a_name_of_its_own_and_journalled(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let said = body("Préfecture, Keycloak", LANDES);
        let made = claire.post_json(ROOT, &said).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(made.json()["id"], "prefecture-keycloak");
        assert_eq!(made.header("etag"), "\"v1\"");
        let again = claire.post_json(ROOT, &said).await;
        let id = again.json()["id"].as_str().expect("an id").to_owned();
        assert!(id.starts_with("prefecture-keycloak-"), "{id}");
        let mut named = body("Autre", LANDES);
        named["id"] = "landes-2".into();
        let made = claire.post_json(ROOT, &named).await;
        assert_eq!(made.json()["id"], "landes-2");
        for taken in ["landes-2", "landes"] {
            named["id"] = taken.into();
            let refused = claire.post_json(ROOT, &named).await;
            assert_eq!(refused.status, 409, "{taken}");
            assert_eq!(refused.json()["type"], "/problems/provider-id-taken");
        }
        let journal = "SELECT COUNT(*) AS n FROM journal_pending
                       WHERE act = 'identity.provider.create' AND outcome = 'done'";
        assert_eq!(admin.count(journal).await, 3);
        let clear = "SELECT COUNT(*) AS n FROM identity_provider
                     WHERE sealed_secret LIKE '%the-secret-of%' OR facts LIKE '%the-secret-of%'";
        assert!(SECRET.starts_with("the-secret-of"));
        assert_eq!(admin.count(clear).await, 0, "it is sealed");
    }

    async fn what_cannot_be_is_refused_by_its_field(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        for (field, value) in [
            ("issuer", json!("http://keycloak.test/")),
            ("domains", json!([])),
            ("domains", json!(["gouv"])),
            ("clientSecret", json!("short")),
            ("clientSecret", json!(null)),
            ("defaultSiret", json!("123")),
            ("id", json!("No Id")),
        ] {
            let mut said = body("Keycloak", LANDES);
            said[field] = value;
            let refused = claire.post_json(ROOT, &said).await;
            assert_eq!(refused.status, 422, "{field}");
            assert_eq!(refused.json()["field"], field);
        }
        let mut nowhere = body("Keycloak", LANDES);
        nowhere["organisation"] = "01890000-0000-7000-8000-000000000000".into();
        assert_eq!(claire.post_json(ROOT, &nowhere).await.status, 403);
        let unknown = admin.as_agent(OPERATOR).post_json(ROOT, &nowhere).await;
        assert_eq!(unknown.json()["type"], "/problems/unknown-organisation");
    }

    async fn a_domain_of_another_names_its_holder(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut said = body("Keycloak", LANDES);
        said["domains"] = json!(["nouveau.gouv.fr", "Agriculture.gouv.fr"]);
        let refused = admin.as_agent(ADMINISTRATOR).post_json(ROOT, &said).await;
        assert_eq!(refused.status, 409);
        let problem = refused.json();
        assert_eq!(problem["type"], "/problems/domain-taken");
        assert_eq!(problem["domain"], "agriculture.gouv.fr");
        assert_eq!(problem["provider"], "agriculture");
    }

    async fn a_broker_is_the_operator_s(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut said = body("ProConnect", INTERIOR);
        said["preset"] = "proconnect".into();
        let refused = admin.as_agent(ADMINISTRATOR).post_json(ROOT, &said).await;
        assert_eq!(refused.status, 403);
        let made = admin.as_agent(OPERATOR).post_json(ROOT, &said).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(made.json()["domains"], json!([]));
    }

    async fn a_stranger_an_agent_and_a_neighbour_plug_nothing_in(test: TestDb) {
        let admin = Admin::start(&test).await;
        let said = body("Keycloak", LANDES);
        assert_eq!(admin.stranger().post_json(ROOT, &said).await.status, 401);
        for who in [AGENT, NEIGHBOUR] {
            let refused = admin.as_agent(who).post_json(ROOT, &said).await;
            assert_eq!(refused.status, 403);
        }
        let none = "SELECT COUNT(*) AS n FROM identity_provider";
        assert_eq!(admin.count(none).await, 0);
    }
}
