//! `POST /api/v1/admin/imports/{id}/apply`.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use kernel::Problem;
use kernel_http::{ApiError, ApiPath, Lang, Signed};

use super::ImportView;
use crate::domain::import::report::ImportId;
use crate::service::Identity;

/// Agrees to a dry run: it is written in the background. Agreeing again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/admin/imports/{id}/apply",
    operation_id = "applyImport",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminImport.word()])),
    params(("id" = String, Path, description = "the import")),
    responses(
        (status = 202, description = "begun; faulty lines are not repeated", body = ImportView),
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
) -> Result<(StatusCode, Json<ImportView>), ApiError> {
    let begun = identity.apply_import(caller, id).await?;
    let import = begun.ok_or(ApiError(Problem::not_found()))?;
    let view = ImportView::new(import, Vec::new(), locale);
    Ok((StatusCode::ACCEPTED, Json(view)))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use http::Method;
    use kernel::{AgentId, CredentialId};
    use kernel_db::testing::TestDb;

    use crate::domain::import::report::ImportId;
    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, NEIGHBOUR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        what_was_agreed_to_is_written_told_and_journalled,
        what_a_script_agrees_to_is_journalled_with_its_token,
        reading_the_same_file_again_changes_nothing,
        work_that_was_cut_goes_on_where_it_was,
        agents_who_sign_in_are_filled_and_never_renamed,
        a_stranger_a_neighbour_and_an_agent_agree_to_nothing,
    );

    const FILE: &[u8] = "nom;prenom;mail;siret;service;tel\n\
        Neuve;Alice;Alice.Neuve@interieur.gouv.fr;;Bureau;\n\
        Neuve;Bob;bob.neuve@landes.gouv.fr;17400001000010;;\n\
        Autre;Nom;yann.kerbrat@interieur.gouv.fr;;Autre bureau;01 99 00\n"
        .as_bytes();

    async fn what_was_agreed_to_is_written_told_and_journalled(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = Admin::import_path(&admin.dry_run(FILE).await);
        let done = admin.applied(&path).await;
        let figures = ["created", "updated", "unchanged", "done", "ready"];
        assert_eq!(done["state"], "done");
        assert_eq!(
            figures.map(|name| done[name].as_u64().expect("a figure")),
            [2, 1, 0, 3, 3]
        );
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let created = claire
            .get("/api/v1/admin/agents?state=pre_created")
            .await
            .json();
        let created = created["items"].as_array().expect("a list");
        assert_eq!(created.len(), 2);
        assert_eq!(created[0]["email"], "Alice.Neuve@interieur.gouv.fr");
        assert_eq!(created[0]["unit"], "Bureau");
        assert_eq!(created[1]["organisation"]["label"], "Préfecture des Landes");
        assert!(created[1]["lastSignInAt"].is_null());
        for (sql, expected) in [
            (
                "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.import.apply'",
                1,
            ),
            (
                "SELECT COUNT(*) AS n FROM outbox WHERE kind = 'identity.import.done'",
                1,
            ),
            (
                "SELECT COUNT(*) AS n FROM outbox WHERE kind = 'identity.agent.created'",
                1,
            ),
            (
                "SELECT COUNT(*) AS n FROM job WHERE kind = 'identity.import'",
                1,
            ),
            ("SELECT COUNT(*) AS n FROM identity_expected", 2),
            ("SELECT COUNT(*) AS n FROM identity_import_batch", 0),
        ] {
            assert_eq!(admin.count(sql).await, expected, "{sql}");
        }
        let again = claire.call(Method::POST, &format!("{path}/apply")).await;
        assert_eq!(
            (again.status, &again.json()["state"]),
            (202, &"done".into())
        );
    }

    async fn what_a_script_agrees_to_is_journalled_with_its_token(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = Admin::import_path(&admin.dry_run(FILE).await);
        let (token, bearer) = admin.token(ADMINISTRATOR, 7).await;
        let mut program = admin.program(&bearer);
        let agreed = program.call(Method::POST, &format!("{path}/apply")).await;
        assert_eq!(agreed.status, 202, "{}", agreed.text());
        assert_eq!(token, CredentialId::from_u128(7).to_string());
        let named = "SELECT COUNT(*) AS n FROM journal_pending
                     WHERE act = 'identity.import.apply'
                       AND data LIKE '%\"token\":\"00000000-0000-0000-0000-000000000007\"%'";
        assert_eq!(admin.count(named).await, 1);
    }

    async fn reading_the_same_file_again_changes_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = Admin::import_path(&admin.dry_run(FILE).await);
        admin.applied(&path).await;
        let again = admin.dry_run(FILE).await.json();
        let figures = ["created", "updated", "unchanged", "faultyTotal"];
        assert_eq!(
            figures.map(|name| again[name].as_u64().expect("a figure")),
            [0, 0, 3, 0]
        );
    }

    async fn work_that_was_cut_goes_on_where_it_was(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut file = "nom;prenom;mail\n".to_owned();
        for number in 0..600 {
            writeln!(file, "Nom;Prénom;p{number}@interieur.gouv.fr").expect("a line");
        }
        let path = Admin::import_path(&admin.dry_run(file.as_bytes()).await);
        let mut claire = admin.as_agent(ADMINISTRATOR);
        claire.call(Method::POST, &format!("{path}/apply")).await;
        let id = path
            .rsplit('/')
            .next()
            .and_then(|id| ImportId::parse(id).ok());
        let id = id.expect("an id");
        // Five batches, and then nothing more is done by this process.
        for _ in 0..5 {
            admin.identity.write_batch(id).await.expect("written");
        }
        let half = claire.get(&path).await.json();
        assert_eq!(
            (&half["state"], &half["done"]),
            (&"running".into(), &500.into())
        );
        let running = claire.call(Method::DELETE, &path).await;
        assert_eq!(running.problem(), "import-running");
        let done = admin.applied(&path).await;
        assert_eq!(
            (&done["state"], &done["created"]),
            (&"done".into(), &600.into())
        );
        let made = "SELECT COUNT(*) AS n FROM identity_agent WHERE state = 'pre-created'";
        assert_eq!(admin.count(made).await, 600);
    }

    async fn agents_who_sign_in_are_filled_and_never_renamed(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = Admin::import_path(&admin.dry_run(FILE).await);
        admin.applied(&path).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let yann = claire.get("/api/v1/admin/agents?q=kerbrat").await.json();
        let yann = &yann["items"][0];
        assert_eq!(yann["id"], AgentId::from_u128(AGENT.0).to_string());
        assert_eq!(yann["displayName"], "Yann Kerbrat", "as the provider says");
        assert_eq!(yann["unit"], "Cabinet", "as the provider says");
        assert_eq!(yann["phone"], "01 99 00", "the provider says none");
    }

    async fn a_stranger_a_neighbour_and_an_agent_agree_to_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = Admin::import_path(&admin.dry_run(FILE).await);
        let apply = format!("{path}/apply");
        assert_eq!(
            admin.stranger().call(Method::POST, &apply).await.status,
            401
        );
        for who in [NEIGHBOUR, AGENT] {
            assert_eq!(
                admin.as_agent(who).call(Method::POST, &apply).await.status,
                403
            );
        }
        let seen = admin.as_agent(ADMINISTRATOR).get(&path).await.json();
        assert_eq!(seen["state"], "ready");
    }
}
