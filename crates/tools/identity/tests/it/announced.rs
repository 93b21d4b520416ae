//! Agents whom a directory announced: the first sign-in finds them, and nobody else does.

use identity::domain::acr::Acr;
use identity::domain::import::plan::Said;
use identity::domain::organisation::id_of_siret;
use identity::service::sign_in::Vouched;
use identity::store::expected;
use identity::upstream::Siret;
use kernel::{AgentId, Clock as _, Population};
use kernel_db::testing::TestDb;

use crate::support::{CLAIRE, COMMON_AGRICULTURE, COMMON_INTERIOR, HUGO, KARIM, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    the_first_sign_in_of_an_announced_agent_is_theirs,
    another_provider_does_not_find_them,
    another_domain_does_not_find_them,
    who_is_bound_is_not_found_by_the_address_again,
    an_announced_agent_who_was_suspended_is_refused,
    what_the_provider_does_not_say_is_kept_from_the_directory,
    who_comes_without_an_administration_is_where_the_directory_says,
);

const ANNOUNCED: AgentId = AgentId::from_u128(0xa0);
const AGENTS: &str = "SELECT COUNT(*) AS n FROM identity_agent";
const EXPECTED: &str = "SELECT COUNT(*) AS n FROM identity_expected";

/// Writes what an import writes for a new agent.
async fn announce(state: &State, provider: &'static str, email: &'static str) {
    let said = Said {
        given_name: "Autre".to_owned(),
        usual_name: "Nom".to_owned(),
        email: email.to_owned(),
        organisation: id_of_siret("55208131700026"),
        unit: Some("Dit par l’annuaire".to_owned()),
        population: Some(Population::Stagiaire),
        phone: Some("01 99".to_owned()),
        uid: None,
    };
    let now = state.clock.now();
    let written = state.besace.house.db.write(move |tx: &mut kernel_db::Tx| {
        let said = said.clone();
        Box::pin(async move {
            let agent = identity::domain::agent::Agent {
                id: ANNOUNCED,
                state: identity::domain::agent::AgentState::PreCreated,
                organisation: said.organisation,
                attributes: said.attributes(),
            };
            identity::store::agent::insert(tx, &agent, now).await?;
            let key = identity::domain::role::email_key(&said.email);
            expected::insert(tx, provider, &key, ANNOUNCED).await?;
            expected::write_entry(tx, ANNOUNCED, &said.entry(None), now).await
        })
    });
    written.await.expect("written");
}

async fn the_first_sign_in_of_an_announced_agent_is_theirs(test: TestDb) {
    let state = State::new(&test).await;
    announce(&state, "interieur", "CLAIRE.Delmas@interieur.gouv.fr").await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let agent = claire.who().await["agent"].clone();
    assert_eq!(agent["id"], ANNOUNCED.to_string());
    assert_eq!(
        agent["displayName"], "Claire Delmas",
        "as the provider says"
    );
    assert_eq!(agent["email"], CLAIRE.email);
    assert_eq!(agent["organisation"]["label"], "Ministère de l’Intérieur");
    assert_eq!(state.besace.count(AGENTS, Vec::new()).await, 1);
    assert_eq!(state.besace.count(EXPECTED, Vec::new()).await, 0);
    let mut again = state.person();
    again.sign_in(CLAIRE).await;
    assert_eq!(again.who().await["agent"]["id"], ANNOUNCED.to_string());
}

async fn another_provider_does_not_find_them(test: TestDb) {
    // Both ministries hold this domain.
    let state = State::new(&test).await;
    announce(&state, "interieur", COMMON_INTERIOR.email).await;
    for someone in [COMMON_AGRICULTURE, COMMON_INTERIOR] {
        let mut person = state.person();
        let tab = person.open("/connexion").await;
        person.give_address(&tab, someone.email).await;
        let ministry = person.choose(&tab, someone.realm).await;
        person.give_password(&ministry, someone).await;
        let found = person.who().await["agent"]["id"] == ANNOUNCED.to_string();
        assert_eq!(found, someone.realm == "interieur", "{}", someone.realm);
    }
}

