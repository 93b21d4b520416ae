//! The session: its cookie, its life, its end.

use std::time::Duration;

use kernel_db::testing::TestDb;
use url::Url;

use crate::support::{Application, CLAIRE, HUGO, INTERIOR, Person, Place, State, query_of};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    the_cookie_is_for_this_host_and_no_script,
    a_new_sign_in_gives_a_new_session_and_ends_the_old_one,
    a_session_lives_twelve_hours_whatever_its_use,
    a_session_that_somebody_else_wrote_is_nobody_s,
    signing_out_ends_the_session_here_and_at_the_ministry,
    signing_out_by_a_forged_form_does_nothing,
    an_application_signs_its_agent_out_with_their_token,
    without_their_token_the_agent_is_asked,
    nobody_is_sent_to_an_address_that_was_not_registered,
    the_journal_says_who_came_and_went,
);

async fn the_cookie_is_for_this_host_and_no_script(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    let tab = claire.open("/connexion").await;
    let ministry = claire.give_address(&tab, CLAIRE.email).await;
    let callback = claire.until_callback(&ministry, CLAIRE).await;
    let answer = claire.besace().get(callback.as_str()).await;
    let name = state.besace.house.cookies().session();
    assert!(name.starts_with("__Host-s-"), "{name}");
    let cookie = answer.set_cookie(&name).expect("set").to_owned();
    let parts: Vec<&str> = cookie.split("; ").skip(1).collect();
    for part in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(parts.contains(&part), "{part} in {cookie}");
    }
    assert!(
        !cookie.contains("Domain") && !cookie.contains("Max-Age"),
        "{cookie}"
    );
    let value = claire.besace().cookie(&name).expect("kept").to_owned();
    assert!(value.len() >= 43, "256 bits: {value}");
    let kept = "SELECT COUNT(*) AS n FROM identity_session WHERE token_hash = $1";
    let in_clear = vec![kernel_db::Value::from(value.as_bytes().to_vec())];
    assert_eq!(
        state.besace.count(kept, in_clear).await,
        0,
        "only its hash is kept"
    );
}

/// A browser that holds this session cookie only.
fn holding(state: &State, cookie: &str) -> Person {
    let mut person = state.person();
    let name = state.besace.house.cookies().session();
    person.besace().set_cookie(name, cookie);
    person
}

fn cookie_of(state: &State, person: &mut Person) -> String {
    let name = state.besace.house.cookies().session();
    person.besace().cookie(&name).unwrap_or_default().to_owned()
}

async fn a_new_sign_in_gives_a_new_session_and_ends_the_old_one(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let old = cookie_of(&state, &mut claire);
    assert!(!holding(&state, &old).who().await.is_null());
    let tokens = mission.tokens(&mut claire).await;
    let token = tokens["access_token"].as_str().expect("a token");
    let place = claire.open(&mission.asks(&[("prompt", "login")])).await;
    assert!(
        place.answer.is_some(),
        "prompt=login asks although signed in"
    );
    let ministry = claire.give_address(&place, CLAIRE.email).await;
    assert_eq!(
        ministry.url.host_str(),
        Some("interieur.test"),
        "and so does the ministry"
    );
    claire.give_password(&ministry, CLAIRE).await;
    let new = cookie_of(&state, &mut claire);
    assert_ne!(old, new);
    assert!(
        holding(&state, &old).who().await.is_null(),
        "the old one is dead"
    );
    assert!(!holding(&state, &new).who().await.is_null());
    assert_eq!(
        mission.userinfo(token).await.status,
        401,
        "and what it gave"
    );
    // A cookie planted before the sign-in is not the session's afterwards.
    let mut planted = holding(&state, "planted-by-somebody-else");
    planted.sign_in(HUGO).await;
    assert_ne!(cookie_of(&state, &mut planted), "planted-by-somebody-else");
}

async fn a_session_lives_twelve_hours_whatever_its_use(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    for _ in 0..11 {
        state.clock.advance(Duration::from_hours(1));
        assert!(!claire.who().await.is_null());
    }
    state.clock.advance(Duration::from_secs(3_599));
    assert!(!claire.who().await.is_null());
    state.clock.advance(Duration::from_secs(1));
    assert!(claire.who().await.is_null());
}

async fn a_session_that_somebody_else_wrote_is_nobody_s(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let cookie = cookie_of(&state, &mut claire);
    let mut altered = cookie.clone();
    altered.pop();
    for value in ["", "x", altered.as_str(), &cookie.to_uppercase()] {
        assert!(holding(&state, value).who().await.is_null(), "{value}");
    }
}

