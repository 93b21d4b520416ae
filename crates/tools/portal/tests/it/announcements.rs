//! `/api/v1/announcements` and `/api/v1/admin/announcements`.

use std::time::Duration;

use http::Method;
use kernel::{Caller, Grant, Role, Scope};
use kernel_db::testing::TestDb;
use kernel_db::{DbError, Tx, values};
use serde_json::{Value, json};
use testkit::{Answer, Client, FixedClock, callers};

use crate::news_support::News;

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    a_stranger_neither_reads_nor_writes,
    a_neighbour_and_a_plain_agent_do_not_announce_here,
    a_draft_is_shown_once_published_and_gone_once_withdrawn,
    it_is_shown_to_its_audience_within_its_dates,
    an_audience_beyond_the_announcer_is_refused_and_says_who_may,
    an_edit_of_an_older_version_is_refused_and_shows_what_stands,
    what_cannot_be_announced_is_refused_and_names_the_field,
    readers_are_counted_listed_and_those_who_have_not_read_too,
    the_list_comes_in_parts,
    home_shows_three_what_waits_for_a_confirmation_first,
    every_act_leaves_its_trace,
    another_node_shows_it_within_two_seconds,
);

const ADMIN: &str = "/api/v1/admin/announcements";

pub(crate) fn ministry() -> Value {
    json!({"organisation": {"id": callers::MINISTRY, "subtree": true}})
}

pub(crate) fn body(title: &str, audience: &Value) -> Value {
    json!({
        "title": {"fr": title, "en": format!("{title} (en)")},
        "body": {"fr": "Ce soir de 19 h à 21 h."},
        "severity": "disturbance",
        "organisation": callers::MINISTRY,
        "audience": audience,
        "mustConfirm": true,
        "link": "/outils",
    })
}

pub(crate) fn announcer(number: u32) -> Caller {
    let mut caller = callers::agent(number);
    caller.grants.push(Grant {
        role: Role::Announcer,
        scope: Scope::Organisation {
            root: callers::MINISTRY,
            subtree: true,
        },
        until: None,
    });
    caller
}

pub(crate) async fn create(client: &mut Client, body: &Value) -> String {
    let made = client.post_json(ADMIN, body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["state"], "draft");
    made.json()["id"].as_str().expect("an id").to_owned()
}

pub(crate) async fn act(client: &mut Client, id: &str, act: &str) -> Answer {
    client
        .call(Method::POST, &format!("{ADMIN}/{id}/{act}"))
        .await
}

pub(crate) async fn publish(client: &mut Client, title: &str, audience: &Value) -> String {
    let id = create(client, &body(title, audience)).await;
    let published = act(client, &id, "publish").await;
    assert_eq!(published.status, 200, "{}", published.text());
    id
}

pub(crate) async fn titles(client: &mut Client) -> Vec<String> {
    let answer = client.get("/api/v1/announcements").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let items = answer.json()["items"].as_array().expect("items").clone();
    items
        .iter()
        .map(|item| item["title"].as_str().expect("a title").to_owned())
        .collect()
}

async fn a_stranger_neither_reads_nor_writes(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    let id = publish(&mut claire, "Maintenance", &ministry()).await;
    let mut stranger = news.app.client();
    for (method, path) in [
        (Method::GET, "/api/v1/announcements".to_owned()),
        (Method::POST, format!("/api/v1/announcements/{id}/read")),
        (Method::GET, ADMIN.to_owned()),
        (Method::GET, format!("{ADMIN}/{id}")),
        (Method::POST, format!("{ADMIN}/{id}/publish")),
        (Method::POST, format!("{ADMIN}/{id}/withdraw")),
        (Method::GET, format!("{ADMIN}/{id}/readers")),
    ] {
        let refused = stranger.call(method, &path).await;
        assert_eq!(refused.status, 401, "{path}");
        assert!(!refused.text().contains("Maintenance"));
    }
    let made = stranger.post_json(ADMIN, &body("x", &ministry())).await;
    assert_eq!(made.status, 401);
    let put = stranger
        .json(
            Method::PUT,
            &format!("{ADMIN}/{id}"),
            &body("x", &ministry()),
        )
        .await;
    assert_eq!(put.status, 401);
}

