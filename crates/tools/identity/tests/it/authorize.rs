//! What the authorization endpoint answers, to the letter.

use kernel_db::testing::TestDb;

use crate::support::{
    Application, CLAIRE, HUGO, KARIM, Person, State, answer_of, asking, error_of, fragment_of,
};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    nothing_is_sent_to_an_address_that_its_client_did_not_register,
    a_request_that_cannot_be_is_refused_at_its_address_in_known_words,
    a_request_by_form_is_answered_like_one_by_query,
    without_a_session_no_page_means_login_required_and_with_one_a_code,
    a_hint_of_another_provider_or_person_asks_anew,
    a_login_hint_goes_straight_to_its_ministry,
    an_id_token_hint_holds_to_its_person,
    an_authentication_that_is_too_old_is_made_anew,
    what_was_asked_of_the_ministry_and_removed_on_the_way_is_missed,
    a_session_of_a_provider_out_of_service_answers_nothing,
    an_application_for_public_agents_refuses_others,
);

async fn nothing_is_sent_to_an_address_that_its_client_did_not_register(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    for (request, code) in [
        (asking("nobody", &[]), "invalid_client"),
        (asking("closed", &[]), "invalid_client"),
        (asking("mission", &[("client_id", "")]), "invalid_client"),
        (
            asking("mission", &[("client_id", "mission'--")]),
            "invalid_client",
        ),
        (
            asking("mission", &[("redirect_uri", "https://mission.test/retou")]),
            "invalid_redirect_uri",
        ),
        (
            asking(
                "mission",
                &[("redirect_uri", "https://mission.test/retour/")],
            ),
            "invalid_redirect_uri",
        ),
        (
            asking(
                "mission",
                &[("redirect_uri", "https://mission.test/retour?a=1")],
            ),
            "invalid_redirect_uri",
        ),
        (
            asking(
                "mission",
                &[("redirect_uri", "https://MISSION.test/retour")],
            ),
            "invalid_redirect_uri",
        ),
        (
            asking("mission", &[("redirect_uri", "https://basic.test/retour")]),
            "invalid_redirect_uri",
        ),
        (
            asking("mission", &[("redirect_uri", "")]),
            "invalid_redirect_uri",
        ),
        (
            format!("{}&redirect_uri=https://evil.test/", asking("mission", &[])),
            "invalid_redirect_uri",
        ),
        (
            format!("{}&client_id=basic", asking("mission", &[])),
            "invalid_client",
        ),
    ] {
        let answer = claire.besace().get(&request).await;
        assert_eq!(answer.status, 400, "{request}");
        assert_eq!((answer.location(), answer.refresh()), ("", ""), "{request}");
        assert!(answer.text().contains(code), "{request}: {}", answer.text());
        assert!(!answer.text().contains("\"https://evil.test"), "{request}");
    }
}

async fn refused(person: &mut Person, client: &str, change: &[(&str, &str)]) -> (String, String) {
    error_of(&person.open(&asking(client, change)).await)
}

