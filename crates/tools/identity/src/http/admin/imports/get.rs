//! `GET /api/v1/admin/imports/{id}`.

use axum::Json;
use axum::extract::State;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Lang, Signed};

use super::ImportView;
use crate::domain::import::report::ImportId;
use crate::service::Identity;

/// An import: what it would do, how far it is, what it did.
#[utoipa::path(
    get,
    path = "/api/v1/admin/imports/{id}",
    operation_id = "getImport",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminImport.word()])),
    params(("id" = String, Path, description = "the import")),
    responses(
        (status = 200, description = "the import", body = ImportView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json"),
        (status = 404, description = "there is none, or it is forgotten", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<ImportId>,
    Lang(locale): Lang,
) -> Result<Json<ImportView>, ApiError> {
    let found = identity.import(caller, id).await?;
    let (import, faults) = found.ok_or(ApiError(Problem::not_found()))?;
    Ok(Json(ImportView::new(import, faults, locale)))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, NEIGHBOUR, OPERATOR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_stranger_a_neighbour_and_an_agent_see_no_import,
    );

    async fn a_stranger_a_neighbour_and_an_agent_see_no_import(test: TestDb) {
        let admin = Admin::start(&test).await;
        let file = b"nom;prenom;mail\nNeuve;Alice;alice@interieur.gouv.fr\n";
        let path = Admin::import_path(&admin.dry_run(file).await);
        for path in [path.clone(), format!("{path}/faulty.csv")] {
            assert_eq!(admin.stranger().get(&path).await.status, 401);
            for who in [NEIGHBOUR, AGENT] {
                assert_eq!(admin.as_agent(who).get(&path).await.status, 403);
            }
            for who in [ADMINISTRATOR, OPERATOR] {
                assert_eq!(admin.as_agent(who).get(&path).await.status, 200);
            }
        }
    }
}
