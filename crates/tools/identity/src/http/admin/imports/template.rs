//! `GET /api/v1/admin/imports/template.csv`: a file to start from.

use axum::extract::State;
use axum::response::Response;
use kernel::Role;
use kernel_http::{ApiError, Lang, Signed};

use super::faulty::csv_file;
use crate::domain::role::RoleRefusal;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::texts::import::template;

/// The columns that are understood, and one line to show how they are filled in.
#[utoipa::path(
    get,
    path = "/api/v1/admin/imports/template.csv",
    operation_id = "getImportTemplate",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminImport.word()])),
    responses(
        (status = 200, description = "CSV in UTF-8 with its mark, semicolons", body = String, content_type = "text/csv"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: administers nothing", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    Lang(locale): Lang,
) -> Result<Response, ApiError> {
    let now = identity.house.clock.now();
    if caller.scopes(Role::Administrator, now).is_empty() {
        return Err(IdentityError::from(RoleRefusal::NotAdministrator).into());
    }
    Ok(csv_file("modele.csv", template(locale)))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::domain::import;
    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        the_template_is_a_file_that_is_understood,
    );

    async fn the_template_is_a_file_that_is_understood(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = "/api/v1/admin/imports/template.csv";
        for language in ["fr", "en"] {
            let claire = admin.as_agent(ADMINISTRATOR);
            let file = claire
                .with_header("accept-language", language)
                .get(path)
                .await;
            assert_eq!(file.status, 200);
            let read = import::read(&file.body).expect("a file");
            assert_eq!(
                (read.lines.len(), read.faults.len()),
                (1, 0),
                "{:?}",
                read.faults
            );
            assert!(read.columns.understood(false).is_empty(), "{language}");
        }
        assert_eq!(admin.stranger().get(path).await.status, 401);
        assert_eq!(admin.as_agent(AGENT).get(path).await.status, 403);
    }
}
