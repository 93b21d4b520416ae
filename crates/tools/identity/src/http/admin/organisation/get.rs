//! `GET /api/v1/admin/organisation/{id}`.

use axum::Json;
use axum::extract::State;
use kernel::{OrganisationId, Problem};
use kernel_http::etag::EntityTag;
use kernel_http::{ApiError, ApiPath, Signed};

use super::AdministrationView;
use crate::service::Identity;

/// An administration, with its figures. The entity tag is of its label, its place and what it
/// asks of its guests.
#[utoipa::path(
    get,
    path = "/api/v1/admin/organisation/{id}",
    operation_id = "getOrganisation",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminImport.word()])),
    params(("id" = String, Path, description = "the administration")),
    responses(
        (status = 200, description = "the administration", body = AdministrationView, headers(("ETag" = String))),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not its administrator", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<OrganisationId>,
) -> Result<(EntityTag, Json<AdministrationView>), ApiError> {
    let found = identity.administered_organisation(caller, id).await?;
    let found = found.ok_or(ApiError(Problem::not_found()))?;
    let tag = EntityTag::of(found.version);
    Ok((tag, Json(AdministrationView::from(found))))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, Admin, INTERIOR, LANDES, NEIGHBOUR, OPERATOR,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_administrator_sees_their_administration_with_its_figures,
        a_stranger_a_neighbour_and_an_agent_do_not,
    );

    async fn an_administrator_sees_their_administration_with_its_figures(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let path = format!(
            "/api/v1/admin/organisation/{}",
            Admin::organisation(INTERIOR)
        );
        let seen = claire.get(&path).await;
        assert_eq!(seen.status, 200, "{}", seen.text());
        assert_eq!(seen.header("etag"), "\"v0\"");
        let body = seen.json();
        assert_eq!(body["siret"], INTERIOR);
        assert_eq!(body["agents"], 4, "those below too");
        assert_eq!(body["administrators"][0]["displayName"], "Claire Delmas");
        assert!(body["parent"].is_null());
        let below = format!("/api/v1/admin/organisation/{}", Admin::organisation(LANDES));
        let below = claire.get(&below).await.json();
        assert_eq!(below["parent"]["label"], "Ministère de l’Intérieur");
        assert_eq!(below["administrators"][0]["displayName"], "Claire Delmas");
    }

    async fn a_stranger_a_neighbour_and_an_agent_do_not(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = format!(
            "/api/v1/admin/organisation/{}",
            Admin::organisation(INTERIOR)
        );
        assert_eq!(admin.stranger().get(&path).await.status, 401);
        for who in [NEIGHBOUR, AGENT] {
            assert_eq!(admin.as_agent(who).get(&path).await.status, 403);
        }
        let nowhere = format!("/api/v1/admin/organisation/{}", Admin::id(AGENT));
        assert_eq!(
            admin.as_agent(ADMINISTRATOR).get(&nowhere).await.status,
            403
        );
        assert_eq!(admin.as_agent(OPERATOR).get(&nowhere).await.status, 404);
    }
}
