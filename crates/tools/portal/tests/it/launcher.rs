//! `GET /api/launcher/v1/services`.

use std::time::Duration;

use axum::http::Method;
use kernel::Audience;
use kernel_db::testing::TestDb;
use kernel_http::Bearer;
use portal::domain::Badge;
use serde_json::{Value, json};
use testkit::{Answer, Client, FakeDirectory, TestApp, callers};

use crate::support::{category, portal, portal_with, publish, tile};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    an_agent_s_token_lists_their_tools_as_the_contract_says,
    without_a_token_only_what_every_agent_has_is_listed,
    a_token_that_is_not_valid_never_falls_back,
    a_cookie_is_not_looked_at,
    scripts_of_every_origin_may_ask_and_a_known_list_is_not_sent_again,
);

const PATH: &str = "/api/launcher/v1/services";

async fn publish_tools(app: &TestApp) {
    let of = |id| Audience::Organisation { id, subtree: true };
    let mut shown = tile(1, "Messages", Audience::Everyone);
    shown.badge = None;
    let mut trial = tile(2, "Essai", of(callers::MINISTRY));
    trial.badge = Some(Badge::Trial);
    let tiles = vec![
        shown,
        trial,
        tile(3, "De Claire", Audience::Agent(callers::agent(1).agent)),
        tile(4, "De l’agriculture", of(callers::NEIGHBOUR_MINISTRY)),
    ];
    publish(app, vec![category(1, 1, "Communiquer")], tiles).await;
}

fn token_of(app: &TestApp, caller: &kernel::Caller, scopes: &[&str]) -> Client {
    app.bearer(Bearer {
        client_id: "mission".to_owned(),
        agent: Some(caller.agent),
        organisation: Some(callers::NEIGHBOUR_MINISTRY),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
    })
}

fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let services = answer.json()["services"].clone();
    let services = services.as_array().expect("services").clone();
    services
        .iter()
        .map(|service| service["name"].as_str().expect("a name").to_owned())
        .collect()
}

async fn an_agent_s_token_lists_their_tools_as_the_contract_says(test: TestDb) {
    let app = portal(&test).await;
    publish_tools(&app).await;
    let mut claire = token_of(&app, &callers::agent(1), &["launcher"]);
    let answer = claire.get(&format!("{PATH}?siret=11000000000025")).await;
    assert_eq!(names(&answer), ["Messages", "Essai", "De Claire"]);
    let body = answer.json();
    assert_eq!(
        body["organization"],
        json!({"name": "Ministère de l’Intérieur", "type": "administration", "siret": "11000000000017"})
    );
    assert_eq!(
        body["services"][1],
        json!({
            "id": "00000000-0000-0000-0000-000000000002",
            "name": "Essai",
            "url": "https://outil.gouv.fr/",
            "maturity": "beta",
            "logo": "http://localhost:8080/_launcher/icons/chat-3-line.svg",
            "subscribed": true,
        })
    );
    assert_eq!(body["services"][0]["maturity"], "stable");
    assert_eq!(body["services"][2]["maturity"], "new");
    let english = claire.get(&format!("{PATH}?lang=en")).await;
    assert_eq!(names(&english)[0], "Messages (en)");
    let mut lucie = token_of(&app, &callers::neighbour(1), &["launcher"]);
    let answer = lucie.get(PATH).await;
    assert_eq!(names(&answer), ["Messages", "De l’agriculture"]);
}

async fn without_a_token_only_what_every_agent_has_is_listed(test: TestDb) {
    let app = portal(&test).await;
    publish_tools(&app).await;
    let mut anybody = app.client();
    for (query, expected) in [
        ("", &["Messages"][..]),
        ("?siret=", &["Messages"]),
        ("?siret=99999999999999", &["Messages"]),
        ("?siret=x'%20OR%201", &["Messages"]),
        ("?siret=11000000000017", &["Messages", "Essai"]),
        ("?siret=11000000000025", &["Messages", "De l’agriculture"]),
    ] {
        let answer = anybody.get(&format!("{PATH}{query}")).await;
        assert_eq!(names(&answer), expected, "{query}");
        assert_eq!(answer.json()["services"][0]["subscribed"], false);
        let known = query.starts_with("?siret=110");
        assert_eq!(
            answer.json()["organization"] != Value::Null,
            known,
            "{query}"
        );
    }
    let mut application = app.application("mission", &["launcher"]);
    assert_eq!(
        names(&application.get(PATH).await),
        ["Messages", "Essai"],
        "those of its own administration"
    );
}

async fn a_token_that_is_not_valid_never_falls_back(test: TestDb) {
    let directory = FakeDirectory::of_callers();
    let given = directory.clone();
    let app = portal_with(&test, |deps| deps.directory = std::sync::Arc::new(given)).await;
    publish_tools(&app).await;
    for (value, status, kind) in [
        ("Bearer gone", 401, "invalid-token"),
        ("Bearer ", 400, "invalid-request"),
        ("Basic bWU6cHc=", 401, "token-required"),
        ("", 401, "token-required"),
    ] {
        let mut client = app.client().with_header("authorization", value);
        let refused = client.get(PATH).await;
        assert_eq!(refused.status, status, "{value}");
        assert_eq!(refused.problem(), kind, "{value}");
        assert_eq!(refused.header("access-control-allow-origin"), "*");
        assert!(refused.header("www-authenticate").starts_with("Bearer "));
    }
    let mut unscoped = token_of(&app, &callers::agent(1), &["openid"]);
    assert_eq!(unscoped.get(PATH).await.problem(), "insufficient-scope");
    let mut claire = token_of(&app, &callers::agent(1), &["launcher"]);
    assert_eq!(claire.get(PATH).await.status, 200);
    directory.remove(callers::agent(1).agent);
    assert_eq!(claire.get(PATH).await.problem(), "invalid-token");
    directory.set_failing(true);
    assert_eq!(claire.get(PATH).await.status, 503);
}

async fn a_cookie_is_not_looked_at(test: TestDb) {
    let app = portal(&test).await;
    publish_tools(&app).await;
    let mut signed = app.sessions_for(callers::agent(1));
    signed.set_cookie("besace-lang", "en");
    assert_eq!(names(&signed.get(PATH).await), ["Messages"]);
}

async fn scripts_of_every_origin_may_ask_and_a_known_list_is_not_sent_again(test: TestDb) {
    let app = portal(&test).await;
    publish_tools(&app).await;
    let mut anybody = app.client().with_header("origin", "https://tool.test");
    let asked = anybody.call(Method::OPTIONS, PATH).await;
    assert_eq!(asked.status, 204);
    assert_eq!(asked.header("access-control-allow-origin"), "*");
    assert_eq!(
        asked.header("access-control-allow-headers"),
        "authorization"
    );
    assert_eq!(asked.header("access-control-allow-credentials"), "");
    let first = anybody.get(PATH).await;
    assert_eq!(first.header("access-control-allow-origin"), "*");
    assert_eq!(first.header("access-control-allow-credentials"), "");
    assert_eq!(first.header("content-type"), "application/json");
    let vary = first.header("vary").to_lowercase();
    assert!(vary.contains("authorization") && vary.contains("accept-language"));
    let mut again = anybody
        .clone()
        .with_header("if-none-match", first.header("etag"));
    let known = again.get(PATH).await;
    assert_eq!((known.status, known.text()), (304, ""));
    publish(
        &app,
        Vec::new(),
        vec![tile(9, "Nouveau", Audience::Everyone)],
    )
    .await;
    app.clock.advance(Duration::from_secs(2));
    assert_eq!(names(&again.get(PATH).await), ["Nouveau"]);
}
