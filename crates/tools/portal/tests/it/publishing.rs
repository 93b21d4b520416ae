//! Tiles that come from configuration, seen by readers.

use std::time::Duration;

use kernel::Audience;
use kernel_db::testing::TestDb;
use kernel_db::{DbError, Tx, values};
use portal::PortalError;
use portal::domain::{CategoryId, Publication, TileId};
use testkit::callers;

use crate::support::{category, home, names, portal, publish, published, tile};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    what_is_taken_back_is_gone_within_two_seconds,
    publishing_again_replaces_and_withdraws_what_is_not_named,
    a_tile_of_an_unknown_category_is_refused_with_all_that_came_with_it,
    of_two_catalogues_at_once_one_stands_whole,
    a_tile_that_this_release_does_not_understand_is_not_shown_and_hides_no_other,
);

async fn what_is_taken_back_is_gone_within_two_seconds(test: TestDb) {
    let app = portal(&test).await;
    let mut shown = tile(1, "Messages", Audience::Everyone);
    publish(
        &app,
        vec![category(1, 1, "Communiquer")],
        vec![shown.clone()],
    )
    .await;
    let mut claire = app.sessions_for(callers::agent(1));
    assert_eq!(names(&home(&mut claire).await), ["Messages"]);
    shown.publication = Publication::Draft;
    publish(&app, Vec::new(), vec![shown]).await;
    app.clock.advance(Duration::from_secs(2));
    assert!(names(&home(&mut claire).await).is_empty());
}

async fn publishing_again_replaces_and_withdraws_what_is_not_named(test: TestDb) {
    let app = portal(&test).await;
    let both = vec![
        tile(1, "Messages", Audience::Everyone),
        tile(2, "Réunions", Audience::Everyone),
    ];
    publish(&app, vec![category(1, 1, "Communiquer")], both).await;
    publish(
        &app,
        Vec::new(),
        vec![tile(1, "Discussions", Audience::Everyone)],
    )
    .await;
    let mut claire = app.sessions_for(callers::agent(1));
    assert_eq!(names(&home(&mut claire).await), ["Discussions"]);
}

async fn a_tile_of_an_unknown_category_is_refused_with_all_that_came_with_it(test: TestDb) {
    let app = portal(&test).await;
    let mut lost = tile(2, "Perdu", Audience::Everyone);
    lost.category = CategoryId::from_u128(9);
    let refused = published(
        app.db(),
        &app,
        vec![category(1, 1, "Communiquer")],
        vec![tile(1, "Messages", Audience::Everyone), lost],
    )
    .await;
    let expected = PortalError::UnknownCategory {
        tile: TileId::from_u128(2),
        category: CategoryId::from_u128(9),
    };
    assert_eq!(refused, Err(expected));
    let mut claire = app.sessions_for(callers::agent(1));
    assert!(names(&home(&mut claire).await).is_empty(), "all or none");
}

async fn of_two_catalogues_at_once_one_stands_whole(test: TestDb) {
    let app = portal(&test).await;
    publish(&app, vec![category(1, 1, "Communiquer")], Vec::new()).await;
    let one = published(
        app.db(),
        &app,
        Vec::new(),
        vec![
            tile(1, "Un", Audience::Everyone),
            tile(3, "Un bis", Audience::Everyone),
        ],
    );
    let two = published(
        app.db(),
        &app,
        Vec::new(),
        vec![
            tile(2, "Deux", Audience::Everyone),
            tile(4, "Deux bis", Audience::Everyone),
        ],
    );
    let (one, two) = tokio::join!(one, two);
    one.expect("the first");
    two.expect("the second");
    let mut claire = app.sessions_for(callers::agent(1));
    let shown = names(&home(&mut claire).await);
    assert!(
        shown == ["Un", "Un bis"] || shown == ["Deux", "Deux bis"],
        "{shown:?}"
    );
}

async fn a_tile_that_this_release_does_not_understand_is_not_shown_and_hides_no_other(
    test: TestDb,
) {
    let app = portal(&test).await;
    let tiles = vec![
        tile(1, "Un", Audience::Everyone),
        tile(2, "Deux", Audience::Everyone),
    ];
    publish(&app, vec![category(1, 1, "Communiquer")], tiles).await;
    let changed: Result<u64, DbError> = app
        .db()
        .write(|tx: &mut Tx| {
            Box::pin(async move {
                tx.execute(
                    "UPDATE portal_tile SET audience = $2 WHERE id = $1",
                    &values![TileId::from_u128(1).as_bytes(), r#"{"planet":"mars"}"#],
                )
                .await
            })
        })
        .await;
    assert_eq!(changed, Ok(1));
    let mut claire = app.sessions_for(callers::agent(1));
    assert_eq!(names(&home(&mut claire).await), ["Deux"]);
}
