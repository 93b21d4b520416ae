//! `/api/v1/application/…`: counts and searches that other applications bring.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use kernel::Audience;
use kernel_db::testing::TestDb;
use kernel_db::{DbError, Tx, values};
use kernel_http::{Outgoing, OutgoingConfig};
use portal::domain::{TileAddress, TileId};
use serde_json::{Value, json};
use testkit::{Client, TestApp, callers};

use crate::support::{category, home, portal, portal_with, publish, tile};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    without_a_token_or_its_scope_nothing_is_said,
    a_count_is_shown_on_the_tile_to_its_agent_alone,
    an_application_counts_for_nobody_who_does_not_see_its_tile,
    an_address_that_is_not_to_be_asked_is_refused,
    a_registered_application_answers_who_sees_its_tile,
    an_answer_that_is_not_to_be_believed_fails_its_source_alone,
    an_application_that_leaves_is_not_asked_any_more,
);

const BADGE: &str = "/api/v1/application/badge";
const SEARCH: &str = "/api/v1/application/search";

fn ministry() -> Audience {
    Audience::Organisation {
        id: callers::MINISTRY,
        subtree: true,
    }
}

/// A tile of the ministry's application `mission`, at this address.
async fn mission(app: &TestApp, address: &str) {
    let mut own = tile(1, "Frais de mission", ministry());
    own.address = TileAddress::parse(address).expect("an address");
    let other = tile(2, "Congés", Audience::Everyone);
    publish(
        app,
        vec![category(1, 1, "Ma vie d’agent")],
        vec![own, other],
    )
    .await;
    let linked: Result<(), DbError> = app
        .db()
        .write(|tx: &mut Tx| {
            Box::pin(async move {
                tx.execute(
                    "UPDATE portal_tile SET client_id = 'mission' WHERE id = $1",
                    &values![TileId::from_u128(1).as_bytes()],
                )
                .await?;
                tx.execute(
                    "UPDATE portal_revision SET revision = revision + 1",
                    &values![],
                )
                .await?;
                Ok(())
            })
        })
        .await;
    linked.expect("linked");
}

async fn count(client: &mut Client, agent: kernel::AgentId, count: u32) -> (u16, String) {
    let body = json!({"agent": agent.to_string(), "count": count});
    let answer = client.json(Method::PUT, BADGE, &body).await;
    (answer.status, answer.problem())
}

async fn without_a_token_or_its_scope_nothing_is_said(test: TestDb) {
    let app = portal(&test).await;
    mission(&app, "https://mission.gouv.fr/").await;
    let body = json!({"agent": callers::agent(1).agent.to_string(), "count": 1});
    for (path, body) in [(BADGE, body), (SEARCH, json!({"url": null}))] {
        let put = async |mut client: Client| {
            let answer = client.json(Method::PUT, path, &body).await;
            (answer.status, answer.problem())
        };
        let stranger = (401, "token-required".to_owned());
        assert_eq!(put(app.client()).await, stranger, "{path}");
        let signed = app.sessions_for(callers::administrator(1));
        assert_eq!(put(signed).await, stranger, "a session is no token");
        let other = app.application("mission", &["inbox"]);
        assert_eq!(put(other).await, (403, "insufficient-scope".to_owned()));
    }
}

