//! What an application is told of a token.

use std::time::Duration;

use jose::{Algorithm, Expected, Expiry, JwkSet, Keys, Leeway, TypeRule};
use kernel::Clock as _;
use kernel_db::testing::TestDb;
use serde_json::{Value, json};
use testkit::Answer;

use crate::support::{Application, CLAIRE, Proof, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    an_application_learns_what_its_own_token_is_worth,
    of_a_token_that_is_dead_or_foreign_it_learns_nothing,
    an_application_must_prove_itself_to_ask,
    a_registered_algorithm_signs_the_answer,
    asking_does_not_use_a_refresh_token,
    a_request_without_a_token_is_told_so,
);

fn said(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {tokens}"))
}

async fn an_application_learns_what_its_own_token_is_worth(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let now = state.clock.now().seconds();
    let tokens = mission.tokens(&mut claire).await;
    let access = said(&mission.introspect(text(&tokens, "access_token")).await);
    let expected = json!({
        "active": true,
        "iss": "https://besace.test/api/v2",
        "client_id": "mission",
        "token_type": "Bearer",
        "scope": "openid given_name usual_name email",
        "sub": access["sub"],
        "acr": "eidas1",
        "iat": now,
        "exp": now + 3_600,
    });
    assert_eq!(access, expected);
    let userinfo = mission.userinfo(text(&tokens, "access_token")).await.json();
    assert_eq!(access["sub"], userinfo["sub"]);
    let refresh = said(&mission.introspect(text(&tokens, "refresh_token")).await);
    assert_eq!(
        (&refresh["active"], &refresh["token_type"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(refresh["exp"], now + 7_200);
    let brief = Application::new(&state, "brief");
    let own = brief.own_token().await.json();
    let own = said(&brief.introspect(text(&own, "access_token")).await);
    assert_eq!(own["scope"], "inbox badge search launcher");
    assert_eq!((&own["active"], &own["sub"]), (&json!(true), &Value::Null));
    assert_eq!(own["exp"], now + 1_800);
}

async fn of_a_token_that_is_dead_or_foreign_it_learns_nothing(test: TestDb) {
    let state = State::new(&test).await;
    let inactive = json!({ "active": false });
    let (mission, basic) = (
        Application::new(&state, "mission"),
        Application::new(&state, "basic"),
    );
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let code = mission.silent_code(&mut claire).await;
    let tokens = mission.tokens(&mut claire).await;
    for foreign in [
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
        text(&tokens, "id_token"),
        code.as_str(),
        "x",
        &"x".repeat(5_000),
    ] {
        assert_eq!(
            said(&basic.introspect(foreign).await),
            inactive,
            "{foreign}"
        );
    }
    let brief = Application::new(&state, "brief");
    let own = brief.own_token().await.json();
    let theirs = text(&own, "access_token");
    assert_eq!(said(&basic.introspect(theirs).await), inactive);
    // Neither a code nor an id token is a token that opens anything.
    assert_eq!(said(&mission.introspect(&code).await), inactive);
    assert_eq!(
        said(&mission.introspect(text(&tokens, "id_token")).await),
        inactive
    );
    let next = mission.refresh(text(&tokens, "refresh_token")).await.json();
    let replaced = mission.introspect(text(&tokens, "refresh_token")).await;
    assert_eq!(said(&replaced), inactive, "replaced");
    state.clock.advance(Duration::from_mins(31));
    assert_eq!(
        said(&brief.introspect(theirs).await),
        inactive,
        "its half hour is over"
    );
    let place = claire.open("/deconnexion").await;
    let csrf = place.field("csrf");
    claire.submit(&place.url, &[("csrf", &csrf)]).await;
    for ended in [
        text(&tokens, "access_token"),
        text(&next, "access_token"),
        text(&next, "refresh_token"),
    ] {
        assert_eq!(said(&mission.introspect(ended).await), inactive);
    }
}

async fn an_application_must_prove_itself_to_ask(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let page = Application::new(&state, "page");
    let tokens = page.tokens(&mut claire).await;
    let token = text(&tokens, "access_token");
    let public = page.introspect(token).await;
    assert_eq!(
        (public.status, public.json()["error"].as_str()),
        (401, Some("invalid_client"))
    );
    let mut bare = Application::new(&state, "mission");
    bare.proof = Proof::Nothing;
    assert_eq!(bare.introspect(token).await.status, 401);
    let closed = Application::new(&state, "closed").introspect(token).await;
    assert_eq!(closed.status, 401);
    assert!(closed.header("www-authenticate").starts_with("Basic "));
    let stranger = state
        .besace
        .client()
        .post_form("/api/v2/token/introspection", &[("token", token)])
        .await;
    assert_eq!(stranger.status, 400);
    assert_eq!(
        stranger.json()["error_description"],
        "no client authentication mechanism provided"
    );
}

async fn a_registered_algorithm_signs_the_answer(test: TestDb) {
    let state = State::new(&test).await;
    for (id, algorithm) in [
        ("es", Algorithm::Es256),
        ("rs", Algorithm::Rs256),
        ("hs", Algorithm::Hs256),
    ] {
        let application = Application::new(&state, id);
        let mut claire = state.person();
        claire.sign_in(CLAIRE).await;
        let tokens = application.tokens(&mut claire).await;
        for (token, active) in [(text(&tokens, "access_token"), true), ("x", false)] {
            let answer = application.introspect(token).await;
            assert_eq!(
                answer.header("content-type"),
                "application/token-introspection+jwt"
            );
            let published = state.besace.client().get("/api/v2/jwks").await;
            let set = JwkSet::parse(&published.body).expect("a key set");
            let secret = format!("the-secret-of-{id}-is-long-enough-for-hs256");
            let keys = match algorithm {
                Algorithm::Hs256 => Keys::Secret(secret.as_bytes()),
                Algorithm::Es256 | Algorithm::Rs256 => Keys::Set(&set),
            };
            let expected = Expected {
                issuer: "https://besace.test/api/v2",
                audience: id,
                kind: TypeRule::Exactly("token-introspection+jwt"),
                expiry: Expiry::WhenPresent,
                now: state.clock.now().seconds(),
                leeway: Leeway::NONE,
            };
            let read = jose::verify::<Value>(answer.text(), algorithm, keys, &expected);
            let body = read.expect("a signed answer").body;
            let told = &body["token_introspection"];
            assert_eq!(told["active"], active);
            assert_eq!(told["client_id"].is_string(), active, "{told}");
            // RFC 9701 §5: nothing that would make it look like a token of the person.
            assert!(body["sub"].is_null() && body["exp"].is_null(), "{body}");
        }
    }
}

async fn asking_does_not_use_a_refresh_token(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let tokens = mission.tokens(&mut claire).await;
    let token = text(&tokens, "refresh_token");
    for _ in 0..2 {
        assert_eq!(said(&mission.introspect(token).await)["active"], true);
    }
    let moved = "SELECT MAX(generation) AS n FROM identity_grant";
    assert_eq!(state.besace.count(moved, Vec::new()).await, 0);
    assert_eq!(mission.refresh(token).await.status, 200);
}

async fn a_request_without_a_token_is_told_so(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    for answer in [mission.introspect("").await, mission.revoke("").await] {
        assert_eq!(
            (answer.status, answer.json()["error"].as_str()),
            (400, Some("invalid_request"))
        );
    }
    let mut client = state.besace.client();
    let json = client
        .post_json("/api/v2/token/introspection", &json!({ "token": "x" }))
        .await;
    assert_eq!(
        (json.status, json.json()["error"].as_str()),
        (400, Some("invalid_request"))
    );
}
