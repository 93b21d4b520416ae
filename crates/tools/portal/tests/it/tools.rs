//! Tools that administrators publish.

use http::Method;
use kernel::{Audience, TokenScope};
use kernel_db::testing::TestDb;
use serde_json::json;
use testkit::callers;

use crate::support::{
    Desk, TOOLS, home, ministry, names, publish, refused_to_others, tile, tool_body,
};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    nobody_else_touches_a_tool,
    a_draft_is_shown_to_nobody_and_once_published_it_is_there_at_once,
    two_administrators_who_edit_at_once_do_not_overwrite_each_other,
    all_agents_are_confirmed_and_nobody_is_warned_of,
    a_tool_goes_through_its_states_and_never_backwards,
    an_application_shows_its_secret_once_and_leaves_with_its_draft,
    a_token_deletes_a_draft_and_never_one_with_an_application,
    an_application_moves_with_its_secret_takes_the_tool_s_name_and_ends_without_its_tile,
    a_value_that_cannot_be_is_named,
    the_configuration_withdraws_its_own_tiles_only,
    an_administrator_s_list_holds_their_tools_and_the_operator_s_all,
    of_two_publications_at_once_one_wins,
);

async fn nobody_else_touches_a_tool(test: TestDb) {
    let desk = Desk::new(&test).await;
    let id = desk.draft("Arrêtés", ministry()).await;
    let body = tool_body("Volé", ministry());
    let at = |rest: &str| format!("{TOOLS}/{id}{rest}");
    refused_to_others(&desk, Method::POST, TOOLS, &body).await;
    refused_to_others(&desk, Method::GET, &at(""), &json!({})).await;
    refused_to_others(&desk, Method::POST, &at("/publish"), &json!({})).await;
    refused_to_others(&desk, Method::POST, &at("/withdraw"), &json!({})).await;
    refused_to_others(&desk, Method::DELETE, &at(""), &json!({})).await;
    refused_to_others(
        &desk,
        Method::POST,
        &at("/application"),
        &json!({"redirectUris": ["https://a.gouv.fr/"]}),
    )
    .await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let addresses = json!({"redirectUris": ["https://a.gouv.fr/"]});
        refused_to_others(&desk, method, &at("/application"), &addresses).await;
    }
    let notice = json!({"level": "down", "message": {"fr": "Panne"}});
    refused_to_others(&desk, Method::PUT, &at("/notice"), &notice).await;
    refused_to_others(&desk, Method::DELETE, &at("/notice"), &json!({})).await;
    let list = format!("{TOOLS}?organisation={}", callers::MINISTRY);
    refused_to_others(&desk, Method::GET, &list, &json!({})).await;
    let mut stranger = desk.app.client();
    assert_eq!(stranger.json(Method::PUT, &at(""), &body).await.status, 401);
    for other in [desk.hugo(), desk.lucie()] {
        let mut other = other.with_header("if-match", "\"v1\"");
        assert_eq!(other.json(Method::PUT, &at(""), &body).await.status, 403);
    }
    let read = desk.claire().get(&at("")).await;
    assert_eq!(read.json()["name"]["fr"], "Arrêtés");
    assert_eq!(read.json()["state"], "draft");
}

async fn a_draft_is_shown_to_nobody_and_once_published_it_is_there_at_once(test: TestDb) {
    let desk = Desk::new(&test).await;
    let id = desk.draft("Arrêtés", ministry()).await;
    let mut hugo = desk.hugo();
    assert!(names(&home(&mut hugo).await).is_empty());
    let published = desk.publish(&id).await;
    assert_eq!(published["state"], "published");
    assert_eq!(published["audienceCount"], 3);
    // Without waiting for the next comparison with the tables.
    let answer = home(&mut hugo).await;
    assert_eq!(names(&answer), ["Arrêtés"]);
    let shown = &answer.json()["categories"][0]["tiles"][0];
    assert_eq!(shown["badge"], "new");
    assert_eq!(shown["reach"], "rie");
    assert_eq!(shown["reaches"], json!(["rie", "vpn"]));
    assert_eq!(shown["origin"]["organisation"], "Ministère de l’Intérieur");
    let mut jean = desk.jean();
    assert!(names(&home(&mut jean).await).is_empty());
    let withdrawn = desk
        .claire()
        .post_json(&format!("{TOOLS}/{id}/withdraw"), &json!({}))
        .await;
    assert_eq!(withdrawn.json()["state"], "withdrawn");
    assert!(names(&home(&mut hugo).await).is_empty());
}

