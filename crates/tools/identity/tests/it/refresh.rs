//! Refresh tokens: what they give, to whom, for how long, and what their second use means.

use std::time::Duration;

use futures_util::future::join_all;
use jose::Algorithm;
use kernel_db::Value as DbValue;
use kernel_db::testing::TestDb;
use serde_json::Value;
use testkit::Answer;

use crate::support::{Application, CLAIRE, PAUL, Person, State, claims_of};
use crate::tokens::is_invalid_grant;

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_refresh_token_gives_new_tokens_of_the_same_person_and_sign_in,
    an_application_that_is_not_given_any_gets_none,
    a_refresh_token_is_for_its_application_only,
    fewer_scopes_may_be_asked_for_and_never_more,
    a_refresh_token_lives_two_hours_unused_and_dies_with_its_session,
    a_token_is_of_no_use_to_somebody_suspended_or_signed_out,
    an_application_for_public_agents_refreshes_for_nobody_else,
    fifty_tabs_that_refresh_at_once_all_stay_signed_in,
    an_answer_that_was_lost_is_given_again_and_what_it_held_is_dead,
    a_stolen_token_that_is_replayed_kills_all_that_its_grant_gave,
    a_thief_who_refreshes_first_is_found_out_by_the_owner,
    a_code_used_twice_takes_its_refresh_token_back,
    two_processes_that_refresh_one_token_give_one_successor,
);

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {tokens}"))
}

fn given(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

async fn signed_in<'a>(state: &'a State, id: &'a str) -> (Application<'a>, Person, Value) {
    let application = Application::new(state, id);
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let tokens = application.tokens(&mut claire).await;
    (application, claire, tokens)
}

async fn reuses(state: &State) -> i64 {
    let sql = "SELECT COUNT(*) AS n FROM journal_pending
               WHERE act = 'identity.refresh.reuse' AND outcome = 'refused' AND actor IS NOT NULL";
    state.besace.count(sql, Vec::new()).await
}

async fn generation(state: &State) -> i64 {
    let sql = "SELECT MAX(generation) AS n FROM identity_grant";
    state.besace.count(sql, Vec::new()).await
}

