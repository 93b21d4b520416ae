//! Providers plugged in while the program runs, from the draft to the sign-in, with a ministry's
//! provider that is another instance of the tool.

use std::time::Duration;

use http::Method;
use identity::domain::organisation::id_of_siret;
use identity::domain::role::ConfiguredGrant;
use identity::upstream::ProviderConfig;
use kernel::{Role, Scope};
use kernel_db::testing::TestDb;
use serde_json::{Value, json};
use testkit::{Answer, Client};

use crate::support::{
    Application, CLAIRE, HUGO, INTERIOR, KARIM, Person, SHARED_SECRET, Someone, State, asking,
    error_of,
};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_provider_plugged_in_signs_agents_in_on_every_node_until_it_is_taken_out,
    its_agents_are_of_its_administration_whatever_it_says,
    a_trial_shows_what_comes_and_signs_nobody_in,
    a_trial_that_brings_too_little_says_what_is_missing,
    a_trial_belongs_to_the_session_that_began_it,
    a_trial_that_is_not_ended_has_failed_after_its_time,
    an_issuer_is_looked_at_before_it_is_plugged_in,
);

const ROOT: &str = "/api/v1/admin/providers";
const AGRICULTURE: &str = "11007001800012";
const ISSUER: &str = "https://agriculture.test/api/v2";

fn operator() -> Vec<ConfiguredGrant> {
    vec![ConfiguredGrant {
        email: CLAIRE.email.to_owned(),
        role: Role::Operator,
        scope: Scope::Everything,
    }]
}

/// Claire runs the instance, whose configuration knows her ministry only.
async fn start(test: &TestDb) -> State {
    let interior_only = |providers: &mut Vec<ProviderConfig>| {
        providers.retain(|one| one.id.as_str() == "interieur");
    };
    State::with(test, interior_only, operator()).await
}

async fn claire(state: &State) -> Person {
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let csrf = claire.who().await["csrfToken"].clone();
    let csrf = csrf.as_str().expect("a token").to_owned();
    claire.besace().set_csrf(Some(csrf));
    claire
}

fn agriculture() -> Value {
    json!({
        "title": "Agriculture",
        "preset": "generic",
        "organisation": id_of_siret(AGRICULTURE),
        "issuer": ISSUER,
        "clientId": "besace",
        "clientSecret": SHARED_SECRET,
        "domains": ["agriculture.gouv.fr"],
        "support": { "label": "Assistance" },
    })
}

async fn plug_in(claire: &mut Person, body: &Value) -> String {
    let made = claire.besace().post_json(ROOT, body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    format!("{ROOT}/{}", made.json()["id"].as_str().expect("an id"))
}

async fn put(claire: &mut Person, path: &str, tag: &str, body: &Value) {
    let mut client = claire.besace().clone().with_header("if-match", tag);
    let done = client.json(Method::PUT, path, body).await;
    assert_eq!(done.status, 200, "{}", done.text());
}

async fn act(claire: &mut Person, path: &str, verb: &str) -> Answer {
    let path = format!("{path}/{verb}");
    let done = claire.besace().call(Method::POST, &path).await;
    assert_eq!(done.status, 200, "{verb}: {}", done.text());
    done
}

/// A whole trial by somebody with an account at the ministry.
async fn try_as(claire: &mut Person, path: &str, someone: Someone) -> Value {
    let started = act(claire, path, "try").await.json();
    let url = started["url"].as_str().expect("an address").to_owned();
    let ministry = claire.open(&url).await;
    let end = if ministry.page().text().contains("L’essai est terminé") {
        ministry
    } else {
        claire.give_password(&ministry, someone).await
    };
    let page = end.page();
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(
        page.text().contains("L’essai est terminé"),
        "{}",
        page.text()
    );
    claire.besace().get(&format!("{path}/try")).await.json()
}

fn claim<'a>(trial: &'a Value, name: &str) -> &'a Value {
    let claims = trial["claims"].as_array().expect("claims");
    let found = claims.iter().find(|claim| claim["name"] == name);
    found.expect("a claim of that name")
}

fn problem(trial: &Value) -> &str {
    trial["problem"].as_str().expect("a reason")
}

/// Whether an address leads nowhere.
async fn is_unknown(mut client: Client, email: &str) -> bool {
    let place = client.get("/connexion").await.location().to_owned();
    let page = client.get(&place).await;
    let csrf = page.field("csrf").expect("a token");
    let fields = [("csrf", csrf.as_str()), ("email", email)];
    let answer = client.post_form(&place, &fields).await;
    answer.refresh().is_empty() && answer.location().is_empty()
}

