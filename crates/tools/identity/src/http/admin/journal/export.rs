//! `GET /api/v1/admin/journal/export`: a file that proves itself.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use http::header;
use kernel_http::{ApiError, ApiQuery, Signed};

use super::WhichEntries;
use crate::error::IdentityError;
use crate::service::Identity;
use crate::service::journal::Export;

/// What a filter finds, in the order of the chains: a line of JSON that says of what, one an entry
/// with all that its hash covers, and a last one signed with a key of `/api/v2/jwks`. The export is
/// journalled. A file without its last line was cut short.
#[utoipa::path(
    get,
    path = "/api/v1/admin/journal/export",
    operation_id = "exportJournal",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminJournal.word()])),
    params(WhichEntries),
    responses(
        (status = 200, description = "JSON lines", body = String, content_type = "application/jsonl"),
        (status = 400, description = "`invalid-query`", content_type = "application/problem+json"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiQuery(which): ApiQuery<WhichEntries>,
) -> Result<Response, ApiError> {
    let export = identity.export_journal(caller, which.filter()?).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"journal.jsonl\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(lines(export))).into_response())
}

/// The file, piece by piece. One that fails in the middle ends without its signature, and the
/// connection with it.
fn lines(export: Export) -> impl Stream<Item = Result<Vec<u8>, IdentityError>> {
    stream::try_unfold(Some(export), async |left| {
        let Some(export) = left else { return Ok(None) };
        let piece = export.next().await;
        if let Err(cause) = &piece {
            tracing::error!(%cause, "an export of the journal was cut short");
        }
        piece.map(Some)
    })
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::check_journal_export;
    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, INTERIOR, NEIGHBOUR, OPERATOR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_export_proves_itself_with_the_published_keys,
        an_export_is_journalled_before_its_first_line,
        a_long_export_is_whole,
        a_stranger_a_neighbour_and_an_agent_export_nothing,
    );

    const EXPORT: &str = "/api/v1/admin/journal/export";

    async fn an_export_proves_itself_with_the_published_keys(test: TestDb) {
        let admin = Admin::start(&test).await;
        admin.given(AGENT, "announcer", INTERIOR).await;
        admin.settled(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let file = claire.get(EXPORT).await;
        assert_eq!(file.status, 200, "{}", file.text());
        assert_eq!(file.header("content-type"), "application/jsonl");
        let keys = claire.get("/api/v2/jwks").await.text().to_owned();
        let text = file.text();
        let checked = check_journal_export(text.as_bytes(), keys.as_bytes()).expect("believed");
        assert_eq!((checked.entries, checked.left_out), (2, 0));
        assert_eq!(checked.opening.by, Admin::id(ADMINISTRATOR));
        assert_eq!(checked.opening.chains.len(), 1);
        assert_eq!(checked.opening.chains[0].last, 2);
        let cut = text.lines().take(2).collect::<Vec<_>>().join("\n");
        assert!(check_journal_export(cut.as_bytes(), keys.as_bytes()).is_err());
        let altered = text.replace("announcer", "operator");
        assert_ne!(altered, text);
        assert!(check_journal_export(altered.as_bytes(), keys.as_bytes()).is_err());
        let none = claire
            .get(&format!("{EXPORT}?outcome=refused"))
            .await
            .text()
            .to_owned();
        let checked = check_journal_export(none.as_bytes(), keys.as_bytes()).expect("believed");
        assert_eq!(checked.entries, 0);
    }

    async fn an_export_is_journalled_before_its_first_line(test: TestDb) {
        let admin = Admin::start(&test).await;
        let count =
            "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.journal.export'";
        for exports in 1..=2 {
            admin.as_agent(ADMINISTRATOR).get(EXPORT).await;
            assert_eq!(admin.count(count).await, exports);
        }
    }

    async fn a_long_export_is_whole(test: TestDb) {
        let admin = Admin::start(&test).await;
        let id = Admin::organisation(INTERIOR);
        let written = test.db.write(move |tx: &mut kernel_db::Tx| {
            Box::pin(async move {
                for number in 0..1_234 {
                    let entry = kernel::JournalEntry {
                        at: kernel::Timestamp::from_millis(number),
                        organisation: (number % 3 > 0).then_some(id),
                        actor: None,
                        act: kernel::Act("identity.session.end"),
                        subject: format!("session:{number}"),
                        outcome: kernel::Outcome::Done,
                        data: serde_json::json!({}),
                        personal: None,
                    };
                    tx.journal(entry, &kernel::OsRng).await?;
                }
                Ok::<(), kernel_db::DbError>(())
            })
        });
        written.await.expect("written");
        admin.settled(&test).await;
        let mut operator = admin.as_agent(OPERATOR);
        let keys = operator.get("/api/v2/jwks").await.text().to_owned();
        let ended = format!("{EXPORT}?act=identity.session");
        let file = operator.get(&ended).await.text().to_owned();
        let checked = check_journal_export(file.as_bytes(), keys.as_bytes()).expect("believed");
        assert_eq!(checked.entries, 1_234);
    }

    async fn a_stranger_a_neighbour_and_an_agent_export_nothing(test: TestDb) {
        let admin = Admin::start(&test).await;
        admin.settled(&test).await;
        let of_interior = format!("{EXPORT}?organisation={}", Admin::organisation(INTERIOR));
        assert_eq!(admin.stranger().get(EXPORT).await.status, 401);
        assert_eq!(admin.as_agent(AGENT).get(EXPORT).await.status, 403);
        let mut hugo = admin.as_agent(NEIGHBOUR);
        assert_eq!(hugo.get(&of_interior).await.status, 403);
        let own = hugo.get(EXPORT).await.text().to_owned();
        assert!(!own.contains(&Admin::organisation(INTERIOR).to_string()));
    }
}