async fn sign_out(person: &mut Person) -> Place {
    let place = person.open("/deconnexion").await;
    let csrf = place.field("csrf");
    person.submit(&place.url, &[("csrf", &csrf)]).await
}

async fn is_signed_in_at_the_ministry(person: &mut Person) -> bool {
    let home = Url::parse(INTERIOR).expect("an address");
    let site = person.site(&home).expect("the ministry");
    site.get("/").await.status == 200
}

async fn signing_out_ends_the_session_here_and_at_the_ministry(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let tokens = mission.tokens(&mut claire).await;
    let cookie = cookie_of(&state, &mut claire);
    assert!(is_signed_in_at_the_ministry(&mut claire).await);
    let mut by_hand = claire.clone();
    let place = sign_out(&mut claire).await;
    assert_eq!(place.url.as_str(), "https://besace.test/connexion?fin=1");
    assert!(claire.who().await.is_null());
    assert!(
        holding(&state, &cookie).who().await.is_null(),
        "on the server too"
    );
    assert!(!is_signed_in_at_the_ministry(&mut claire).await);
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(
        mission.userinfo(token).await.status,
        401,
        "and the tokens it gave"
    );
    // What was sent to the ministry.
    by_hand.sign_in(CLAIRE).await;
    let place = by_hand.open("/deconnexion").await;
    let csrf = place.field("csrf");
    let answer = by_hand
        .besace()
        .post_form("/deconnexion", &[("csrf", &csrf)])
        .await;
    let url = Url::parse(answer.refresh()).expect("an address");
    assert_eq!(url.host_str(), Some("interieur.test"));
    let query = query_of(&url);
    assert!(query.contains_key("id_token_hint") && query.contains_key("state"));
    assert_eq!(
        query["post_logout_redirect_uri"],
        "https://besace.test/api/v2/client/logout-callback"
    );
}

