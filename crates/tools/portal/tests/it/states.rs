//! How services do, and whether an address answers.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use kernel::port::PortError;
use kernel::{BoxFuture, Text};
use kernel_db::testing::TestDb;
use kernel_http::{Outgoing, OutgoingConfig};
use portal::domain::Level;
use portal::{ServiceStatus, StatusSource};
use serde_json::{Value, json};

use crate::support::{Desk, TOOLS, home, ministry};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    a_notice_stands_on_the_tile_until_its_end,
    a_notice_that_cannot_be_is_refused,
    providers_and_tools_are_told_and_a_source_that_fails_is_left_out,
    an_address_is_asked_once_and_guarded,
);

async fn a_notice_stands_on_the_tile_until_its_end(test: TestDb) {
    let desk = Desk::new(&test).await;
    let tool = desk.draft("Arrêtés", ministry()).await;
    desk.publish(&tool).await;
    let (mut claire, mut hugo) = (desk.claire(), desk.hugo());
    let at = format!("{TOOLS}/{tool}/notice");
    let now = kernel::Clock::now(desk.app.clock.as_ref()).millis();
    let body = json!({
        "level": "disturbed",
        "message": {"fr": "Lenteurs ce matin", "en": "Slow this morning"},
        "until": now + 60_000,
    });
    let said = claire.json(Method::PUT, &at, &body).await;
    assert_eq!(said.status, 200, "{}", said.text());
    let state = async |hugo: &mut testkit::Client| {
        home(hugo).await.json()["categories"][0]["tiles"][0]["state"].clone()
    };
    assert_eq!(
        state(&mut hugo).await,
        json!({"level": "disturbed", "since": now, "message": "Lenteurs ce matin"})
    );
    desk.app.clock.advance(Duration::from_secs(10));
    claire.json(Method::PUT, &at, &body).await;
    assert_eq!(state(&mut hugo).await["since"], now, "it lasts since then");
    desk.app.clock.advance(Duration::from_secs(50));
    assert_eq!(state(&mut hugo).await, Value::Null, "over");
    let lasting = json!({"level": "down", "message": {"fr": "Panne"}});
    claire.json(Method::PUT, &at, &lasting).await;
    assert_eq!(state(&mut hugo).await["level"], "down");
    assert_eq!(claire.call(Method::DELETE, &at).await.status, 204);
    assert_eq!(state(&mut hugo).await, Value::Null);
}

async fn a_notice_that_cannot_be_is_refused(test: TestDb) {
    let desk = Desk::new(&test).await;
    let tool = desk.draft("Arrêtés", ministry()).await;
    let at = format!("{TOOLS}/{tool}/notice");
    for (field, body) in [
        (
            "level",
            json!({"level": "up", "message": {"fr": "Tout va bien"}}),
        ),
        ("level", json!({"level": "bad", "message": {"fr": "Panne"}})),
        ("message", json!({"level": "down", "message": {"fr": " "}})),
        (
            "until",
            json!({"level": "down", "message": {"fr": "Panne"}, "until": 1}),
        ),
    ] {
        let refused = desk.claire().json(Method::PUT, &at, &body).await;
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (422, &json!(field))
        );
    }
}

/// Providers, or none that answers.
struct Providers(bool);

impl StatusSource for Providers {
    fn kind(&self) -> &'static str {
        "provider"
    }

    fn statuses(&self) -> BoxFuture<'_, Result<Vec<ServiceStatus>, PortError>> {
        Box::pin(async move {
            if !self.0 {
                return Err(PortError::Failed("broken".to_owned()));
            }
            Ok(vec![ServiceStatus {
                id: "interieur".to_owned(),
                name: Text::fixed("Intérieur", "Interior"),
                level: Level::Down,
                since: None,
                message: Some(Text::fixed("Ne répond pas", "Does not answer")),
            }])
        })
    }
}

async fn providers_and_tools_are_told_and_a_source_that_fails_is_left_out(test: TestDb) {
    let desk = Desk::with(&test, |deps| {
        deps.statuses = vec![Arc::new(Providers(false)), Arc::new(Providers(true))];
    })
    .await;
    let tool = desk.draft("Arrêtés", ministry()).await;
    desk.publish(&tool).await;
    assert_eq!(desk.app.client().get("/api/v1/status").await.status, 401);
    let told = desk.hugo().get("/api/v1/status").await.json();
    let provider = json!({
        "kind": "provider",
        "id": "interieur",
        "name": "Intérieur",
        "level": "down",
        "message": "Ne répond pas",
    });
    let own = json!({"kind": "tool", "id": tool, "name": "Arrêtés", "level": "up"});
    assert_eq!(told["items"], json!([provider, own]));
    let elsewhere = desk.jean().get("/api/v1/status").await.json();
    assert_eq!(elsewhere["items"], json!([provider]));
}

/// A tool on this machine: answers, leads to a sign-in, or fails.
async fn peer() -> u16 {
    let router = axum::Router::new()
        .route("/", axum::routing::get(|| async { "ok" }))
        .route(
            "/private",
            axum::routing::get(|| async { http::StatusCode::UNAUTHORIZED }),
        )
        .route(
            "/broken",
            axum::routing::get(|| async { http::StatusCode::BAD_GATEWAY }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a listener");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

async fn an_address_is_asked_once_and_guarded(test: TestDb) {
    let desk = Desk::with(&test, |deps| {
        deps.outgoing = Outgoing::new(OutgoingConfig {
            allow: vec!["127.0.0.1".to_owned()],
            ..OutgoingConfig::default()
        })
        .expect("a client");
    })
    .await;
    let port = peer().await;
    let path = format!("{TOOLS}/check-address");
    let mut claire = desk.claire();
    for (url, problem) in [
        (format!("http://127.0.0.1:{port}/"), None),
        (format!("http://127.0.0.1:{port}/private"), None),
        (format!("http://127.0.0.1:{port}/broken"), Some("fails")),
        (format!("http://127.0.0.1:{port}/nowhere"), Some("fails")),
        ("javascript:alert(1)".to_owned(), Some("scheme")),
        ("http://outil.gouv.fr/".to_owned(), Some("scheme")),
        ("outil".to_owned(), Some("malformed")),
        (
            "https://me:pw@outil.gouv.fr/".to_owned(),
            Some("credentials"),
        ),
        (
            "https://10.0.0.1/".to_owned(),
            Some("not-reachable-from-here"),
        ),
        (
            "https://169.254.169.254/".to_owned(),
            Some("not-reachable-from-here"),
        ),
    ] {
        let told = claire.post_json(&path, &json!({"url": url})).await.json();
        assert_eq!(told["ok"], problem.is_none(), "{url}: {told}");
        assert_eq!(told["problem"], json!(problem), "{url}");
    }
    let body = json!({"url": "https://10.0.0.1/"});
    assert_eq!(desk.app.client().post_json(&path, &body).await.status, 401);
    assert_eq!(desk.hugo().post_json(&path, &body).await.status, 403);
}
