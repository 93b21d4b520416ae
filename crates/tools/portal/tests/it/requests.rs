//! What is asked of an administration, and its answers.

use http::Method;
use kernel::Population;
use kernel_db::testing::TestDb;
use serde_json::{Value, json};
use testkit::{Client, callers};

use crate::support::{Desk, TOOLS, home, ministry, names, refused_to_others, tool_body};

kernel_db::store_suite!(
    &[portal::MIGRATIONS];
    a_tool_for_another_administration_waits_for_its_agreement,
    a_refusal_keeps_the_tool_away_and_says_why,
    an_audience_that_grows_reaches_newcomers_after_a_new_agreement,
    a_request_for_a_tool_becomes_a_draft,
    a_request_is_taken_back_by_who_made_it,
    a_request_that_cannot_be_is_refused,
    nobody_else_answers,
    of_two_answers_at_once_one_stands,
);

const MINE: &str = "/api/v1/requests";
const ASKED: &str = "/api/v1/admin/requests";

fn ask(name: &str) -> Value {
    json!({"name": name, "url": "https://outil.gouv.fr/", "purpose": "Pour mieux travailler"})
}

/// The requests that an administrator finds.
async fn asked(client: &mut Client, state: &str) -> Vec<Value> {
    let answer = client.get(&format!("{ASKED}?state={state}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["items"].as_array().expect("items").clone()
}

fn id_of(request: &Value) -> String {
    request["id"].as_str().expect("an id").to_owned()
}

async fn a_tool_for_another_administration_waits_for_its_agreement(test: TestDb) {
    let desk = Desk::new(&test).await;
    let tool = desk.draft("Pour tous", json!("everyone")).await;
    let published = desk.publish(&tool).await;
    assert_eq!(published["pendingApprovals"], 1);
    assert_eq!(published["approvals"][0]["count"], 2);
    let (mut hugo, mut jean, mut lucie) = (desk.hugo(), desk.jean(), desk.lucie());
    assert_eq!(names(&home(&mut hugo).await), ["Pour tous"]);
    assert!(names(&home(&mut jean).await).is_empty(), "not agreed yet");
    desk.work(&test).await;
    let told = desk.notify.told(callers::neighbour(1).agent);
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].title.fr,
        "Claire Delmas propose l’outil «\u{a0}Pour tous\u{a0}» à vos agents"
    );
    let now = home(&mut lucie).await.json()["nowItems"].clone();
    assert_eq!(now[0]["source"], "portal");
    assert_eq!(now[0]["action"], "Examiner la demande");
    assert_eq!(home(&mut jean).await.json()["nowItems"], json!([]));
    assert!(asked(&mut desk.claire(), "pending").await.is_empty());
    let waiting = asked(&mut lucie, "pending").await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["sentence"], "Tous les agents");
    let path = format!("{ASKED}/{}/approve", id_of(&waiting[0]));
    let agreed = lucie.post_json(&path, &json!({})).await;
    assert_eq!(agreed.json()["state"], "approved");
    assert_eq!(names(&home(&mut jean).await), ["Pour tous"], "at once");
    let twice = lucie.post_json(&path, &json!({})).await;
    assert_eq!(
        (twice.status, twice.problem().as_str()),
        (409, "request-ended")
    );
    desk.work(&test).await;
    let answered = desk.notify.told(callers::agent(1).agent);
    assert_eq!(answered[0].kind, "portal.request.decided");
    assert_eq!(home(&mut lucie).await.json()["nowItems"], json!([]));
}