async fn two_administrators_who_edit_at_once_do_not_overwrite_each_other(test: TestDb) {
    let desk = Desk::new(&test).await;
    let id = desk.draft("Arrêtés", ministry()).await;
    let at = format!("{TOOLS}/{id}");
    let read = desk.claire().get(&at).await;
    assert_eq!(read.header("etag"), "\"v1\"");
    let body = tool_body("Arrêtés sanitaires", ministry());
    let mut first = desk.claire().with_header("if-match", read.header("etag"));
    let won = first.json(Method::PUT, &at, &body).await;
    assert_eq!((won.status, won.header("etag")), (200, "\"v2\""));
    let mut second = desk.claire().with_header("if-match", read.header("etag"));
    let other = tool_body("Arrêtés municipaux", ministry());
    let lost = second.json(Method::PUT, &at, &other).await;
    assert_eq!(
        (lost.status, lost.problem().as_str()),
        (412, "precondition-failed")
    );
    assert_eq!(lost.json()["current"]["name"]["fr"], "Arrêtés sanitaires");
    assert_eq!(lost.json()["current"]["version"], 2);
    let blind = desk.claire().json(Method::PUT, &at, &other).await;
    assert_eq!(blind.status, 428);
}

async fn all_agents_are_confirmed_and_nobody_is_warned_of(test: TestDb) {
    let desk = Desk::new(&test).await;
    let id = desk.draft("Pour tous", json!("everyone")).await;
    let at = format!("{TOOLS}/{id}/publish");
    let asked = desk.claire().post_json(&at, &json!({})).await;
    assert_eq!(asked.status, 409);
    assert_eq!(asked.problem(), "audience-everybody");
    assert_eq!(asked.json()["count"], 5);
    assert_eq!(desk.publish(&id).await["state"], "published");
    let empty = desk.draft("Pour personne", json!({"any": []})).await;
    let published = desk.publish(&empty).await;
    assert_eq!(published["warning"], "nobody");
    // A published tool does not become one for everybody by an edit either.
    let few = desk.draft("Pour nous", ministry()).await;
    desk.publish(&few).await;
    let mut claire = desk.claire().with_header("if-match", "\"v2\"");
    let body = tool_body("Pour nous", json!("everyone"));
    let at = format!("{TOOLS}/{few}");
    let asked = claire.json(Method::PUT, &at, &body).await;
    assert_eq!(asked.problem(), "audience-everybody");
    let mut meant = body;
    meant["confirmEverybody"] = json!(true);
    assert_eq!(claire.json(Method::PUT, &at, &meant).await.status, 200);
}

async fn a_tool_goes_through_its_states_and_never_backwards(test: TestDb) {
    let desk = Desk::new(&test).await;
    let id = desk.draft("Arrêtés", ministry()).await;
    let at = |rest: &str| format!("{TOOLS}/{id}{rest}");
    let mut claire = desk.claire();
    let early = claire.post_json(&at("/withdraw"), &json!({})).await;
    assert_eq!(
        (early.status, early.problem().as_str()),
        (409, "tool-state")
    );
    desk.publish(&id).await;
    let twice = claire.post_json(&at("/publish"), &json!({})).await;
    assert_eq!(twice.problem(), "tool-state");
    assert_eq!(twice.json()["state"], "published");
    let kept = claire.call(Method::DELETE, &at("")).await;
    assert_eq!(kept.problem(), "tool-state");
    let draft = desk.draft("Essai", ministry()).await;
    let gone = claire
        .call(Method::DELETE, &format!("{TOOLS}/{draft}"))
        .await;
    assert_eq!(gone.status, 204);
    assert_eq!(claire.get(&format!("{TOOLS}/{draft}")).await.status, 404);
}

