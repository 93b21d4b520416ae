//! `GET /api/v1/admin/journal`.

use axum::Json;
use axum::extract::State;
use kernel::{Cursor, Limit, Timestamp};
use kernel_db::{Chain, JournalPlace};
use kernel_http::{ApiError, ApiQuery, Lang, Signed};

use super::{JournalEntryView, JournalPageView, WhichEntries, named};
use crate::http::admin::{cursor, not_an_id};
use crate::service::Identity;

/// The acts of what the caller administers, the latest first. The reading is journalled.
#[utoipa::path(
    get,
    path = "/api/v1/admin/journal",
    operation_id = "readJournal",
    tag = "administration",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminJournal.word()])),
    params(WhichEntries),
    responses(
        (status = 200, description = "a page, the latest first", body = JournalPageView),
        (status = 400, description = "`invalid-query`", content_type = "application/problem+json"),
        (status = 401, description = "nobody is signed in", content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: not an administrator there", content_type = "application/problem+json")
    )
)]
pub(in crate::http) async fn handle(
    State(identity): State<Identity>,
    Signed(caller): Signed,
    ApiQuery(which): ApiQuery<WhichEntries>,
    Lang(locale): Lang,
) -> Result<Json<JournalPageView>, ApiError> {
    let after = which.cursor.as_deref().map(place).transpose()?;
    let limit = which.limit.map_or_else(Limit::default, Limit::new);
    let page = identity
        .journal(caller, which.filter()?, after, limit)
        .await?;
    Ok(Json(JournalPageView {
        items: page.entries.iter().map(JournalEntryView::from).collect(),
        names: named(page.names, locale),
        facts: page.facts.into(),
        next: page.next.map(next),
    }))
}

fn next(place: JournalPlace) -> String {
    let key = format!("{} {} {}", place.at.millis(), place.chain, place.seq);
    Cursor::new(key.into_bytes()).to_text()
}

fn place(text: &str) -> Result<JournalPlace, ApiError> {
    let key = String::from_utf8(cursor(text)?).map_err(|_| ApiError(not_an_id()))?;
    read(&key).ok_or(ApiError(not_an_id()))
}