async fn a_refusal_keeps_the_tool_away_and_says_why(test: TestDb) {
    let desk = Desk::new(&test).await;
    let tool = desk.draft("Pour tous", json!("everyone")).await;
    desk.publish(&tool).await;
    let mut lucie = desk.lucie();
    let waiting = asked(&mut lucie, "pending").await;
    let path = format!("{ASKED}/{}/refuse", id_of(&waiting[0]));
    let silent = lucie.post_json(&path, &json!({"reason": " "})).await;
    assert_eq!(
        (silent.status, &silent.json()["field"]),
        (422, &json!("reason"))
    );
    let refused = lucie
        .post_json(&path, &json!({"reason": "Nous avons le nôtre."}))
        .await;
    assert_eq!(refused.json()["state"], "refused");
    assert!(names(&home(&mut desk.jean()).await).is_empty());
    let read = desk.claire().get(&format!("{TOOLS}/{tool}")).await.json();
    assert_eq!(read["approvals"][0]["reason"], "Nous avons le nôtre.");
    desk.work(&test).await;
    let told = desk.notify.told(callers::agent(1).agent);
    let detail = told[0].detail.as_ref().expect("a reason");
    assert_eq!(detail.fr, "Nous avons le nôtre.");
}

async fn an_audience_that_grows_reaches_newcomers_after_a_new_agreement(test: TestDb) {
    let desk = Desk::new(&test).await;
    let trainee = callers::neighbour(2).agent;
    desk.directory.population(trainee, Population::Stagiaire);
    let few = json!({"any": [ministry(), {"population": "stagiaire"}]});
    let tool = desk.draft("Stages", few).await;
    desk.publish(&tool).await;
    let mut lucie = desk.lucie();
    let waiting = asked(&mut lucie, "pending").await;
    let path = format!("{ASKED}/{}/approve", id_of(&waiting[0]));
    assert_eq!(lucie.post_json(&path, &json!({})).await.status, 200);
    let mut jean = callers::neighbour(2);
    jean.population = Population::Stagiaire;
    let mut jean = desk.app.sessions_for(jean);
    assert_eq!(names(&home(&mut jean).await), ["Stages"]);
    assert!(names(&home(&mut lucie).await).is_empty(), "no trainee");
    let mut grown = tool_body("Stages", json!("everyone"));
    grown["confirmEverybody"] = json!(true);
    let mut claire = desk.claire().with_header("if-match", "\"v2\"");
    let path = format!("{TOOLS}/{tool}");
    let edited = claire.json(Method::PUT, &path, &grown).await;
    assert_eq!(edited.json()["pendingApprovals"], 1, "{}", edited.text());
    assert_eq!(
        names(&home(&mut jean).await),
        ["Stages"],
        "as agreed before"
    );
    assert!(names(&home(&mut lucie).await).is_empty(), "not agreed yet");
    let waiting = asked(&mut lucie, "pending").await;
    let path = format!("{ASKED}/{}/approve", id_of(&waiting[0]));
    assert_eq!(lucie.post_json(&path, &json!({})).await.status, 200);
    assert_eq!(names(&home(&mut lucie).await), ["Stages"]);
}

async fn a_request_for_a_tool_becomes_a_draft(test: TestDb) {
    let desk = Desk::new(&test).await;
    let (mut hugo, mut claire) = (desk.hugo(), desk.claire());
    let made = hugo.post_json(MINE, &ask("Parapheur")).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["state"], "pending");
    desk.work(&test).await;
    let told = desk.notify.told(callers::agent(1).agent);
    assert_eq!(
        told[0].title.fr,
        "Hugo Castaing demande l’outil «\u{a0}Parapheur\u{a0}»"
    );
    let waiting = asked(&mut claire, "pending").await;
    assert_eq!(waiting[0]["by"]["displayName"], "Hugo Castaing");
    let path = format!("{ASKED}/{}/approve", id_of(&waiting[0]));
    let agreed = claire.post_json(&path, &json!({})).await.json();
    let tool = agreed["tool"].as_str().expect("a draft");
    let draft = claire.get(&format!("{TOOLS}/{tool}")).await.json();
    assert_eq!(draft["state"], "draft");
    assert_eq!(draft["name"]["fr"], "Parapheur");
    assert_eq!(draft["audience"], ministry());
    let mine = hugo.get(MINE).await.json();
    assert_eq!(mine["items"][0]["state"], "approved");
    desk.work(&test).await;
    let told = desk.notify.told(callers::agent(2).agent);
    assert_eq!(told.len(), 1);
    assert!(told[0].title.fr.contains("est acceptée"));
}

