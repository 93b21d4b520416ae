//! A portal with real inboxes, hints that can be heard, and mails that stay in the queue.

use std::sync::Arc;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use kernel::port::{Notice, Notify as _, Urgency};
use kernel::{AgentId, Caller, Clock, Rng, Text};
use kernel_bus::Bus;
use kernel_db::testing::TestDb;
use kernel_db::{DbError, JournalConfig, JournalKey, Tx, values, workers};
use kernel_http::{House, Reached};
use kernel_mail::{MailConfig, Mailbox, Mailer, QueuedMail, Security};
use portal::Inbox;
use testkit::{FakeDirectory, TestApp, callers};
use tower::ServiceExt as _;

use crate::support::{deps, inbox};

/// A portal, its inboxes and its directory.
pub(crate) struct News {
    pub(crate) app: TestApp,
    pub(crate) inbox: Inbox,
    pub(crate) directory: FakeDirectory,
    scratch: std::path::PathBuf,
}

/// A notice for an agent.
pub(crate) fn notice(to: &Caller, title: &str) -> Notice {
    Notice {
        to: to.agent,
        source: "portal".into(),
        kind: "portal.request.decided".into(),
        urgency: Urgency::Normal,
        dedup: None,
        title: Text::made(title.to_owned(), format!("{title} (en)")),
        detail: None,
        link: None,
        action: None,
        until: None,
    }
}

fn mailer(house: &House) -> Mailer {
    let config = MailConfig {
        host: "127.0.0.1".into(),
        port: 1,
        security: Security::None,
        credentials: None,
        from: Mailbox::parse(Some("Besace"), "besace@besace.example").expect("an address"),
        extra_roots_pem: Vec::new(),
    };
    Mailer::new(&config, Arc::clone(&house.clock), Arc::clone(&house.rng)).expect("a mailer")
}

impl News {
    /// On the test's database. Claire (1) is an announcer of the ministry, Hugo (2) and Inès (3)
    /// are agents there, Lucie (neighbour 1) administers the other ministry.
    pub(crate) async fn start(test: &TestDb) -> Self {
        test.db.clone().close().await;
        Self::node(test, Bus::alone()).await
    }

    /// The same as one of several nodes; a database that only one program opens has one.
    pub(crate) async fn node(test: &TestDb, bus: Bus) -> Self {
        let directory = FakeDirectory::of_callers();
        directory.agent(&callers::administrator(1), "Claire", "Delmas");
        directory.agent(&callers::neighbour_administrator(1), "Lucie", "Anselme");
        let mut kept = None;
        let app = TestApp::builder()
            .database(test.config().clone())
            .bus(bus)
            .start(|house| {
                let mut deps = deps(house);
                deps.directory = Arc::new(directory.clone());
                deps.mailer = mailer(house);
                deps.inbox = inbox(house);
                kept = Some(deps.inbox.clone());
                vec![portal::tool(deps)]
            })
            .await;
        Self {
            app,
            inbox: kept.expect("inboxes"),
            directory,
            scratch: test.file("checkpoint"),
        }
    }

    /// Tells an agent something.
    pub(crate) async fn tell(&self, to: &Caller, title: &str) {
        self.notify(notice(to, title)).await;
    }

    /// Tells an agent something else.
    pub(crate) async fn notify(&self, notice: Notice) {
        self.inbox.notify(notice).await.expect("told");
    }

    /// Does the background work that is due.
    pub(crate) async fn round(&self) {
        let clock: Arc<dyn Clock> = self.app.clock.clone();
        let rng: Arc<dyn Rng> = self.app.rng.clone();
        let journal = JournalConfig {
            checkpoint_file: self.scratch.clone(),
            key: JournalKey::new(&[1; 32]),
            retention: kernel_db::Retention::default(),
        };
        let (jobs, consumers) = (&self.app.jobs, &self.app.consumers);
        workers::run_once(self.app.db(), &clock, &rng, jobs, consumers, &journal)
            .await
            .expect("a round");
    }

    /// The mails in the queue.
    pub(crate) async fn mails(&self) -> Vec<QueuedMail> {
        let rows = self
            .app
            .db()
            .read(|tx: &mut Tx| {
                Box::pin(async move {
                    tx.query(
                        "SELECT payload FROM job WHERE kind = $1 ORDER BY id",
                        &values![kernel_mail::JOB],
                    )
                    .await
                })
            })
            .await
            .map_err(|error: DbError| error)
            .expect("jobs");
        rows.iter()
            .map(|row| {
                let payload: String = row.get("payload").expect("a payload");
                serde_json::from_str(&payload).expect("a mail")
            })
            .collect()
    }

    /// The live stream of a caller.
    pub(crate) async fn listen(&self, caller: &Caller) -> Hints {
        let cookie = self.app.sessions.open(caller.clone());
        let cookie = format!("{}={}", self.app.house.cookies().session(), cookie.expose());
        let request = http::Request::get("/api/v1/live").header("cookie", cookie);
        let request = request.body(Body::empty()).expect("a request");
        let router = self.app.router.clone();
        let response = router.oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), 200);
        let mut hints = Hints {
            house: self.app.house.clone(),
            frames: response.into_body().into_data_stream(),
            asked: 0,
        };
        hints.heard().await;
        hints
    }

    /// How many notices an agent has not read, as counted and as kept.
    pub(crate) async fn unread(&self, agent: AgentId) -> (i64, i64) {
        self.app
            .db()
            .read(move |tx: &mut Tx| {
                Box::pin(async move {
                    let rows = tx
                        .query(
                            "SELECT COUNT(*) AS unread FROM portal_inbox_item
                             WHERE agent_id = $1 AND read_at IS NULL
                             UNION ALL SELECT unread FROM portal_inbox WHERE agent_id = $1",
                            &values![agent],
                        )
                        .await?;
                    let kept = match rows.get(1) {
                        Some(row) => row.get("unread")?,
                        None => 0,
                    };
                    Ok::<_, DbError>((rows[0].get("unread")?, kept))
                })
            })
            .await
            .expect("counts")
    }
}

/// What one open page hears.
pub(crate) struct Hints {
    house: House,
    frames: BodyDataStream,
    asked: i64,
}

impl Hints {
    /// The topics heard since the last time.
    pub(crate) async fn heard(&mut self) -> Vec<String> {
        self.asked += 1;
        // What comes before this was said before it.
        self.house
            .live
            .say("sentinel", self.asked, Reached::Everyone);
        let mut topics = Vec::new();
        loop {
            let bytes = self.frames.next().await.expect("open").expect("a frame");
            let text = String::from_utf8(bytes.to_vec()).expect("text");
            for line in text.lines() {
                let Some(data) = line.strip_prefix("data: ") else {
                    continue;
                };
                let Ok(hint) = serde_json::from_str::<serde_json::Value>(data) else {
                    continue;
                };
                let topic = hint["topic"].as_str().unwrap_or_default().to_owned();
                if topic == "sentinel" {
                    if hint["version"] == self.asked {
                        return topics;
                    }
                } else {
                    topics.push(topic);
                }
            }
        }
    }
}
