//! Favourites, recents, first days, and *Maintenant*.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use kernel::port::{Now, NowItem, PortError};
use kernel::{Audience, BoxFuture, Caller, Text, Timestamp};
use kernel_db::testing::TestDb;
use portal::domain::TileId;
use serde_json::{Value, json};
use testkit::{Client, callers};

use crate::support::{Desk, TOOLS, category, home, ministry, portal, publish, tile};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    favourites_keep_their_order_and_show_what_one_may_see,
    a_favourite_that_is_hidden_comes_back,
    favourites_of_a_stranger_and_too_many_are_refused,
    what_was_opened_stands_first_and_is_forgotten_after_ninety_days,
    what_one_may_not_see_is_not_opened,
    the_first_day_ends_with_the_first_tool_or_after_a_day,
    a_source_that_fails_or_is_late_is_left_out_and_what_is_over_too,
);

const FAVOURITES: &str = "/api/v1/favourites";

fn ids(numbers: &[u128]) -> Value {
    let ids: Vec<_> = numbers.iter().map(|id| TileId::from_u128(*id)).collect();
    json!(ids)
}

async fn put(client: &mut Client, numbers: &[u128]) -> Value {
    let answer = client
        .json(Method::PUT, FAVOURITES, &json!({"tiles": ids(numbers)}))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["tiles"].clone()
}

async fn open(client: &mut Client, id: u128) -> u16 {
    let path = format!("/api/v1/tiles/{}/opened", TileId::from_u128(id));
    client.call(Method::POST, &path).await.status
}

fn tiles(count: u128) -> Vec<portal::NewTile> {
    let all = (1..=count).map(|id| tile(id, "Outil", Audience::Everyone));
    all.collect()
}

async fn favourites_keep_their_order_and_show_what_one_may_see(test: TestDb) {
    let app = portal(&test).await;
    let mut all = tiles(3);
    all.push(tile(4, "Des autres", Audience::Any(Vec::new())));
    publish(&app, vec![category(1, 1, "Communiquer")], all).await;
    let mut claire = app.sessions_for(callers::agent(1));
    assert_eq!(put(&mut claire, &[3, 1, 4, 3, 99]).await, ids(&[3, 1]));
    assert_eq!(home(&mut claire).await.json()["favourites"], ids(&[3, 1]));
    assert_eq!(put(&mut claire, &[1, 2, 3]).await, ids(&[1, 2, 3]));
    assert_eq!(
        home(&mut claire).await.json()["favourites"],
        ids(&[1, 2, 3])
    );
    let mut hugo = app.sessions_for(callers::agent(2));
    assert_eq!(home(&mut hugo).await.json()["favourites"], json!([]));
}

async fn a_favourite_that_is_hidden_comes_back(test: TestDb) {
    let desk = Desk::new(&test).await;
    publish(&desk.app, Vec::new(), tiles(1)).await;
    desk.app.clock.advance(Duration::from_secs(2));
    let tool = desk.draft("Arrêtés", ministry()).await;
    desk.publish(&tool).await;
    let mut hugo = desk.hugo();
    let both = json!({"tiles": [tool, TileId::from_u128(1)]});
    let kept = hugo.json(Method::PUT, FAVOURITES, &both).await.json();
    assert_eq!(kept, both);
    let withdraw = format!("{TOOLS}/{tool}/withdraw");
    desk.claire().post_json(&withdraw, &json!({})).await;
    assert_eq!(home(&mut hugo).await.json()["favourites"], ids(&[1]));
    assert_eq!(put(&mut hugo, &[1]).await, ids(&[1]));
    desk.publish(&tool).await;
    assert_eq!(
        home(&mut hugo).await.json()["favourites"],
        json!([TileId::from_u128(1), tool])
    );
}

async fn favourites_of_a_stranger_and_too_many_are_refused(test: TestDb) {
    let app = portal(&test).await;
    publish(&app, vec![category(1, 1, "Communiquer")], tiles(25)).await;
    let body = |count: u128| json!({"tiles": ids(&(1..=count).collect::<Vec<_>>())});
    let mut stranger = app.client();
    let refused = stranger.json(Method::PUT, FAVOURITES, &body(1)).await;
    assert_eq!(refused.status, 401);
    let mut claire = app.sessions_for(callers::agent(1));
    let many = claire.json(Method::PUT, FAVOURITES, &body(25)).await;
    assert_eq!((many.status, &many.json()["field"]), (422, &json!("tiles")));
    let most = claire.json(Method::PUT, FAVOURITES, &body(24)).await;
    assert_eq!(most.json(), body(24));
}

