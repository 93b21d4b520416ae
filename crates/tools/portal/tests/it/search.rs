//! `GET /api/v1/search`.

use std::sync::Arc;

use kernel::port::{Hit, PortError, SearchProvider, SearchQuery};
use kernel::{Audience, BoxFuture, Text};
use kernel_db::testing::TestDb;
use serde_json::{Value, json};
use testkit::{Answer, callers};

use crate::support::{category, portal, portal_with, publish, tile};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    a_stranger_finds_nothing,
    an_agent_finds_their_tools_and_a_neighbour_s_are_not_among_them,
    what_is_late_or_fails_or_panics_is_said_beside_what_is_complete,
    what_cannot_be_looked_for_is_refused,
);

/// Another tool's source, by how it behaves.
struct Rooms(&'static str);

impl SearchProvider for Rooms {
    fn source(&self) -> &'static str {
        self.0
    }

    fn title(&self) -> Text {
        Text::fixed("Salons", "Rooms")
    }

    fn search(&self, query: SearchQuery) -> BoxFuture<'_, Result<Vec<Hit>, PortError>> {
        let hit = Hit {
            id: "1".into(),
            title: query.words,
            detail: None,
            icon: None,
            link: "/salons/1".into(),
        };
        Box::pin(async move {
            match self.0 {
                "late" => std::future::pending().await,
                "panic" => unreachable!("sesame"),
                "failed" => Err(PortError::Failed("sesame".into())),
                _ => Ok(vec![hit]),
            }
        })
    }
}

/// The lines of an answer, the last one left out once it is proved to be the end.
fn lines(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut lines: Vec<Value> = answer
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    assert_eq!(lines.pop(), Some(json!({"end": true})));
    lines
}

async fn a_stranger_finds_nothing(test: TestDb) {
    let app = portal(&test).await;
    let refused = app.client().get("/api/v1/search?q=mission").await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (401, "sign-in-required")
    );
}

async fn an_agent_finds_their_tools_and_a_neighbour_s_are_not_among_them(test: TestDb) {
    let app = portal(&test).await;
    let of = |id| Audience::Organisation { id, subtree: true };
    let tiles = vec![
        tile(1, "Missions à l’étranger", of(callers::MINISTRY)),
        tile(2, "Frais de mission", Audience::Everyone),
        tile(3, "Missions secrètes", of(callers::NEIGHBOUR_MINISTRY)),
    ];
    publish(&app, vec![category(1, 1, "Communiquer")], tiles).await;
    let mut claire = app
        .sessions_for(callers::agent(1))
        .with_header("accept-encoding", "br, gzip");
    let answer = claire.get("/api/v1/search?q=MISSION").await;
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-encoding"), "", "sent as it is");
    let mut lines = lines(&answer);
    lines.retain(|line| line["source"] == "tools");
    assert!(lines[0]["milliseconds"].is_u64());
    lines[0]["milliseconds"] = 0.into();
    let hit = |id: &str, title: &str| {
        json!({"id": format!("00000000-0000-0000-0000-00000000000{id}"), "title": title,
            "detail": "Pour essayer", "icon": "chat-3-line", "link": "https://outil.gouv.fr/"})
    };
    assert_eq!(
        lines,
        [json!({
            "source": "tools", "title": "Outils", "state": "complete", "milliseconds": 0,
            "hits": [hit("1", "Missions à l’étranger"), hit("2", "Frais de mission")],
        })]
    );
}

async fn what_is_late_or_fails_or_panics_is_said_beside_what_is_complete(test: TestDb) {
    let app = portal_with(&test, |deps| {
        for name in ["late", "panic", "failed", "rooms"] {
            deps.sources.push(Arc::new(Rooms(name)));
        }
    })
    .await;
    let mut claire = app
        .sessions_for(callers::agent(1))
        .with_header("accept-language", "en");
    // The tools are in memory: no database is waited for.
    claire.get("/api/v1/home").await;
    let answer = claire.get("/api/v1/search?q=%20mission%20").await;
    assert!(!answer.text().contains("sesame"));
    let lines = lines(&answer);
    let state = |source: &str| {
        let line = lines.iter().find(|line| line["source"] == source);
        let line = line.expect("a line");
        (
            line["state"].clone(),
            line["hits"].as_array().expect("hits").len(),
        )
    };
    assert_eq!(state("tools"), (json!("complete"), 0));
    assert_eq!(state("rooms"), (json!("complete"), 1));
    assert_eq!(state("failed"), (json!("failed"), 0));
    assert_eq!(state("panic"), (json!("failed"), 0));
    assert_eq!(state("late"), (json!("late"), 0));
    let place = |source: &str| lines.iter().position(|line| line["source"] == source);
    assert!(place("rooms") < place("late"), "the others did not wait");
    let title = |source: &str| place(source).map(|at| lines[at]["title"].clone());
    assert_eq!(title("tools"), Some(json!("Tools")));
    let took = place("late").and_then(|at| lines[at]["milliseconds"].as_u64());
    assert!(took >= Some(400), "{took:?}");
}

async fn what_cannot_be_looked_for_is_refused(test: TestDb) {
    let app = portal(&test).await;
    let mut claire = app.sessions_for(callers::agent(1));
    for (query, problem) in [
        ("?q=", "search-words"),
        ("?q=%20", "search-words"),
        ("", "invalid-query"),
    ] {
        let refused = claire.get(&format!("/api/v1/search{query}")).await;
        assert_eq!(refused.status, 400, "{query}");
        assert_eq!(refused.problem(), problem);
    }
}
