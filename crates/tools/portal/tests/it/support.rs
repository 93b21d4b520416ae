//! A portal for one test, and its tiles.

use std::sync::{Arc, Mutex};

use http::Method;
use kernel::port::{
    Applications, KnownApplication, NewApplication, PortError, RegisteredApplication,
};
use kernel::{AgentId, Audience, BoxFuture, Secret, Text};
use kernel_db::testing::TestDb;
use kernel_db::{Db, JournalConfig, JournalKey};
use kernel_http::{House, Outgoing, OutgoingConfig};
use kernel_mail::Mailer;
use portal::domain::{
    Badge, Category, CategoryId, Family, IconName, NewTile, Publication, Reach, Reaches,
    TileAddress, TileId,
};
use portal::{Deps, Inbox};
use serde::Serialize;
use testkit::{Answer, Client, FakeDirectory, FakeNotify, TestApp, callers};

/// The inboxes in the test's database.
pub(crate) fn inbox(house: &House) -> Inbox {
    let (clock, rng) = (Arc::clone(&house.clock), Arc::clone(&house.rng));
    Inbox::new(
        house.db.clone(),
        clock,
        rng,
        house.live.clone(),
        "Europe/Paris",
    )
}

/// What the portal needs, of fakes: tests change what they look at.
pub(crate) fn deps(house: &House) -> Deps {
    Deps {
        db: house.db.clone(),
        clock: Arc::clone(&house.clock),
        rng: Arc::clone(&house.rng),
        live: house.live.clone(),
        outgoing: Outgoing::new(OutgoingConfig::default()).expect("a client"),
        directory: Arc::new(FakeDirectory::of_callers()),
        applications: Arc::new(FakeApplications::default()),
        notify: Arc::new(FakeNotify::default()),
        inbox: inbox(house),
        mailer: Mailer::none(),
        nows: Vec::new(),
        statuses: Vec::new(),
        sources: Vec::new(),
        sealer: house.sealer(),
        site: Arc::clone(&house.site),
        zone: "Europe/Paris".to_owned(),
    }
}

/// The portal alone, on the test's database.
pub(crate) async fn portal(test: &TestDb) -> TestApp {
    portal_with(test, |_| {}).await
}

/// The same, with other things than the usual.
pub(crate) async fn portal_with(test: &TestDb, change: impl FnOnce(&mut Deps)) -> TestApp {
    // The handle that made the tables gives the data folder back.
    test.db.clone().close().await;
    TestApp::builder()
        .database(test.config().clone())
        .start(|house| {
            let mut deps = deps(house);
            change(&mut deps);
            vec![portal::tool(deps)]
        })
        .await
}

/// Publishes on the application's database, as another node would.
pub(crate) async fn publish(app: &TestApp, categories: Vec<Category>, tiles: Vec<NewTile>) {
    published(app.db(), app, categories, tiles)
        .await
        .expect("published");
}

/// The same, that may be refused.
pub(crate) async fn published(
    db: &Db,
    app: &TestApp,
    categories: Vec<Category>,
    tiles: Vec<NewTile>,
) -> Result<(), portal::PortalError> {
    portal::publish(db, app.clock.as_ref(), categories, tiles).await
}

/// One category.
pub(crate) fn category(id: u128, position: u32, title: &'static str) -> Category {
    Category {
        id: CategoryId::from_u128(id),
        title: Text::made(title, format!("{title} (en)")),
        family: Family::Blue,
        position,
    }
}

/// One tile of category 1.
pub(crate) fn tile(id: u128, name: &'static str, audience: Audience) -> NewTile {
    NewTile {
        id: TileId::from_u128(id),
        category: CategoryId::from_u128(1),
        name: Text::made(name, format!("{name} (en)")),
        description: Text::fixed("Pour essayer", "To try"),
        icon: IconName::parse("chat-3-line").expect("an icon"),
        address: TileAddress::parse("https://outil.gouv.fr/").expect("an address"),
        reaches: Reaches::one(Reach::Rie),
        badge: Some(Badge::New),
        audience,
        guests: false,
        publication: Publication::Published,
        position: 1,
    }
}

/// A portal with administrators on both sides, and what its tests look at.
pub(crate) struct Desk {
    pub(crate) app: TestApp,
    pub(crate) directory: FakeDirectory,
    pub(crate) notify: FakeNotify,
    pub(crate) applications: FakeApplications,
}

impl Desk {
    /// Claire Delmas administers the ministry, Lucie Anselme the neighbour's; one category.
    pub(crate) async fn new(test: &TestDb) -> Self {
        Self::with(test, |_| {}).await
    }

    /// The same, with other things than the usual.
    pub(crate) async fn with(test: &TestDb, change: impl FnOnce(&mut Deps)) -> Self {
        let directory = FakeDirectory::of_callers();
        directory.agent(&callers::administrator(1), "Claire", "Delmas");
        directory.agent(&callers::neighbour_administrator(1), "Lucie", "Anselme");
        let (notify, applications) = (FakeNotify::default(), FakeApplications::default());
        let app = portal_with(test, |deps| {
            deps.directory = Arc::new(directory.clone());
            deps.notify = Arc::new(notify.clone());
            deps.applications = Arc::new(applications.clone());
            change(deps);
        })
        .await;
        publish(&app, vec![category(1, 1, "Communiquer")], Vec::new()).await;
        Self {
            app,
            directory,
            notify,
            applications,
        }
    }

    /// Who administers the ministry.
    pub(crate) fn claire(&self) -> Client {
        self.app.sessions_for(callers::administrator(1))
    }

    /// An agent of the ministry.
    pub(crate) fn hugo(&self) -> Client {
        self.app.sessions_for(callers::agent(2))
    }

