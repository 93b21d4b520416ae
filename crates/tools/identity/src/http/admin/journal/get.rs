//! `GET /api/v1/admin/journal/{chain}/{seq}`.

use axum::Json;
use axum::extract::State;
use kernel::Problem;
use kernel_db::Chain;
use kernel_http::{ApiError, ApiPath, Lang, Signed};

use super::JournalProofView;
use crate::service::Identity;

/// An entry, with what proves that it is as it was written.
#[utoipa::path(
    get,
    path = "/api/v1/admin/journal/{chain}/{seq}",
    operation_id = "getJournalEntry",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminJournal.word()])),
    params(
        ("chain" = String, Path, description = "an administration’s id, or `system`"),
        ("seq" = i64, Path, description = "the place in it, from 1")
    ),
    responses(
        (status = 200, description = "the entry", body = JournalProofView),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json"),
        (status = 404, description = "there is none, or it left after its retention", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiPath((chain, seq)): ApiPath<(String, i64)>,
    Lang(locale): Lang,
) -> Result<Json<JournalProofView>, ApiError> {
    let chain = Chain::parse(&chain).ok_or(ApiError(Problem::not_found()))?;
    let found = identity.journal_entry(caller, chain, seq).await?;
    let found = found.ok_or(ApiError(Problem::not_found()))?;
    let view = JournalProofView::new(&found.proof, found.names, locale);
    Ok(Json(view))
}

#[cfg(test)]
mod tests {
    use kernel_db::testing::TestDb;

    use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, INTERIOR, NEIGHBOUR, OPERATOR};

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_entry_is_shown_with_its_proof,
        an_entry_opened_alone_is_a_reading_and_after_a_list_is_not_another,
        a_stranger_a_neighbour_and_an_agent_are_refused,
    );

    fn entry(seq: i64) -> String {
        format!(
            "/api/v1/admin/journal/{}/{seq}",
            Admin::organisation(INTERIOR)
        )
    }

    async fn with_acts(test: &TestDb) -> Admin {
        let admin = Admin::start(test).await;
        admin.given(AGENT, "announcer", INTERIOR).await;
        admin.settled(test).await;
        admin
    }

    async fn an_entry_is_shown_with_its_proof(test: TestDb) {
        let admin = with_acts(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let first = claire.get(&entry(1)).await;
        assert_eq!(first.status, 200, "{}", first.text());
        let first = first.json();
        assert_eq!(first["standing"], "covered");
        assert_eq!(first["verifiedUpTo"], first["checkpointSeq"]);
        assert_eq!(first["previousHash"], "0".repeat(64));
        let second = claire.get(&entry(2)).await.json();
        assert_eq!(second["previousHash"], first["hash"]);
        assert_eq!(second["entry"]["act"], "identity.role.grant");
        assert_eq!(claire.get(&entry(99)).await.status, 404);
        assert_eq!(claire.get(&entry(0)).await.status, 404);
        let unknown = "/api/v1/admin/journal/nobody/1";
        assert_eq!(claire.get(unknown).await.status, 404);
        // Somebody with the database's password changes an entry.
        let changed = test.db.write(|tx: &mut kernel_db::Tx| {
            Box::pin(async move {
                let sql = "UPDATE journal_entry SET outcome = 'refused' WHERE seq = 2";
                tx.execute(sql, &[]).await
            })
        });
        assert!(changed.await.expect("changed") > 0);
        let touched = claire.get(&entry(2)).await.json();
        assert_eq!(touched["standing"], "broken");
        assert_eq!(touched["verifiedUpTo"], 1);
    }

    async fn an_entry_opened_alone_is_a_reading_and_after_a_list_is_not_another(test: TestDb) {
        let admin = with_acts(&test).await;
        let count = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.journal.read'";
        let mut claire = admin.as_agent(ADMINISTRATOR);
        for seq in [1, 2, 1] {
            claire.get(&entry(seq)).await;
        }
        assert_eq!(admin.count(count).await, 1);
        let mut operator = admin.as_agent(OPERATOR);
        operator.get("/api/v1/admin/journal").await;
        operator.get(&entry(1)).await;
        assert_eq!(admin.count(count).await, 2);
    }

    async fn a_stranger_a_neighbour_and_an_agent_are_refused(test: TestDb) {
        let admin = with_acts(&test).await;
        let system = "/api/v1/admin/journal/system/1";
        for path in [entry(1).as_str(), system] {
            assert_eq!(admin.stranger().get(path).await.status, 401);
            assert_eq!(admin.as_agent(NEIGHBOUR).get(path).await.status, 403);
            assert_eq!(admin.as_agent(AGENT).get(path).await.status, 403);
            assert_eq!(admin.as_agent(OPERATOR).get(path).await.status, 200);
        }
        let mut claire = admin.as_agent(ADMINISTRATOR);
        assert_eq!(claire.get(system).await.status, 403);
    }
}
