//! Tokens that agents make for their programs: made by who is signed in, used without a browser,
//! ended by whatever ends the account.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join;
use http::Method;
use identity::domain::life::Step;
use identity::domain::organisation::id_of_siret;
use identity::domain::role::ConfiguredGrant;
use kernel::{AgentId, Clock as _, Role, Scope};
use kernel_db::testing::TestDb;
use serde_json::{Value, json};
use testkit::{Client, FakeNotify};

use crate::support::{CLAIRE, HUGO, Instance, Person, Someone, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_token_opens_what_it_was_made_for_and_nothing_else,
    a_token_makes_no_token_and_revokes_none,
    nobody_sees_or_revokes_another_s_token_nor_makes_one_by_a_forged_request,
    a_revoked_token_opens_nothing_on_any_node,
    a_token_over_opens_nothing_and_leaves_thirty_days_later,
    whatever_ends_an_account_ends_its_tokens_for_good,
    a_token_never_exceeds_the_roles_of_the_moment,
    a_token_of_a_provider_out_of_service_opens_nothing,
    the_twenty_first_token_is_refused_also_to_two_at_once,
    a_use_is_written_within_the_hour_and_not_at_each_call,
    an_agent_is_told_once_a_week_before_the_end,
    what_a_script_takes_away_is_journalled_with_its_token,
    the_secret_is_kept_nowhere,
);

const TOKENS: &str = "/api/v1/account/tokens";
const CURRENT: &str = "/api/v1/account/token";
const DAY: Duration = Duration::from_hours(24);

async fn signed_in(state: &State, someone: Someone) -> Person {
    let mut person = state.person();
    person.sign_in(someone).await;
    let csrf = person.who().await["csrfToken"].as_str().map(str::to_owned);
    person.besace().set_csrf(csrf);
    person
}

fn wanted(scopes: &[&str]) -> Value {
    json!({ "name": "Sauvegarde de l’annuaire", "scopes": scopes })
}

