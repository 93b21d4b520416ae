//! `/api/v1/inbox`: reading it.

use std::time::Duration;

use http::Method;
use kernel::Text;
use kernel::port::{Now as _, Urgency};
use kernel_db::testing::TestDb;
use serde_json::json;
use testkit::{Answer, callers};

use crate::news_support::{News, notice};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    a_stranger_has_no_inbox,
    a_notice_is_read_in_the_reader_s_language_and_by_nobody_else,
    who_has_told_something_is_named_once_the_latest_first_to_its_reader_only,
    a_notice_with_a_known_key_replaces_the_first_and_is_unread_again,
    read_and_unread_are_counted_and_doing_it_twice_changes_nothing,
    everything_is_read_at_once_and_taken_back_for_a_minute,
    a_long_inbox_comes_in_parts_without_gap_or_repetition,
    what_has_an_action_and_an_end_stands_under_now,
    old_notices_leave_and_the_count_follows,
    the_end_of_an_import_is_told_to_whom_started_it,
);

fn titles(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json = answer.json();
    let items = json["items"].as_array().expect("items").clone();
    items
        .iter()
        .map(|item| item["title"].as_str().expect("a title").to_owned())
        .collect()
}

async fn a_stranger_has_no_inbox(test: TestDb) {
    let news = News::start(&test).await;
    news.tell(&callers::agent(1), "Secret").await;
    let mut stranger = news.app.client();
    for (method, path) in [
        (Method::GET, "/api/v1/inbox"),
        (Method::GET, "/api/v1/inbox/sources"),
        (Method::POST, "/api/v1/inbox/read-all"),
        (
            Method::POST,
            "/api/v1/inbox/00000000-0000-0000-0000-000000000001/read",
        ),
        (
            Method::POST,
            "/api/v1/inbox/00000000-0000-0000-0000-000000000001/unread",
        ),
    ] {
        let refused = stranger.call(method, path).await;
        assert_eq!(refused.status, 401, "{path}");
        assert!(!refused.text().contains("Secret"));
    }
    let token = json!({"token": "00"});
    let undo = stranger.post_json("/api/v1/inbox/undo", &token).await;
    assert_eq!(undo.status, 401);
}

async fn a_notice_is_read_in_the_reader_s_language_and_by_nobody_else(test: TestDb) {
    let news = News::start(&test).await;
    let mut told = notice(&callers::agent(1), "Demande acceptée");
    told.detail = Some(Text::fixed("Détail", "Detail"));
    told.link = Some("/outils".into());
    news.notify(told).await;
    let mut claire = news.app.sessions_for(callers::agent(1));
    let answer = claire.get("/api/v1/inbox").await;
    let json = answer.json();
    let item = &json["items"][0];
    assert_eq!(json["unread"], 1);
    assert!(json.get("next").is_none());
    assert_eq!(item["title"], "Demande acceptée");
    assert_eq!(item["detail"], "Détail");
    assert_eq!(item["source"], "portal");
    assert_eq!(item["sourceName"], "Portail");
    assert_eq!(item["urgency"], "normal");
    assert_eq!(item["link"], "/outils");
    assert_eq!(item["at"], 1_795_508_400_000_i64);
    assert!(item.get("readAt").is_none());
    let mut english = news
        .app
        .sessions_for(callers::agent(1))
        .with_header("accept-language", "en");
    assert_eq!(
        titles(&english.get("/api/v1/inbox").await),
        ["Demande acceptée (en)"]
    );
    let mut hugo = news.app.sessions_for(callers::agent(2));
    assert!(titles(&hugo.get("/api/v1/inbox").await).is_empty());
    let path = format!("/api/v1/inbox/{}/read", item["id"].as_str().expect("an id"));
    assert_eq!(hugo.call(Method::POST, &path).await.status, 404);
    assert_eq!(
        claire.get("/api/v1/inbox?cursor=%25").await.problem(),
        "invalid-cursor"
    );
}

