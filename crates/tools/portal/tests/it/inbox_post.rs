//! `POST /api/v1/inbox`: what applications tell agents.

use std::time::Duration;

use kernel::Audience;
use kernel_db::testing::TestDb;
use kernel_db::{DbError, Tx, values};
use kernel_http::Bearer;
use serde_json::{Value, json};
use testkit::callers;

use crate::news_support::News;
use crate::support::{category, publish, tile};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    without_a_token_or_its_scope_nothing_is_told,
    an_application_tells_an_agent_by_id_or_address,
    whom_the_application_is_not_for_is_as_unknown,
    with_a_tile_its_audience_decides_and_its_name_is_shown,
    what_cannot_be_told_is_refused_and_names_the_field,
    a_tool_that_floods_one_agent_is_held_back_and_their_inbox_stays_usable,
    a_tool_that_floods_everybody_is_held_back_by_the_minute_and_by_the_day,
    an_application_s_notice_rings_by_day_and_waits_by_night,
);

const PATH: &str = "/api/v1/inbox";

fn notice<T: ToString + ?Sized>(to: &T) -> Value {
    json!({"to": to.to_string(), "kind": "mission.order.signed", "title": "Ordre signé"})
}

async fn without_a_token_or_its_scope_nothing_is_told(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut stranger = news.app.client();
    let refused = stranger.post_json(PATH, &notice(&claire.agent)).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (401, "token-required")
    );
    let mut signed = news.app.sessions_for(claire.clone());
    let refused = signed.post_json(PATH, &notice(&claire.agent)).await;
    assert_eq!(refused.status, 401, "a session is no token");
    let mut other = news.app.application("frais", &["badge"]);
    let refused = other.post_json(PATH, &notice(&claire.agent)).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (403, "insufficient-scope")
    );
    assert_eq!(news.unread(claire.agent).await, (0, 0));
}