async fn a_refresh_token_gives_new_tokens_of_the_same_person_and_sign_in(test: TestDb) {
    let state = State::new(&test).await;
    for (id, algorithm) in [
        ("mission", Algorithm::Es256),
        ("rs", Algorithm::Rs256),
        ("hs", Algorithm::Hs256),
        ("page", Algorithm::Es256),
    ] {
        let application = Application::new(&state, id);
        let mut claire = state.person();
        let wanted = [
            ("claims", r#"{"id_token":{"amr":null}}"#),
            (
                "acr_values",
                "https://proconnect.gouv.fr/assurance/consistency-checked",
            ),
        ];
        let code = application.code_with(&mut claire, CLAIRE, &wanted).await;
        let first = given(&application.exchange(&code).await);
        state.clock.advance(Duration::from_mins(50));
        let second = given(&application.refresh(text(&first, "refresh_token")).await);
        assert_eq!(second["token_type"], "Bearer");
        assert_eq!(second["expires_in"], 3600);
        assert_eq!(second["scope"], first["scope"]);
        for renewed in ["access_token", "refresh_token", "id_token"] {
            assert_ne!(second[renewed], first[renewed], "{renewed}");
        }
        let before = claims_of(text(&first, "id_token"));
        application
            .verify(text(&second, "id_token"), algorithm)
            .await;
        let after = claims_of(text(&second, "id_token"));
        for kept in ["iss", "sub", "aud", "auth_time", "sid", "acr", "amr"] {
            assert_eq!(after[kept], before[kept], "{kept} (OIDC Core §12.2)");
        }
        assert!(after["nonce"].is_null(), "the nonce was for the first");
        let elapsed = after["iat"].as_i64().expect("iat") - before["iat"].as_i64().expect("iat");
        assert_eq!(elapsed, 3_000);
        assert_ne!(after["at_hash"], before["at_hash"]);
        state.clock.advance(Duration::from_mins(11));
        let old = application.userinfo(text(&first, "access_token")).await;
        assert_eq!(old.status, 401, "its own hour is over");
        let new = application.userinfo(text(&second, "access_token")).await;
        assert_eq!(new.status, 200);
    }
}

async fn an_application_that_is_not_given_any_gets_none(test: TestDb) {
    let state = State::new(&test).await;
    let (brief, mut claire, tokens) = signed_in(&state, "brief").await;
    assert!(tokens["refresh_token"].is_null(), "{tokens}");
    let mission = Application::new(&state, "mission");
    let theirs = mission.tokens(&mut claire).await;
    is_invalid_grant(&brief.refresh(text(&theirs, "refresh_token")).await);
}

async fn a_refresh_token_is_for_its_application_only(test: TestDb) {
    let state = State::new(&test).await;
    let (mission, _, tokens) = signed_in(&state, "mission").await;
    let token = text(&tokens, "refresh_token");
    is_invalid_grant(&Application::new(&state, "basic").refresh(token).await);
    is_invalid_grant(&Application::new(&state, "page").refresh(token).await);
    let mut altered = token.to_owned();
    altered.pop();
    is_invalid_grant(&mission.refresh(&altered).await);
    is_invalid_grant(&mission.refresh(text(&tokens, "access_token")).await);
    is_invalid_grant(&mission.refresh(&"x".repeat(5_000)).await);
    let post = Application::new(&state, "post");
    let unproved = post
        .refresh_with(token, &[("client_secret", "wrong")])
        .await;
    assert_eq!(unproved.status, 401, "{}", unproved.text());
    for opened in [
        mission.userinfo(token).await.status,
        mission.exchange(token).await.status,
    ] {
        assert!(opened >= 400, "a refresh token opens nothing by itself");
    }
    assert_eq!((generation(&state).await, reuses(&state).await), (0, 0));
    given(&mission.refresh(token).await);
}

async fn fewer_scopes_may_be_asked_for_and_never_more(test: TestDb) {
    let state = State::new(&test).await;
    let (mission, _, tokens) = signed_in(&state, "mission").await;
    let token = text(&tokens, "refresh_token");
    for more in ["openid siret", "offline_access", "inbox"] {
        let refused = mission.refresh_with(token, &[("scope", more)]).await;
        assert_eq!(
            (refused.status, refused.json()["error"].as_str()),
            (400, Some("invalid_scope"))
        );
    }
    assert_eq!(generation(&state).await, 0, "none of these used it");
    let fewer = given(&mission.refresh_with(token, &[("scope", "email")]).await);
    assert_eq!(fewer["scope"], "email");
    assert!(fewer["id_token"].is_null(), "no openid, no id token");
    let opened = mission.userinfo(text(&fewer, "access_token")).await.json();
    assert_eq!(opened["email"], CLAIRE.email);
    assert!(opened["given_name"].is_null(), "{opened}");
    let all = given(&mission.refresh(text(&fewer, "refresh_token")).await);
    assert_eq!(
        all["scope"], tokens["scope"],
        "what was granted is still granted"
    );
    let opened = mission.userinfo(text(&all, "access_token")).await.json();
    assert_eq!(opened["given_name"], "Claire");
}

async fn a_refresh_token_lives_two_hours_unused_and_dies_with_its_session(test: TestDb) {
    let state = State::new(&test).await;
    let (mission, mut claire, tokens) = signed_in(&state, "mission").await;
    let other = mission.tokens(&mut claire).await;
    let mut token = text(&tokens, "refresh_token").to_owned();
    // Each use is worth two hours more, until the twelve of the session are over.
    for _ in 0..6 {
        state.clock.advance(Duration::from_mins(119));
        let tokens = given(&mission.refresh(&token).await);
        assert_eq!(
            mission.userinfo(text(&tokens, "access_token")).await.status,
            200
        );
        text(&tokens, "refresh_token").clone_into(&mut token);
    }
    is_invalid_grant(&mission.refresh(text(&other, "refresh_token")).await);
    state.clock.advance(Duration::from_mins(6));
    is_invalid_grant(&mission.refresh(&token).await);
    assert_eq!(reuses(&state).await, 0, "late is not stolen");
}

async fn a_token_is_of_no_use_to_somebody_suspended_or_signed_out(test: TestDb) {
    let state = State::new(&test).await;
    let (mission, mut claire, tokens) = signed_in(&state, "mission").await;
    let place = claire.open("/deconnexion").await;
    let csrf = place.field("csrf");
    claire.submit(&place.url, &[("csrf", &csrf)]).await;
    is_invalid_grant(&mission.refresh(text(&tokens, "refresh_token")).await);
    let (post, _, tokens) = signed_in(&state, "post").await;
    let suspend = "UPDATE identity_agent SET state = 'suspended'";
    state.besace.execute(suspend, Vec::new()).await;
    is_invalid_grant(&post.refresh(text(&tokens, "refresh_token")).await);
    let active = "UPDATE identity_agent SET state = 'active'";
    state.besace.execute(active, Vec::new()).await;
    let again = given(&post.refresh(text(&tokens, "refresh_token")).await);
    // A provider taken out of service vouches for nobody any more.
    let second = state.restarted(Vec::clear).await;
    let secret = "the-secret-of-post-is-long-enough-for-hs256";
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&again, "refresh_token")),
        ("client_id", "post"),
        ("client_secret", secret),
    ];
    is_invalid_grant(&second.client().post_form("/api/v2/token", &form).await);
    given(&post.refresh(text(&again, "refresh_token")).await);
}

