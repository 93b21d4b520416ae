//! `POST /api/v1/admin/imports`: a dry run.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use http::StatusCode;
use kernel_http::{ApiError, ApiQuery, Lang, Signed};
use serde::Deserialize;
use utoipa::IntoParams;

use super::ImportView;
use crate::domain::import::{MOST_BYTES, Refusal};
use crate::error::IdentityError;
use crate::http::admin::organisation_id;
use crate::service::Identity;

/// The most bytes let in: one more than a file may have, so that the refusal is ours.
pub(in crate::http) const BODY: usize = MOST_BYTES + 1;

/// Of whose agents the file is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Which {
    /// The administration of lines without a SIRET; others may name those below it.
    organisation: String,
}

/// Reads a file and says what it would do; nothing of any agent is written. The file is CSV as
/// spreadsheets write it, 5 MB and 20,000 lines at most.
#[utoipa::path(
    post,
    path = "/api/v1/admin/imports",
    operation_id = "createImport",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminImport.word()])),
    params(Which),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 201, description = "what the file would do", body = ImportView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json"),
        (status = 413, description = "`body-too-large`", content_type = "application/problem+json"),
        (status = 422, description = "`empty-file`, `columns-missing`, `too-many-lines`", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiQuery(which): ApiQuery<Which>,
    Lang(locale): Lang,
    file: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<(StatusCode, Json<ImportView>), ApiError> {
    let organisation = organisation_id(&which.organisation)?;
    let file = file.map_err(|_| IdentityError::File(Refusal::TooLarge))?;
    let (import, faults) = identity
        .dry_run(caller, organisation, file.to_vec())
        .await?;
    let view = ImportView::new(import, faults, locale);
    Ok((StatusCode::CREATED, Json(view)))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use http::Method;
    use kernel_db::testing::TestDb;

    use super::*;
    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, Admin, BELOW, INTERIOR, LANDES, NEIGHBOUR,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        a_dry_run_says_what_the_file_would_do_and_writes_no_agent,
        faults_are_named_in_the_reader_s_language,
        a_file_that_cannot_be_used_is_refused_by_name,
        a_new_dry_run_takes_the_place_of_the_former,
        five_thousand_lines_are_read_in_time,
        a_stranger_a_neighbour_and_an_agent_import_nothing,
    );

    const FILE: &str = "Nom;Prénom;Courriel;SIRET;Service;Téléphone;Grade\n\
        Kerbrat;Yann;YANN.KERBRAT@interieur.gouv.fr;;Cabinet;;A\n\
        Fofana;Inès;ines.fofana@interieur.gouv.fr;;Cabinet;01 99;B\n\
        Lacaze;Mathieu;mathieu.lacaze@landes.gouv.fr;17400001000010;Autre;;\n\
        Neuve;Alice;alice.neuve@interieur.gouv.fr;;Bureau;;\n\
        Neuve;Bob;bob.neuve@landes.gouv.fr;17400001000010;Bureau;;\n\
        Loin;Eve;eve@agriculture.gouv.fr;;;;\n\
        Loin;Eve;eve@interieur.gov.fr;;;;\n\
        Loin;Eve;eve.loin@interieur.gouv.fr;11007001800012;;;\n\
        Bas;Eve;eve.bas@landes.gouv.fr;;;;\n";

    const AGENTS: &str = "SELECT COUNT(*) AS n FROM identity_agent";

    async fn a_dry_run_says_what_the_file_would_do_and_writes_no_agent(test: TestDb) {
        let admin = Admin::start(&test).await;
        let answer = admin.dry_run(FILE.as_bytes()).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let import = answer.json();
        let figures = |name: &str| import[name].as_u64().expect("a figure");
        assert_eq!(
            [
                "total",
                "ready",
                "created",
                "updated",
                "unchanged",
                "faultyTotal",
                "absent",
                "done"
            ]
            .map(figures),
            // Claire is not in the file.
            [9, 5, 2, 1, 2, 4, 1, 0],
            "{import:#}"
        );
        assert_eq!(
            (&import["state"], &import["encoding"]),
            (&"ready".into(), &"utf-8".into())
        );
        assert_eq!(import["separator"], ";");
        assert_eq!(import["columns"][0], "Nom");
        assert_eq!(import["ignoredColumns"], serde_json::json!(["Grade"]));
        let faulty = import["faulty"].as_array().expect("a list");
        let problems: Vec<_> = faulty
            .iter()
            .map(|fault| (fault["line"].as_u64(), fault["problem"].as_str()))
            .collect();
        assert_eq!(
            problems,
            [
                (Some(7), Some("domain")),
                (Some(8), Some("domain")),
                (Some(9), Some("siret-elsewhere")),
                // The prefecture's provider is below the ministry, not above.
                (Some(10), Some("domain")),
            ]
        );
        assert_eq!(faulty[1]["mend"], "eve@interieur.gouv.fr\u{a0}?");
        assert_eq!(faulty[1]["column"], "Courriel");
        assert_eq!(admin.count(AGENTS).await, 5, "nobody was written");
    }

    async fn faults_are_named_in_the_reader_s_language(test: TestDb) {
        let admin = Admin::start(&test).await;
        let file = b"nom,pr\xe9nom,mail\n,Eve,eve@interieur.gouv.fr\n";
        let french = admin.dry_run(file).await;
        let import = french.json();
        assert_eq!(
            (&import["encoding"], &import["separator"]),
            (&"latin-1".into(), &",".into())
        );
        assert_eq!(import["faulty"][0]["message"], "Valeur obligatoire");
        let claire = admin.as_agent(ADMINISTRATOR);
        let english = claire
            .with_header("accept-language", "en")
            .get(&Admin::import_path(&french))
            .await;
        assert_eq!(english.json()["faulty"][0]["message"], "Required value");
    }

    async fn a_file_that_cannot_be_used_is_refused_by_name(test: TestDb) {
        let admin = Admin::start(&test).await;
        for (file, status, problem) in [
            (Vec::new(), 422, "empty-file"),
            (b"nom;grade\na;b\n".to_vec(), 422, "columns-missing"),
            (vec![b'a'; MOST_BYTES + 1], 413, "body-too-large"),
            (vec![b'a'; MOST_BYTES + 2], 413, "body-too-large"),
        ] {
            let answer = admin.dry_run(&file).await;
            assert_eq!(
                (answer.status, answer.problem().as_str()),
                (status, problem)
            );
        }
        let missing = admin.dry_run(b"nom;grade\na;b\n").await.json();
        assert_eq!(
            missing["title"],
            "Il manque des colonnes\u{a0}: prénom, courriel."
        );
    }

    async fn a_new_dry_run_takes_the_place_of_the_former(test: TestDb) {
        let admin = Admin::start(&test).await;
        let first = Admin::import_path(&admin.dry_run(FILE.as_bytes()).await);
        let second = Admin::import_path(&admin.dry_run(FILE.as_bytes()).await);
        let mut claire = admin.as_agent(ADMINISTRATOR);
        assert_eq!(claire.get(&first).await.status, 404);
        assert_eq!(claire.get(&second).await.status, 200);
    }

    async fn five_thousand_lines_are_read_in_time(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut file = "nom;prénom;courriel;service;population\n".to_owned();
        for number in 0..5_000 {
            writeln!(
                file,
                "Nom{number};Prénom;p{number}@interieur.gouv.fr;Bureau {number};agent"
            )
            .expect("a line");
        }
        let import = admin.dry_run(file.as_bytes()).await.json();
        assert_eq!(
            (&import["created"], &import["faultyTotal"]),
            (&5_000.into(), &0.into())
        );
        let batches = "SELECT COUNT(*) AS n FROM identity_import_batch";
        assert_eq!(admin.count(batches).await, 50);
    }

    async fn a_stranger_a_neighbour_and_an_agent_import_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        let path = Admin::imports(INTERIOR);
        let send = async |mut client: testkit::Client, path: &str| {
            let file = FILE.as_bytes();
            client
                .send_bytes(Method::POST, path, "text/csv", file)
                .await
                .status
        };
        assert_eq!(send(admin.stranger(), &path).await, 401);
        for who in [NEIGHBOUR, AGENT] {
            assert_eq!(send(admin.as_agent(who), &path).await, 403);
        }
        // Who administers the prefecture does not import for the ministry above it.
        assert_eq!(send(admin.administrator(BELOW), &path).await, 403);
        let own = Admin::imports(LANDES);
        assert_eq!(send(admin.administrator(BELOW), &own).await, 201);
    }
}
