//! Roles that wait for a second factor: the level that the operator demands of whoever uses one.

use identity::domain::acr::Acr;
use identity::domain::organisation::id_of_siret;
use identity::domain::role::ConfiguredGrant;
use kernel::{Role, Scope};
use kernel_db::testing::TestDb;
use serde_json::{Value, json};

use crate::support::visitor::{codes_of, key_of, now_of};
use crate::support::{CLAIRE, HUGO, Person, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    roles_are_used_once_a_second_factor_was_proved_and_the_page_is_kept,
    a_ministry_that_asks_for_no_factor_changes_nothing,
    where_no_level_is_demanded_nothing_is_asked,
);

const STRONGER: &str = "/connexion?renforcer&retour=/administration/agents";
const AGENTS: &str = "/api/v1/admin/agents";

/// Claire administers her ministry, whose provider can ask for a factor or cannot.
async fn start(test: &TestDb, mfa_capable: bool) -> State {
    let administrator = ConfiguredGrant {
        email: CLAIRE.email.to_owned(),
        role: Role::Administrator,
        scope: Scope::Organisation {
            root: id_of_siret("11001401600015"),
            subtree: true,
        },
    };
    let able = |all: &mut Vec<_>| {
        let first: &mut identity::upstream::ProviderConfig = &mut all[0];
        first.mfa_capable = mfa_capable;
    };
    State::demanding(test, able, vec![administrator], Some(Acr::Eidas2)).await
}

/// What a program gets that has a token made by this session, or who makes it when it is refused.
async fn listed_by_token(state: &State, person: &mut Person) -> u16 {
    let csrf = person.who().await["csrfToken"].as_str().map(str::to_owned);
    person.besace().set_csrf(csrf);
    let wanted = json!({ "name": "Relevé", "scopes": ["admin:import"] });
    let tokens = "/api/v1/account/tokens";
    let made = person.besace().post_json(tokens, &wanted).await;
    if made.status != 201 {
        assert_eq!(made.problem(), "token-beyond-roles");
        return made.status;
    }
    let made = made.json();
    let bearer = format!("Bearer {}", made["secret"].as_str().expect("a secret"));
    let mut program = state.besace.client();
    program = program.with_header("authorization", &bearer);
    program.get(AGENTS).await.status
}

async fn listed(person: &mut Person) -> u16 {
    person.besace().get(AGENTS).await.status
}

async fn roles_are_used_once_a_second_factor_was_proved_and_the_page_is_kept(test: TestDb) {
    let state = start(&test, true).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let seen = claire.who().await;
    assert_eq!(
        (&seen["grants"], &seen["rolesNeed"]),
        (&json!([]), &json!("eidas2"))
    );
    assert_eq!(listed(&mut claire).await, 403);
    assert_eq!(listed_by_token(&state, &mut claire).await, 403);

    let place = claire.open(STRONGER).await;
    assert!(
        place.url.as_str().starts_with("https://interieur.test/"),
        "{}",
        place.url
    );
    let place = claire.give_password(&place, CLAIRE).await;
    let secret = key_of(place.page());
    let (csrf, code) = (place.field("csrf"), now_of(&state, &secret));
    let action = place
        .url
        .join(&format!("{}/second-facteur", place.url.path()));
    let action = action.expect("an address");
    let fields = [
        ("csrf", csrf.as_str()),
        ("name", "Téléphone"),
        ("code", &code),
    ];
    let shown = claire.submit(&action, &fields).await;
    assert_eq!(codes_of(shown.page()).len(), 10);
    let csrf = shown.field("csrf");
    let place = claire.submit(&action, &[("csrf", &csrf)]).await;
    assert_eq!(
        place.url.as_str(),
        "https://besace.test/administration/agents"
    );

    let seen = claire.who().await;
    assert_eq!(seen["grants"][0]["role"], "administrator");
    assert_eq!(seen["rolesNeed"], Value::Null);
    assert_eq!(listed(&mut claire).await, 200);
    assert_eq!(listed_by_token(&state, &mut claire).await, 200);
    // The weaker session is over, and nothing more is asked.
    let sessions = "SELECT COUNT(*) AS n FROM identity_session WHERE expires_at > 0";
    assert_eq!(state.besace.count(sessions, Vec::new()).await, 1);
    let place = claire.open(STRONGER).await;
    assert_eq!(place.url.path(), "/administration/agents");
}

async fn a_ministry_that_asks_for_no_factor_changes_nothing(test: TestDb) {
    let state = start(&test, false).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let before = claire.who().await;
    let place = claire.open(STRONGER).await;
    assert_eq!(place.page().status, 403, "{}", place.url);
    assert!(
        place
            .page()
            .text()
            .contains("Cette page demande un second facteur")
    );
    let after = claire.who().await;
    assert_eq!(
        (&after["agent"], &after["rolesNeed"]),
        (&before["agent"], &json!("eidas2"))
    );
    assert_eq!(listed(&mut claire).await, 403);
    // Who holds no role is told of no level.
    let mut hugo = state.person();
    hugo.sign_in(HUGO).await;
    assert_eq!(hugo.who().await["rolesNeed"], Value::Null);
}

async fn where_no_level_is_demanded_nothing_is_asked(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let place = claire.open(STRONGER).await;
    assert_eq!(place.url.path(), "/administration/agents");
    assert_eq!(claire.who().await["rolesNeed"], Value::Null);
}
