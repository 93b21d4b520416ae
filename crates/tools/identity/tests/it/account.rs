//! An agent's own account: their sessions, what applications received, and the file of it all.

use http::Method;
use kernel_db::testing::TestDb;
use serde_json::Value;

use crate::support::{Application, CLAIRE, HUGO, Person, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    an_agent_recognises_their_sessions_and_ends_one,
    nobody_ends_another_s_session_nor_their_own_by_a_forged_request,
    all_others_end_at_once_and_this_one_stays,
    what_an_application_received_is_shown_and_taken_back,
    nobody_takes_back_what_another_gave,
    a_session_is_seen_within_five_minutes,
    the_file_holds_what_is_kept_and_the_journal_says_who_asked,
);

const SESSIONS: &str = "/api/v1/account/sessions";
const APPLICATIONS: &str = "/api/v1/account/applications";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn signed_in(state: &State, someone: crate::support::Someone) -> Person {
    let mut person = state.person();
    person.sign_in(someone).await;
    let csrf = person.who().await["csrfToken"].as_str().map(str::to_owned);
    person.besace().set_csrf(csrf);
    person
}

async fn items(person: &mut Person, path: &str) -> Vec<Value> {
    let answer = person.besace().get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["items"].as_array().expect("a list").clone()
}

fn one_of(sessions: &[Value], current: bool) -> &Value {
    let found = sessions.iter().find(|one| one["current"] == current);
    found.expect("such a session")
}

fn path_of(session: &Value) -> String {
    format!("{SESSIONS}/{}", session["id"].as_str().expect("an id"))
}

async fn an_agent_recognises_their_sessions_and_ends_one(test: TestDb) {
    let state = State::new(&test).await;
    let mut phone = state.person();
    let besace = phone.besace().clone().with_header("user-agent", FIREFOX);
    *phone.besace() = besace;
    phone.sign_in(CLAIRE).await;
    let mut desk = signed_in(&state, CLAIRE).await;
    let sessions = items(&mut desk, SESSIONS).await;
    assert_eq!(sessions.len(), 2);
    let (own, other) = (one_of(&sessions, true), one_of(&sessions, false));
    assert_eq!(own["browser"], "other");
    assert_eq!(
        (&other["browser"], &other["system"]),
        (&"firefox".into(), &"linux".into())
    );
    assert_eq!(other["provider"], "Ministère de l’Intérieur");
    let own_refused = desk.besace().call(Method::DELETE, &path_of(own)).await;
    assert_eq!(
        (own_refused.status, own_refused.problem().as_str()),
        (409, "current-session")
    );
    let ended = desk.besace().call(Method::DELETE, &path_of(other)).await;
    assert_eq!(ended.status, 204);
    assert!(phone.who().await.is_null());
    assert!(!desk.who().await.is_null());
    let told = phone.open("/connexion").await;
    assert_eq!(told.page().status, 200);
    assert!(told.page().text().contains("Cette session a été fermée"));
    let tab = phone.open("/connexion?autre=1").await;
    phone.give_address(&tab, CLAIRE.email).await;
    assert!(!phone.who().await.is_null(), "she may come back");
    let again = desk.besace().call(Method::DELETE, &path_of(other)).await;
    assert_eq!(again.status, 404);
    let journal = "SELECT COUNT(*) AS n FROM journal_pending
                   WHERE act = 'identity.session.end' AND data LIKE '%elsewhere%'";
    assert_eq!(state.besace.count(journal, Vec::new()).await, 1);
}

async fn nobody_ends_another_s_session_nor_their_own_by_a_forged_request(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let mut hugo = signed_in(&state, HUGO).await;
    let hers = path_of(one_of(&items(&mut claire, SESSIONS).await, true));
    let refused = hugo.besace().call(Method::DELETE, &hers).await;
    assert_eq!(refused.status, 404, "another's");
    let stranger = state.person().besace().call(Method::DELETE, &hers).await;
    assert_eq!(stranger.status, 401);
    let mut second = signed_in(&state, CLAIRE).await;
    second.besace().set_csrf(None);
    let forged = second.besace().call(Method::DELETE, &hers).await;
    assert_eq!((forged.status, forged.problem().as_str()), (403, "csrf"));
    let all = second.besace().call(Method::DELETE, SESSIONS).await;
    assert_eq!(all.problem(), "csrf");
    assert!(!claire.who().await.is_null() && !hugo.who().await.is_null());
}