async fn a_neighbour_and_a_plain_agent_do_not_announce_here(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    let id = publish(&mut claire, "Maintenance", &ministry()).await;
    for caller in [callers::neighbour_administrator(1), callers::agent(2)] {
        let mut other = news
            .app
            .sessions_for(caller)
            .with_header("if-match", "\"v2\"");
        let made = other.post_json(ADMIN, &body("x", &ministry())).await;
        assert_eq!((made.status, made.problem().as_str()), (403, "forbidden"));
        let list = other
            .get(&format!("{ADMIN}?organisation={}", callers::MINISTRY))
            .await;
        assert_eq!(list.status, 403);
        let put = other
            .json(
                Method::PUT,
                &format!("{ADMIN}/{id}"),
                &body("x", &ministry()),
            )
            .await;
        assert_eq!(put.status, 403);
        for path in [format!("{ADMIN}/{id}"), format!("{ADMIN}/{id}/readers")] {
            assert_eq!(other.get(&path).await.status, 403, "{path}");
        }
        for one in ["publish", "withdraw"] {
            assert_eq!(act(&mut other, &id, one).await.status, 403, "{one}");
        }
    }
    let mut administrator = news.app.sessions_for(callers::administrator(1));
    assert_eq!(
        administrator.get(ADMIN).await.status,
        200,
        "an administrator announces too"
    );
    let unknown = format!("{ADMIN}/00000000-0000-0000-0000-000000000009");
    assert_eq!(administrator.get(&unknown).await.status, 404);
    let mut plain = news.app.sessions_for(callers::agent(2));
    assert_eq!(
        plain.get(&unknown).await.status,
        403,
        "who announces nowhere learns nothing"
    );
}

async fn a_draft_is_shown_once_published_and_gone_once_withdrawn(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    let mut hugo = news.app.sessions_for(callers::agent(2));
    let mut page = news.listen(&callers::agent(2)).await;
    let id = create(&mut claire, &body("Maintenance", &ministry())).await;
    assert!(titles(&mut hugo).await.is_empty());
    assert!(page.heard().await.is_empty());
    let early = act(&mut claire, &id, "withdraw").await;
    assert_eq!(
        (early.status, early.problem().as_str()),
        (409, "announcement-draft")
    );
    assert_eq!(act(&mut claire, &id, "publish").await.status, 200);
    assert_eq!(
        act(&mut claire, &id, "publish").await.status,
        200,
        "twice changes nothing"
    );
    assert_eq!(page.heard().await, ["announcements"]);
    let shown = hugo.get("/api/v1/announcements").await.json();
    let one = &shown["items"][0];
    assert_eq!(one["title"], "Maintenance");
    assert_eq!(one["body"], "Ce soir de 19 h à 21 h.");
    assert_eq!(one["severity"], "disturbance");
    assert_eq!(one["organisation"]["label"], "Ministère de l’Intérieur");
    assert_eq!(one["publishedAt"], FixedClock::START.millis());
    assert_eq!(one["mustConfirm"], true);
    assert_eq!(one["link"], "/outils");
    assert!(one.get("readAt").is_none());
    let mut english = news
        .app
        .sessions_for(callers::agent(2))
        .with_header("accept-language", "en");
    assert_eq!(titles(&mut english).await, ["Maintenance (en)"]);
    assert_eq!(act(&mut claire, &id, "withdraw").await.status, 200);
    assert!(
        titles(&mut hugo).await.is_empty(),
        "at once in this process"
    );
    assert_eq!(page.heard().await, ["announcements"]);
    let again = act(&mut claire, &id, "publish").await;
    assert_eq!(
        (again.status, again.problem().as_str()),
        (409, "announcement-withdrawn")
    );
    let read = hugo
        .call(Method::POST, &format!("/api/v1/announcements/{id}/read"))
        .await;
    assert_eq!(read.status, 404);
}

