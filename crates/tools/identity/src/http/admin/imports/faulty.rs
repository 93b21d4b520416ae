//! `GET /api/v1/admin/imports/{id}/faulty.csv`: the faulty lines, to be corrected and given again.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use kernel::{Locale, Problem};
use kernel_http::{ApiError, ApiPath, Lang, Signed};

use crate::domain::import::report::ImportId;
use crate::domain::import::{Fault, neutralised};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store::import::Import;
use crate::texts::import as texts;

/// The faulty lines as they were, with what is wrong and what would mend each. No cell is one that
/// a spreadsheet takes for a formula.
#[utoipa::path(
    get,
    path = "/api/v1/admin/imports/{id}/faulty.csv",
    operation_id = "getFaultyLines",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminImport.word()])),
    params(("id" = String, Path, description = "the import")),
    responses(
        (status = 200, description = "CSV in UTF-8 with its mark, with the file’s own separator", body = String, content_type = "text/csv"),
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
) -> Result<Response, ApiError> {
    let found = identity.import_in_full(caller, id).await?;
    let (import, faults) = found.ok_or(ApiError(Problem::not_found()))?;
    let text = table(&import, &faults, locale).map_err(|cause| {
        tracing::error!(%cause, "the faulty lines of an import");
        ApiError(IdentityError::Worker.problem())
    })?;
    Ok(csv_file("lignes-en-faute.csv", text))
}

/// A file to be kept.
pub(super) fn csv_file(name: &str, text: impl IntoResponse) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, text).into_response()
}

fn table(import: &Import, faults: &[Fault], locale: Locale) -> Result<Vec<u8>, csv::Error> {
    let report = &import.report;
    let mut writer = csv::WriterBuilder::new()
        .delimiter(report.separator.byte())
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let width = report.headers.len();
    let mut head: Vec<String> = report.headers.iter().map(|one| neutralised(one)).collect();
    head.extend(texts::added(locale).map(str::to_owned));
    writer.write_record(&head)?;
    for fault in faults {
        let mut row: Vec<String> = fault.record.iter().map(|one| neutralised(one)).collect();
        row.resize(width.max(row.len()), String::new());
        row.push(texts::message(&fault.cause).get(locale).to_owned());
        row.push(texts::mend(&fault.cause).get(locale).to_owned());
        writer.write_record(&row)?;
    }
    writer
        .into_inner()
        .map_err(|cause| csv::Error::from(cause.into_error()))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{ADMINISTRATOR, Admin};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        faulty_lines_come_back_whole_and_harmless_and_are_read_again,
    );

    async fn faulty_lines_come_back_whole_and_harmless_and_are_read_again(test: TestDb) {
        let admin = Admin::start(&test).await;
        let file = "=cmd;Nom;Prénom;Courriel;Téléphone\n\
            @x;;Eve;eve@interieur.gouv.fr;+33 1 40\n\
            ;\"Deux;mots\";Bob;=bob;\n";
        let path = Admin::import_path(&admin.dry_run(file.as_bytes()).await);
        let answer = admin
            .as_agent(ADMINISTRATOR)
            .get(&format!("{path}/faulty.csv"))
            .await;
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(
            answer.text(),
            "\u{feff}'=cmd;Nom;Prénom;Courriel;Téléphone;cause;ce qu’il faudrait\r\n\
             '@x;;Eve;eve@interieur.gouv.fr;'+33 1 40;Valeur obligatoire;Compléter la valeur\r\n\
             ;\"Deux;mots\";Bob;'=bob;;Formule de tableur;Une valeur qui ne commence pas par = + - @\r\n"
        );
        let mended = answer.text().replace("'@x;;", "'@x;Dupont;");
        let again = admin.dry_run(mended.as_bytes()).await.json();
        assert_eq!(
            (&again["ready"], &again["faultyTotal"]),
            (&1.into(), &1.into())
        );
    }
}