async fn a_request_that_cannot_be_is_refused_at_its_address_in_known_words(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    for (change, error, description) in [
        (
            ("prompt", "select_account"),
            "invalid_request",
            "unsupported prompt value requested",
        ),
        (
            ("prompt", "none login"),
            "invalid_request",
            "prompt none must only be used alone",
        ),
        (
            ("code_challenge_method", "plain"),
            "invalid_request",
            "not supported value of code_challenge_method",
        ),
        (
            ("code_challenge_method", ""),
            "invalid_request",
            "plain code_challenge_method fallback disabled, code_challenge_method must be provided",
        ),
        (
            ("response_type", ""),
            "invalid_request",
            "missing required parameter(s) 'response_type'",
        ),
        (
            ("response_type", "none"),
            "unsupported_response_type",
            "unsupported response_type requested",
        ),
        (
            ("scope", "email"),
            "invalid_request",
            "openid scope must be requested",
        ),
        (
            ("scope", "openid offline_access"),
            "invalid_scope",
            "requested scope is not allowed",
        ),
        (
            ("request", "eyJ"),
            "request_not_supported",
            "request parameter provided but not supported",
        ),
        (
            ("login_hint", "claire"),
            "invalid_request",
            "login_hint must be an e-mail address",
        ),
        (
            ("siret_hint", "1234"),
            "invalid_request",
            "siret_hint must have 14 digits",
        ),
        (
            ("claims", "[]"),
            "invalid_request",
            "claims must be a JSON object",
        ),
        (
            ("max_age", "-1"),
            "invalid_request",
            "max_age must be a number of seconds",
        ),
        (
            ("id_token_hint", "eyJ.eyJ.x"),
            "invalid_request",
            "could not validate id_token_hint",
        ),
    ] {
        assert_eq!(
            refused(&mut claire, "mission", &[change]).await,
            (error.to_owned(), description.to_owned()),
            "{change:?}"
        );
    }
    assert_eq!(
        refused(&mut claire, "narrow", &[("scope", "openid siret")])
            .await
            .0,
        "invalid_scope",
        "a scope that this client was not given"
    );
    let mut stranger = state.person();
    assert_eq!(
        refused(&mut stranger, "mission", &[("idp_hint", "nowhere")]).await,
        (
            "idp_hint_not_found".to_owned(),
            "provided idp_hint could not be found".to_owned()
        )
    );
    // Without a state there is none to return; the issuer still comes.
    let place = claire.open(&asking("mission", &[("state", "")])).await;
    let query = crate::support::query_of(&place.url);
    assert_eq!(query["error"], "invalid_request");
    assert_eq!(
        query["error_description"],
        "missing required parameter(s) 'state'"
    );
    assert_eq!(query["iss"], "https://besace.test/api/v2");
    assert!(!query.contains_key("state"));
    // The answer is where the response type would have put it.
    let place = claire
        .open(&asking("mission", &[("response_type", "code id_token")]))
        .await;
    assert_eq!(place.url.query(), None);
    let fragment = fragment_of(&place.url);
    assert_eq!(fragment["error"], "unsupported_response_type");
    assert_eq!(fragment["state"], "état/+ 1&2");
    assert_eq!(fragment["iss"], "https://besace.test/api/v2");
    let twice = format!("{}&nonce=other", asking("mission", &[]));
    let place = claire.open(&twice).await;
    assert_eq!(error_of(&place).0, "invalid_request");
}

async fn a_request_by_form_is_answered_like_one_by_query(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let base = url::Url::parse("https://besace.test/").expect("an address");
    let url = base.join(&asking("mission", &[])).expect("an address");
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let fields: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let answer = claire
        .besace()
        .post_form("/api/v2/authorize", &fields)
        .await;
    assert_eq!(answer.status, 303, "the method becomes GET");
    let place = claire.travel(base.clone(), answer).await;
    assert!(answer_of(&place).contains_key("code"));
    let fields = [("client_id", "nobody")];
    let answer = claire
        .besace()
        .post_form("/api/v2/authorize", &fields)
        .await;
    assert_eq!((answer.status, answer.location()), (400, ""));
}

async fn without_a_session_no_page_means_login_required_and_with_one_a_code(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    let required = (
        "login_required".to_owned(),
        "End-User authentication is required".to_owned(),
    );
    let silent = [("prompt", "none")];
    assert_eq!(refused(&mut claire, "mission", &silent).await, required);
    claire.sign_in(CLAIRE).await;
    let place = claire.open(&asking("mission", &silent)).await;
    assert!(answer_of(&place).contains_key("code"));
    for other in [
        ("idp_hint", "agriculture"),
        ("login_hint", HUGO.email),
        ("max_age", "0"),
        (
            "claims",
            r#"{"id_token":{"acr":{"essential":true,"value":"eidas2"}}}"#,
        ),
    ] {
        let change = [("prompt", "none"), other];
        assert_eq!(
            refused(&mut claire, "mission", &change).await,
            required,
            "{other:?}"
        );
    }
    assert!(!claire.who().await.is_null(), "the session is as it was");
}