async fn it_is_shown_to_its_audience_within_its_dates(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    let mut hugo = news.app.sessions_for(callers::agent(2));
    let mut lucie = news.app.sessions_for(callers::neighbour(1));
    let now = FixedClock::START;
    let mut dated = body("Datée", &ministry());
    dated["from"] = json!(now.plus(Duration::from_hours(1)).millis());
    dated["until"] = json!(now.plus(Duration::from_hours(2)).millis());
    let id = create(&mut claire, &dated).await;
    act(&mut claire, &id, "publish").await;
    let only_claire = json!({"agent": callers::agent(1).agent});
    publish(&mut claire, "Pour Claire", &only_claire).await;
    assert!(titles(&mut hugo).await.is_empty());
    assert_eq!(titles(&mut claire).await, ["Pour Claire"]);
    news.app.clock.advance(Duration::from_hours(1));
    assert_eq!(titles(&mut hugo).await, ["Datée"]);
    assert!(titles(&mut lucie).await.is_empty());
    let read = lucie
        .call(Method::POST, &format!("/api/v1/announcements/{id}/read"))
        .await;
    assert_eq!(read.status, 404);
    news.app.clock.advance(Duration::from_hours(1));
    assert!(titles(&mut hugo).await.is_empty());
}

async fn an_audience_beyond_the_announcer_is_refused_and_says_who_may(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    for audience in [
        json!("everyone"),
        json!({"population": "agent"}),
        json!({"organisation": {"id": callers::NEIGHBOUR_MINISTRY, "subtree": false}}),
        json!({"agent": callers::neighbour(2).agent}),
        json!({"any": [ministry(), {"agent": callers::neighbour(2).agent}]}),
    ] {
        let refused = claire.post_json(ADMIN, &body("x", &audience)).await;
        assert_eq!(refused.status, 403, "{audience}");
        assert_eq!(refused.problem(), "audience-out-of-scope");
        let who = refused.json()["elsewhere"][0].clone();
        assert_eq!(who["organisation"], "Ministère de l’Agriculture");
        assert_eq!(who["announcers"], json!(["Lucie Anselme"]));
        let detail = refused.json()["detail"]
            .as_str()
            .expect("a detail")
            .to_owned();
        assert!(detail.contains("Lucie Anselme"), "{detail}");
    }
    let narrow = json!({"all": [ministry(), {"population": "agent"}]});
    create(&mut claire, &body("Nos agents", &narrow)).await;
    let mut operator = news.app.sessions_for(callers::operator(3));
    create(&mut operator, &body("À tous", &json!("everyone"))).await;
}

async fn an_edit_of_an_older_version_is_refused_and_shows_what_stands(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    let id = create(&mut claire, &body("Brouillon", &ministry())).await;
    let path = format!("{ADMIN}/{id}");
    assert_eq!(claire.get(&path).await.header("etag"), "\"v1\"");
    let without = claire
        .json(Method::PUT, &path, &body("Sans", &ministry()))
        .await;
    assert_eq!(without.status, 428);
    let mut first = claire.clone().with_header("if-match", "\"v1\"");
    let changed = first
        .json(Method::PUT, &path, &body("Changé", &ministry()))
        .await;
    assert_eq!((changed.status, changed.header("etag")), (200, "\"v2\""));
    let stale = first
        .json(Method::PUT, &path, &body("Trop tard", &ministry()))
        .await;
    assert_eq!(stale.status, 412);
    assert_eq!(stale.json()["current"]["title"]["fr"], "Changé");
    assert_eq!(
        stale.json()["current"]["organisation"]["label"],
        "Ministère de l’Intérieur"
    );
    act(&mut claire, &id, "publish").await;
    act(&mut claire, &id, "withdraw").await;
    let mut last = claire.clone().with_header("if-match", "\"v4\"");
    let withdrawn = last
        .json(Method::PUT, &path, &body("Mort", &ministry()))
        .await;
    assert_eq!(withdrawn.problem(), "announcement-withdrawn");
}

