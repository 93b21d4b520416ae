//! `GET /api/v1/admin/providers`.

use axum::Json;
use axum::extract::State;
use kernel::OrganisationId;
use kernel_http::{ApiError, ApiQuery, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ProviderView;
use crate::service::Identity;

/// Which ones.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Which {
    /// Of this administration and of what lies below; absent: of all that the caller administers.
    #[param(value_type = Option<String>)]
    organisation: Option<OrganisationId>,
}

/// Providers, by their names.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ProviderList {
    items: Vec<ProviderView>,
}

/// The providers that the caller administers.
#[utoipa::path(
    get,
    path = "/api/v1/admin/providers",
    operation_id = "listProviders",
    tag = "administration",
    params(Which),
    responses(
        (status = 200, description = "by their names", body = ProviderList),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "not an administrator there", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiQuery(which): ApiQuery<Which>,
) -> Result<Json<ProviderList>, ApiError> {
    let found = identity.seen_providers(caller, which.organisation).await;
    let items = found?
        .into_iter()
        .map(|seen| ProviderView::of(&identity, seen))
        .collect::<Result<_, _>>()?;
    Ok(Json(ProviderList { items }))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, AGRICULTURE, Admin, BELOW, LANDES, NEIGHBOUR, OPERATOR,
    };
    use crate::http::providers::testing::{ROOT, body, create};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        administrators_see_the_providers_of_what_they_administer,
        a_stranger_an_agent_and_a_neighbour_see_none,
    );

    fn ids(list: &serde_json::Value) -> Vec<String> {
        let items = list["items"].as_array().expect("a list");
        let ids = items.iter().map(|item| item["id"].as_str().expect("an id"));
        ids.map(str::to_owned).collect()
    }

    async fn administrators_see_the_providers_of_what_they_administer(test: TestDb) {
        let admin = Admin::start(&test).await;
        create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let all = claire.get(ROOT).await.json();
        assert_eq!(ids(&all), ["interieur", "keycloak", "landes"]);
        assert_eq!(all["items"][0]["readOnly"], true);
        assert_eq!(
            all["items"][1]["organisation"]["label"],
            "Préfecture des Landes"
        );
        let landes = Admin::organisation(LANDES);
        let below = claire.get(&format!("{ROOT}?organisation={landes}")).await;
        assert_eq!(ids(&below.json()), ["keycloak", "landes"]);
        let mut mathieu = admin.administrator(BELOW);
        assert_eq!(ids(&mathieu.get(ROOT).await.json()), ["keycloak", "landes"]);
        let mut ines = admin.as_agent(OPERATOR);
        assert_eq!(ids(&ines.get(ROOT).await.json()).len(), 4);
    }

    async fn a_stranger_an_agent_and_a_neighbour_see_none(test: TestDb) {
        let admin = Admin::start(&test).await;
        create(&admin, ADMINISTRATOR, &body("Keycloak", LANDES)).await;
        assert_eq!(admin.stranger().get(ROOT).await.status, 401);
        assert_eq!(admin.as_agent(AGENT).get(ROOT).await.status, 403);
        let mut hugo = admin.as_agent(NEIGHBOUR);
        assert_eq!(ids(&hugo.get(ROOT).await.json()), ["agriculture"]);
        let landes = Admin::organisation(LANDES);
        let theirs = hugo.get(&format!("{ROOT}?organisation={landes}")).await;
        assert_eq!(theirs.status, 403);
        let agriculture = Admin::organisation(AGRICULTURE);
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let theirs = claire
            .get(&format!("{ROOT}?organisation={agriculture}"))
            .await;
        assert_eq!(theirs.status, 403);
    }
}
