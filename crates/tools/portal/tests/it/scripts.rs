//! What programs do by a token of an agent, told from what the agent does.

use http::Method;
use kernel::{CredentialId, TokenScope};
use kernel_db::testing::TestDb;
use kernel_db::{Tx, Value};
use serde_json::json;
use testkit::callers;

use crate::announcements;
use crate::support::{Desk, TOOLS, ministry, tool_body};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    every_act_of_a_script_is_journalled_with_its_token_and_none_of_its_agent,
);

/// The acts whose data hold a text, in their order.
async fn acts(desk: &Desk, sql: &'static str, text: &str) -> Vec<String> {
    let text = Value::from(text);
    let read = desk.app.db().read(move |tx: &mut Tx| {
        let text = text.clone();
        Box::pin(async move {
            let rows = tx.query(sql, &[text]).await?;
            rows.iter().map(|row| row.get("act")).collect()
        })
    });
    let read: Result<Vec<String>, kernel_db::DbError> = read.await;
    read.expect("the journal")
}

async fn every_act_of_a_script_is_journalled_with_its_token_and_none_of_its_agent(test: TestDb) {
    const WITH: &str = "SELECT act FROM journal_pending WHERE data LIKE $1 ORDER BY act";
    const WITHOUT: &str = "SELECT act FROM journal_pending WHERE data NOT LIKE $1 ORDER BY act";
    let desk = Desk::new(&test).await;
    let by_hand = desk.draft("À la main", ministry()).await;
    desk.publish(&by_hand).await;
    let rights = [TokenScope::AdminTools, TokenScope::AdminAnnouncements];
    let caller = callers::administrator(1);
    let mut script = desk.app.program(caller, &rights);

    let made = script
        .post_json(TOOLS, &tool_body("Arrêtés", ministry()))
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    let at = |rest: &str| format!("{TOOLS}/{id}{rest}");
    let mut edit = script.clone().with_header("if-match", "\"v1\"");
    let body = tool_body("Arrêtés du jour", ministry());
    let notice = json!({ "level": "down", "message": { "fr": "Panne", "en": "Down" } });
    let (none, audience) = (json!({}), ministry());
    for answer in [
        edit.json(Method::PUT, &at(""), &body).await,
        script.post_json(&at("/publish"), &none).await,
        script.json(Method::PUT, &at("/notice"), &notice).await,
        script.call(Method::DELETE, &at("/notice")).await,
        script.post_json(&at("/withdraw"), &none).await,
    ] {
        assert!(answer.status < 300, "{}", answer.text());
    }
    let made = script
        .post_json(TOOLS, &tool_body("Essai", ministry()))
        .await;
    let draft = made.json()["id"].as_str().expect("an id").to_owned();
    let gone = script
        .call(Method::DELETE, &format!("{TOOLS}/{draft}"))
        .await;
    assert_eq!(gone.status, 204);
    let said = announcements::create(&mut script, &announcements::body("x", &audience)).await;
    for act in ["publish", "withdraw"] {
        let answer = announcements::act(&mut script, &said, act).await;
        assert!(answer.status < 300, "{}", answer.text());
    }

    let token = format!("%\"token\":\"{}\"%", CredentialId::from_u128(1));
    assert_eq!(
        acts(&desk, WITH, &token).await,
        [
            "portal.announcement.created",
            "portal.announcement.published",
            "portal.announcement.withdrawn",
            "portal.notice.clear",
            "portal.notice.set",
            "portal.tool.create",
            "portal.tool.create",
            "portal.tool.delete",
            "portal.tool.edit",
            "portal.tool.publish",
            "portal.tool.withdraw",
        ]
    );
    let by_hand = ["portal.tool.create", "portal.tool.publish"];
    assert_eq!(acts(&desk, WITHOUT, "%token%").await, by_hand);
}
