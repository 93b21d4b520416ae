//! A portal for one test, and its tiles.

use std::sync::Arc;

use kernel::port::{Applications, NewApplication, PortError, RegisteredApplication};
use kernel::{AgentId, Audience, BoxFuture, Text};
use kernel_db::Db;
use kernel_db::testing::TestDb;
use kernel_http::{House, Outgoing, OutgoingConfig};
use kernel_mail::Mailer;
use portal::domain::{
    Badge, Category, CategoryId, Family, IconName, NewTile, Publication, Reach, Reaches,
    TileAddress, TileId,
};
use portal::{Deps, Inbox};
use testkit::{Answer, Client, FakeDirectory, FakeNotify, TestApp};

/// Registers nothing: its tests bring their own.
struct NoApplications;

impl Applications for NoApplications {
    fn register(
        &self,
        _: NewApplication,
    ) -> BoxFuture<'_, Result<RegisteredApplication, PortError>> {
        Box::pin(async { Err(PortError::Unavailable("not in this test".to_owned())) })
    }

    fn amend(&self, _: NewApplication) -> BoxFuture<'_, Result<(), PortError>> {
        Box::pin(async { Err(PortError::Unavailable("not in this test".to_owned())) })
    }

    fn end(&self, _: String, _: AgentId) -> BoxFuture<'_, Result<(), PortError>> {
        Box::pin(async { Err(PortError::Unavailable("not in this test".to_owned())) })
    }
}

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
        applications: Arc::new(NoApplications),
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
        publication: Publication::Published,
        position: 1,
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