async fn all_others_end_at_once_and_this_one_stays(test: TestDb) {
    let state = State::new(&test).await;
    let mut elsewhere = Vec::new();
    for _ in 0..3 {
        elsewhere.push(signed_in(&state, CLAIRE).await);
    }
    let mut hugo = signed_in(&state, HUGO).await;
    let mut desk = signed_in(&state, CLAIRE).await;
    let ended = desk.besace().call(Method::DELETE, SESSIONS).await;
    assert_eq!(ended.json()["ended"], 3, "{}", ended.text());
    for person in &mut elsewhere {
        assert!(person.who().await.is_null());
    }
    assert!(!desk.who().await.is_null() && !hugo.who().await.is_null());
    let none = desk.besace().call(Method::DELETE, SESSIONS).await;
    assert_eq!(none.json()["ended"], 0);
}

async fn what_an_application_received_is_shown_and_taken_back(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = signed_in(&state, CLAIRE).await;
    assert!(items(&mut claire, APPLICATIONS).await.is_empty());
    mission.tokens(&mut claire).await;
    state.clock.advance(std::time::Duration::from_mins(90));
    let tokens = mission.tokens(&mut claire).await;
    let token = tokens["access_token"].as_str().expect("a token");
    let received = items(&mut claire, APPLICATIONS).await;
    assert_eq!(received.len(), 1);
    assert_eq!(received[0]["name"], "L’application mission");
    let scopes = received[0]["scopes"].as_array().expect("scopes");
    assert!(scopes.contains(&"email".into()) && !scopes.contains(&"phone".into()));
    let times = (
        received[0]["firstAt"].as_i64(),
        received[0]["lastAt"].as_i64(),
    );
    assert_eq!(
        times.1.zip(times.0).map(|(last, first)| last - first),
        Some(5_400_000)
    );
    assert_eq!(mission.userinfo(token).await.status, 200);
    let path = format!("{APPLICATIONS}/mission");
    assert_eq!(
        claire.besace().call(Method::DELETE, &path).await.status,
        204
    );
    assert_eq!(mission.userinfo(token).await.status, 401);
    assert!(items(&mut claire, APPLICATIONS).await.is_empty());
    assert_eq!(
        claire.besace().call(Method::DELETE, &path).await.status,
        404
    );
    let told = "SELECT COUNT(*) AS n FROM outbox WHERE kind = 'identity.application.withdrawn'";
    assert_eq!(state.besace.count(told, Vec::new()).await, 1);
}

async fn nobody_takes_back_what_another_gave(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = signed_in(&state, CLAIRE).await;
    let mut hugo = signed_in(&state, HUGO).await;
    let tokens = mission.tokens(&mut claire).await;
    let token = tokens["access_token"].as_str().expect("a token");
    let path = format!("{APPLICATIONS}/mission");
    assert_eq!(hugo.besace().call(Method::DELETE, &path).await.status, 404);
    let mut stranger = state.person();
    assert_eq!(
        stranger.besace().call(Method::DELETE, &path).await.status,
        401
    );
    assert_eq!(mission.userinfo(token).await.status, 200);
    let odd = format!("{APPLICATIONS}/%20");
    assert_eq!(hugo.besace().call(Method::DELETE, &odd).await.status, 404);
}

async fn a_session_is_seen_within_five_minutes(test: TestDb) {
    let state = State::new(&test).await;
    let identity = &state.besace.identity;
    let mut claire = signed_in(&state, CLAIRE).await;
    let opened = one_of(&items(&mut claire, SESSIONS).await, true)["seenAt"].as_i64();
    identity.write_seen_sessions().await.expect("written");
    state.clock.advance(std::time::Duration::from_mins(6));
    claire.who().await;
    assert_eq!(identity.write_seen_sessions().await.expect("written"), 1);
    let seen = one_of(&items(&mut claire, SESSIONS).await, true)["seenAt"].as_i64();
    assert_eq!(
        seen.zip(opened).map(|(seen, opened)| seen - opened),
        Some(360_000)
    );
    assert_eq!(identity.write_seen_sessions().await.expect("written"), 0);
}

async fn the_file_holds_what_is_kept_and_the_journal_says_who_asked(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = signed_in(&state, CLAIRE).await;
    signed_in(&state, HUGO).await;
    mission.tokens(&mut claire).await;
    let answer = claire.besace().get("/api/v1/account/export").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment")
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    let file = answer.json();
    let own = &file["identity"];
    assert_eq!(own["email"], CLAIRE.email);
    assert_eq!(own["logins"][0]["provider"], "interieur");
    assert_eq!(own["applications"][0]["clientId"], "mission");
    assert_eq!(own["sessions"].as_array().map(Vec::len), Some(1));
    assert!(!answer.text().contains("Hugo"), "nobody else's");
    assert!(!answer.text().contains("id_token"), "no secret");
    let journal = "SELECT COUNT(*) AS n FROM journal_pending
                   WHERE act = 'identity.account.export' AND outcome = 'done'";
    assert_eq!(state.besace.count(journal, Vec::new()).await, 1);
    let mut stranger = state.person();
    assert_eq!(
        stranger.besace().get("/api/v1/account/export").await.status,
        401
    );
}