async fn what_cannot_be_announced_is_refused_and_names_the_field(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    for (name, value, field) in [
        ("title", json!({"fr": ""}), "title"),
        ("title", json!({"fr": "a\nb"}), "title"),
        ("body", json!({"fr": "a".repeat(5_001)}), "body"),
        ("link", json!("javascript:alert(1)"), "link"),
        ("link", json!("//evil.example/"), "link"),
    ] {
        let mut broken = body("x", &ministry());
        broken[name] = value;
        let refused = claire.post_json(ADMIN, &broken).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (422, "invalid-announcement")
        );
        assert_eq!(refused.json()["field"], field);
    }
    let mut broken = body("x", &ministry());
    broken["from"] = json!(2);
    broken["until"] = json!(1);
    assert_eq!(
        claire.post_json(ADMIN, &broken).await.json()["field"],
        "until"
    );
    let mut elsewhere = body("x", &ministry());
    elsewhere["organisation"] = json!("00000000-0000-0000-0000-000000000009");
    assert_eq!(
        claire.post_json(ADMIN, &elsewhere).await.problem(),
        "unknown-organisation"
    );
}

async fn readers_are_counted_listed_and_those_who_have_not_read_too(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    let id = publish(&mut claire, "À confirmer", &ministry()).await;
    let readers = async |client: &mut Client, query: &str| {
        let answer = client.get(&format!("{ADMIN}/{id}/readers{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let json = answer.json();
        let names: Vec<String> = json["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| item["givenName"].as_str().expect("a name").to_owned())
            .collect();
        (names, json)
    };
    let (names, json) = readers(&mut claire, "?confirmed=false").await;
    assert_eq!(names, ["Claire", "Hugo", "Inès"]);
    assert_eq!(
        (&json["confirmed"], &json["expected"]),
        (&json!(0), &json!(3))
    );
    let path = format!("/api/v1/announcements/{id}/read");
    for number in [3, 2] {
        let mut reader = news.app.sessions_for(callers::agent(number));
        assert_eq!(reader.call(Method::POST, &path).await.status, 204);
        news.app.clock.advance(Duration::from_secs(1));
        assert_eq!(
            reader.call(Method::POST, &path).await.status,
            204,
            "the first time counts"
        );
        let read_at =
            reader.get("/api/v1/announcements").await.json()["items"][0]["readAt"].clone();
        let first = FixedClock::START.plus(Duration::from_secs(u64::from(3 - number)));
        assert_eq!(read_at, first.millis());
    }
    let (names, json) = readers(&mut claire, "?confirmed=true").await;
    assert_eq!(names, ["Inès", "Hugo"], "in the order of reading");
    assert_eq!(json["confirmed"], 2);
    assert_eq!(json["items"][0]["initials"], "IF");
    let (names, _) = readers(&mut claire, "?confirmed=false").await;
    assert_eq!(names, ["Claire"]);
    let (names, json) = readers(&mut claire, "?confirmed=true&limit=1").await;
    assert_eq!(names, ["Inès"]);
    let next = json["next"].as_str().expect("more");
    let (names, json) = readers(
        &mut claire,
        &format!("?confirmed=true&limit=1&cursor={next}"),
    )
    .await;
    assert_eq!(names, ["Hugo"]);
    assert!(json.get("next").is_none());
}

async fn the_list_comes_in_parts(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    for number in 0..5 {
        publish(&mut claire, &format!("Annonce {number}"), &ministry()).await;
        if number % 2 == 0 {
            news.app.clock.advance(Duration::from_secs(3));
        }
    }
    for root in ["/api/v1/announcements".to_owned(), ADMIN.to_owned()] {
        let (mut count, mut path) = (0, format!("{root}?limit=2"));
        loop {
            let part = claire.get(&path).await.json();
            count += part["items"].as_array().expect("items").len();
            match part.get("next").and_then(Value::as_str) {
                Some(next) => path = format!("{root}?limit=2&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(count, 5, "{root}");
    }
    assert_eq!(
        claire.get("/api/v1/announcements?cursor=AAAA").await.status,
        400
    );
}

async fn home_shows_three_what_waits_for_a_confirmation_first(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    let mut waiting = None;
    for (title, severity, must_confirm) in [
        ("À confirmer", "info", true),
        ("Perturbation", "disturbance", false),
        ("Une", "info", false),
        ("Deux", "event", false),
    ] {
        let mut written = body(title, &ministry());
        written["severity"] = json!(severity);
        written["mustConfirm"] = json!(must_confirm);
        let id = create(&mut claire, &written).await;
        act(&mut claire, &id, "publish").await;
        waiting.get_or_insert(id);
        news.app.clock.advance(Duration::from_secs(1));
    }
    let mut hugo = news.app.sessions_for(callers::agent(2));
    let shown = async |client: &mut Client| {
        let home = client.get("/api/v1/home").await.json();
        let items = home["announcements"].as_array().expect("announcements");
        let titles = items
            .iter()
            .map(|one| one["title"].as_str().expect("a title").to_owned());
        titles.collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&mut hugo).await,
        ["À confirmer", "Perturbation", "Deux"]
    );
    let id = waiting.expect("an id");
    hugo.call(Method::POST, &format!("/api/v1/announcements/{id}/read"))
        .await;
    assert_eq!(shown(&mut hugo).await, ["Perturbation", "Deux", "Une"]);
    let mut lucie = news.app.sessions_for(callers::neighbour(1));
    assert!(shown(&mut lucie).await.is_empty());
}

async fn every_act_leaves_its_trace(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    let id = publish(&mut claire, "Maintenance", &ministry()).await;
    act(&mut claire, &id, "withdraw").await;
    let (acts, events) = news
        .app
        .db()
        .read(|tx: &mut Tx| {
            Box::pin(async move {
                let sql = "SELECT act FROM journal_pending ORDER BY position";
                let mut acts = Vec::new();
                for row in tx.query(sql, &values![]).await? {
                    acts.push(row.get::<String>("act")?);
                }
                let mut events = Vec::new();
                for row in tx
                    .query("SELECT kind FROM outbox ORDER BY position", &values![])
                    .await?
                {
                    events.push(row.get::<String>("kind")?);
                }
                Ok::<_, DbError>((acts, events))
            })
        })
        .await
        .expect("traces");
    let of = |word: &str| format!("portal.announcement.{word}");
    assert_eq!(acts, [of("created"), of("published"), of("withdrawn")]);
    assert_eq!(events, [of("published"), of("withdrawn")]);
}

async fn another_node_shows_it_within_two_seconds(test: TestDb) {
    let news = News::start(&test).await;
    let mut claire = news.app.sessions_for(announcer(1));
    let mut hugo = news.app.sessions_for(callers::agent(2));
    let id = publish(&mut claire, "Maintenance", &ministry()).await;
    assert_eq!(titles(&mut hugo).await, ["Maintenance"]);
    // As another node would write it.
    news.app
        .db()
        .write(move |tx: &mut Tx| {
            let id = portal::domain::news::AnnouncementId::parse(&id).expect("an id");
            Box::pin(async move {
                tx.execute(
                    "UPDATE portal_announcement SET state = 'withdrawn' WHERE id = $1",
                    &values![id.as_bytes()],
                )
                .await?;
                tx.execute(
                    "UPDATE portal_news_revision SET revision = revision + 1",
                    &values![],
                )
                .await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("written");
    assert_eq!(
        titles(&mut hugo).await,
        ["Maintenance"],
        "not compared again yet"
    );
    news.app.clock.advance(Duration::from_secs(2));
    assert!(titles(&mut hugo).await.is_empty());
}