async fn a_provider_plugged_in_signs_agents_in_on_every_node_until_it_is_taken_out(test: TestDb) {
    let state = start(&test).await;
    let other = state.restarted_with_grants(operator()).await;
    let mut claire = claire(&state).await;
    let path = plug_in(&mut claire, &agriculture()).await;
    let here = || state.besace.client();
    assert!(is_unknown(here(), KARIM.email).await, "a draft");
    act(&mut claire, &path, "enable").await;
    assert!(is_unknown(other.client(), KARIM.email).await, "not yet");
    let mut karim = state.person();
    karim.sign_in(KARIM).await;
    assert_eq!(karim.who().await["agent"]["email"], KARIM.email);
    state.clock.advance(Duration::from_secs(2));
    assert!(!is_unknown(other.client(), KARIM.email).await);
    let mission = Application::new(&state, "mission");
    let tokens = mission.tokens(&mut karim).await;
    assert!(tokens["access_token"].is_string());
    let seen = claire.besace().get(&path).await.json();
    assert_eq!(seen["agents"], 1);
    act(&mut claire, &path, "disable").await;
    assert!(is_unknown(here(), KARIM.email).await);
    let refused = karim.open(&asking("mission", &[("prompt", "none")])).await;
    assert_eq!(error_of(&refused).0, "login_required");
    // Somebody back from a provider that was taken out of service meanwhile is refused.
    act(&mut claire, &path, "enable").await;
    let mut late = state.person();
    let place = late.open("/connexion").await;
    let ministry = late.give_address(&place, KARIM.email).await;
    act(&mut claire, &path, "disable").await;
    let end = late.give_password(&ministry, KARIM).await;
    assert!(
        end.page().text().contains("Y020017"),
        "{}",
        end.page().text()
    );
    assert!(late.who().await.is_null());
}

async fn its_agents_are_of_its_administration_whatever_it_says(test: TestDb) {
    let state = start(&test).await;
    let mut claire = claire(&state).await;
    let path = plug_in(&mut claire, &agriculture()).await;
    act(&mut claire, &path, "enable").await;
    for siret in [Some("11001401600015"), Some("13000001000012"), None] {
        let rewritten = state.rewrite(KARIM, |account| {
            account.attributes.siret = siret.map(str::to_owned);
        });
        rewritten.await;
        let mut karim = state.person();
        karim.sign_in(KARIM).await;
        let organisation = karim.who().await["agent"]["organisation"]["id"].clone();
        assert_eq!(organisation, json!(id_of_siret(AGRICULTURE)), "{siret:?}");
    }
    let made = "SELECT COUNT(*) AS n FROM identity_organisation WHERE siret = '13000001000012'";
    assert_eq!(state.besace.count(made, Vec::new()).await, 0);
}

async fn a_trial_shows_what_comes_and_signs_nobody_in(test: TestDb) {
    let state = start(&test).await;
    let mut claire = claire(&state).await;
    let path = plug_in(&mut claire, &agriculture()).await;
    let written = async || {
        let agents = "SELECT COUNT(*) AS n FROM identity_agent";
        let sessions = "SELECT COUNT(*) AS n FROM identity_session";
        let agents = state.besace.count(agents, Vec::new()).await;
        (agents, state.besace.count(sessions, Vec::new()).await)
    };
    let before = written().await;
    let started = act(&mut claire, &path, "try").await.json();
    assert!(started["expiresAt"].is_i64());
    let trial = claire.besace().get(&format!("{path}/try")).await.json();
    assert_eq!(trial["state"], "waiting");
    assert_eq!(trial["claims"], json!([]));
    let trial = try_as(&mut claire, &path, KARIM).await;
    assert_eq!(trial["state"], "done", "{trial}");
    assert_eq!(trial["missing"], json!([]));
    assert_eq!(claim(&trial, "given_name")["value"], "K…");
    assert_eq!(claim(&trial, "email")["value"], "k…@agriculture.gouv.fr");
    assert_eq!(claim(&trial, "siret")["value"], AGRICULTURE);
    assert_eq!(claim(&trial, "acr")["value"], "eidas1");
    assert_eq!(claim(&trial, "chorusdt:matricule")["received"], false);
    assert!(trial["at"].is_i64());
    assert_eq!(claire.who().await["agent"]["email"], CLAIRE.email);
    assert_eq!(before, written().await, "nobody was written");
    let journal = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.provider.try'";
    assert_eq!(state.besace.count(journal, Vec::new()).await, 2);
}