async fn a_hint_of_another_provider_or_person_asks_anew(test: TestDb) {
    let state = State::new(&test).await;
    let mut someone = state.person();
    someone.sign_in(CLAIRE).await;
    let claire = someone.who().await["agent"]["id"].clone();
    let own = [("idp_hint", "interieur"), ("login_hint", CLAIRE.email)];
    let place = someone.open(&asking("mission", &own)).await;
    assert!(answer_of(&place).contains_key("code"));
    let place = someone
        .open(&asking("mission", &[("idp_hint", "agriculture")]))
        .await;
    assert_eq!(place.url.host_str(), Some("agriculture.test"));
    let place = someone.give_password(&place, KARIM).await;
    assert!(answer_of(&place).contains_key("code"));
    let karim = someone.who().await["agent"].clone();
    assert_eq!(karim["email"], KARIM.email, "the session is the newcomer's");
    assert_ne!(karim["id"], claire);
}

async fn a_login_hint_goes_straight_to_its_ministry(test: TestDb) {
    let state = State::new(&test).await;
    let mut hugo = state.person();
    let place = hugo
        .open(&asking("mission", &[("login_hint", HUGO.email)]))
        .await;
    assert_eq!(place.url.host_str(), Some("interieur.test"));
    assert_eq!(place.field("email"), HUGO.email);
    let place = hugo.give_password(&place, HUGO).await;
    assert!(answer_of(&place).contains_key("code"));
    // An address that two ministries share decides nothing.
    let mut other = state.person();
    let place = other
        .open(&asking(
            "mission",
            &[("login_hint", "accueil@partage.gouv.fr")],
        ))
        .await;
    assert_eq!(place.url.host_str(), Some("besace.test"));
}

async fn an_id_token_hint_holds_to_its_person(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let (mut claire, mut hugo) = (state.person(), state.person());
    claire.sign_in(CLAIRE).await;
    hugo.sign_in(HUGO).await;
    let tokens = mission.tokens(&mut claire).await;
    let hint = tokens["id_token"].as_str().expect("a token").to_owned();
    let change = [("prompt", "none"), ("id_token_hint", hint.as_str())];
    let place = claire.open(&mission.asks(&change)).await;
    assert!(answer_of(&place).contains_key("code"));
    let refused = hugo.open(&mission.asks(&change)).await;
    assert_eq!(error_of(&refused).0, "login_required");
    // With a page, one signs in as the person of the hint; the largest request still fits.
    let long = "x".repeat(512);
    let rs = Application::new(&state, "rs");
    let tokens = rs.tokens(&mut claire).await;
    let hint = tokens["id_token"].as_str().expect("a token").to_owned();
    let mut nobody = state.person();
    let change = [("id_token_hint", hint.as_str()), ("nonce", long.as_str())];
    let place = nobody.open(&rs.asks(&change)).await;
    assert_eq!(place.page().status, 200, "{}", place.page().text());
    let place = nobody.go_through(&place, CLAIRE).await;
    assert!(answer_of(&place).contains_key("code"));
    let mut other = state.person();
    let place = other.open(&rs.asks(&change)).await;
    let place = other.go_through(&place, HUGO).await;
    assert_eq!(
        error_of(&place).0,
        "login_required",
        "not the person of the hint"
    );
}