async fn an_application_for_public_agents_refreshes_for_nobody_else(test: TestDb) {
    let state = State::new(&test).await;
    let (agents, _, tokens) = signed_in(&state, "agents").await;
    let tokens = given(&agents.refresh(text(&tokens, "refresh_token")).await);
    // She leaves for a company.
    let mut paul = state.person();
    paul.sign_in(PAUL).await;
    let moved = "UPDATE identity_agent SET organisation = (
                     SELECT organisation FROM identity_agent WHERE email = $1)";
    let company = vec![DbValue::from(PAUL.email)];
    state.besace.execute(moved, company).await;
    is_invalid_grant(&agents.refresh(text(&tokens, "refresh_token")).await);
}

async fn fifty_tabs_that_refresh_at_once_all_stay_signed_in(test: TestDb) {
    let state = State::new(&test).await;
    let (mission, _, tokens) = signed_in(&state, "mission").await;
    let token = text(&tokens, "refresh_token");
    let answers = join_all((0..50).map(|_| mission.refresh(token))).await;
    let mut tabs = Vec::new();
    for answer in &answers {
        let tokens = given(answer);
        let opened = mission.userinfo(text(&tokens, "access_token")).await;
        assert_eq!(opened.status, 200);
        tabs.push(tokens);
    }
    assert_eq!(generation(&state).await, 1, "one successor for all");
    state.clock.advance(Duration::from_millis(9_999));
    given(&mission.refresh(token).await);
    // Whichever tab goes on goes on for all: each holds the same successor.
    state.clock.advance(Duration::from_mins(50));
    let last = text(&tabs[49], "refresh_token");
    given(&mission.refresh(last).await);
    given(&mission.refresh(text(&tabs[0], "refresh_token")).await);
    assert_eq!((generation(&state).await, reuses(&state).await), (2, 0));
}

