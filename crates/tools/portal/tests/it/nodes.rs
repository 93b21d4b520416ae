//! Two nodes of one installation: on one PostgreSQL, and a bus in process or over NATS.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use kernel::Caller;
use kernel_bus::testing::{Kind, Network};
use kernel_db::Backend;
use kernel_db::testing::{TestDb, run};
use kernel_http::Reached;
use testkit::{TestApp, callers};
use tower::ServiceExt as _;

use crate::announcements::{act, announcer, body, create, ministry, publish, titles};
use crate::news_support::News;

/// Far longer than anything here takes.
const LONG: Duration = Duration::from_secs(30);

macro_rules! on_two_nodes {
    ($($name:ident),+ $(,)?) => {
        mod in_process {
            $(#[test]
            fn $name() {
                super::on(super::Kind::InProcess, super::$name);
            })+
        }
        mod on_nats {
            $(#[test]
            fn $name() {
                super::on(super::Kind::Nats, super::$name);
            })+
        }
    };
}

on_two_nodes!(
    an_announcement_on_one_node_is_heard_once_and_found_at_once_on_the_other,
    what_concerns_one_agent_reaches_their_pages_on_the_other_node_and_nobody_elses,
    with_the_bus_down_the_other_node_hears_within_two_seconds_and_then_again_by_the_bus,
    a_session_that_ends_on_one_node_ends_its_stream_on_the_other,
);

/// Two nodes, and the line between them. Their clocks stand: rows are compared because somebody
/// told, or never.
struct Two {
    network: Network,
    here: News,
    there: News,
}

fn on<F>(kind: Kind, test: impl FnOnce(Two) -> F)
where
    F: Future<Output = ()>,
{
    run(
        Backend::Postgres,
        &[portal::MIGRATIONS],
        |db: TestDb| async move {
            let Some(network) = Network::of(kind).await else {
                return;
            };
            let here = News::node(&db, network.join().await).await;
            let there = News::node(&db, network.join().await).await;
            test(Two {
                network,
                here,
                there,
            })
            .await;
        },
    );
}

impl Two {
    async fn until_up(&self, up: bool) {
        for node in [&self.here, &self.there] {
            let changed = node.app.house.bus.until_connected(up);
            tokio::time::timeout(LONG, changed).await.expect("in time");
        }
    }

    /// Says something on one node that every page hears after what was said before.
    fn mark(&self) {
        self.here.app.house.live.say("mark", 1, Reached::Everyone);
    }
}

/// An open page.
struct Page(BodyDataStream);

impl Page {
    async fn open(app: &TestApp, caller: Caller) -> Self {
        let cookie = app.sessions.open(caller);
        let cookie = format!("{}={}", app.house.cookies().session(), cookie.expose());
        let request = http::Request::get("/api/v1/live").header("cookie", cookie);
        let request = request.body(Body::empty()).expect("a request");
        let response = app
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        assert_eq!(response.status(), 200);
        let mut page = Self(response.into_body().into_data_stream());
        assert!(page.frame().await.expect("open").starts_with("retry:"));
        page
    }

    /// The next frame; none when the stream has ended.
    async fn frame(&mut self) -> Option<String> {
        let next = tokio::time::timeout(LONG, self.0.next());
        let bytes = next.await.expect("in time")?.expect("a frame");
        Some(String::from_utf8(bytes.to_vec()).expect("text"))
    }

    /// Waits until the stream has ended.
    async fn end(mut self) {
        let ended = async { while self.frame().await.is_some() {} };
        tokio::time::timeout(LONG, ended).await.expect("ended");
    }

    /// The topic of the next hint.
    async fn hint(&mut self) -> String {
        loop {
            let frame = self.frame().await.expect("open");
            let data = frame.lines().find_map(|line| line.strip_prefix("data: "));
            let data = data.and_then(|data| serde_json::from_str::<serde_json::Value>(data).ok());
            let topic = data.and_then(|data| Some(data["topic"].as_str()?.to_owned()));
            if let Some(topic) = topic {
                return topic;
            }
        }
    }
}

async fn an_announcement_on_one_node_is_heard_once_and_found_at_once_on_the_other(two: Two) {
    let mut claire = two.here.app.sessions_for(announcer(1));
    let mut hugo = two.there.app.sessions_for(callers::agent(2));
    assert_eq!(titles(&mut hugo).await, Vec::<String>::new());
    let mut page = Page::open(&two.there.app, callers::agent(2)).await;
    let id = publish(&mut claire, "Maintenance", &ministry()).await;
    assert_eq!(page.hint().await, "announcements");
    assert_eq!(titles(&mut hugo).await, ["Maintenance"]);
    two.mark();
    assert_eq!(page.hint().await, "mark", "it came once");
    assert_eq!(act(&mut claire, &id, "withdraw").await.status, 200);
    assert_eq!(page.hint().await, "announcements");
    assert_eq!(titles(&mut hugo).await, Vec::<String>::new());
}

async fn what_concerns_one_agent_reaches_their_pages_on_the_other_node_and_nobody_elses(two: Two) {
    let mut hugo = Page::open(&two.there.app, callers::agent(2)).await;
    let mut ines = Page::open(&two.there.app, callers::agent(3)).await;
    two.here.tell(&callers::agent(2), "Bonjour").await;
    two.mark();
    assert_eq!(hugo.hint().await, "inbox");
    assert_eq!(hugo.hint().await, "mark");
    assert_eq!(ines.hint().await, "mark");
}

async fn with_the_bus_down_the_other_node_hears_within_two_seconds_and_then_again_by_the_bus(
    two: Two,
) {
    let mut claire = two.here.app.sessions_for(announcer(1));
    let mut hugo = two.there.app.sessions_for(callers::agent(2));
    assert_eq!(titles(&mut hugo).await, Vec::<String>::new());
    let mut page = Page::open(&two.there.app, callers::agent(2)).await;
    two.network.cut();
    two.until_up(false).await;
    let id = create(&mut claire, &body("Maintenance", &ministry())).await;
    assert_eq!(act(&mut claire, &id, "publish").await.status, 200);
    assert_eq!(page.hint().await, "announcements");
    while titles(&mut hugo).await.is_empty() {
        // That was the draft's: it changed the rows too.
        assert_eq!(page.hint().await, "announcements");
    }
    two.network.mend();
    two.until_up(true).await;
    two.mark();
    while page.hint().await != "mark" {}
    assert_eq!(act(&mut claire, &id, "withdraw").await.status, 200);
    assert_eq!(page.hint().await, "announcements");
    assert_eq!(titles(&mut hugo).await, Vec::<String>::new());
    two.mark();
    assert_eq!(page.hint().await, "mark", "nothing came twice");
}

async fn a_session_that_ends_on_one_node_ends_its_stream_on_the_other(two: Two) {
    let (hugo, ines) = (callers::agent(2), callers::agent(3));
    let of_hugo = Page::open(&two.there.app, hugo.clone()).await;
    let mut of_ines = Page::open(&two.there.app, ines.clone()).await;
    let live = &two.here.app.house.live;
    live.end_session(hugo.session().expect("a session"));
    of_hugo.end().await;
    two.mark();
    assert_eq!(of_ines.hint().await, "mark", "another's session goes on");
    live.end_agent(ines.agent);
    of_ines.end().await;
}
