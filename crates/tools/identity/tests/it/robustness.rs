//! Whatever is sent, the answer is never a failure of ours.

use kernel_db::testing::TestDb;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::support::{Application, CLAIRE, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    arbitrary_requests_are_answered_without_a_failure,
    a_code_or_a_token_changed_anywhere_opens_nothing,
);

const NAMES: [&str; 20] = [
    "client_id",
    "client_secret",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "login_hint",
    "idp_hint",
    "id_token_hint",
    "claims",
    "acr_values",
    "code_challenge",
    "code_challenge_method",
    "code",
    "grant_type",
    "code_verifier",
];

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,40}",
        prop::sample::select(vec![
            "mission",
            "hs",
            "page",
            "nobody",
            "https://mission.test/retour",
            "code",
            "openid",
            "none",
            "login",
            "S256",
            "authorization_code",
            "0",
            "-1",
            "99999999999999999999",
            "{\"id_token\":{\"acr\":{\"essential\":true}}}",
            "a.b.c",
            "eyJhbGciOiJIUzI1NiJ9.e30.x",
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,8}".prop_map(|text| text.repeat(600)),
    ]
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![
        4 => prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec((name, value()), 0..14)
}

async fn arbitrary_requests_are_answered_without_a_failure(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let mut runner = TestRunner::deterministic();
    let (pairs, raw) = (pairs(), "[ -~]{0,60}");
    for round in 0..250 {
        let mut sent = pairs.new_tree(&mut runner).expect("pairs").current();
        if round % 3 == 0 {
            // Far enough to reach what lies behind the first checks.
            sent.push(("client_id".into(), "mission".into()));
            sent.push(("redirect_uri".into(), "https://mission.test/retour".into()));
        }
        let raw = raw.new_tree(&mut runner).expect("raw").current();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&sent)
            .finish();
        let fields: Vec<_> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        for person in [&mut state.person(), &mut claire.clone()] {
            for path in [
                "/api/v2/authorize",
                "/api/v2/oidc-callback",
                "/api/v2/session/end",
                "/api/v2/client/logout-callback",
                "/connexion",
            ] {
                for query in [&query, &raw] {
                    let answer = person.besace().get(&format!("{path}?{query}")).await;
                    assert!(answer.status < 500, "GET {path}?{query}: {}", answer.text());
                }
            }
            for path in ["/api/v2/authorize", "/api/v2/token", "/api/v2/session/end"] {
                let answer = person.besace().post_form(path, &fields).await;
                assert!(
                    answer.status < 500,
                    "POST {path} {query}: {}",
                    answer.text()
                );
            }
            let answer = person
                .besace()
                .clone()
                .with_header("authorization", &format!("Basic {raw}"))
                .post_form("/api/v2/token", &fields)
                .await;
            assert!(answer.status < 500, "Basic {raw}: {}", answer.text());
        }
    }
}

async fn a_code_or_a_token_changed_anywhere_opens_nothing(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let code = mission.silent_code(&mut claire).await;
    let tokens = mission.tokens(&mut claire).await;
    let token = tokens["access_token"].as_str().expect("a token").to_owned();
    for at in (0..token.len()).step_by(3) {
        let forged = changed(&token, at);
        assert_eq!(mission.userinfo(&forged).await.status, 401, "at {at}");
    }
    for at in (0..code.len()).step_by(7) {
        let forged = changed(&code, at);
        assert_eq!(mission.exchange(&forged).await.status, 400, "at {at}");
    }
    assert_eq!(mission.exchange(&code).await.status, 200);
    assert_eq!(mission.userinfo(&token).await.status, 200);
}

fn changed(text: &str, at: usize) -> String {
    let other = |c: char| if c == 'A' { 'B' } else { 'A' };
    text.chars()
        .enumerate()
        .map(|(i, c)| if i == at { other(c) } else { c })
        .collect()
}