async fn a_request_is_taken_back_by_who_made_it(test: TestDb) {
    let desk = Desk::new(&test).await;
    let mut hugo = desk.hugo();
    let made = hugo.post_json(MINE, &ask("Parapheur")).await.json();
    let path = format!("{MINE}/{}/withdraw", id_of(&made));
    assert_eq!(
        desk.app.client().call(Method::POST, &path).await.status,
        401
    );
    let other = desk.claire().call(Method::POST, &path).await;
    assert_eq!(other.status, 404, "another's");
    assert_eq!(hugo.call(Method::POST, &path).await.status, 204);
    let twice = hugo.call(Method::POST, &path).await;
    assert_eq!(twice.problem(), "request-ended");
    assert!(asked(&mut desk.claire(), "pending").await.is_empty());
    desk.work(&test).await;
    assert!(desk.notify.told(callers::agent(1).agent).is_empty());
}

async fn a_request_that_cannot_be_is_refused(test: TestDb) {
    let desk = Desk::new(&test).await;
    assert_eq!(desk.app.client().get(MINE).await.status, 401);
    assert_eq!(
        desk.app.client().post_json(MINE, &ask("x")).await.status,
        401
    );
    let mut hugo = desk.hugo();
    for (field, value) in [
        ("name", json!("")),
        ("url", json!("javascript:alert(1)")),
        ("purpose", json!("")),
        ("organisation", json!(callers::NEIGHBOUR_MINISTRY)),
    ] {
        let mut body = ask("Parapheur");
        body[field] = value;
        let refused = hugo.post_json(MINE, &body).await;
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (422, &json!(field))
        );
    }
    for number in 0..20 {
        let made = hugo.post_json(MINE, &ask(&format!("Outil {number}"))).await;
        assert_eq!(made.status, 201);
    }
    let last = hugo.post_json(MINE, &ask("Outil 20")).await;
    assert_eq!(
        (last.status, last.problem().as_str()),
        (429, "too-many-requests")
    );
    let unknown = desk.claire().get(&format!("{ASKED}?state=lost")).await;
    assert_eq!(unknown.status, 422);
}

async fn nobody_else_answers(test: TestDb) {
    let desk = Desk::new(&test).await;
    let made = desk.hugo().post_json(MINE, &ask("Parapheur")).await.json();
    let at = |verb: &str| format!("{ASKED}/{}/{verb}", id_of(&made));
    refused_to_others(&desk, Method::POST, &at("approve"), &json!({})).await;
    let reason = json!({"reason": "Non"});
    refused_to_others(&desk, Method::POST, &at("refuse"), &reason).await;
    assert_eq!(desk.app.client().get(ASKED).await.status, 401);
    assert_eq!(desk.hugo().get(ASKED).await.status, 403);
    assert!(asked(&mut desk.lucie(), "pending").await.is_empty());
    assert_eq!(asked(&mut desk.claire(), "pending").await.len(), 1);
}

async fn of_two_answers_at_once_one_stands(test: TestDb) {
    let desk = Desk::new(&test).await;
    let made = desk.hugo().post_json(MINE, &ask("Parapheur")).await.json();
    let (mut one, mut two) = (desk.claire(), desk.claire());
    let approve = format!("{ASKED}/{}/approve", id_of(&made));
    let refuse = format!("{ASKED}/{}/refuse", id_of(&made));
    let (yes, no) = (json!({}), json!({"reason": "Non"}));
    let (one, two) = tokio::join!(one.post_json(&approve, &yes), two.post_json(&refuse, &no));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}