async fn an_application_shows_its_secret_once_and_leaves_with_its_draft(test: TestDb) {
    let desk = Desk::new(&test).await;
    let id = desk.draft("Arrêtés", ministry()).await;
    let at = format!("{TOOLS}/{id}/application");
    let mut claire = desk.claire();
    let refused = claire.post_json(&at, &json!({"redirectUris": []})).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (422, "application-refused")
    );
    let body = json!({"redirectUris": ["https://outil.gouv.fr/retour"]});
    let made = claire.post_json(&at, &body).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.header("cache-control"), "no-store", "kept by nobody");
    assert_eq!(made.json()["secret"], "shown once");
    let client = made.json()["clientId"].clone();
    let read = claire.get(&format!("{TOOLS}/{id}")).await;
    assert_eq!(read.json()["clientId"], client);
    assert!(!read.text().contains("shown once"));
    assert_eq!(json!(desk.applications.registered()), json!([client]));
    let gone = claire.call(Method::DELETE, &format!("{TOOLS}/{id}")).await;
    assert_eq!(gone.status, 204);
    assert_eq!(
        json!(desk.applications.registered()),
        json!([client]),
        "not before the draft is gone"
    );
    desk.work(&test).await;
    assert!(desk.applications.registered().is_empty());
}

async fn a_token_deletes_a_draft_and_never_one_with_an_application(test: TestDb) {
    let desk = Desk::new(&test).await;
    let bare = desk.draft("Arrêtés", ministry()).await;
    let signing_in = desk.draft("Courriers", ministry()).await;
    let at = format!("{TOOLS}/{signing_in}/application");
    let body = json!({"redirectUris": ["https://outil.gouv.fr/retour"]});
    assert_eq!(desk.claire().post_json(&at, &body).await.status, 201);
    let right = [TokenScope::AdminTools];
    let mut script = desk.app.program(callers::administrator(1), &right);
    let delete = |id: &str| format!("{TOOLS}/{id}");
    let gone = script.call(Method::DELETE, &delete(&bare)).await;
    assert_eq!(gone.status, 204, "{}", gone.text());
    let refused = script.call(Method::DELETE, &delete(&signing_in)).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (403, "closed-to-tokens")
    );
    desk.work(&test).await;
    assert_eq!(desk.applications.registered().len(), 1);
    let mut claire = desk.claire();
    assert_eq!(claire.get(&delete(&signing_in)).await.status, 200);
}

async fn an_application_moves_with_its_secret_takes_the_tool_s_name_and_ends_without_its_tile(
    test: TestDb,
) {
    let desk = Desk::new(&test).await;
    let id = desk.draft("Arrêtés", ministry()).await;
    let at = format!("{TOOLS}/{id}/application");
    let mut claire = desk.claire();
    let addresses = |last: &str| json!({"redirectUris": [format!("https://outil.gouv.fr/{last}")]});
    let none = claire.json(Method::PUT, &at, &addresses("retour")).await;
    assert_eq!((none.status, claire.get(&at).await.status), (404, 404));
    claire.post_json(&at, &addresses("retour")).await;
    let moved = claire.json(Method::PUT, &at, &addresses("accueil")).await;
    assert_eq!(moved.status, 200);
    assert_eq!(
        moved.json()["redirectUris"],
        json!(["https://outil.gouv.fr/accueil"])
    );
    assert_eq!(moved.json().get("secret"), None, "it stays, unseen");
    assert_eq!(claire.get(&at).await.json(), moved.json());
    let refused = claire
        .json(Method::PUT, &at, &json!({"redirectUris": []}))
        .await;
    assert_eq!(refused.status, 422);
    let version = claire.get(&format!("{TOOLS}/{id}")).await;
    let version = version.json()["version"].as_i64().expect("a version");
    let mut editor = desk
        .claire()
        .with_header("if-match", &format!("\"v{version}\""));
    let renamed = tool_body("Décisions", ministry());
    let edited = editor
        .json(Method::PUT, &format!("{TOOLS}/{id}"), &renamed)
        .await;
    assert_eq!(edited.status, 200, "{}", edited.text());
    let client = moved.json()["clientId"]
        .as_str()
        .expect("its id")
        .to_owned();
    let known = desk.applications.known(&client).expect("it stands");
    assert_eq!(known.name, "Décisions");
    assert_eq!(known.redirect_uris, ["https://outil.gouv.fr/accueil"]);
    assert_eq!(claire.call(Method::DELETE, &at).await.status, 204);
    assert!(desk.applications.registered().is_empty());
    assert_eq!(claire.get(&at).await.status, 404);
    assert_eq!(claire.call(Method::DELETE, &at).await.status, 404);
    let tool = claire.get(&format!("{TOOLS}/{id}")).await;
    assert_eq!(tool.json().get("clientId"), None);
}