async fn a_trial_that_brings_too_little_says_what_is_missing(test: TestDb) {
    let state = start(&test).await;
    let mut claire = claire(&state).await;
    let mut said = agriculture();
    said["scopes"] = json!(["openid", "given_name", "email"]);
    said["domains"] = json!(["autre.gouv.fr"]);
    let path = plug_in(&mut claire, &said).await;
    let trial = try_as(&mut claire, &path, KARIM).await;
    assert_eq!(trial["state"], "failed");
    assert_eq!(trial["missing"], json!(["usual_name", "uid", "siret"]));
    assert_eq!(claim(&trial, "usual_name")["required"], true);
    assert_eq!(trial["proposedSiret"], AGRICULTURE);
    assert!(problem(&trial).contains("uid"), "{trial}");
    // Whole, but of a domain that is not listed.
    said["scopes"] = json!(["openid", "given_name", "usual_name", "uid", "email"]);
    said["defaultSiret"] = AGRICULTURE.into();
    put(&mut claire, &path, "\"v1\"", &said).await;
    let trial = try_as(&mut claire, &path, KARIM).await;
    assert_eq!(trial["missing"], json!([]));
    assert!(problem(&trial).contains("agriculture.gouv.fr"), "{trial}");
    // The wrong secret is said by the provider's own word.
    said["clientSecret"] = "another-secret-of-thirty-two-bytes".into();
    put(&mut claire, &path, "\"v2\"", &said).await;
    let trial = try_as(&mut claire, &path, KARIM).await;
    assert_eq!(trial["state"], "failed");
    assert_eq!(trial["claims"], json!([]));
    assert!(problem(&trial).contains("invalid_client"), "{trial}");
}

async fn a_trial_belongs_to_the_session_that_began_it(test: TestDb) {
    let state = start(&test).await;
    let mut claire = claire(&state).await;
    let path = plug_in(&mut claire, &agriculture()).await;
    let started = act(&mut claire, &path, "try").await.json();
    let url = started["url"].as_str().expect("an address").to_owned();
    // The address alone, in another browser.
    let mut hugo = state.person();
    hugo.sign_in(HUGO).await;
    let ministry = hugo.open(&url).await;
    let callback = hugo.until_callback(&ministry, KARIM).await;
    let end = hugo.besace().get(callback.as_str()).await;
    assert!(!end.text().contains("L’essai est terminé"));
    assert_eq!(hugo.who().await["agent"]["email"], HUGO.email);
    // The same browser, signed out since.
    let ministry = claire.open(&url).await;
    let callback = claire.until_callback(&ministry, KARIM).await;
    let place = claire.open("/deconnexion").await;
    let csrf = place.field("csrf");
    let mut gone = claire.clone();
    gone.submit(&place.url, &[("csrf", &csrf)]).await;
    let end = gone.besace().get(callback.as_str()).await;
    assert_eq!(end.status, 400, "{}", end.text());
    assert!(gone.who().await.is_null());
}

async fn a_trial_that_is_not_ended_has_failed_after_its_time(test: TestDb) {
    let state = start(&test).await;
    let mut claire = claire(&state).await;
    let path = plug_in(&mut claire, &agriculture()).await;
    act(&mut claire, &path, "try").await;
    state.clock.advance(Duration::from_mins(15));
    let trial = claire.besace().get(&format!("{path}/try")).await.json();
    assert_eq!(trial["state"], "failed");
    assert!(problem(&trial).contains("quinze minutes"), "{trial}");
}

async fn an_issuer_is_looked_at_before_it_is_plugged_in(test: TestDb) {
    let state = start(&test).await;
    let mut claire = claire(&state).await;
    let path = format!("{ROOT}/check");
    let mut check = async |issuer: &str| {
        let asked = json!({ "issuer": issuer });
        claire.besace().post_json(&path, &asked).await.json()
    };
    let found = check(ISSUER).await;
    assert_eq!(found["ok"], true, "{found}");
    assert_eq!(found["facts"]["algs"], json!(["ES256", "RS256", "HS256"]));
    assert_eq!(found["facts"]["tokenEndpoint"], format!("{ISSUER}/token"));
    assert_eq!(found["facts"]["keys"], 2);
    let pasted = format!("{ISSUER}/.well-known/openid-configuration");
    assert_eq!(check(&pasted).await["ok"], true);
    // Its metadata is of another issuer.
    let found = check("https://agriculture.test/").await;
    assert_eq!(found["ok"], false);
    let reason = found["problems"][0].as_str().expect("a reason");
    assert!(reason.contains("issuer"), "{reason}");
    state.cut(INTERIOR);
    let found = check("https://interieur.test/api/v2").await;
    let said = json!(["Personne ne répond à cette adresse."]);
    assert_eq!(found["problems"], said);
    assert_eq!(found["facts"], Value::Null);
}
