//! What the token and userinfo endpoints refuse, and in which words.

use std::time::Duration;

use kernel_db::testing::TestDb;
use testkit::Answer;

use crate::support::{Application, CLAIRE, HUGO, Proof, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_code_is_good_once_and_its_second_use_kills_what_the_first_gave,
    a_code_of_another_or_too_late_or_with_another_proof_gives_one_answer,
    a_code_outlives_neither_the_session_nor_the_agent,
    a_client_that_does_not_prove_itself_is_told_so,
    a_request_that_is_no_token_request_is_told_so,
    userinfo_without_a_living_token_says_how_to_get_one,
    a_token_dies_after_its_hour,
    another_site_may_read_userinfo_but_sends_no_cookie,
);

pub(crate) fn is_invalid_grant(answer: &Answer) {
    assert_eq!(answer.status, 400, "{}", answer.text());
    let expected = serde_json::json!({
        "error": "invalid_grant",
        "error_description": "grant request is invalid",
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(answer.header("cache-control"), "no-store");
}

async fn a_code_is_good_once_and_its_second_use_kills_what_the_first_gave(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    let code = mission.code(&mut claire, CLAIRE).await;
    let tokens = mission.exchange(&code).await.json();
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(mission.userinfo(token).await.status, 200);
    is_invalid_grant(&mission.exchange(&code).await);
    assert_eq!(mission.userinfo(token).await.status, 401, "taken back");
    let other = mission.tokens(&mut claire).await;
    let token = other["access_token"].as_str().expect("a token");
    assert_eq!(mission.userinfo(token).await.status, 200, "that one only");
}

async fn a_code_of_another_or_too_late_or_with_another_proof_gives_one_answer(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let basic = Application::new(&state, "basic");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let code = mission.silent_code(&mut claire).await;
    is_invalid_grant(&mission.exchange("no code of ours").await);
    let mut altered = code.clone();
    altered.pop();
    is_invalid_grant(&mission.exchange(&altered).await);
    is_invalid_grant(&mission.exchange(&"x".repeat(5_000)).await);
    let wrong = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl";
    is_invalid_grant(
        &mission
            .exchange_with(&code, &[("code_verifier", wrong)])
            .await,
    );
    is_invalid_grant(&mission.exchange_with(&code, &[("code_verifier", "")]).await);
    let elsewhere = [("redirect_uri", "https://mission.test/fin")];
    is_invalid_grant(&mission.exchange_with(&code, &elsewhere).await);
    let theirs = [("redirect_uri", "https://mission.test/retour")];
    is_invalid_grant(&basic.exchange_with(&code, &theirs).await);
    state.clock.advance(Duration::from_secs(59));
    assert_eq!(mission.exchange(&code).await.status, 200, "still good");
    let code = mission.silent_code(&mut claire).await;
    state.clock.advance(Duration::from_secs(61));
    is_invalid_grant(&mission.exchange(&code).await);
    let plain = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = mission.code_with(&mut claire, CLAIRE, &plain).await;
    // A verifier that was not announced: the request was tampered with.
    is_invalid_grant(&mission.exchange(&code).await);
}

async fn a_code_outlives_neither_the_session_nor_the_agent(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let code = mission.silent_code(&mut claire).await;
    let place = claire.open("/deconnexion").await;
    let csrf = place.field("csrf");
    claire.submit(&place.url, &[("csrf", &csrf)]).await;
    is_invalid_grant(&mission.exchange(&code).await);
    let mut hugo = state.person();
    hugo.sign_in(HUGO).await;
    let code = mission.silent_code(&mut hugo).await;
    let sql = "UPDATE identity_agent SET state = 'suspended'";
    state.besace.execute(sql, Vec::new()).await;
    is_invalid_grant(&mission.exchange(&code).await);
}

async fn a_client_that_does_not_prove_itself_is_told_so(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let post = Application::new(&state, "post");
    let code = post.silent_code(&mut claire).await;
    let wrong = post
        .exchange_with(&code, &[("client_secret", "wrong")])
        .await;
    assert_eq!(wrong.status, 401);
    let expected = serde_json::json!({
        "error": "invalid_client",
        "error_description": "client authentication failed",
    });
    assert_eq!(wrong.json(), expected);
    let unknown = post.exchange_with(&code, &[("client_id", "nobody")]).await;
    assert_eq!((unknown.status, unknown.json()), (401, expected.clone()));
    let closed = Application::new(&state, "closed").exchange(&code).await;
    assert_eq!((closed.status, closed.json()), (401, expected.clone()));
    assert!(closed.header("www-authenticate").starts_with("Basic "));
    let mut bare = post;
    bare.proof = Proof::Nothing;
    let nothing = bare.exchange_with(&code, &[("client_id", "")]).await;
    assert_eq!(nothing.status, 400);
    assert_eq!(
        nothing.json()["error_description"],
        "no client authentication mechanism provided"
    );
    let secretless = bare.exchange(&code).await;
    assert_eq!((secretless.status, secretless.json()), (401, expected));
    assert_eq!(
        post.exchange(&code).await.status,
        200,
        "none of these spent it"
    );
}

async fn a_request_that_is_no_token_request_is_told_so(test: TestDb) {
    let state = State::new(&test).await;
    let post = Application::new(&state, "post");
    let other = post.exchange_with("c", &[("grant_type", "password")]).await;
    assert_eq!(other.json()["error"], "unsupported_grant_type");
    let none = post.exchange_with("c", &[("grant_type", "")]).await;
    assert_eq!(none.json()["error"], "invalid_request");
    let codeless = post.exchange("").await;
    assert_eq!(codeless.json()["error"], "invalid_request");
    let mut client = state.besace.client();
    let json = client
        .post_json("/api/v2/token", &serde_json::json!({ "code": "c" }))
        .await;
    assert_eq!(
        (json.status, json.json()["error"].as_str()),
        (400, Some("invalid_request"))
    );
    let by_get = client.get("/api/v2/token?code=c").await;
    assert_eq!(by_get.status, 405);
}

async fn userinfo_without_a_living_token_says_how_to_get_one(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut client = state.besace.client();
    let bare = client.get("/api/v2/userinfo").await;
    assert_eq!(bare.status, 401);
    assert_eq!(bare.header("www-authenticate"), "Bearer realm=\"besace\"");
    for token in ["x", "eyJhbGciOiJub25lIn0.e30.", &"x".repeat(2_000)] {
        let refused = mission.userinfo(token).await;
        assert_eq!(refused.status, 401);
        assert_eq!(
            refused.header("www-authenticate"),
            "Bearer realm=\"besace\", error=\"invalid_token\""
        );
    }
    let mut claire = state.person();
    let code = mission.code(&mut claire, CLAIRE).await;
    assert_eq!(
        mission.userinfo(&code).await.status,
        401,
        "a code is no token"
    );
}

async fn a_token_dies_after_its_hour(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let tokens = mission.tokens(&mut claire).await;
    let token = tokens["access_token"].as_str().expect("a token");
    state.clock.advance(Duration::from_secs(3_599));
    assert_eq!(mission.userinfo(token).await.status, 200);
    state.clock.advance(Duration::from_secs(1));
    assert_eq!(mission.userinfo(token).await.status, 401);
}

async fn another_site_may_read_userinfo_but_sends_no_cookie(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let tokens = mission.tokens(&mut claire).await;
    let answer = mission
        .userinfo(tokens["access_token"].as_str().expect("a token"))
        .await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let session = claire.besace().get("/api/v1/session").await;
    assert_eq!(session.header("access-control-allow-origin"), "");
    let preflight = state
        .besace
        .client()
        .call(http::Method::OPTIONS, "/api/v2/userinfo")
        .await;
    assert_eq!(preflight.status, 204);
    assert_eq!(
        preflight.header("access-control-allow-headers"),
        "authorization"
    );
}
