//! `GET /api/v1/admin/grants`: the roles over what the caller administers.

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, ApiQuery, Signed};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{GrantList, GrantView};
use crate::http::admin::organisation_id;
use crate::service::Identity;

/// Which roles.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Which {
    /// Over this administration and below; absent: over all that the caller administers.
    organisation: Option<String>,
}

/// The roles that hold now.
#[utoipa::path(
    get,
    path = "/api/v1/admin/grants",
    operation_id = "listGrants",
    tag = "administration",
    params(Which),
    responses(
        (status = 200, description = "by administration, role and name", body = GrantList),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiQuery(which): ApiQuery<Which>,
) -> Result<Json<GrantList>, ApiError> {
    let organisation = which.organisation.as_deref().map(organisation_id);
    let roles = identity.roles(caller, organisation.transpose()?).await?;
    let items = roles.into_iter().map(GrantView::from).collect();
    Ok(Json(GrantList { items }))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, AGRICULTURE, Admin, INTERIOR, LANDES, NEIGHBOUR, OPERATOR,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_administrator_sees_the_roles_at_home_and_below,
        a_stranger_a_neighbour_and_an_agent_see_none,
    );

    async fn an_administrator_sees_the_roles_at_home_and_below(test: TestDb) {
        let admin = Admin::start(&test).await;
        let body = Admin::grant_body(AGENT, "announcer", Some(LANDES));
        let mut claire = admin.as_agent(ADMINISTRATOR);
        assert_eq!(
            claire.post_json("/api/v1/admin/grants", &body).await.status,
            201
        );
        let listed = claire.get("/api/v1/admin/grants").await.json();
        let items = listed["items"].as_array().expect("a list");
        let seen: Vec<_> = items
            .iter()
            .map(|item| {
                (
                    item["role"].as_str(),
                    item["organisation"]["label"].as_str(),
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                (Some("administrator"), Some("Ministère de l’Intérieur")),
                (Some("announcer"), Some("Préfecture des Landes")),
            ]
        );
        assert_eq!(items[1]["by"], Admin::id(ADMINISTRATOR).to_string());
        assert_eq!(items[1]["agent"]["displayName"], "Yann Kerbrat");
        let below = format!(
            "/api/v1/admin/grants?organisation={}",
            Admin::organisation(LANDES)
        );
        let below = claire.get(&below).await.json();
        assert_eq!(below["items"].as_array().map(Vec::len), Some(1));
        let mut operator = admin.as_agent(OPERATOR);
        let all = operator.get("/api/v1/admin/grants").await.json();
        let all = all["items"].as_array().expect("a list");
        assert_eq!(all.len(), 4, "the neighbour's and the operator's own too");
        assert!(
            all.iter()
                .any(|item| item["role"] == "operator" && item["organisation"].is_null())
        );
    }

    async fn a_stranger_a_neighbour_and_an_agent_see_none(test: TestDb) {
        let admin = Admin::start(&test).await;
        let of_interior = format!(
            "/api/v1/admin/grants?organisation={}",
            Admin::organisation(INTERIOR)
        );
        assert_eq!(admin.stranger().get(&of_interior).await.status, 401);
        assert_eq!(
            admin.as_agent(NEIGHBOUR).get(&of_interior).await.status,
            403
        );
        assert_eq!(
            admin
                .as_agent(AGENT)
                .get("/api/v1/admin/grants")
                .await
                .status,
            403
        );
        let bad = admin
            .as_agent(NEIGHBOUR)
            .get("/api/v1/admin/grants?organisation=x")
            .await;
        assert_eq!(bad.status, 400);
        let own = format!(
            "/api/v1/admin/grants?organisation={}",
            Admin::organisation(AGRICULTURE)
        );
        assert_eq!(admin.as_agent(NEIGHBOUR).get(&own).await.status, 200);
    }
}