/// A token for these scopes: its path, and what a program sends.
async fn made(person: &mut Person, scopes: &[&str]) -> (String, String) {
    let answer = person.besace().post_json(TOKENS, &wanted(scopes)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
    let made = answer.json();
    let id = made["token"]["id"].as_str().expect("an id");
    let secret = made["secret"].as_str().expect("a secret");
    (format!("{TOKENS}/{id}"), format!("Bearer {secret}"))
}

fn program(node: &Instance, bearer: &str) -> Client {
    node.client().with_header("authorization", bearer)
}

async fn opens(node: &Instance, bearer: &str) -> u16 {
    program(node, bearer).get(CURRENT).await.status
}

async fn items(person: &mut Person) -> Vec<Value> {
    let listed = person.besace().get(TOKENS).await.json();
    listed["items"].as_array().expect("a list").clone()
}

async fn act(state: &State, step: Step) {
    let with = (state.clock.now(), Arc::clone(&state.besace.house.rng));
    let db = &state.besace.house.db;
    let done = identity::act_on_address(db, with, CLAIRE.email, step, None).await;
    done.expect("done").expect("one account");
}

async fn run(node: &Instance, kind: &str) {
    let jobs = identity::tool(&node.identity).jobs;
    let job = jobs.iter().find(|job| job.kind() == kind).expect("a job");
    let done = job.run(&node.house.db, &Value::Null).await;
    done.expect("done");
}

async fn a_token_opens_what_it_was_made_for_and_nothing_else(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let (_, bearer) = made(&mut claire, &["profile:read", "people:read"]).await;
    let mut program = program(&state.besace, &bearer);
    let own = program.get(CURRENT).await;
    assert_eq!(own.status, 200, "{}", own.text());
    let own = own.json();
    assert_eq!(own["agent"]["displayName"], "Claire Delmas");
    assert_eq!(
        own["token"]["scopes"],
        json!(["profile:read", "people:read"])
    );
    let people = program.get("/api/v1/people?q=delmas").await;
    assert_eq!(people.status, 200, "{}", people.text());
    let lacking = program.get("/api/v1/account/export").await;
    assert_eq!(
        (lacking.status, lacking.problem().as_str()),
        (403, "insufficient-scope")
    );
    let challenge = lacking.header("www-authenticate");
    assert_eq!(
        challenge,
        "Bearer error=\"insufficient_scope\", scope=\"account:export\""
    );
    for closed in ["/api/v1/session", "/api/v1/account/sessions", TOKENS] {
        assert_eq!(
            program.get(closed).await.problem(),
            "closed-to-tokens",
            "{closed}"
        );
    }
    let mut wrong = state
        .besace
        .client()
        .with_header("authorization", "Bearer besace_00");
    let refused = wrong.get(CURRENT).await;
    assert_eq!(
        refused.header("www-authenticate"),
        "Bearer error=\"invalid_token\""
    );
    // The token of an application, and the protocol's doors, are another matter.
    assert_eq!(program.get("/api/v2/userinfo").await.status, 401);
    let seen = items(&mut claire).await;
    assert_eq!(seen.len(), 1);
    let lives = seen[0]["expiresAt"].as_i64().expect("a time") - state.clock.now().millis();
    assert_eq!(lives, 90 * 86_400_000);
}

async fn a_token_makes_no_token_and_revokes_none(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let (path, bearer) = made(&mut claire, &["profile:read", "account:export"]).await;
    // Whatever cookie goes with it.
    let mut program = claire
        .besace()
        .clone()
        .with_header("authorization", &bearer);
    let refused = program.post_json(TOKENS, &wanted(&["profile:read"])).await;
    assert_eq!(refused.problem(), "closed-to-tokens");
    for target in [TOKENS, &path, "/api/v1/account/sessions"] {
        let refused = program.call(Method::DELETE, target).await;
        assert_eq!(refused.problem(), "closed-to-tokens", "{target}");
    }
    assert_eq!(items(&mut claire).await.len(), 1);
    let exported = program.get("/api/v1/account/export").await;
    assert_eq!(exported.status, 200);
    assert_eq!(
        exported.json()["identity"]["tokens"][0]["name"],
        "Sauvegarde de l’annuaire"
    );
}

async fn nobody_sees_or_revokes_another_s_token_nor_makes_one_by_a_forged_request(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let mut hugo = signed_in(&state, HUGO).await;
    let (path, bearer) = made(&mut claire, &["profile:read"]).await;
    assert!(items(&mut hugo).await.is_empty());
    let refused = hugo.besace().call(Method::DELETE, &path).await;
    assert_eq!(refused.status, 404, "another's");
    assert_eq!(
        hugo.besace().call(Method::DELETE, TOKENS).await.json()["revoked"],
        0
    );
    let mut stranger = state.person();
    assert_eq!(stranger.besace().get(TOKENS).await.status, 401);
    let refused = stranger
        .besace()
        .post_json(TOKENS, &wanted(&["profile:read"]))
        .await;
    assert_eq!(refused.problem(), "sign-in-required");
    assert_eq!(
        stranger.besace().call(Method::DELETE, &path).await.status,
        401
    );
    claire.besace().set_csrf(None);
    let forged = claire
        .besace()
        .post_json(TOKENS, &wanted(&["profile:read"]))
        .await;
    assert_eq!(forged.problem(), "csrf");
    assert_eq!(
        claire.besace().call(Method::DELETE, &path).await.problem(),
        "csrf"
    );
    assert_eq!(opens(&state.besace, &bearer).await, 200);
}

async fn a_revoked_token_opens_nothing_on_any_node(test: TestDb) {
    let state = State::new(&test).await;
    let other = state.restarted(|_| ()).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let (one, first) = made(&mut claire, &["profile:read"]).await;
    let (_, second) = made(&mut claire, &["profile:read"]).await;
    let (_, third) = made(&mut claire, &["profile:read"]).await;
    assert_eq!(opens(&other, &first).await, 200);
    assert_eq!(claire.besace().call(Method::DELETE, &one).await.status, 204);
    assert_eq!(claire.besace().call(Method::DELETE, &one).await.status, 404);
    for node in [&state.besace, &other] {
        assert_eq!(opens(node, &first).await, 401);
        assert_eq!(opens(node, &second).await, 200);
    }
    let all = claire.besace().call(Method::DELETE, TOKENS).await;
    assert_eq!(all.json()["revoked"], 2);
    for bearer in [&second, &third] {
        assert_eq!(opens(&other, bearer).await, 401);
    }
    let acts = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.token.revoke'";
    assert_eq!(state.besace.count(acts, Vec::new()).await, 3);
    let acts = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.token.make'";
    assert_eq!(state.besace.count(acts, Vec::new()).await, 3);
}

const ROWS: &str = "SELECT COUNT(*) AS n FROM identity_credential";

async fn a_token_over_opens_nothing_and_leaves_thirty_days_later(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let body = json!({ "name": "Un jour", "scopes": ["profile:read"], "days": 1 });
    let made = claire.besace().post_json(TOKENS, &body).await.json();
    let bearer = format!("Bearer {}", made["secret"].as_str().expect("a secret"));
    state.clock.advance(Duration::from_secs(86_399));
    assert_eq!(opens(&state.besace, &bearer).await, 200);
    state.clock.advance(Duration::from_secs(1));
    assert_eq!(opens(&state.besace, &bearer).await, 401);
    state.clock.advance(DAY * 29 + Duration::from_secs(86_399));
    run(&state.besace, "identity.purge").await;
    assert_eq!(state.besace.count(ROWS, Vec::new()).await, 1);
    state.clock.advance(Duration::from_secs(1));
    run(&state.besace, "identity.purge").await;
    assert_eq!(state.besace.count(ROWS, Vec::new()).await, 0);
}

async fn whatever_ends_an_account_ends_its_tokens_for_good(test: TestDb) {
    let state = State::new(&test).await;
    let other = state.restarted(|_| ()).await;
    let mut hugo = signed_in(&state, HUGO).await;
    let (_, his) = made(&mut hugo, &["profile:read"]).await;
    for step in [Step::Suspend, Step::Depart] {
        let mut claire = signed_in(&state, CLAIRE).await;
        let (_, bearer) = made(&mut claire, &["profile:read"]).await;
        assert_eq!(opens(&other, &bearer).await, 200);
        act(&state, step).await;
        for node in [&state.besace, &other] {
            assert_eq!(opens(node, &bearer).await, 401, "{}", step.word());
        }
        act(&state, Step::Resume).await;
        assert_eq!(opens(&other, &bearer).await, 401, "it does not come back");
        claire = signed_in(&state, CLAIRE).await;
        assert!(items(&mut claire).await.is_empty());
    }
    assert_eq!(opens(&other, &his).await, 200, "nobody else's");
}

async fn a_token_never_exceeds_the_roles_of_the_moment(test: TestDb) {
    let administrator = ConfiguredGrant {
        email: CLAIRE.email.to_owned(),
        role: Role::Administrator,
        scope: Scope::Organisation {
            root: id_of_siret("11001401600015"),
            subtree: true,
        },
    };
    let state = State::with_grants(&test, vec![administrator]).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let mut hugo = signed_in(&state, HUGO).await;
    let beyond = hugo
        .besace()
        .post_json(TOKENS, &wanted(&["admin:import"]))
        .await;
    assert_eq!(
        (beyond.status, beyond.problem().as_str()),
        (403, "token-beyond-roles")
    );
    let offered = hugo.besace().get(TOKENS).await.json()["scopes"].clone();
    assert!(!offered.to_string().contains("admin:"), "{offered}");
    let (_, bearer) = made(&mut claire, &["admin:import"]).await;
    let ministry = id_of_siret("11001401600015");
    let agents = format!("/api/v1/admin/agents?organisation={ministry}");
    let mut program = program(&state.besace, &bearer);
    assert_eq!(program.get(&agents).await.status, 200);
    let elsewhere = id_of_siret("11007001800012");
    let neighbour = format!("/api/v1/admin/agents?organisation={elsewhere}");
    assert_eq!(program.get(&neighbour).await.problem(), "forbidden");
    state
        .besace
        .execute("DELETE FROM identity_role", Vec::new())
        .await;
    let refused = program.get(&agents).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (403, "forbidden")
    );
}

