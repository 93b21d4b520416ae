//! Roles that the configuration gives to addresses, from the first sign-in to the restart that
//! takes them back.

use identity::domain::organisation::id_of_siret;
use identity::domain::role::ConfiguredGrant;
use kernel::{Role, Scope};
use kernel_db::testing::TestDb;

use crate::support::{CLAIRE, COMMON_AGRICULTURE, COMMON_INTERIOR, HUGO, KARIM, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_role_promised_to_an_address_is_theirs_at_the_first_sign_in,
    a_promise_is_kept_once_whoever_has_the_address_afterwards,
    a_promise_is_not_for_another_provider_s_address,
    a_role_taken_out_of_the_configuration_is_taken_back,
    a_role_taken_back_is_not_given_again,
    an_agent_known_before_gets_the_role_at_the_start,
);

const INTERIOR: &str = "11001401600015";

fn administrator(email: &str) -> ConfiguredGrant {
    ConfiguredGrant {
        email: email.to_owned(),
        role: Role::Administrator,
        scope: Scope::Organisation {
            root: id_of_siret(INTERIOR),
            subtree: true,
        },
    }
}

const ROLES: &str = "SELECT COUNT(*) AS n FROM identity_role";

async fn a_role_promised_to_an_address_is_theirs_at_the_first_sign_in(test: TestDb) {
    let grants = vec![administrator("Claire.DELMAS@interieur.gouv.fr")];
    let state = State::with_grants(&test, grants).await;
    let (mut claire, mut hugo) = (state.person(), state.person());
    claire.sign_in(CLAIRE).await;
    hugo.sign_in(HUGO).await;
    let grants = claire.who().await["grants"].clone();
    assert_eq!(grants[0]["role"], "administrator");
    assert_eq!(grants[0]["subtree"], true);
    assert_eq!(
        grants[0]["organisation"]["label"],
        "Ministère de l’Intérieur"
    );
    assert_eq!(hugo.who().await["grants"], serde_json::json!([]));
    let journal = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.role.grant'";
    assert_eq!(state.besace.count(journal, Vec::new()).await, 1);
}

async fn a_promise_is_kept_once_whoever_has_the_address_afterwards(test: TestDb) {
    let grants = vec![administrator(CLAIRE.email)];
    let state = State::with_grants(&test, grants.clone()).await;
    state.person().sign_in(CLAIRE).await;
    // The address goes to somebody else at the ministry.
    let sql = "UPDATE identity_login SET subject = 'somebody else' WHERE provider = 'interieur'";
    state.besace.execute(sql, Vec::new()).await;
    let mut other = state.person();
    other.sign_in(CLAIRE).await;
    assert_eq!(other.who().await["grants"], serde_json::json!([]));
    state.restarted_with_grants(grants).await;
    assert_eq!(other.who().await["grants"], serde_json::json!([]));
}

async fn a_promise_is_not_for_another_provider_s_address(test: TestDb) {
    // Both ministries hold this domain: who comes first, at either, is the one.
    let state = State::with_grants(&test, vec![administrator(COMMON_INTERIOR.email)]).await;
    for someone in [COMMON_INTERIOR, COMMON_AGRICULTURE] {
        let mut person = state.person();
        let tab = person.open("/connexion").await;
        person.give_address(&tab, someone.email).await;
        let ministry = person.choose(&tab, someone.realm).await;
        person.give_password(&ministry, someone).await;
        let held = person.who().await["grants"].as_array().map(Vec::len);
        assert_eq!(held, Some(usize::from(someone.realm == "interieur")));
    }
    let mut karim = state.person();
    karim.sign_in(KARIM).await;
    assert_eq!(karim.who().await["grants"], serde_json::json!([]));
}

async fn a_role_taken_out_of_the_configuration_is_taken_back(test: TestDb) {
    let state = State::with_grants(&test, vec![administrator(CLAIRE.email)]).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    assert_eq!(
        claire.who().await["grants"].as_array().map(Vec::len),
        Some(1)
    );
    state.restarted_with_grants(Vec::new()).await;
    assert_eq!(claire.who().await["grants"], serde_json::json!([]));
    let journal = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.role.revoke'";
    assert_eq!(state.besace.count(journal, Vec::new()).await, 1);
}

async fn a_role_taken_back_is_not_given_again(test: TestDb) {
    let grants = vec![administrator(CLAIRE.email)];
    let state = State::with_grants(&test, grants.clone()).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    state
        .besace
        .execute("DELETE FROM identity_role", Vec::new())
        .await;
    state.restarted_with_grants(grants).await;
    state.person().sign_in(CLAIRE).await;
    assert_eq!(state.besace.count(ROLES, Vec::new()).await, 0);
}

async fn an_agent_known_before_gets_the_role_at_the_start(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    assert_eq!(state.besace.count(ROLES, Vec::new()).await, 0);
    let grants = vec![
        administrator(CLAIRE.email),
        administrator("nobody@interieur.gouv.fr"),
    ];
    state.restarted_with_grants(grants).await;
    assert_eq!(
        claire.who().await["grants"].as_array().map(Vec::len),
        Some(1)
    );
}