async fn who_has_told_something_is_named_once_the_latest_first_to_its_reader_only(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut ended = notice(&claire, "Import terminé");
    ended.source = "identity".into();
    news.notify(ended.clone()).await;
    news.notify(ended).await;
    news.app.clock.advance(Duration::from_mins(5));
    news.tell(&claire, "En attente").await;
    news.tell(&claire, "Acceptée").await;
    news.tell(&callers::neighbour(1), "Ailleurs").await;

    let path = "/api/v1/inbox/sources";
    let found = news.app.sessions_for(claire.clone()).get(path).await;
    let expected = json!({ "items": [
        { "source": "portal", "sourceName": "Portail" },
        { "source": "identity", "sourceName": "Annuaire" },
    ] });
    assert_eq!(found.json(), expected);
    let english = news.app.sessions_for(claire);
    let mut english = english.with_header("accept-language", "en");
    let found = english.get(path).await.json();
    assert_eq!(found["items"][1]["sourceName"], "Directory");
    let mut lucie = news.app.sessions_for(callers::neighbour(1));
    let found = lucie.get(path).await.json();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    let mut hugo = news.app.sessions_for(callers::agent(2));
    assert_eq!(hugo.get(path).await.json(), json!({ "items": [] }));
}

async fn a_notice_with_a_known_key_replaces_the_first_and_is_unread_again(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let keyed = |title: &str| {
        let mut keyed = notice(&claire, title);
        keyed.dedup = Some("request:1".into());
        keyed
    };
    news.notify(keyed("En attente")).await;
    let mut reader = news.app.sessions_for(claire.clone());
    assert_eq!(
        reader
            .call(Method::POST, "/api/v1/inbox/read-all")
            .await
            .status,
        200
    );
    assert_eq!(news.unread(claire.agent).await, (0, 0));
    news.app.clock.advance(Duration::from_mins(5));
    news.notify(keyed("Acceptée")).await;
    news.notify(keyed("Acceptée")).await;
    assert_eq!(
        titles(&reader.get("/api/v1/inbox?unread=true").await),
        ["Acceptée"]
    );
    assert_eq!(news.unread(claire.agent).await, (1, 1));
    let mut other = keyed("D’un autre outil");
    other.source = "identity".into();
    news.notify(other).await;
    assert_eq!(news.unread(claire.agent).await, (2, 2));
}

async fn read_and_unread_are_counted_and_doing_it_twice_changes_nothing(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    news.tell(&claire, "Un").await;
    news.tell(&claire, "Deux").await;
    let mut reader = news.app.sessions_for(claire.clone());
    let mut page = news.listen(&claire).await;
    let list = reader.get("/api/v1/inbox").await.json();
    let path = format!(
        "/api/v1/inbox/{}",
        list["items"][0]["id"].as_str().expect("an id")
    );
    for (act, unread) in [
        ("read", 1),
        ("read", 1),
        ("unread", 2),
        ("unread", 2),
        ("read", 1),
    ] {
        let done = reader.call(Method::POST, &format!("{path}/{act}")).await;
        assert_eq!(done.status, 204, "{}", done.text());
        assert_eq!(news.unread(claire.agent).await, (unread, unread), "{act}");
    }
    assert_eq!(page.heard().await, ["inbox"; 5]);
    let list = reader.get("/api/v1/inbox").await.json();
    assert_eq!(list["items"][0]["readAt"], 1_795_508_400_000_i64);
    assert_eq!(list["unread"], 1);
    assert_eq!(
        titles(&reader.get("/api/v1/inbox?unread=true").await).len(),
        1
    );
}

async fn everything_is_read_at_once_and_taken_back_for_a_minute(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    for number in 0..3 {
        news.tell(&claire, &format!("Notification {number}")).await;
    }
    let mut reader = news.app.sessions_for(claire.clone());
    let first = reader.get("/api/v1/inbox").await.json();
    let id = first["items"][0]["id"].as_str().expect("an id").to_owned();
    reader
        .call(Method::POST, &format!("/api/v1/inbox/{id}/read"))
        .await;
    let done = reader
        .call(Method::POST, "/api/v1/inbox/read-all")
        .await
        .json();
    assert_eq!(done["read"], 2);
    assert_eq!(news.unread(claire.agent).await, (0, 0));
    let token = json!({"token": done["undo"]});
    let mut hugo = news.app.sessions_for(callers::agent(2));
    assert_eq!(
        hugo.post_json("/api/v1/inbox/undo", &token).await.status,
        410
    );
    news.app.clock.advance(Duration::from_secs(30));
    let undone = reader.post_json("/api/v1/inbox/undo", &token).await;
    assert_eq!(undone.json()["unread"], 2, "the one read before stays read");
    assert_eq!(news.unread(claire.agent).await, (2, 2));
    let again = reader.post_json("/api/v1/inbox/undo", &token).await;
    assert_eq!(again.problem(), "undo-expired");
    let done = reader
        .call(Method::POST, "/api/v1/inbox/read-all")
        .await
        .json();
    news.app.clock.advance(Duration::from_secs(61));
    let token = json!({"token": done["undo"]});
    let late = reader.post_json("/api/v1/inbox/undo", &token).await;
    assert_eq!(late.status, 410);
}