async fn an_application_tells_an_agent_by_id_or_address(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut tool = news.app.application("frais", &["inbox"]);
    let made = tool.post_json(PATH, &notice(&claire.agent)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let full = json!({
        "to": "Claire.Delmas@example.gouv.fr", "kind": "mission.order.due", "urgency": "urgent",
        "dedup": "order:12", "title": {"fr": "À signer", "en": "To sign"},
        "detail": {"fr": "Avant vendredi"}, "link": "https://frais.gouv.fr/12",
        "action": "Signer", "until": 1_795_600_000_000_i64,
    });
    let first = tool.post_json(PATH, &full).await;
    let again = tool.post_json(PATH, &full).await;
    assert_eq!(
        first.json()["id"],
        again.json()["id"],
        "replaced by its key"
    );
    let mut reader = news.app.sessions_for(claire.clone());
    let list = reader.get(PATH).await.json();
    assert_eq!(list["unread"], 2);
    let items = list["items"].as_array().expect("items");
    let signed = items
        .iter()
        .find(|item| item["title"] == "À signer")
        .expect("it");
    assert_eq!(signed["source"], "frais");
    assert_eq!(signed["sourceName"], "frais");
    assert_eq!(signed["action"], "Signer");
    assert_eq!(signed["detail"], "Avant vendredi");
}

async fn whom_the_application_is_not_for_is_as_unknown(test: TestDb) {
    let news = News::start(&test).await;
    let mut tool = news.app.application("frais", &["inbox"]);
    for to in [
        callers::neighbour(1).agent.to_string(),
        "lucie.anselme@example.gouv.fr".to_owned(),
        "nobody@example.gouv.fr".to_owned(),
        "00000000-0000-0000-0000-000000000009".to_owned(),
        String::new(),
    ] {
        let refused = tool.post_json(PATH, &notice(&to)).await;
        assert_eq!(refused.status, 404, "{to}");
    }
    let mut nobodys = news.app.bearer(Bearer {
        client_id: "nobodys".into(),
        agent: None,
        organisation: None,
        scopes: vec!["inbox".into()],
    });
    let refused = nobodys
        .post_json(PATH, &notice(&callers::agent(1).agent))
        .await;
    assert_eq!(refused.status, 404);
}

async fn with_a_tile_its_audience_decides_and_its_name_is_shown(test: TestDb) {
    let news = News::start(&test).await;
    let lucie = callers::neighbour(1);
    let audience = Audience::Agent(lucie.agent);
    publish(
        &news.app,
        vec![category(1, 1, "Communiquer")],
        vec![tile(1, "Frais de mission", audience)],
    )
    .await;
    // As the registration of the tile's application writes it.
    news.app
        .db()
        .write(|tx: &mut Tx| {
            Box::pin(async move {
                tx.execute("UPDATE portal_tile SET client_id = 'frais'", &values![])
                    .await?;
                tx.execute(
                    "UPDATE portal_revision SET revision = revision + 1",
                    &values![],
                )
                .await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("registered");
    let mut tool = news.app.application("frais", &["inbox"]);
    let refused = tool
        .post_json(PATH, &notice(&callers::agent(1).agent))
        .await;
    assert_eq!(refused.status, 404, "an agent who does not see the tile");
    let made = tool.post_json(PATH, &notice(&lucie.agent)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let mut reader = news.app.sessions_for(lucie);
    let list = reader.get(PATH).await.json();
    assert_eq!(list["items"][0]["sourceName"], "Frais de mission");
    let sources = reader.get("/api/v1/inbox/sources").await.json();
    let named = json!({ "source": "frais", "sourceName": "Frais de mission" });
    assert_eq!(sources["items"], json!([named]));
}

async fn what_cannot_be_told_is_refused_and_names_the_field(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1).agent;
    let mut tool = news.app.application("frais", &["inbox"]);
    for (name, value, field) in [
        ("title", json!("a".repeat(141)), "title"),
        ("title", json!("ligne\nligne"), "title"),
        ("title", json!("\u{202e}txet"), "title"),
        ("detail", json!("a".repeat(501)), "detail"),
        ("link", json!("http://frais.gouv.fr/"), "link"),
        ("link", json!("javascript:alert(1)"), "link"),
        ("link", json!("//evil.example"), "link"),
        ("kind", json!("a b"), "kind"),
        ("action", json!("Signer"), "action"),
    ] {
        let mut broken = notice(&claire);
        broken[name] = value;
        let refused = tool.post_json(PATH, &broken).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (422, "invalid-notice")
        );
        assert_eq!(refused.json()["field"], field);
    }
    let mut unknown = notice(&claire);
    unknown["colour"] = json!("red");
    assert_eq!(tool.post_json(PATH, &unknown).await.status, 422);
    assert_eq!(news.unread(claire).await, (0, 0));
}

async fn a_tool_that_floods_one_agent_is_held_back_and_their_inbox_stays_usable(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut tool = news.app.application("frais", &["inbox"]);
    let (mut accepted, mut refused) = (0, 0);
    for number in 0..200 {
        let answer = tool.post_json(PATH, &notice(&claire.agent)).await;
        if answer.status == 201 {
            accepted += 1;
        } else {
            assert_eq!(answer.status, 429, "{}", answer.text());
            assert_eq!(answer.problem(), "too-many-notices");
            assert!(!answer.header("retry-after").is_empty());
            refused += 1;
        }
        if number % 20 == 19 {
            news.app.clock.advance(Duration::from_mins(1));
        }
    }
    assert_eq!((accepted, refused), (20, 180), "within one hour");
    let answer = tool.post_json(PATH, &notice(&claire.agent)).await;
    let detail = answer.json()["detail"]
        .as_str()
        .expect("a detail")
        .to_owned();
    assert!(detail.contains("par agent"), "{detail}");
    assert_eq!(news.unread(claire.agent).await, (20, 20));
    let mut other = news.app.application("carto", &["inbox"]);
    assert_eq!(
        other.post_json(PATH, &notice(&claire.agent)).await.status,
        201
    );
    assert_eq!(
        tool.post_json(PATH, &notice(&callers::agent(2).agent))
            .await
            .status,
        201
    );
    news.app.clock.advance(Duration::from_hours(1));
    assert_eq!(
        tool.post_json(PATH, &notice(&claire.agent)).await.status,
        201
    );
}

async fn a_tool_that_floods_everybody_is_held_back_by_the_minute_and_by_the_day(test: TestDb) {
    let news = News::start(&test).await;
    // Many agents, so that the limit per agent is not what holds it back.
    let people: Vec<_> = (10..90).map(callers::agent).collect();
    for one in &people {
        news.directory.agent(one, "Agent", "Test");
    }
    let mut tool = news.app.application("frais", &["inbox"]);
    let mut accepted = 0;
    for (turn, one) in people.iter().cycle().take(80).enumerate() {
        let answer = tool.post_json(PATH, &notice(&one.agent)).await;
        accepted += u32::from(answer.status == 201);
        if turn == 60 {
            let detail = answer.json()["detail"]
                .as_str()
                .expect("a detail")
                .to_owned();
            assert!(detail.contains("par minute"), "{detail}");
        }
    }
    assert_eq!(accepted, 60);
    let mut last = None;
    for turn in 0..19 {
        news.app.clock.advance(Duration::from_mins(1));
        for one in people.iter().skip(turn % 20).take(60) {
            let answer = tool.post_json(PATH, &notice(&one.agent)).await;
            accepted += u32::from(answer.status == 201);
            last = Some(answer);
        }
    }
    let last = last.expect("an answer");
    assert_eq!(accepted, 1_000);
    let detail = last.json()["detail"].as_str().expect("a detail").to_owned();
    assert!(detail.contains("par jour"), "{detail}");
    let wait: u64 = last.header("retry-after").parse().expect("seconds");
    assert!(wait > 10 * 3_600, "until the day ends: {wait}");
}

async fn an_application_s_notice_rings_by_day_and_waits_by_night(test: TestDb) {
    let news = News::start(&test).await;
    let claire = callers::agent(1);
    let mut page = news.listen(&claire).await;
    let mut tool = news.app.application("frais", &["inbox"]);
    tool.post_json(PATH, &notice(&claire.agent)).await;
    assert_eq!(page.heard().await, ["inbox"]);
    news.app.clock.advance(Duration::from_hours(13));
    assert_eq!(
        tool.post_json(PATH, &notice(&claire.agent)).await.status,
        201
    );
    assert!(page.heard().await.is_empty());
}
