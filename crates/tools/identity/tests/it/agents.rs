//! Who an agent is: a subject at a provider, the same for every application.

use kernel_db::testing::TestDb;

use crate::support::{
    Application, CLAIRE, COMMON_AGRICULTURE, COMMON_INTERIOR, HUGO, INTRUDER, PAUL, State,
    claims_of,
};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    an_agent_is_the_same_for_every_application_and_nobody_else,
    what_a_ministry_says_anew_is_taken_while_the_agent_stays,
    the_same_address_at_two_ministries_is_two_agents,
    a_suspended_agent_is_refused_and_what_they_held_is_dead_at_once,
    a_ministry_vouches_for_its_own_addresses_only,
    an_agent_of_a_company_is_no_public_agent,
);

async fn an_agent_is_the_same_for_every_application_and_nobody_else(test: TestDb) {
    let state = State::new(&test).await;
    let (mut claire, mut hugo) = (state.person(), state.person());
    claire.sign_in(CLAIRE).await;
    hugo.sign_in(HUGO).await;
    let known = claire.who().await["agent"]["id"].clone();
    for id in ["mission", "basic", "hs"] {
        let application = Application::new(&state, id);
        let tokens = application.tokens(&mut claire).await;
        let claims = claims_of(tokens["id_token"].as_str().expect("a token"));
        assert_eq!(claims["sub"], known, "{id}");
        let tokens = application.tokens(&mut hugo).await;
        let claims = claims_of(tokens["id_token"].as_str().expect("a token"));
        assert_ne!(claims["sub"], known, "{id}");
    }
    let mut elsewhere = state.person();
    elsewhere.sign_in(CLAIRE).await;
    assert_eq!(
        elsewhere.who().await["agent"]["id"],
        known,
        "from any machine"
    );
}

async fn what_a_ministry_says_anew_is_taken_while_the_agent_stays(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let before = claire.who().await["agent"].clone();
    state
        .rewrite(CLAIRE, |account| {
            account.attributes.usual_name = String::from("Delmas-Petit");
            account.attributes.siret = Some("11007001800012".to_owned());
        })
        .await;
    assert_eq!(
        claire.who().await["agent"]["displayName"],
        "Claire Delmas",
        "until the next sign-in"
    );
    let mut again = state.person();
    again.sign_in(CLAIRE).await;
    let after = again.who().await["agent"].clone();
    assert_eq!(after["id"], before["id"]);
    assert_eq!(after["displayName"], "Claire Delmas-Petit");
    assert_eq!(after["organisation"]["label"], "Ministère de l’Agriculture");
}

async fn the_same_address_at_two_ministries_is_two_agents(test: TestDb) {
    let state = State::new(&test).await;
    let mut seen = Vec::new();
    for someone in [COMMON_INTERIOR, COMMON_AGRICULTURE] {
        let mut person = state.person();
        let tab = person.open("/connexion").await;
        let list = person.give_address(&tab, someone.email).await;
        assert!(
            list.url.path().ends_with("/administrations"),
            "{}",
            list.url
        );
        let ministry = person.choose(&tab, someone.realm).await;
        person.give_password(&ministry, someone).await;
        let agent = person.who().await["agent"].clone();
        assert_eq!(agent["email"], someone.email);
        seen.push(agent["id"].clone());
    }
    assert_ne!(seen[0], seen[1]);
}

async fn a_suspended_agent_is_refused_and_what_they_held_is_dead_at_once(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let tokens = mission.tokens(&mut claire).await;
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(mission.userinfo(token).await.status, 200);
    for (sql, refused) in [
        ("UPDATE identity_agent SET state = 'suspended'", true),
        ("UPDATE identity_agent SET state = 'active'", false),
        ("UPDATE identity_agent SET state = 'departed'", true),
        ("UPDATE identity_agent SET state = 'erased'", true),
    ] {
        state.besace.execute(sql, Vec::new()).await;
        assert_eq!(claire.who().await.is_null(), refused, "{sql}");
        let status = mission.userinfo(token).await.status;
        assert_eq!(status == 401, refused, "{sql}");
        let mut again = state.person();
        let place = again.sign_in(CLAIRE).await;
        assert_eq!(again.who().await.is_null(), refused, "{sql}");
        if refused {
            assert_eq!(place.page().status, 403, "{sql}");
            assert!(place.page().text().contains("Y500024"), "{sql}");
        }
    }
}

async fn a_ministry_vouches_for_its_own_addresses_only(test: TestDb) {
    let state = State::new(&test).await;
    state.rewrite(INTRUDER, |_| ()).await;
    let mut intruder = state.person();
    let tab = intruder.open("/connexion").await;
    let ministry = intruder.choose(&tab, "interieur").await;
    let place = intruder.give_password(&ministry, INTRUDER).await;
    assert_eq!(place.page().status, 403);
    assert!(place.page().text().contains("Y500027"));
    assert!(intruder.who().await.is_null());
    let agents = "SELECT COUNT(*) AS n FROM identity_agent";
    assert_eq!(
        state.besace.count(agents, Vec::new()).await,
        0,
        "nothing was written"
    );
    let refusals = "SELECT COUNT(*) AS n FROM journal_pending WHERE outcome = 'refused'";
    assert_eq!(
        state.besace.count(refusals, Vec::new()).await,
        1,
        "but in the journal"
    );
}

async fn an_agent_of_a_company_is_no_public_agent(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    for (someone, public) in [(CLAIRE, true), (PAUL, false), (HUGO, true)] {
        let mut person = state.person();
        let change = [("scope", "openid roles is_service_public")];
        let code = mission.code_with(&mut person, someone, &change).await;
        let tokens = mission.exchange(&code).await.json();
        let token = tokens["access_token"].as_str().expect("a token");
        let claims = mission.userinfo(token).await.json();
        assert_eq!(claims["is_service_public"], public, "{}", someone.email);
        let roles = claims["roles"].as_array().expect("a list");
        assert_eq!(roles.iter().any(|role| role == "agent_public"), public);
    }
}