async fn signing_out_by_a_forged_form_does_nothing(test: TestDb) {
    let state = State::new(&test).await;
    let (mut claire, mut hugo) = (state.person(), state.person());
    claire.sign_in(CLAIRE).await;
    hugo.sign_in(HUGO).await;
    let theirs = hugo.open("/deconnexion").await.field("csrf");
    for path in ["/deconnexion", "/api/v2/session/end/confirm"] {
        for token in ["", "x", theirs.as_str()] {
            let answer = claire.besace().post_form(path, &[("csrf", token)]).await;
            assert_eq!(answer.status, 403, "{path}");
        }
        let own = claire.open("/deconnexion").await.field("csrf");
        let mut abroad = claire
            .besace()
            .clone()
            .with_header("sec-fetch-site", "cross-site");
        let answer = abroad.post_form(path, &[("csrf", &own)]).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    assert!(!claire.who().await.is_null());
    let stranger = state.person().besace().post_form("/deconnexion", &[]).await;
    assert_eq!(
        (stranger.status, stranger.location()),
        (303, "/connexion?fin=1")
    );
}

fn ends(change: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(change)
        .finish();
    format!("/api/v2/session/end?{query}")
}

async fn an_application_signs_its_agent_out_with_their_token(test: TestDb) {
    let state = State::new(&test).await;
    for id in ["mission", "rs", "hs"] {
        let application = Application::new(&state, id);
        let mut claire = state.person();
        claire.sign_in(CLAIRE).await;
        let tokens = application.tokens(&mut claire).await;
        let hint = tokens["id_token"].as_str().expect("a token");
        // Long after the token's own end.
        state.clock.advance(Duration::from_hours(2));
        let after = format!("https://{id}.test/fin");
        let place = claire
            .open(&ends(&[
                ("id_token_hint", hint),
                ("post_logout_redirect_uri", &after),
                ("state", "à bientôt"),
            ]))
            .await;
        assert_eq!(
            place.url.host_str(),
            Some(format!("{id}.test").as_str()),
            "{}",
            place.url
        );
        assert_eq!(place.url.path(), "/fin");
        assert_eq!(query_of(&place.url)["state"], "à bientôt");
        assert!(claire.who().await.is_null());
        assert!(!is_signed_in_at_the_ministry(&mut claire).await);
        // Somebody who is signed out already goes straight there.
        let again = claire
            .open(&ends(&[
                ("id_token_hint", hint),
                ("post_logout_redirect_uri", &after),
            ]))
            .await;
        assert_eq!(again.url.as_str(), after);
    }
}

async fn without_their_token_the_agent_is_asked(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let (mut claire, mut hugo) = (state.person(), state.person());
    claire.sign_in(CLAIRE).await;
    hugo.sign_in(HUGO).await;
    let tokens = mission.tokens(&mut hugo).await;
    let hugos = tokens["id_token"].as_str().expect("a token");
    let mut altered = hugos.to_owned();
    altered.pop();
    let after = ("post_logout_redirect_uri", "https://mission.test/fin");
    for change in [
        vec![],
        vec![("client_id", "mission"), after],
        vec![("id_token_hint", hugos), after],
        vec![("id_token_hint", altered.as_str()), after],
    ] {
        let place = claire.open(&ends(&change)).await;
        assert_eq!(place.page().status, 200, "{change:?}");
        assert!(place.page().field("csrf").is_some(), "{change:?}");
        assert!(!claire.who().await.is_null(), "{change:?}");
    }
    let place = claire.open(&ends(&[("client_id", "mission"), after])).await;
    let (csrf, sealed) = (place.field("csrf"), place.field("after"));
    let confirm = place
        .url
        .join("/api/v2/session/end/confirm")
        .expect("an address");
    let fields = [("csrf", csrf.as_str()), ("after", sealed.as_str())];
    let place = claire.submit(&confirm, &fields).await;
    assert_eq!(place.url.as_str(), "https://mission.test/fin");
    assert!(claire.who().await.is_null());
}

async fn nobody_is_sent_to_an_address_that_was_not_registered(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let tokens = mission.tokens(&mut claire).await;
    let hint = tokens["id_token"].as_str().expect("a token").to_owned();
    let mut stranger = state.person();
    for after in [
        "https://evil.test/",
        "https://mission.test/fin/",
        "https://mission.test/fin?x=1",
        "https://mission.test/retour",
        "https://basic.test/fin",
        "//evil.test/",
    ] {
        for hinted in [true, false] {
            let mut change = vec![
                ("post_logout_redirect_uri", after),
                ("client_id", "mission"),
            ];
            if hinted {
                change.push(("id_token_hint", hint.as_str()));
            }
            let place = stranger.open(&ends(&change)).await;
            assert_eq!(
                place.url.as_str(),
                "https://besace.test/connexion?fin=1",
                "{after}"
            );
        }
    }
    // Another application's name beside the hint: neither's address is followed.
    let mixed = [
        ("id_token_hint", hint.as_str()),
        ("client_id", "basic"),
        ("post_logout_redirect_uri", "https://basic.test/fin"),
    ];
    let place = stranger.open(&ends(&mixed)).await;
    assert_eq!(place.url.as_str(), "https://besace.test/connexion?fin=1");
    for state_text in ["x", "", "https://evil.test/"] {
        let target = format!("/api/v2/client/logout-callback?state={state_text}");
        let place = stranger.open(&target).await;
        assert_eq!(place.url.as_str(), "https://besace.test/connexion?fin=1");
    }
    let bad = [
        ("id_token_hint", hint.as_str()),
        ("post_logout_redirect_uri", "https://evil.test/"),
    ];
    let place = claire.open(&ends(&bad)).await;
    assert_eq!(place.url.as_str(), "https://besace.test/connexion?fin=1");
    assert!(claire.who().await.is_null(), "signed out all the same");
}

async fn the_journal_says_who_came_and_went(test: TestDb) {
    const DONE: &str = "SELECT COUNT(*) AS n FROM journal_pending
                        WHERE act = $1 AND outcome = 'done' AND actor IS NOT NULL";
    let state = State::new(&test).await;
    let opened = || vec![kernel_db::Value::from("identity.session.open")];
    let ended = || vec![kernel_db::Value::from("identity.session.end")];
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    assert_eq!(state.besace.count(DONE, opened()).await, 1);
    assert_eq!(state.besace.count(DONE, ended()).await, 0);
    sign_out(&mut claire).await;
    assert_eq!(state.besace.count(DONE, ended()).await, 1);
    sign_out_again(&mut claire).await;
    assert_eq!(
        state.besace.count(DONE, ended()).await,
        1,
        "there was nothing to end"
    );
}

async fn sign_out_again(person: &mut Person) {
    let answer = person
        .besace()
        .post_form("/deconnexion", &[("csrf", "x")])
        .await;
    assert_eq!(answer.status, 303);
}
