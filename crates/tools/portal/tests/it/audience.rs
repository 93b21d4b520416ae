//! Audiences before anything is published.

use http::Method;
use kernel::Population;
use kernel_db::testing::TestDb;
use serde_json::json;
use testkit::callers;

use crate::support::{Desk, ministry, refused_to_others};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    an_audience_is_a_sentence_and_figures_on_both_sides,
    a_person_is_tried_with_what_they_are,
    nobody_else_asks,
    a_directory_that_is_away_says_so,
);

const DESCRIBE: &str = "/api/v1/admin/audience/describe";
const TRY: &str = "/api/v1/admin/audience/try";

async fn an_audience_is_a_sentence_and_figures_on_both_sides(test: TestDb) {
    let desk = Desk::new(&test).await;
    desk.directory
        .population(callers::agent(2).agent, Population::Stagiaire);
    let mut claire = desk.claire();
    let audience = json!({"all": [ministry(), {"not": {"population": "stagiaire"}}]});
    let body = json!({"audience": audience, "organisation": callers::MINISTRY});
    let described = claire.post_json(DESCRIBE, &body).await;
    assert_eq!(
        described.json(),
        json!({
            "sentence": "Tous les agents du ministère de l’Intérieur et des services rattachés, \
                         sauf les stagiaires",
            "count": 2,
            "here": 2,
            "elsewhere": [],
            "warnings": [],
        })
    );
    let all = json!({"audience": "everyone", "organisation": callers::MINISTRY});
    let described = claire.post_json(DESCRIBE, &all).await.json();
    assert_eq!(described["count"], 5);
    assert_eq!(described["here"], 3);
    assert_eq!(
        described["elsewhere"],
        json!([{
            "organisation": {
                "id": callers::NEIGHBOUR_MINISTRY,
                "label": "Ministère de l’Agriculture",
            },
            "count": 2,
            "administrators": ["Lucie Anselme"],
        }])
    );
    assert_eq!(described["warnings"], json!(["everybody"]));
    let none = json!({"audience": {"any": []}, "organisation": callers::MINISTRY});
    let mut english = desk.claire().with_header("accept-language", "en");
    let described = english.post_json(DESCRIBE, &none).await.json();
    assert_eq!(described["sentence"], "Nobody");
    assert_eq!(described["warnings"], json!(["nobody"]));
}

async fn a_person_is_tried_with_what_they_are(test: TestDb) {
    let desk = Desk::new(&test).await;
    let mut claire = desk.claire();
    let with = |agent| json!({"audience": ministry(), "agent": agent});
    let hugo = claire
        .post_json(TRY, &with(callers::agent(2).agent))
        .await
        .json();
    assert_eq!(hugo["included"], true);
    assert_eq!(
        hugo["sentence"],
        "La verra\u{a0}: agent public, Ministère de l’Intérieur"
    );
    let jean = claire
        .post_json(TRY, &with(callers::neighbour(2).agent))
        .await
        .json();
    assert_eq!(jean["included"], false);
    let unknown = claire.post_json(TRY, &with(callers::agent(99).agent)).await;
    assert_eq!(unknown.status, 404);
}

async fn nobody_else_asks(test: TestDb) {
    let desk = Desk::new(&test).await;
    let body = json!({"audience": "everyone", "organisation": callers::MINISTRY});
    refused_to_others(&desk, Method::POST, DESCRIBE, &body).await;
    let body = json!({"audience": "everyone", "agent": callers::agent(2).agent});
    assert_eq!(desk.app.client().post_json(TRY, &body).await.status, 401);
    assert_eq!(desk.hugo().post_json(TRY, &body).await.status, 403);
}

async fn a_directory_that_is_away_says_so(test: TestDb) {
    let desk = Desk::new(&test).await;
    desk.directory.set_failing(true);
    let body = json!({"audience": "everyone", "organisation": callers::MINISTRY});
    let away = desk.claire().post_json(DESCRIBE, &body).await;
    assert_eq!((away.status, away.problem().as_str()), (503, "unavailable"));
}