async fn what_was_opened_stands_first_and_is_forgotten_after_ninety_days(test: TestDb) {
    let desk = Desk::new(&test).await;
    publish(&desk.app, Vec::new(), tiles(8)).await;
    let mut hugo = desk.hugo();
    for id in [1, 2, 3, 4, 5, 6, 7, 2] {
        desk.app.clock.advance(Duration::from_secs(3));
        assert_eq!(open(&mut hugo, id).await, 204);
    }
    let recents = home(&mut hugo).await.json()["recents"].clone();
    assert_eq!(recents, ids(&[2, 7, 6, 5, 4, 3]));
    assert_eq!(home(&mut desk.jean()).await.json()["recents"], json!([]));
    desk.app.clock.advance(Duration::from_hours(90 * 24));
    desk.app.clock.advance(Duration::from_millis(1));
    assert_eq!(home(&mut hugo).await.json()["recents"], json!([]));
    assert_eq!(open(&mut hugo, 8).await, 204);
    desk.work(&test).await;
    let left = desk
        .app
        .db()
        .read(|tx| {
            Box::pin(async move {
                let row = tx
                    .query_optional("SELECT COUNT(*) AS n FROM portal_recent", &[])
                    .await?;
                row.map_or(Ok(0_i64), |row| row.get("n"))
            })
        })
        .await;
    assert_eq!(left, Ok::<i64, kernel_db::DbError>(1));
}

async fn what_one_may_not_see_is_not_opened(test: TestDb) {
    let app = portal(&test).await;
    let hidden = tile(1, "Caché", Audience::Any(Vec::new()));
    publish(&app, vec![category(1, 1, "Communiquer")], vec![hidden]).await;
    assert_eq!(open(&mut app.client(), 1).await, 401);
    let mut claire = app.sessions_for(callers::agent(1));
    assert_eq!(open(&mut claire, 1).await, 404);
    assert_eq!(open(&mut claire, 99).await, 404);
}

async fn the_first_day_ends_with_the_first_tool_or_after_a_day(test: TestDb) {
    let app = portal(&test).await;
    publish(&app, vec![category(1, 1, "Communiquer")], tiles(1)).await;
    let first_day = async |client: &mut Client| home(client).await.json()["firstDay"].clone();
    let mut claire = app.sessions_for(callers::agent(1));
    let mut hugo = app.sessions_for(callers::agent(2));
    assert_eq!(first_day(&mut claire).await, true);
    assert_eq!(first_day(&mut hugo).await, true);
    assert_eq!(open(&mut claire, 1).await, 204);
    assert_eq!(first_day(&mut claire).await, false);
    app.clock.advance(Duration::from_hours(24));
    assert_eq!(first_day(&mut hugo).await, false);
}

/// What a source does.
enum Does {
    Says(&'static str, i64),
    Fails,
    NeverAnswers,
}

impl Now for Does {
    fn now(&self, _: Caller) -> BoxFuture<'_, Result<Vec<NowItem>, PortError>> {
        Box::pin(async move {
            match self {
                Self::Fails => Err(PortError::Failed("broken".to_owned())),
                Self::NeverAnswers => std::future::pending().await,
                Self::Says(title, until) => Ok(vec![NowItem {
                    id: (*title).to_owned(),
                    source: "meetings".to_owned(),
                    at: None,
                    until: Timestamp::from_millis(*until),
                    title: Text::fixed(title, title),
                    detail: None,
                    icon: "vidicon-line".to_owned(),
                    action: Text::fixed("Rejoindre", "Join"),
                    link: "/reunions".to_owned(),
                }]),
            }
        })
    }
}

async fn a_source_that_fails_or_is_late_is_left_out_and_what_is_over_too(test: TestDb) {
    let desk = Desk::with(&test, |deps| {
        deps.nows = vec![
            Arc::new(Does::Fails),
            Arc::new(Does::NeverAnswers),
            Arc::new(Does::Says("plus tard", i64::MAX)),
            Arc::new(Does::Says("bientôt", i64::MAX - 1)),
            Arc::new(Does::Says("passé", 1)),
        ];
    })
    .await;
    let answer = home(&mut desk.hugo()).await.json();
    let items = answer["nowItems"].as_array().expect("items").clone();
    let titles: Vec<_> = items.iter().map(|item| item["title"].clone()).collect();
    assert_eq!(titles, ["bientôt", "plus tard"]);
    assert_eq!(items[0]["action"], "Rejoindre");
}
