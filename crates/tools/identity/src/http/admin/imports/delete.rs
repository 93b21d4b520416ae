//! `DELETE /api/v1/admin/imports/{id}`.

use axum::extract::State;
use http::StatusCode;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Signed};

use crate::domain::import::report::ImportId;
use crate::service::Identity;

/// Forgets a dry run, or the report of an import that ended.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/imports/{id}",
    operation_id = "deleteImport",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminImport.word()])),
    params(("id" = String, Path, description = "the import")),
    responses(
        (status = 204, description = "forgotten"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json"),
        (status = 404, description = "there is none", content_type = "application/problem+json"),
        (status = 409, description = "`import-running`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath(id): ApiPath<ImportId>,
) -> Result<StatusCode, ApiError> {
    if identity.forget_import(caller, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError(Problem::not_found()))
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, NEIGHBOUR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_dry_run_is_forgotten_by_its_administrators_only,
    );

    async fn a_dry_run_is_forgotten_by_its_administrators_only(test: TestDb) {
        let admin = Admin::start(&test).await;
        let file = b"nom;prenom;mail\nNeuve;Alice;alice@interieur.gouv.fr\n";
        let path = Admin::import_path(&admin.dry_run(file).await);
        assert_eq!(
            admin.stranger().call(Method::DELETE, &path).await.status,
            401
        );
        for who in [NEIGHBOUR, AGENT] {
            assert_eq!(
                admin.as_agent(who).call(Method::DELETE, &path).await.status,
                403
            );
        }
        let mut claire = admin.as_agent(ADMINISTRATOR);
        assert_eq!(claire.call(Method::DELETE, &path).await.status, 204);
        assert_eq!(claire.call(Method::DELETE, &path).await.status, 404);
        let lines = "SELECT COUNT(*) AS n FROM identity_import_batch";
        assert_eq!(admin.count(lines).await, 0);
    }
}