fn read(key: &str) -> Option<JournalPlace> {
    let mut parts = key.split(' ');
    let place = JournalPlace {
        at: Timestamp::from_millis(parts.next()?.parse().ok()?),
        chain: Chain::parse(parts.next()?)?,
        seq: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(place)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel_db::testing::TestDb;
    use serde_json::Value;

    use crate::http::admin::testing::{
        ADMINISTRATOR, AGENT, AGRICULTURE, Admin, BELOW, INTERIOR, LANDES, NEIGHBOUR, OPERATOR,
    };

    kernel_db::store_suite!(
        &[crate::MIGRATIONS];
        an_administrator_reads_what_was_done_at_home_and_below,
        an_operator_reads_the_system_s_chain_too,
        each_filter_keeps_what_it_says,
        pages_follow_each_other_to_the_end,
        a_reading_is_journalled_once_for_its_session_and_filter,
        a_stranger_a_neighbour_and_an_agent_read_nothing,
        a_filter_that_is_none_is_refused,
    );

    const JOURNAL: &str = "/api/v1/admin/journal";

    /// The acts without the readings, with the name of who is concerned.
    fn acts(list: &Value) -> Vec<(String, String)> {
        let items = list["items"].as_array().expect("a list");
        items
            .iter()
            .filter(|item| item["act"] != "identity.journal.read")
            .map(|item| {
                let agent = item["data"]["agent"].as_str().unwrap_or_default();
                let name = list["names"][format!("agent:{agent}")]["name"].as_str();
                let act = item["act"].as_str().expect("an act");
                (act.to_owned(), name.unwrap_or_default().to_owned())
            })
            .collect()
    }

    /// Three roles given: at the interior, at the prefecture below it, at agriculture.
    async fn some_acts(test: &TestDb) -> Admin {
        let admin = Admin::start(test).await;
        admin.given(AGENT, "announcer", INTERIOR).await;
        admin.given(BELOW, "announcer", LANDES).await;
        admin.given(NEIGHBOUR, "announcer", AGRICULTURE).await;
        admin.settled(test).await;
        admin
    }

    async fn an_administrator_reads_what_was_done_at_home_and_below(test: TestDb) {
        let admin = some_acts(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let page = claire.get(JOURNAL).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let page = page.json();
        let given = "identity.role.grant".to_owned();
        let seen: BTreeSet<_> = acts(&page).into_iter().collect();
        let expected = [
            (given.clone(), "Claire Delmas".to_owned()),
            (given.clone(), "Mathieu Lacaze".to_owned()),
            (given.clone(), "Yann Kerbrat".to_owned()),
        ];
        assert_eq!(seen, expected.into_iter().collect());
        let item = &page["items"][0];
        assert_eq!(item["outcome"], "done");
        assert_eq!(item["erased"], false);
        let actor = format!("agent:{}", Admin::id(OPERATOR));
        assert_eq!(page["names"][actor.as_str()]["name"], "Inès Fofana");
        assert_eq!(
            page["names"][actor.as_str()]["of"],
            "Ministère de l’Intérieur"
        );
        assert_eq!(page["facts"]["entries"], 3);
        assert_eq!(page["facts"]["covered"], 3);
        assert_eq!(page["facts"]["keptMonths"], 12);
        assert!(page["facts"]["checkpointAt"].is_i64());
        assert!(page["facts"]["goneBefore"].is_null());
        let below = format!("{JOURNAL}?organisation={}", Admin::organisation(LANDES));
        let below = claire.get(&below).await.json();
        assert_eq!(acts(&below), [(given, "Mathieu Lacaze".to_owned())]);
    }

    async fn an_operator_reads_the_system_s_chain_too(test: TestDb) {
        let admin = some_acts(&test).await;
        let page = admin.as_agent(OPERATOR).get(JOURNAL).await.json();
        let chains: BTreeSet<_> = page["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| item["chain"].as_str().expect("a chain").to_owned())
            .collect();
        // The operator's own role is in it.
        assert!(chains.contains("system"));
        assert!(chains.contains(&Admin::organisation(AGRICULTURE).to_string()));
        let home = format!("{JOURNAL}?organisation={}", Admin::organisation(INTERIOR));
        let home = admin.as_agent(OPERATOR).get(&home).await.json();
        assert_eq!(acts(&home).len(), 3);
    }

    async fn each_filter_keeps_what_it_says(test: TestDb) {
        let admin = some_acts(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        let all = claire.get(JOURNAL).await.json();
        let role = all["items"][0]["subject"].as_str().expect("a subject");
        let at = all["items"][0]["at"].as_i64().expect("a time");
        for (query, found) in [
            (format!("who={}", Admin::id(OPERATOR)), 2),
            ("who=fofana".to_owned(), 2),
            ("who=ines.fofana@interieur.gouv.fr".to_owned(), 2),
            ("who=castaing".to_owned(), 0),
            ("who=nobodyatall".to_owned(), 0),
            ("act=identity.role".to_owned(), 3),
            ("act=identity.role.grant&outcome=done".to_owned(), 3),
            ("act=identity.role.revoke".to_owned(), 0),
            ("outcome=refused".to_owned(), 0),
            (format!("subject={role}"), 1),
            ("subject=role:other".to_owned(), 0),
            (format!("from={at}"), 3),
            (format!("before={at}"), 0),
            (format!("from={}", at + 1), 0),
        ] {
            let page = claire.get(&format!("{JOURNAL}?{query}")).await;
            assert_eq!(page.status, 200, "{query}: {}", page.text());
            assert_eq!(acts(&page.json()).len(), found, "{query}");
        }
    }

    async fn pages_follow_each_other_to_the_end(test: TestDb) {
        let admin = some_acts(&test).await;
        let mut operator = admin.as_agent(OPERATOR);
        let whole = operator.get(JOURNAL).await.json();
        let whole = whole["items"].as_array().expect("a list").len();
        let (mut seen, mut path) = (Vec::new(), format!("{JOURNAL}?limit=2"));
        loop {
            let page = operator.get(&path).await.json();
            for item in page["items"].as_array().expect("a list") {
                seen.push((item["chain"].to_string(), item["seq"].to_string()));
            }
            let Some(next) = page["next"].as_str() else {
                break;
            };
            path = format!("{JOURNAL}?limit=2&cursor={next}");
        }
        assert_eq!(seen.len(), whole);
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), whole);
    }

    async fn a_reading_is_journalled_once_for_its_session_and_filter(test: TestDb) {
        let admin = some_acts(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        for _ in 0..3 {
            claire.get(JOURNAL).await;
        }
        let named = format!("{JOURNAL}?who=kerbrat");
        claire.get(&named).await;
        claire.get(&named).await;
        admin.settled(&test).await;
        claire.get(&named).await;
        let read = format!("{JOURNAL}?act=identity.journal");
        let read = claire.get(&read).await.json();
        let items = read["items"].as_array().expect("a list");
        assert_eq!(items.len(), 2, "{read}");
        let told = &items[0]["data"]["filter"];
        assert_eq!(told["actors"][0], Admin::id(AGENT).to_string());
        assert!(!told.to_string().contains("kerbrat"), "no names: {told}");
        assert_eq!(items[1]["data"]["filter"], serde_json::json!({}));
        let interior = Admin::organisation(INTERIOR).to_string();
        assert_eq!(items[0]["chain"], interior.as_str());
        assert_eq!(items[0]["subject"], format!("journal:{interior}"));
        assert_eq!(items[0]["actor"], Admin::id(ADMINISTRATOR).to_string());
    }

    async fn a_stranger_a_neighbour_and_an_agent_read_nothing(test: TestDb) {
        let admin = some_acts(&test).await;
        let of_interior = format!("{JOURNAL}?organisation={}", Admin::organisation(INTERIOR));
        assert_eq!(admin.stranger().get(JOURNAL).await.status, 401);
        assert_eq!(admin.as_agent(AGENT).get(JOURNAL).await.status, 403);
        let mut hugo = admin.as_agent(NEIGHBOUR);
        assert_eq!(hugo.get(&of_interior).await.status, 403);
        let own = hugo.get(JOURNAL).await.json();
        assert!(
            acts(&own).iter().all(|(_, name)| name == "Hugo Castaing"),
            "{own}"
        );
        let looking = format!("{JOURNAL}?who={}", Admin::id(ADMINISTRATOR));
        assert!(acts(&hugo.get(&looking).await.json()).is_empty());
    }

    async fn a_filter_that_is_none_is_refused(test: TestDb) {
        let admin = Admin::start(&test).await;
        let mut claire = admin.as_agent(ADMINISTRATOR);
        for query in [
            "act=identity",
            "act=identity.role.steal",
            "outcome=perhaps",
            "subject=role",
            "subject=Role:a",
            "organisation=x",
            "cursor=YQ",
            "from=yesterday",
        ] {
            let answer = claire.get(&format!("{JOURNAL}?{query}")).await;
            assert_eq!(answer.status, 400, "{query}");
        }
    }
}
