//! Two at once, and what may happen once.

use futures_util::future::join_all;
use identity::domain::acr::Acr;
use identity::domain::agent::Attributes;
use identity::domain::browser::Browser;
use identity::domain::organisation::id_of_siret;
use identity::service::sign_in::Vouched;
use identity::upstream::Siret;
use kernel::Clock as _;
use kernel_db::testing::TestDb;

use crate::support::{Application, CLAIRE, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    first_sign_ins_of_one_subject_at_once_make_one_agent,
    sign_ins_of_two_subjects_at_once_make_two_agents,
    a_code_spent_several_times_at_once_makes_one_grant_and_it_is_revoked,
    two_starts_at_once_agree_on_the_keys,
);

fn vouched(state: &State, subject: &str) -> Vouched {
    Vouched {
        provider: "interieur".to_owned(),
        subject: subject.to_owned(),
        attributes: Attributes {
            given_name: "Claire".to_owned(),
            usual_name: "Delmas".to_owned(),
            email: CLAIRE.email.to_owned(),
            uid: "u1".to_owned(),
            organizational_unit: None,
            population: None,
            phone: None,
            chorusdt: None,
            custom: serde_json::Map::new(),
        },
        // An establishment that nobody configured: it is made by the first who comes from it.
        siret: Siret::parse("13000001000012").ok(),
        siret_stated: true,
        fallback: id_of_siret("11001401600015"),
        confined: false,
        acr: Acr::Eidas1,
        amr: vec!["pwd".to_owned()],
        auth_time: state.clock.now(),
        auth_time_stated: true,
        upstream_id_token: None,
        browser: Browser::default(),
        standing: None,
    }
}

const AGENTS: &str = "SELECT COUNT(*) AS n FROM identity_agent";
const LOGINS: &str = "SELECT COUNT(*) AS n FROM identity_login";
const SESSIONS: &str = "SELECT COUNT(*) AS n FROM identity_session";

async fn first_sign_ins_of_one_subject_at_once_make_one_agent(test: TestDb) {
    let state = State::new(&test).await;
    for round in 1..=5_i64 {
        let subject = format!("s{round}");
        let opened =
            join_all(
                (0..6).map(|_| {
                    let identity = state.besace.identity.clone();
                    let vouched = vouched(&state, &subject);
                    async move {
                        tokio::spawn(async move { identity.open_session(vouched).await }).await
                    }
                }),
            )
            .await;
        let agents: Vec<_> = opened
            .into_iter()
            .map(|opened| opened.expect("ran").expect("signed in").1.id)
            .collect();
        assert!(agents.iter().all(|agent| *agent == agents[0]), "{agents:?}");
        assert_eq!(state.besace.count(AGENTS, Vec::new()).await, round);
        assert_eq!(state.besace.count(LOGINS, Vec::new()).await, round);
        assert_eq!(state.besace.count(SESSIONS, Vec::new()).await, round * 6);
    }
    let made = "SELECT COUNT(*) AS n FROM identity_organisation WHERE siret = '13000001000012'";
    assert_eq!(state.besace.count(made, Vec::new()).await, 1);
}

async fn sign_ins_of_two_subjects_at_once_make_two_agents(test: TestDb) {
    let state = State::new(&test).await;
    let opened = join_all(["S", "s"].map(|subject| {
        let (identity, vouched) = (state.besace.identity.clone(), vouched(&state, subject));
        async move { identity.open_session(vouched).await }
    }))
    .await;
    let agents: Vec<_> = opened
        .into_iter()
        .map(|opened| opened.expect("signed in").1.id)
        .collect();
    assert_ne!(agents[0], agents[1], "a subject is case-sensitive");
}

async fn a_code_spent_several_times_at_once_makes_one_grant_and_it_is_revoked(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    for round in 1..=5_i64 {
        let code = mission.silent_code(&mut claire).await;
        let answers = join_all((0..4).map(|_| mission.exchange(&code))).await;
        let (given, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|answer| answer.status == 200);
        assert_eq!(given.len(), 1, "exactly one");
        assert!(
            refused
                .iter()
                .all(|answer| answer.json()["error"] == "invalid_grant")
        );
        let token = given[0].json()["access_token"].clone();
        let token = token.as_str().expect("a token");
        assert_eq!(
            mission.userinfo(token).await.status,
            401,
            "reuse takes it back"
        );
        let grants = "SELECT COUNT(*) AS n FROM identity_grant";
        assert_eq!(state.besace.count(grants, Vec::new()).await, round);
    }
}

async fn two_starts_at_once_agree_on_the_keys(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let second = state.restarted(|_| ()).await;
    let published = |answer: testkit::Answer| answer.json();
    let ours = published(state.besace.client().get("/api/v2/jwks").await);
    let theirs = published(second.client().get("/api/v2/jwks").await);
    assert_eq!(ours, theirs);
    // What one process gives, the other honours.
    let tokens = mission.tokens(&mut claire).await;
    let bearer = format!(
        "Bearer {}",
        tokens["access_token"].as_str().expect("a token")
    );
    let answer = second
        .client()
        .with_header("authorization", &bearer)
        .get("/api/v2/userinfo")
        .await;
    assert_eq!(answer.status, 200);
    assert!(ours.to_string().contains("ES256") && !ours.to_string().contains("\"d\""));
}