async fn another_domain_does_not_find_them(test: TestDb) {
    let state = State::new(&test).await;
    announce(&state, "interieur", "karim.benali@interieur.gouv.fr").await;
    let mut karim = state.person();
    karim.sign_in(KARIM).await;
    assert_ne!(karim.who().await["agent"]["id"], ANNOUNCED.to_string());
}

async fn who_is_bound_is_not_found_by_the_address_again(test: TestDb) {
    let state = State::new(&test).await;
    announce(&state, "interieur", HUGO.email).await;
    state.person().sign_in(HUGO).await;
    // The address goes to somebody else at the ministry: another subject.
    let sql = "UPDATE identity_login SET subject = 'who left' WHERE provider = 'interieur'";
    state.besace.execute(sql, Vec::new()).await;
    let mut other = state.person();
    other.sign_in(HUGO).await;
    assert_ne!(other.who().await["agent"]["id"], ANNOUNCED.to_string());
    assert_eq!(state.besace.count(AGENTS, Vec::new()).await, 2);
}

async fn an_announced_agent_who_was_suspended_is_refused(test: TestDb) {
    let state = State::new(&test).await;
    announce(&state, "interieur", CLAIRE.email).await;
    let sql = "UPDATE identity_agent SET state = 'suspended'";
    state.besace.execute(sql, Vec::new()).await;
    for _ in 0..2 {
        let mut claire = state.person();
        let place = claire.sign_in(CLAIRE).await;
        assert!(place.page().text().contains("Y500024"));
        assert!(claire.who().await.is_null());
    }
    assert_eq!(state.besace.count(AGENTS, Vec::new()).await, 1);
    assert_eq!(state.besace.count(EXPECTED, Vec::new()).await, 1);
}

async fn what_the_provider_does_not_say_is_kept_from_the_directory(test: TestDb) {
    let state = State::new(&test).await;
    state
        .rewrite(HUGO, |account| account.attributes.phone = None)
        .await;
    announce(&state, "interieur", HUGO.email).await;
    for _ in 0..2 {
        let mut hugo = state.person();
        hugo.sign_in(HUGO).await;
        let kept = "SELECT COUNT(*) AS n FROM identity_agent
                    WHERE phone = '01 99' AND organizational_unit = 'Sous-direction du numérique'";
        assert_eq!(state.besace.count(kept, Vec::new()).await, 1);
    }
}

async fn who_comes_without_an_administration_is_where_the_directory_says(test: TestDb) {
    let state = State::new(&test).await;
    announce(&state, "interieur", CLAIRE.email).await;
    let of_directory = id_of_siret("55208131700026");
    let of_provider = id_of_siret("11001401600015");
    for (siret_stated, place) in [(false, of_directory), (true, of_provider)] {
        let opened = state.besace.identity.open_session(Vouched {
            provider: "interieur".to_owned(),
            subject: "s1".to_owned(),
            attributes: Said {
                given_name: "Claire".to_owned(),
                usual_name: "Delmas".to_owned(),
                email: CLAIRE.email.to_owned(),
                organisation: of_provider,
                unit: None,
                population: None,
                phone: None,
                uid: Some("u1".to_owned()),
            }
            .attributes(),
            siret: Siret::parse("11001401600015").ok(),
            siret_stated,
            fallback: of_provider,
            confined: false,
            acr: Acr::Eidas1,
            amr: Vec::new(),
            auth_time: state.clock.now(),
            auth_time_stated: true,
            upstream_id_token: None,
            browser: identity::domain::browser::Browser::default(),
            standing: None,
        });
        let (_, agent, _) = opened.await.expect("a session");
        assert_eq!((agent.id, agent.organisation), (ANNOUNCED, place));
        assert_eq!(agent.attributes.population, Some(Population::Stagiaire));
    }
}
