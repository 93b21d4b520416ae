//! Tokens that an application gives back.

use kernel_db::testing::TestDb;
use serde_json::Value;
use testkit::Answer;

use crate::support::{Application, CLAIRE, Person, State};
use crate::tokens::is_invalid_grant;

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_refresh_token_given_back_takes_all_that_it_gave,
    an_access_token_given_back_leaves_the_refresh_token,
    what_is_unknown_or_dead_is_as_good_as_taken_back,
    nothing_of_another_application_is_taken_back,
    an_application_s_own_token_is_not_taken_back_and_it_is_told_so,
);

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {tokens}"))
}

fn done(answer: &Answer) {
    assert_eq!((answer.status, answer.text()), (200, ""));
    assert_eq!(answer.header("cache-control"), "no-store");
}

async fn signed_in(state: &State) -> Person {
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    claire
}

async fn a_refresh_token_given_back_takes_all_that_it_gave(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state).await;
    for id in ["mission", "post", "page"] {
        let application = Application::new(&state, id);
        let tokens = application.tokens(&mut claire).await;
        let others = application.tokens(&mut claire).await;
        let next = application
            .refresh(text(&tokens, "refresh_token"))
            .await
            .json();
        done(&application.revoke(text(&next, "refresh_token")).await);
        for access in [text(&tokens, "access_token"), text(&next, "access_token")] {
            assert_eq!(application.userinfo(access).await.status, 401, "{id}");
        }
        is_invalid_grant(&application.refresh(text(&next, "refresh_token")).await);
        let other = application.userinfo(text(&others, "access_token")).await;
        assert_eq!(other.status, 200, "another grant stays");
    }
    assert!(!claire.who().await.is_null(), "she stays signed in");
}

async fn an_access_token_given_back_leaves_the_refresh_token(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state).await;
    let mission = Application::new(&state, "mission");
    let tokens = mission.tokens(&mut claire).await;
    done(&mission.revoke(text(&tokens, "access_token")).await);
    let dead = mission.userinfo(text(&tokens, "access_token")).await;
    assert_eq!(dead.status, 401);
    let next = mission.refresh(text(&tokens, "refresh_token")).await.json();
    let alive = mission.userinfo(text(&next, "access_token")).await;
    assert_eq!(alive.status, 200);
    done(&mission.revoke(text(&tokens, "access_token")).await);
    let alive = mission.userinfo(text(&next, "access_token")).await;
    assert_eq!(alive.status, 200, "an old one takes no newer one back");
}

async fn what_is_unknown_or_dead_is_as_good_as_taken_back(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state).await;
    let mission = Application::new(&state, "mission");
    let tokens = mission.tokens(&mut claire).await;
    for unknown in ["x", &"x".repeat(5_000), text(&tokens, "id_token")] {
        done(&mission.revoke(unknown).await);
    }
    assert_eq!(
        mission.userinfo(text(&tokens, "access_token")).await.status,
        200
    );
    for _ in 0..2 {
        done(&mission.revoke(text(&tokens, "refresh_token")).await);
        done(&mission.revoke(text(&tokens, "access_token")).await);
    }
}

async fn nothing_of_another_application_is_taken_back(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state).await;
    let (mission, basic) = (
        Application::new(&state, "mission"),
        Application::new(&state, "basic"),
    );
    let tokens = mission.tokens(&mut claire).await;
    for name in ["access_token", "refresh_token"] {
        is_invalid_grant(&basic.revoke(text(&tokens, name)).await);
        is_invalid_grant(
            &Application::new(&state, "page")
                .revoke(text(&tokens, name))
                .await,
        );
    }
    let stranger = [("token", text(&tokens, "refresh_token"))];
    let mut client = state.besace.client();
    let unproved = client
        .post_form("/api/v2/token/revocation", &stranger)
        .await;
    assert_eq!(unproved.status, 400);
    let closed = Application::new(&state, "closed");
    assert_eq!(
        closed.revoke(text(&tokens, "refresh_token")).await.status,
        401
    );
    assert_eq!(
        mission.userinfo(text(&tokens, "access_token")).await.status,
        200
    );
    assert_eq!(
        mission.refresh(text(&tokens, "refresh_token")).await.status,
        200
    );
}

async fn an_application_s_own_token_is_not_taken_back_and_it_is_told_so(test: TestDb) {
    let state = State::new(&test).await;
    let brief = Application::new(&state, "brief");
    let own = brief.own_token().await.json();
    let own = text(&own, "access_token");
    let refused = brief.revoke(own).await;
    assert_eq!(
        (refused.status, refused.json()["error"].as_str()),
        (400, Some("unsupported_token_type"))
    );
    is_invalid_grant(&Application::new(&state, "mission").revoke(own).await);
    assert_eq!(brief.introspect(own).await.json()["active"], true);
}