async fn a_value_that_cannot_be_is_named(test: TestDb) {
    let desk = Desk::new(&test).await;
    let mut claire = desk.claire();
    for (field, value) in [
        ("name", json!({"fr": ""})),
        ("url", json!("javascript:alert(1)")),
        ("owner", json!(callers::agent(99).agent)),
        ("audience", json!({"any": vec!["everyone"; 201]})),
    ] {
        let mut body = tool_body("Arrêtés", ministry());
        body[field] = value;
        let refused = claire.post_json(TOOLS, &body).await;
        assert_eq!(refused.status, 422, "{field}");
        assert_eq!(refused.json()["field"], field);
    }
    let mut lost = tool_body("Arrêtés", ministry());
    lost["category"] = json!(portal::domain::CategoryId::from_u128(99));
    let refused = claire.post_json(TOOLS, &lost).await;
    assert_eq!(refused.problem(), "unknown-category");
    let mut given = tool_body("Arrêtés", ministry());
    given["organisation"] = json!(callers::NEIGHBOUR_MINISTRY);
    assert_eq!(claire.post_json(TOOLS, &given).await.status, 403);
}

async fn the_configuration_withdraws_its_own_tiles_only(test: TestDb) {
    let desk = Desk::new(&test).await;
    let id = desk.draft("Arrêtés", ministry()).await;
    desk.publish(&id).await;
    publish(
        &desk.app,
        Vec::new(),
        vec![tile(1, "Messages", Audience::Everyone)],
    )
    .await;
    publish(&desk.app, Vec::new(), Vec::new()).await;
    desk.app.clock.advance(std::time::Duration::from_secs(2));
    assert_eq!(names(&home(&mut desk.hugo()).await), ["Arrêtés"]);
}

async fn an_administrator_s_list_holds_their_tools_and_the_operator_s_all(test: TestDb) {
    let desk = Desk::new(&test).await;
    desk.draft("Zèbres", ministry()).await;
    desk.draft("Éléphants", ministry()).await;
    publish(
        &desk.app,
        Vec::new(),
        vec![tile(1, "Messages", Audience::Everyone)],
    )
    .await;
    let listed = |answer: testkit::Answer| {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let items = answer.json()["items"].as_array().expect("items").clone();
        let names = items.iter().map(|item| item["name"]["fr"].clone());
        names.collect::<Vec<_>>()
    };
    let mut claire = desk.claire();
    assert_eq!(listed(claire.get(TOOLS).await), ["Éléphants", "Zèbres"]);
    assert!(listed(desk.lucie().get(TOOLS).await).is_empty());
    let mut operator = desk.app.sessions_for(callers::operator(3));
    assert_eq!(
        listed(operator.get(&format!("{TOOLS}?configured=true")).await),
        ["Éléphants", "Messages", "Zèbres"]
    );
    let configured = portal::domain::TileId::from_u128(1);
    let at = format!("{TOOLS}/{configured}/withdraw");
    let refused = operator.post_json(&at, &json!({})).await;
    assert_eq!(refused.problem(), "configured");
    let categories = claire.get("/api/v1/admin/categories").await;
    assert_eq!(categories.json()["items"][0]["title"], "Communiquer");
    refused_to_agents(&desk, "/api/v1/admin/categories").await;
    refused_to_agents(&desk, TOOLS).await;
}

async fn refused_to_agents(desk: &Desk, path: &str) {
    assert_eq!(desk.app.client().get(path).await.status, 401);
    assert_eq!(desk.hugo().get(path).await.status, 403);
}

async fn of_two_publications_at_once_one_wins(test: TestDb) {
    let desk = Desk::new(&test).await;
    let id = desk.draft("Arrêtés", ministry()).await;
    let at = format!("{TOOLS}/{id}/publish");
    let (mut one, mut two) = (desk.claire(), desk.claire());
    let body = json!({});
    let (one, two) = tokio::join!(one.post_json(&at, &body), two.post_json(&at, &body));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    assert!(matches!(statuses[1], 409 | 412), "{statuses:?}");
    let read = desk.claire().get(&format!("{TOOLS}/{id}")).await;
    assert_eq!(read.json()["version"], 2);
}
