//! Whole sign-ins: to the portal, then to applications of every kind.

use jose::Algorithm;
use kernel_db::testing::TestDb;
use serde_json::json;

use crate::support::{Application, CLAIRE, HUGO, State, answer_of, claims_of};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    an_agent_signs_in_at_their_ministry_and_the_portal_knows_them,
    a_wrong_password_at_the_ministry_signs_nobody_in,
    an_address_of_no_ministry_goes_nowhere_and_one_mistyped_gets_a_suggestion,
    an_application_gets_a_code_then_tokens_then_claims_by_either_way_of_proof,
    an_application_that_proves_itself_another_way_gets_nothing,
    signed_userinfo_and_id_tokens_verify_with_each_algorithm,
    the_id_token_says_what_was_asked_and_no_more,
    a_public_client_needs_its_verifier_and_no_secret,
    claims_follow_the_scopes,
);

async fn an_agent_signs_in_at_their_ministry_and_the_portal_knows_them(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    assert!(claire.who().await.is_null(), "nobody before");
    let place = claire.sign_in(CLAIRE).await;
    assert_eq!(place.url.as_str(), "https://besace.test/");
    let session = claire.who().await;
    assert_eq!(session["agent"]["displayName"], "Claire Delmas");
    assert_eq!(session["agent"]["email"], CLAIRE.email);
    assert_eq!(
        session["agent"]["organisation"]["label"],
        "Ministère de l’Intérieur"
    );
    let mut stranger = state.person();
    assert!(stranger.who().await.is_null(), "and nobody else");
}

async fn a_wrong_password_at_the_ministry_signs_nobody_in(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    let place = claire.open("/connexion").await;
    let mut mistaken = CLAIRE;
    mistaken.password = "un autre mot de passe";
    let place = claire.go_through(&place, mistaken).await;
    assert_eq!(place.url.host_str(), Some("interieur.test"));
    assert!(claire.who().await.is_null());
    let place = claire.give_password(&place, CLAIRE).await;
    assert_eq!(place.url.as_str(), "https://besace.test/");
    assert!(!claire.who().await.is_null());
}

async fn an_address_of_no_ministry_goes_nowhere_and_one_mistyped_gets_a_suggestion(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    let first = claire.open("/connexion").await;
    let place = claire.give_address(&first, "claire@entreprise.test").await;
    assert_eq!(place.url, first.url, "the same page again");
    let place = claire.give_address(&first, "not an address").await;
    assert_eq!(place.url, first.url, "the same page again");
    let typed = "claire.delmas@interieur.gouv.f";
    let place = claire.give_address(&first, typed).await;
    assert_eq!(place.field("suggestion"), "interieur.gouv.fr");
    let (csrf, mistyped) = (place.field("csrf"), place.field("mistyped"));
    let fields = [
        ("csrf", csrf.as_str()),
        ("email", typed),
        ("mistyped", mistyped.as_str()),
        ("suggestion", "interieur.gouv.fr"),
    ];
    let place = claire.submit(&first.url, &fields).await;
    assert_eq!(place.url.host_str(), Some("interieur.test"));
    assert_eq!(place.field("email"), CLAIRE.email, "the hint arrived");
}

async fn an_application_gets_a_code_then_tokens_then_claims_by_either_way_of_proof(test: TestDb) {
    let state = State::new(&test).await;
    for id in ["basic", "post"] {
        let application = Application::new(&state, id);
        let mut claire = state.person();
        let place = claire.open(&application.asks(&[])).await;
        assert_eq!(place.url.path().split('/').nth(1), Some("connexion"));
        let place = claire.go_through(&place, CLAIRE).await;
        let answer = answer_of(&place);
        let tokens = application.exchange(&answer["code"]).await;
        assert_eq!(tokens.status, 200, "{}", tokens.text());
        assert_eq!(tokens.header("cache-control"), "no-store");
        let tokens = tokens.json();
        assert_eq!(tokens["token_type"], "Bearer");
        assert_eq!(tokens["expires_in"], 3600);
        let token = tokens["access_token"].as_str().expect("a token");
        let claims = application.userinfo(token).await;
        assert_eq!(claims.status, 200);
        let id_token = tokens["id_token"].as_str().expect("a token");
        let id_token = application.verify(id_token, Algorithm::Es256).await;
        assert_eq!(
            claims.json(),
            json!({
                "sub": id_token["sub"],
                "given_name": "Claire",
                "usual_name": "Delmas",
                "email": CLAIRE.email,
            })
        );
    }
}