async fn a_token_of_a_provider_out_of_service_opens_nothing(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let (_, bearer) = made(&mut claire, &["profile:read"]).await;
    assert_eq!(opens(&state.besace, &bearer).await, 200);
    let without = state.restarted(Vec::clear).await;
    assert_eq!(opens(&without, &bearer).await, 401);
}

async fn the_twenty_first_token_is_refused_also_to_two_at_once(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    for _ in 0..19 {
        made(&mut claire, &["profile:read"]).await;
    }
    let body = wanted(&["profile:read"]);
    let (mut one, mut other) = (claire.besace().clone(), claire.besace().clone());
    let (one, other) = join(one.post_json(TOKENS, &body), other.post_json(TOKENS, &body)).await;
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let refused = claire.besace().post_json(TOKENS, &body).await;
    assert_eq!(refused.problem(), "too-many-tokens");
    assert!(
        refused.json()["title"]
            .as_str()
            .expect("a title")
            .contains("20")
    );
    // One that is over leaves its place.
    let first = items(&mut claire).await[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    claire
        .besace()
        .call(Method::DELETE, &format!("{TOKENS}/{first}"))
        .await;
    made(&mut claire, &["profile:read"]).await;
}

async fn a_use_is_written_within_the_hour_and_not_at_each_call(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let (_, bearer) = made(&mut claire, &["profile:read"]).await;
    assert!(items(&mut claire).await[0]["lastUsedAt"].is_null());
    let identity = &state.besace.identity;
    opens(&state.besace, &bearer).await;
    let used = state.clock.now();
    assert_eq!(identity.write_used_tokens().await.expect("written"), 1);
    assert_eq!(items(&mut claire).await[0]["lastUsedAt"], used.millis());
    state.clock.advance(Duration::from_mins(59));
    opens(&state.besace, &bearer).await;
    assert_eq!(identity.write_used_tokens().await.expect("written"), 0);
    state.clock.advance(Duration::from_mins(1));
    opens(&state.besace, &bearer).await;
    assert_eq!(identity.write_used_tokens().await.expect("written"), 1);
}

async fn an_agent_is_told_once_a_week_before_the_end(test: TestDb) {
    let state = State::new(&test).await;
    let inbox = FakeNotify::default();
    state.besace.identity.tell_by(Arc::new(inbox.clone()));
    let mut claire = signed_in(&state, CLAIRE).await;
    made(&mut claire, &["profile:read"]).await;
    let short = json!({ "name": "Une semaine", "scopes": ["profile:read"], "days": 7 });
    claire.besace().post_json(TOKENS, &short).await;
    let agent = claire.who().await["agent"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let agent = AgentId::parse(&agent).expect("an id");
    run(&state.besace, "identity.tokens").await;
    assert!(inbox.told(agent).is_empty(), "what is short is not told");
    state.clock.advance(DAY * 83);
    run(&state.besace, "identity.tokens").await;
    run(&state.besace, "identity.tokens").await;
    let told = inbox.told(agent);
    assert_eq!(told.len(), 1);
    assert!(told[0].title.fr.contains("Sauvegarde de l’annuaire"));
    assert_eq!(told[0].link.as_deref(), Some("/compte"));
}

async fn what_a_script_takes_away_is_journalled_with_its_token(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let (path, bearer) = made(&mut claire, &["account:export"]).await;
    let id = path.rsplit('/').next().expect("an id");
    let exports = "SELECT COUNT(*) AS n FROM journal_pending
                   WHERE act = 'identity.account.export' AND data LIKE $1";
    let exported = async |told: String| {
        let told = vec![kernel_db::Value::from(told.as_str())];
        state.besace.count(exports, told).await
    };
    let export = "/api/v1/account/export";
    assert_eq!(claire.besace().get(export).await.status, 200);
    assert_eq!(exported("%token%".to_owned()).await, 0, "by herself");
    let mut program = program(&state.besace, &bearer);
    assert_eq!(program.get(export).await.status, 200);
    assert_eq!(exported(format!("%\"token\":\"{id}\"%")).await, 1);
}

/// Every place that a text is written to by what is done here.
const WRITTEN: [&str; 3] = [
    "SELECT COUNT(*) AS n FROM identity_credential
     WHERE name LIKE '%besace_%' OR scopes LIKE '%besace_%' OR provider LIKE '%besace_%'",
    "SELECT COUNT(*) AS n FROM journal_pending
     WHERE data LIKE '%besace_%' OR personal LIKE '%besace_%' OR subject LIKE '%besace_%'",
    "SELECT COUNT(*) AS n FROM outbox WHERE data LIKE '%besace_%'",
];

async fn the_secret_is_kept_nowhere(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = signed_in(&state, CLAIRE).await;
    let (path, bearer) = made(&mut claire, &["profile:read", "account:export"]).await;
    let mut program = program(&state.besace, &bearer);
    let exported = program.get("/api/v1/account/export").await;
    let listed = claire.besace().get(TOKENS).await;
    claire.besace().call(Method::DELETE, &path).await;
    for answer in [exported, listed] {
        let text = answer.text();
        assert!(!text.contains("besace_"), "{text}");
    }
    for sql in WRITTEN {
        assert_eq!(state.besace.count(sql, Vec::new()).await, 0, "{sql}");
    }
    let kept = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.token.make'";
    assert_eq!(state.besace.count(kept, Vec::new()).await, 1);
}
