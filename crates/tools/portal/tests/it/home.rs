//! `GET /api/v1/home`.

use kernel::{Audience, Population, TokenScope};
use kernel_db::testing::TestDb;
use portal::domain::Publication;
use testkit::callers;

use crate::support::{category, home, names, portal, publish, tile};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    a_stranger_is_refused_and_learns_nothing,
    an_agent_sees_the_tiles_meant_for_them_and_a_neighbour_theirs,
    a_script_sees_what_its_agent_sees_by_its_scope_and_by_no_other,
    the_body_is_whole_and_speaks_the_reader_s_language,
    an_agent_whose_name_is_not_known_is_greeted_without_one,
    a_draft_is_shown_to_nobody,
    without_its_tables_the_portal_says_so_and_shows_nothing_stale,
);

fn ministry_only() -> Audience {
    Audience::Organisation {
        id: callers::MINISTRY,
        subtree: true,
    }
}

async fn a_stranger_is_refused_and_learns_nothing(test: TestDb) {
    let app = portal(&test).await;
    publish(
        &app,
        vec![category(1, 1, "Communiquer")],
        vec![tile(1, "Messages", Audience::Everyone)],
    )
    .await;
    let mut stranger = app.client();
    let refused = home(&mut stranger).await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.problem(), "sign-in-required");
    assert!(!refused.text().contains("Messages"));
    stranger.set_cookie(app.house.cookies().session(), "a cookie that opens nothing");
    assert_eq!(home(&mut stranger).await.status, 401);
    let claire = callers::agent(1);
    let mut signed = app.sessions_for(claire.clone());
    assert_eq!(home(&mut signed).await.status, 200);
    let session = claire.session().expect("a session");
    app.sessions.close(session);
    assert_eq!(
        home(&mut signed).await.status,
        401,
        "a closed session opens nothing"
    );
}

async fn a_script_sees_what_its_agent_sees_by_its_scope_and_by_no_other(test: TestDb) {
    let app = portal(&test).await;
    let tiles = vec![tile(1, "Du ministère", ministry_only())];
    publish(&app, vec![category(1, 1, "Communiquer")], tiles).await;
    let right = [TokenScope::PortalRead];
    let mut script = app.program(callers::agent(1), &right);
    assert_eq!(names(&home(&mut script).await), ["Du ministère"]);
    let mut neighbour = app.program(callers::neighbour(1), &right);
    assert!(names(&home(&mut neighbour).await).is_empty());
    let others: Vec<_> = TokenScope::ALL
        .into_iter()
        .filter(|one| *one != right[0])
        .collect();
    let refused = home(&mut app.program(callers::agent(1), &others)).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (403, "insufficient-scope")
    );
    // What is closed to tokens is closed whatever their scopes.
    let mut all = app.program(callers::operator(1), &TokenScope::ALL);
    for closed in ["/api/v1/settings", "/api/v1/search?q=a"] {
        assert_eq!(all.get(closed).await.problem(), "closed-to-tokens");
    }
}

async fn an_agent_sees_the_tiles_meant_for_them_and_a_neighbour_theirs(test: TestDb) {
    let app = portal(&test).await;
    let tiles = vec![
        tile(1, "Pour tous", Audience::Everyone),
        tile(2, "Du ministère", ministry_only()),
        tile(3, "De Claire", Audience::Agent(callers::agent(1).agent)),
        tile(4, "Des autres", Audience::Not(Box::new(ministry_only()))),
        tile(5, "De personne", Audience::Any(Vec::new())),
        tile(
            6,
            "Des stagiaires",
            Audience::Population(Population::Stagiaire),
        ),
    ];
    publish(&app, vec![category(1, 1, "Communiquer")], tiles).await;
    let mut claire = app.sessions_for(callers::agent(1));
    assert_eq!(
        names(&home(&mut claire).await),
        ["Pour tous", "Du ministère", "De Claire"]
    );
    let mut hugo = app.sessions_for(callers::agent(2));
    assert_eq!(names(&home(&mut hugo).await), ["Pour tous", "Du ministère"]);
    let mut neighbour = app.sessions_for(callers::neighbour(1));
    assert_eq!(
        names(&home(&mut neighbour).await),
        ["Pour tous", "Des autres"]
    );
    let mut administrator = app.sessions_for(callers::neighbour_administrator(2));
    assert_eq!(
        names(&home(&mut administrator).await),
        ["Pour tous", "Des autres"]
    );
}