async fn an_application_that_proves_itself_another_way_gets_nothing(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    let post = Application::new(&state, "post");
    let code = post.code(&mut claire, CLAIRE).await;
    let mut by_basic = post;
    by_basic.proof = crate::support::Proof::Basic;
    let refused = by_basic.exchange(&code).await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.json()["error"], "invalid_client");
    let accepted = post.exchange(&code).await;
    assert_eq!(
        accepted.status, 200,
        "the code was not spent by the refusal"
    );
}

async fn signed_userinfo_and_id_tokens_verify_with_each_algorithm(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    for (id, algorithm) in [
        ("es", Algorithm::Es256),
        ("rs", Algorithm::Rs256),
        ("hs", Algorithm::Hs256),
    ] {
        let application = Application::new(&state, id);
        let tokens = application.tokens(&mut claire).await;
        let id_token = tokens["id_token"].as_str().expect("a token");
        let id_token = application.verify(id_token, algorithm).await;
        let token = tokens["access_token"].as_str().expect("a token");
        let userinfo = application.userinfo(token).await;
        assert_eq!(userinfo.header("content-type"), "application/jwt", "{id}");
        let claims = application.verify(userinfo.text(), algorithm).await;
        assert_eq!(claims["sub"], id_token["sub"]);
        assert_eq!(claims["email"], CLAIRE.email);
    }
}

async fn the_id_token_says_what_was_asked_and_no_more(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let mission = Application::new(&state, "mission");
    let tokens = mission.tokens(&mut claire).await;
    let token = tokens["id_token"].as_str().expect("a token");
    let claims = mission.verify(token, Algorithm::Es256).await;
    assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
    assert_eq!(claims["acr"], "eidas1");
    let access = tokens["access_token"].as_str().expect("a token");
    assert_eq!(claims["at_hash"], jose::half_hash(access));
    assert!(claims["auth_time"].is_i64());
    assert!(claims.get("amr").is_none(), "amr only when asked");
    assert!(claims.get("email").is_none(), "claims come from userinfo");
    let asked = [("claims", r#"{"id_token":{"amr":null}}"#), ("nonce", "")];
    let code = mission.code_with(&mut claire, CLAIRE, &asked).await;
    let tokens = mission.exchange(&code).await.json();
    let claims = claims_of(tokens["id_token"].as_str().expect("a token"));
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert!(claims.get("nonce").is_none(), "none was sent");
}

async fn a_public_client_needs_its_verifier_and_no_secret(test: TestDb) {
    let state = State::new(&test).await;
    let page = Application::new(&state, "page");
    let mut hugo = state.person();
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let place = hugo.open(&page.asks(&without)).await;
    assert_eq!(answer_of(&place)["error"], "invalid_request");
    let code = page.code(&mut hugo, HUGO).await;
    let refused = page.exchange_with(&code, &[("code_verifier", "")]).await;
    assert_eq!(refused.json()["error"], "invalid_grant");
    assert_eq!(page.exchange(&code).await.status, 200);
}

async fn claims_follow_the_scopes(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let mission = Application::new(&state, "mission");
    let all = "openid uid siren siret organizational_unit belonging_population phone idp_id \
               idp_acr roles organization_label custom is_service_public";
    let code = mission
        .code_with(&mut claire, CLAIRE, &[("scope", all)])
        .await;
    let tokens = mission.exchange(&code).await.json();
    let token = tokens["access_token"].as_str().expect("a token");
    let claims = mission.userinfo(token).await.json();
    let expected = json!({
        "sub": claims["sub"],
        "uid": "u1",
        "siren": "110014016",
        "siret": "11001401600015",
        "organizational_unit": "Sous-direction du numérique",
        "belonging_population": "agent",
        "phone_number": "+33 1 40 07 60 60",
        "idp_id": "interieur",
        "idp_acr": "eidas1",
        "roles": ["agent_public", "agent_public_etat"],
        "organization_label": "Ministère de l’Intérieur",
        "custom": {},
        "is_service_public": true,
    });
    assert_eq!(claims, expected);
    let code = mission
        .code_with(&mut claire, CLAIRE, &[("scope", "openid")])
        .await;
    let tokens = mission.exchange(&code).await.json();
    let token = tokens["access_token"].as_str().expect("a token");
    let claims = mission.userinfo(token).await.json();
    assert_eq!(claims, json!({ "sub": expected["sub"] }));
}