async fn an_answer_that_was_lost_is_given_again_and_what_it_held_is_dead(test: TestDb) {
    let state = State::new(&test).await;
    let (mission, _, tokens) = signed_in(&state, "mission").await;
    let token = text(&tokens, "refresh_token");
    let lost = given(&mission.refresh(token).await);
    state.clock.advance(Duration::from_mins(1));
    let again = given(&mission.refresh(token).await);
    let dead = mission.userinfo(text(&lost, "access_token")).await;
    assert_eq!(dead.status, 401, "whoever has that answer has nothing");
    let alive = mission.userinfo(text(&again, "access_token")).await;
    assert_eq!(alive.status, 200);
    given(&mission.refresh(text(&again, "refresh_token")).await);
    assert_eq!((generation(&state).await, reuses(&state).await), (3, 0));
}

async fn a_stolen_token_that_is_replayed_kills_all_that_its_grant_gave(test: TestDb) {
    let state = State::new(&test).await;
    let (mission, mut claire, tokens) = signed_in(&state, "mission").await;
    let other = mission.tokens(&mut claire).await;
    let stolen = text(&tokens, "refresh_token");
    let owners = given(&mission.refresh(stolen).await);
    let opened = mission.userinfo(text(&owners, "access_token")).await;
    assert_eq!(opened.status, 200);
    state.clock.advance(Duration::from_secs(10));
    is_invalid_grant(&mission.refresh(stolen).await);
    assert_eq!(reuses(&state).await, 1);
    let opened = mission.userinfo(text(&owners, "access_token")).await;
    assert_eq!(opened.status, 401, "dead in one request");
    is_invalid_grant(&mission.refresh(text(&owners, "refresh_token")).await);
    is_invalid_grant(&mission.refresh(stolen).await);
    assert_eq!(reuses(&state).await, 1, "said once");
    let theirs = mission.userinfo(text(&other, "access_token")).await;
    assert_eq!(theirs.status, 200, "another sign-in of hers goes on");
    given(&mission.refresh(text(&other, "refresh_token")).await);
}

async fn a_thief_who_refreshes_first_is_found_out_by_the_owner(test: TestDb) {
    let state = State::new(&test).await;
    let (mission, _, tokens) = signed_in(&state, "mission").await;
    let token = text(&tokens, "refresh_token");
    let thief = given(&mission.refresh(token).await);
    let further = given(&mission.refresh(text(&thief, "refresh_token")).await);
    state.clock.advance(Duration::from_secs(1));
    is_invalid_grant(&mission.refresh(token).await);
    is_invalid_grant(&mission.refresh(text(&further, "refresh_token")).await);
    let opened = mission.userinfo(text(&further, "access_token")).await;
    assert_eq!(opened.status, 401);
    assert_eq!(reuses(&state).await, 1);
}

async fn a_code_used_twice_takes_its_refresh_token_back(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    let code = mission.code(&mut claire, CLAIRE).await;
    let tokens = given(&mission.exchange(&code).await);
    is_invalid_grant(&mission.exchange(&code).await);
    is_invalid_grant(&mission.refresh(text(&tokens, "refresh_token")).await);
}

async fn two_processes_that_refresh_one_token_give_one_successor(test: TestDb) {
    let state = State::new(&test).await;
    let (post, _, tokens) = signed_in(&state, "post").await;
    let second = state.restarted(|_| ()).await;
    let mut token = text(&tokens, "refresh_token").to_owned();
    for round in 1..=5_i64 {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str()),
            ("client_id", "post"),
            (
                "client_secret",
                "the-secret-of-post-is-long-enough-for-hs256",
            ),
        ];
        let (mut here, mut there) = (state.besace.client(), second.client());
        let (ours, theirs) = tokio::join!(
            here.post_form("/api/v2/token", &form),
            there.post_form("/api/v2/token", &form)
        );
        let (ours, theirs) = (given(&ours), given(&theirs));
        assert_eq!(generation(&state).await, round, "one of them moved it on");
        for tokens in [&ours, &theirs] {
            assert_eq!(
                post.userinfo(text(tokens, "access_token")).await.status,
                200
            );
        }
        text(&theirs, "refresh_token").clone_into(&mut token);
    }
    assert_eq!(reuses(&state).await, 0);
}