async fn a_long_inbox_comes_in_parts_without_gap_or_repetition(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    for number in 0..7 {
        news.tell(&claire, &format!("{number}")).await;
        if number % 2 == 0 {
            news.app.clock.advance(Duration::from_secs(1));
        }
    }
    let mut reader = news.app.sessions_for(claire);
    let (mut all, mut path) = (Vec::new(), "/api/v1/inbox?limit=3".to_owned());
    loop {
        let part = reader.get(&path).await;
        all.extend(titles(&part));
        match part.json().get("next").and_then(|next| next.as_str()) {
            Some(next) => path = format!("/api/v1/inbox?limit=3&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(all.len(), 7);
    assert_eq!(all.last().map(String::as_str), Some("0"), "the oldest last");
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 7);
}

async fn what_has_an_action_and_an_end_stands_under_now(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let due = |title: &str, hours: u64| {
        let mut due = notice(&claire, title);
        due.link = Some("/outils/demandes".into());
        due.action = Some(Text::fixed("Signer", "Sign"));
        due.until = Some(testkit::FixedClock::START.plus(Duration::from_hours(hours)));
        due
    };
    news.notify(due("Demain", 24)).await;
    news.notify(due("Ce soir", 9)).await;
    let mut endless = due("Sans fin", 1);
    endless.until = None;
    news.notify(endless).await;
    news.tell(&claire, "Rien à faire").await;
    let titles = async || {
        let items = news.inbox.now(claire.clone()).await.expect("lines");
        items
            .into_iter()
            .map(|item| item.title.fr.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(titles().await, ["Ce soir", "Demain"]);
    let lines = news.inbox.now(callers::agent(2)).await.expect("lines");
    assert!(lines.is_empty(), "a colleague has none of them");
    news.app.clock.advance(Duration::from_hours(10));
    assert_eq!(titles().await, ["Demain"]);
    let mut reader = news.app.sessions_for(claire.clone());
    reader.call(Method::POST, "/api/v1/inbox/read-all").await;
    assert!(titles().await.is_empty(), "what was read is dealt with");
}

async fn old_notices_leave_and_the_count_follows(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut old = notice(&claire, "Ancienne");
    old.urgency = Urgency::Low;
    news.notify(old).await;
    news.app.clock.advance(Duration::from_hours(179 * 24));
    news.tell(&claire, "Récente").await;
    news.round().await;
    assert_eq!(news.unread(claire.agent).await, (2, 2));
    news.app.clock.advance(Duration::from_hours(25));
    news.round().await;
    assert_eq!(news.unread(claire.agent).await, (1, 1));
    let mut reader = news.app.sessions_for(claire);
    assert_eq!(titles(&reader.get("/api/v1/inbox").await), ["Récente"]);
}

async fn the_end_of_an_import_is_told_to_whom_started_it(test: TestDb) {
    use kernel::{Event, EventId, OrganisationId};
    use kernel_db::{DbError, Tx};
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut page = news.listen(&claire).await;
    let event = Event {
        id: EventId::from_u128(1),
        kind: "identity.import.done".into(),
        version: 1,
        at: testkit::FixedClock::START,
        actor: Some(claire.agent),
        organisation: Some(OrganisationId::from_u128(1)),
        subject: "import:1".into(),
        data: json!({"created": 12, "updated": 3}),
    };
    news.app
        .db()
        .write(move |tx: &mut Tx| {
            let event = event.clone();
            Box::pin(async move { tx.emit(&event).await })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("an event");
    news.round().await;
    let mut reader = news.app.sessions_for(claire);
    let list = reader.get("/api/v1/inbox").await;
    assert_eq!(titles(&list), ["L’import de l’annuaire est terminé"]);
    assert_eq!(
        list.json()["items"][0]["detail"],
        "Agents créés\u{a0}: 12. Mis à jour\u{a0}: 3."
    );
    assert_eq!(page.heard().await, ["inbox"]);
}