async fn a_count_is_shown_on_the_tile_to_its_agent_alone(test: TestDb) {
    let app = portal(&test).await;
    mission(&app, "https://mission.gouv.fr/").await;
    let mut mission = app.application("mission", &["badge"]);
    let claire = callers::agent(1);
    let counts = async |caller| {
        let shown = home(&mut app.sessions_for(caller)).await.json();
        let tiles = shown["categories"][0]["tiles"].clone();
        let tiles = tiles.as_array().expect("tiles").clone();
        tiles
            .into_iter()
            .map(|tile| tile["count"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(count(&mut mission, claire.agent, 3).await.0, 204);
    assert_eq!(counts(claire.clone()).await, [json!(3), Value::Null]);
    assert_eq!(counts(callers::agent(2)).await, [Value::Null, Value::Null]);
    assert_eq!(count(&mut mission, claire.agent, 0).await.0, 204);
    assert_eq!(counts(claire.clone()).await, [Value::Null, Value::Null]);
    assert_eq!(
        count(&mut mission, claire.agent, 1_000).await,
        (422, "badge-count".to_owned())
    );
}

async fn an_application_counts_for_nobody_who_does_not_see_its_tile(test: TestDb) {
    let app = portal(&test).await;
    mission(&app, "https://mission.gouv.fr/").await;
    let mut own = app.application("mission", &["badge"]);
    let unknown = (404, "unknown-agent".to_owned());
    let neighbour = callers::neighbour(1).agent;
    assert_eq!(count(&mut own, neighbour, 1).await, unknown);
    let nobody = kernel::AgentId::from_u128(0xdead);
    assert_eq!(count(&mut own, nobody, 1).await, unknown, "told alike");
    let mut other = app.application("stranger", &["badge"]);
    assert_eq!(
        count(&mut other, callers::agent(1).agent, 1).await,
        (404, "application-without-tool".to_owned())
    );
}

async fn an_address_that_is_not_to_be_asked_is_refused(test: TestDb) {
    let app = portal(&test).await;
    mission(&app, "https://mission.gouv.fr/").await;
    let mut own = app.application("mission", &["search"]);
    for url in [
        "http://mission.gouv.fr/search",
        "javascript:alert(1)",
        "/search",
        "https://me:pw@mission.gouv.fr/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://10.0.0.1/",
        "http://localhost:9/",
        "http://127.0.0.1:9/",
    ] {
        let refused = own.json(Method::PUT, SEARCH, &json!({"url": url})).await;
        // A name is judged when it is known: at each question.
        if url == "http://localhost:9/" {
            assert_eq!(refused.status, 200);
            continue;
        }
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (422, "search-address"),
            "{url}"
        );
    }
    let mut other = app.application("stranger", &["search"]);
    let refused = other
        .json(Method::PUT, SEARCH, &json!({"url": "https://a.gouv.fr/"}))
        .await;
    assert_eq!(refused.problem(), "application-without-tool");
    app.clock.advance(Duration::from_secs(2));
    let mut claire = app.sessions_for(callers::agent(1));
    assert_eq!(
        found(&mut claire).await["state"],
        "failed",
        "a name that resolves inside is never reached"
    );
}

/// What an application is asked, and how it answers.
#[derive(Clone, Default)]
struct Peer {
    asked: Arc<Mutex<Vec<(String, Value)>>>,
    answer: Arc<Mutex<Value>>,
}

async fn peer_answers(State(peer): State<Peer>, headers: HeaderMap, body: String) -> Response {
    let secret = headers["authorization"].to_str().expect("text").to_owned();
    let question = serde_json::from_str(&body).expect("JSON");
    peer.asked.lock().expect("asked").push((secret, question));
    let answer = peer.answer.lock().expect("answer").clone();
    match answer.as_str() {
        Some("html") => axum::response::Html("<h1>Connexion</h1>").into_response(),
        Some("redirect") => axum::response::Redirect::to("/other").into_response(),
        Some("refused") => {
            (StatusCode::UNAUTHORIZED, axum::Json(json!({"hits": []}))).into_response()
        }
        Some("flood") => {
            axum::Json(json!({"hits": [], "more": "x".repeat(70_000)})).into_response()
        }
        Some("never") => std::future::pending().await,
        _ => axum::Json(answer).into_response(),
    }
}

/// A portal that may reach a peer, the peer, and its address.
async fn with_peer(test: &TestDb) -> (TestApp, Peer, SocketAddr) {
    let peer = Peer::default();
    let router = Router::new()
        .route("/search", post(peer_answers))
        .with_state(peer.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a listener");
    let at = listener.local_addr().expect("an address");
    let limits = kernel_http::Limits::default();
    tokio::spawn(kernel_http::serve(
        listener,
        None,
        router,
        tokio_util::sync::CancellationToken::new(),
        limits,
    ));
    let app = portal_with(test, |deps| {
        let config = OutgoingConfig {
            allow: vec![format!("127.0.0.1:{}", at.port())],
            ..OutgoingConfig::default()
        };
        deps.outgoing = Outgoing::new(config).expect("a client");
    })
    .await;
    mission(&app, &format!("http://{at}/")).await;
    (app, peer, at)
}

/// The line of the application in a search; null when it is not asked.
async fn found(client: &mut Client) -> Value {
    let answer = client.get("/api/v1/search?q=ordre").await;
    assert_eq!(answer.status, 200);
    let mut lines = answer
        .text()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line"));
    lines
        .find(|line| line["source"] == "application:mission")
        .unwrap_or_default()
}

async fn a_registered_application_answers_who_sees_its_tile(test: TestDb) {
    let (app, peer, at) = with_peer(&test).await;
    let mut own = app.application("mission", &["search"]);
    let url = format!("http://{at}/search");
    let registered = own.json(Method::PUT, SEARCH, &json!({"url": url})).await;
    assert_eq!(registered.status, 200, "{}", registered.text());
    assert_eq!(registered.header("cache-control"), "no-store");
    let secret = registered.json()["secret"]
        .as_str()
        .expect("a secret")
        .to_owned();
    assert_eq!(secret.len(), 43);
    *peer.answer.lock().expect("answer") = json!({"hits": [
        {"id": "7", "title": "Ordre 7", "detail": "Payé", "link": format!("http://{at}/o/7")},
        {"id": "8", "title": "Ordre 8", "link": "javascript:alert(1)"},
        {"id": "9", "title": "Ordre 9", "link": "https://evil.example/"},
    ]});
    app.clock.advance(Duration::from_secs(2));
    let mut claire = app.sessions_for(callers::agent(1));
    let mut line = found(&mut claire).await;
    line["milliseconds"] = 0.into();
    assert_eq!(
        line,
        json!({
            "source": "application:mission", "title": "Frais de mission", "state": "complete",
            "milliseconds": 0,
            "hits": [{"id": "7", "title": "Ordre 7", "detail": "Payé", "link": format!("http://{at}/o/7")}],
        })
    );
    let asked = peer.asked.lock().expect("asked").clone();
    let question = json!({
        "q": "ordre", "agent": callers::agent(1).agent.to_string(), "locale": "fr",
    });
    assert_eq!(asked, [(format!("Bearer {secret}"), question)]);
    let mut neighbour = app.sessions_for(callers::neighbour(1));
    assert_eq!(found(&mut neighbour).await, Value::Null);
    assert_eq!(peer.asked.lock().expect("asked").len(), 1, "not even asked");
    let kept: Result<Vec<_>, DbError> = app
        .db()
        .read(|tx: &mut Tx| {
            Box::pin(async move {
                tx.query("SELECT secret FROM portal_search_source", &values![])
                    .await
            })
        })
        .await;
    let kept: String = kept.expect("rows")[0].get("secret").expect("a text");
    assert!(!kept.contains(&secret), "kept sealed");
    let again = own.json(Method::PUT, SEARCH, &json!({"url": url})).await;
    assert_ne!(again.json()["secret"], json!(secret), "a new one each time");
}

async fn an_answer_that_is_not_to_be_believed_fails_its_source_alone(test: TestDb) {
    let (app, peer, at) = with_peer(&test).await;
    let mut own = app.application("mission", &["search"]);
    let url = json!({"url": format!("http://{at}/search")});
    let mut claire = app.sessions_for(callers::agent(1));
    for (answer, state) in [
        (json!("html"), "failed"),
        (json!("redirect"), "failed"),
        (json!("refused"), "failed"),
        (json!("flood"), "failed"),
        (json!("never"), "late"),
        (json!({"hits": "x"}), "failed"),
        (json!({"hits": []}), "complete"),
    ] {
        // Each registration has a new breaker.
        assert_eq!(own.json(Method::PUT, SEARCH, &url).await.status, 200);
        app.clock.advance(Duration::from_secs(2));
        *peer.answer.lock().expect("answer") = answer.clone();
        let line = found(&mut claire).await;
        assert_eq!(line["state"], state, "{answer}");
        assert_eq!(line["hits"], json!([]));
    }
    *peer.answer.lock().expect("answer") = json!("html");
    for _ in 0..6 {
        assert_eq!(found(&mut claire).await["state"], "failed");
    }
    assert_eq!(
        peer.asked.lock().expect("asked").len(),
        12,
        "five in a row open"
    );
}

async fn an_application_that_leaves_is_not_asked_any_more(test: TestDb) {
    let (app, peer, at) = with_peer(&test).await;
    let mut own = app.application("mission", &["search"]);
    let url = json!({"url": format!("http://{at}/search")});
    assert_eq!(own.json(Method::PUT, SEARCH, &url).await.status, 200);
    for _ in 0..2 {
        let left = own.json(Method::PUT, SEARCH, &json!({"url": null})).await;
        assert_eq!(left.status, 204);
    }
    app.clock.advance(Duration::from_secs(2));
    let mut claire = app.sessions_for(callers::agent(1));
    assert_eq!(found(&mut claire).await, Value::Null);
    assert!(peer.asked.lock().expect("asked").is_empty());
}