    /// Who administers the neighbour's.
    pub(crate) fn lucie(&self) -> Client {
        self.app.sessions_for(callers::neighbour_administrator(1))
    }

    /// An agent of the neighbour's.
    pub(crate) fn jean(&self) -> Client {
        self.app.sessions_for(callers::neighbour(2))
    }

    /// Writes a draft; its id.
    pub(crate) async fn draft(&self, name: &str, audience: serde_json::Value) -> String {
        let made = self
            .claire()
            .post_json(TOOLS, &tool_body(name, audience))
            .await;
        assert_eq!(made.status, 201, "{}", made.text());
        made.json()["id"].as_str().expect("an id").to_owned()
    }

    /// Publishes a draft, whoever it is for.
    pub(crate) async fn publish(&self, id: &str) -> serde_json::Value {
        let published = self
            .claire()
            .post_json(
                &format!("{TOOLS}/{id}/publish"),
                &serde_json::json!({"confirmEverybody": true}),
            )
            .await;
        assert_eq!(published.status, 200, "{}", published.text());
        published.json()
    }

    /// Does the background work that is due.
    pub(crate) async fn work(&self, test: &TestDb) {
        let journal = JournalConfig {
            checkpoint_file: test.file("journal.checkpoint"),
            key: JournalKey::new(&[7; 32]),
            retention: kernel_db::Retention::default(),
        };
        let (clock, rng) = (&self.app.house.clock, &self.app.house.rng);
        kernel_db::workers::run_once(self.app.db(), clock, rng, &self.app.jobs, &[], &journal)
            .await
            .expect("work");
    }
}

/// Where administrators' tools are.
pub(crate) const TOOLS: &str = "/api/v1/admin/tools";

/// A tool of the ministry as its administrator sends it.
pub(crate) fn tool_body(name: &str, audience: impl Serialize) -> serde_json::Value {
    serde_json::json!({
        "name": {"fr": name},
        "description": {"fr": "Pour essayer", "en": "To try"},
        "category": CategoryId::from_u128(1),
        "icon": "scales-3-line",
        "url": "https://outil.gouv.fr/",
        "reaches": ["rie", "vpn"],
        "owner": callers::agent(3).agent,
        "organisation": callers::MINISTRY,
        "audience": audience,
    })
}

/// The agents of the ministry.
pub(crate) fn ministry() -> serde_json::Value {
    serde_json::json!({"organisation": {"id": callers::MINISTRY, "subtree": true}})
}

/// Applications in memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct FakeApplications(Arc<Mutex<Vec<KnownApplication>>>);

impl FakeApplications {
    /// The ids of those that stand.
    pub(crate) fn registered(&self) -> Vec<String> {
        let all = self.0.lock().expect("applications");
        all.iter().map(|known| known.client_id.clone()).collect()
    }

    /// What is known of one.
    pub(crate) fn known(&self, client_id: &str) -> Option<KnownApplication> {
        let all = self.0.lock().expect("applications");
        all.iter()
            .find(|known| known.client_id == client_id)
            .cloned()
    }

    fn keep(&self, application: NewApplication) -> Result<(), PortError> {
        if application.redirect_uris.is_empty() {
            return Err(PortError::Refused("no redirect address".to_owned()));
        }
        let mut all = self.0.lock().expect("applications");
        all.retain(|known| known.client_id != application.client_id);
        all.push(KnownApplication {
            client_id: application.client_id,
            name: application.name,
            redirect_uris: application.redirect_uris,
            post_logout_redirect_uris: application.post_logout_redirect_uris,
        });
        Ok(())
    }
}

impl Applications for FakeApplications {
    fn register(
        &self,
        application: NewApplication,
    ) -> BoxFuture<'_, Result<RegisteredApplication, PortError>> {
        let client_id = application.client_id.clone();
        let answer = self.keep(application).map(|()| RegisteredApplication {
            client_id,
            secret: Secret::new("shown once"),
        });
        Box::pin(async move { answer })
    }

    fn find(
        &self,
        client_id: String,
    ) -> BoxFuture<'_, Result<Option<KnownApplication>, PortError>> {
        let found = self.known(&client_id);
        Box::pin(async move { Ok(found) })
    }

    fn amend(&self, application: NewApplication) -> BoxFuture<'_, Result<(), PortError>> {
        let answer = match self.known(&application.client_id) {
            Some(_) => self.keep(application),
            None => Err(PortError::Refused("unknown".to_owned())),
        };
        Box::pin(async move { answer })
    }

    fn end(&self, client_id: String, _: AgentId) -> BoxFuture<'_, Result<(), PortError>> {
        let mut all = self.0.lock().expect("applications");
        all.retain(|known| known.client_id != client_id);
        drop(all);
        Box::pin(async { Ok(()) })
    }
}

/// That a stranger is sent away (401), and an agent without a role and another administration's
/// administrator are refused (403).
pub(crate) async fn refused_to_others(
    desk: &Desk,
    method: Method,
    path: &str,
    body: &serde_json::Value,
) {
    let mut stranger = desk.app.client();
    let answer = stranger.json(method.clone(), path, body).await;
    assert_eq!(answer.status, 401, "a stranger at {method} {path}");
    for mut other in [desk.hugo(), desk.lucie()] {
        let answer = other.json(method.clone(), path, body).await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text());
    }
}

/// The home page of a reader.
pub(crate) async fn home(client: &mut Client) -> Answer {
    client.get("/api/v1/home").await
}

/// The names of the tiles in an answer, in order.
pub(crate) fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json = answer.json();
    let categories = json["categories"].as_array().expect("categories");
    categories
        .iter()
        .flat_map(|category| category["tiles"].as_array().expect("tiles").clone())
        .map(|tile| tile["name"].as_str().expect("a name").to_owned())
        .collect()
}