async fn the_body_is_whole_and_speaks_the_reader_s_language(test: TestDb) {
    let app = portal(&test).await;
    let categories = vec![category(1, 1, "Communiquer"), category(2, 2, "Vide")];
    publish(
        &app,
        categories,
        vec![tile(1, "Messages", Audience::Everyone)],
    )
    .await;
    let mut french = app.sessions_for(callers::agent(1));
    let answer = home(&mut french).await;
    assert_eq!(
        answer.json(),
        serde_json::json!({
            "greetingName": "Claire",
            "now": 1_795_508_400_000_i64,
            "zone": "Europe/Paris",
            "categories": [{
                "id": "00000000-0000-0000-0000-000000000001",
                "title": "Communiquer",
                "family": "blue",
                "tiles": [{
                    "id": "00000000-0000-0000-0000-000000000001",
                    "name": "Messages",
                    "description": "Pour essayer",
                    "icon": "chat-3-line",
                    "url": "https://outil.gouv.fr/",
                    "reach": "rie",
                    "reaches": ["rie"],
                    "badge": "new",
                }],
            }],
            "firstDay": true,
            "guest": false,
            "favourites": [],
            "recents": [],
            "nowItems": [],
            "announcements": [],
        })
    );
    let mut english = app
        .sessions_for(callers::agent(1))
        .with_header("accept-language", "en-GB,fr;q=0.5");
    let answer = home(&mut english).await;
    assert_eq!(names(&answer), ["Messages (en)"]);
    assert_eq!(
        answer.json()["categories"][0]["tiles"][0]["description"],
        "To try"
    );
    english.set_cookie("besace-lang", "fr");
    assert_eq!(
        names(&home(&mut english).await),
        ["Messages"],
        "the choice made wins"
    );
}

async fn an_agent_whose_name_is_not_known_is_greeted_without_one(test: TestDb) {
    let app = portal(&test).await;
    let mut unknown = app.sessions_for(callers::agent(9));
    let json = home(&mut unknown).await.json();
    assert!(json.get("greetingName").is_none());
    assert_eq!(json["categories"], serde_json::json!([]));
}

async fn a_draft_is_shown_to_nobody(test: TestDb) {
    let app = portal(&test).await;
    let mut draft = tile(1, "Brouillon", Audience::Everyone);
    draft.publication = Publication::Draft;
    publish(&app, vec![category(1, 1, "Communiquer")], vec![draft]).await;
    for caller in [callers::agent(1), callers::operator(3)] {
        let mut reader = app.sessions_for(caller);
        assert!(names(&home(&mut reader).await).is_empty());
    }
}

async fn without_its_tables_the_portal_says_so_and_shows_nothing_stale(test: TestDb) {
    let app = portal(&test).await;
    publish(
        &app,
        vec![category(1, 1, "Communiquer")],
        vec![tile(1, "Messages", Audience::Everyone)],
    )
    .await;
    let mut claire = app.sessions_for(callers::agent(1));
    assert_eq!(names(&home(&mut claire).await), ["Messages"]);
    app.db().clone().close().await;
    app.clock.advance(std::time::Duration::from_secs(2));
    let away = home(&mut claire).await;
    assert_eq!(away.status, 503);
    assert_eq!(away.problem(), "unavailable");
    assert_eq!(away.header("retry-after"), "2");
    assert!(away.text().contains("répondent toujours à leur adresse"));
}