async fn an_authentication_that_is_too_old_is_made_anew(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    state.clock.advance(std::time::Duration::from_mins(10));
    let place = claire.open(&mission.asks(&[("max_age", "600")])).await;
    assert!(answer_of(&place).contains_key("code"), "just young enough");
    // The ministry's own session is as old: it must ask for the password, not vouch anew.
    let place = claire.open(&mission.asks(&[("max_age", "599")])).await;
    assert!(place.answer.is_some(), "asked anew, not {}", place.url);
    let place = claire.give_address(&place, CLAIRE.email).await;
    assert_eq!(
        place.url.host_str(),
        Some("interieur.test"),
        "{}",
        place.url
    );
    let place = claire.give_password(&place, CLAIRE).await;
    let code = answer_of(&place)["code"].clone();
    let tokens = mission.exchange(&code).await.json();
    let token = tokens["id_token"].as_str().expect("a token");
    let claims = mission.verify(token, jose::Algorithm::Es256).await;
    assert_eq!(claims["auth_time"], claims["iat"]);
}

async fn what_was_asked_of_the_ministry_and_removed_on_the_way_is_missed(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    for asked in [("prompt", "login"), ("max_age", "60")] {
        let mut claire = state.person();
        claire.sign_in(CLAIRE).await;
        state.clock.advance(std::time::Duration::from_mins(10));
        let tab = claire.open(&mission.asks(&[asked])).await;
        let csrf = tab.field("csrf");
        let fields = [("csrf", csrf.as_str()), ("email", CLAIRE.email)];
        let answer = claire.besace().post_form(tab.url.as_str(), &fields).await;
        let sent = url::Url::parse(answer.refresh()).expect("an address");
        let mut changed = sent.clone();
        changed.query_pairs_mut().clear().extend_pairs(
            sent.query_pairs()
                .filter(|(name, _)| name != "prompt" && name != "max_age"),
        );
        assert_ne!(changed, sent, "{asked:?}");
        let place = claire.open(changed.as_str()).await;
        assert_eq!(error_of(&place).0, "login_required", "{asked:?}");
        let place = claire.open(&mission.asks(&[asked])).await;
        let ministry = claire.give_address(&place, CLAIRE.email).await;
        let place = claire.give_password(&ministry, CLAIRE).await;
        assert!(answer_of(&place).contains_key("code"), "{asked:?}");
    }
}

async fn a_session_of_a_provider_out_of_service_answers_nothing(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let closed = state
        .restarted(|providers| {
            for provider in providers {
                provider.enabled = false;
            }
        })
        .await;
    let request = asking("mission", &[("prompt", "none")]);
    let mut browser = closed.client();
    for (name, value) in claire.besace().clone().cookies() {
        browser.set_cookie(name, value);
    }
    let refused = browser.get(&request).await;
    assert!(
        refused.location().contains("error=login_required"),
        "{}",
        refused.location()
    );
    let open = state.restarted(|_| ()).await;
    let mut browser = open.client();
    for (name, value) in claire.besace().clone().cookies() {
        browser.set_cookie(name, value);
    }
    let answered = browser.get(&request).await;
    assert!(
        answered.location().contains("code="),
        "{}",
        answered.location()
    );
}

async fn an_application_for_public_agents_refuses_others(test: TestDb) {
    let state = State::new(&test).await;
    let agents = Application::new(&state, "agents");
    let mut paul = state.person();
    let place = paul.open(&agents.asks(&[])).await;
    let place = paul.go_through(&place, crate::support::PAUL).await;
    assert_eq!(place.page().status, 403);
    assert!(place.page().text().contains("Y500015"));
    // Besace itself lets him in; his ministry knows him already.
    let tab = paul.open("/connexion").await;
    paul.give_address(&tab, crate::support::PAUL.email).await;
    assert!(!paul.who().await.is_null());
    let place = paul.open(&agents.asks(&[])).await;
    assert!(place.page().text().contains("Y500015"), "signed in already");
    let silent = paul.open(&agents.asks(&[("prompt", "none")])).await;
    assert_eq!(error_of(&silent).0, "access_denied", "no page may be shown");
    let place = paul.open(&asking("mission", &[])).await;
    assert!(answer_of(&place).contains_key("code"), "others let him in");
    let mut claire = state.person();
    let place = claire.open(&agents.asks(&[])).await;
    let place = claire.go_through(&place, CLAIRE).await;
    assert!(answer_of(&place).contains_key("code"));
}
