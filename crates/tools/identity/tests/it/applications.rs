//! Applications registered while the program runs, and the tokens by which applications call.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity::Identity;
use identity::domain::organisation::id_of_siret;
use kernel::port::{Applications as _, NewApplication, PortError};
use kernel::{Actor, AgentId, OrganisationId, Secret};
use kernel_db::testing::TestDb;
use kernel_db::values;
use kernel_http::{Bearer, Bearers as _};
use serde_json::{Value, json};
use testkit::Answer;

use crate::support::{Application, CLAIRE, Instance, Person, State, asking, error_of};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_registered_application_signs_agents_in_at_once_and_on_every_node,
    one_that_is_registered_again_has_a_new_secret_and_the_old_one_opens_nothing,
    an_ended_application_opens_nothing_and_its_name_is_not_another_s,
    names_of_others_and_addresses_that_cannot_be_are_refused,
    two_administrations_at_once_do_not_get_one_name,
    an_application_gets_a_token_of_its_own_for_its_scopes,
    a_token_of_its_own_is_refused_to_who_may_not_have_it,
    an_agent_s_token_is_that_agent_s_and_dies_with_what_gave_it,
    a_token_is_never_taken_for_another_kind,
);

const BY: AgentId = AgentId::from_u128(77);

fn interior() -> OrganisationId {
    id_of_siret("11001401600015")
}

fn agriculture() -> OrganisationId {
    id_of_siret("11007001800012")
}

fn tool(id: &str) -> NewApplication {
    NewApplication {
        client_id: id.to_owned(),
        name: format!("L’outil {id}"),
        organisation: interior(),
        redirect_uris: vec![format!("https://{id}.test/retour")],
        post_logout_redirect_uris: vec![format!("https://{id}.test/fin")],
        by: Actor {
            agent: BY,
            token: None,
        },
    }
}

async fn register(identity: &Identity, application: NewApplication) -> Secret {
    let registered = identity.register(application).await.expect("registered");
    registered.secret
}

/// Asks `/token` with a secret.
async fn ask(instance: &Instance, id: &str, secret: &str, fields: &[(&str, &str)]) -> Answer {
    let pair = STANDARD.encode(format!("{id}:{secret}"));
    instance
        .client()
        .with_header("authorization", &format!("Basic {pair}"))
        .post_form("/api/v2/token", fields)
        .await
}

async fn own(instance: &Instance, id: &str, secret: &str, scope: &str) -> Answer {
    let fields = [("grant_type", "client_credentials"), ("scope", scope)];
    ask(instance, id, secret, &fields).await
}

async fn exchange(instance: &Instance, id: &str, secret: &str, code: &str) -> Answer {
    let redirect = format!("https://{id}.test/retour");
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect.as_str()),
        (
            "code_verifier",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
    ];
    ask(instance, id, secret, &fields).await
}

fn token_in(answer: &Answer) -> Secret {
    assert_eq!(answer.status, 200, "{}", answer.text());
    Secret::new(answer.json()["access_token"].as_str().expect("a token"))
}

async fn opens(instance: &Instance, token: &Secret) -> Option<Bearer> {
    let opened = instance.identity.bearer(token).await;
    opened.expect("looked up")
}

fn is_refusal(answer: &Answer, status: u16, error: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.json()["error"], error, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), "no-store");
}

async fn code(state: &State, person: &mut Person, id: &str, scope: &str) -> String {
    let mission = Application::new(state, id);
    let change = [("prompt", "none"), ("scope", scope)];
    let place = person.open(&mission.asks(&change)).await;
    crate::support::answer_of(&place)["code"].clone()
}

async fn a_registered_application_signs_agents_in_at_once_and_on_every_node(test: TestDb) {
    let state = State::new(&test).await;
    let other = state.restarted(|_| ()).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let unknown = claire.open(&asking("tool", &[])).await;
    assert_eq!(unknown.page().status, 400, "not yet");
    assert_eq!(own(&other, "tool", "secret", "").await.status, 401);
    let secret = register(&state.besace.identity, tool("tool")).await;
    let code = code(&state, &mut claire, "tool", "openid email launcher").await;
    let tokens = exchange(&state.besace, "tool", secret.expose(), &code).await;
    let bearer = opens(&state.besace, &token_in(&tokens))
        .await
        .expect("opens");
    assert_eq!(bearer.client_id, "tool");
    assert_eq!(bearer.organisation, Some(interior()));
    assert!(bearer.scopes.contains(&"launcher".to_owned()));
    assert_eq!(own(&other, "tool", secret.expose(), "").await.status, 401);
    state.clock.advance(Duration::from_secs(2));
    assert_eq!(own(&other, "tool", secret.expose(), "").await.status, 200);
    let mut amended = tool("tool");
    amended.redirect_uris = vec!["https://ailleurs.test/retour".to_owned()];
    state.besace.identity.amend(amended).await.expect("amended");
    let known = state.besace.identity.find("tool".to_owned()).await;
    let known = known.expect("an answer").expect("in service");
    assert_eq!(known.redirect_uris, ["https://ailleurs.test/retour"]);
    let elsewhere = claire.open(&asking("tool", &[])).await;
    assert_eq!(
        elsewhere.page().status,
        400,
        "its address is another one now"
    );
    assert_eq!(
        own(&state.besace, "tool", secret.expose(), "").await.status,
        200
    );
    let journal = "SELECT COUNT(*) AS n FROM journal_pending
         WHERE act IN ('identity.client.register', 'identity.client.amend')
           AND subject = 'client:tool' AND chain = $1";
    let journalled = state.besace.count(journal, values![interior()].to_vec());
    assert_eq!(journalled.await, 2);
}

async fn one_that_is_registered_again_has_a_new_secret_and_the_old_one_opens_nothing(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let first = register(&state.besace.identity, tool("tool")).await;
    let mine = token_in(&own(&state.besace, "tool", first.expose(), "inbox").await);
    let spent = code(&state, &mut claire, "tool", "openid").await;
    let hers = token_in(&exchange(&state.besace, "tool", first.expose(), &spent).await);
    let kept = code(&state, &mut claire, "tool", "openid").await;
    state.clock.advance(Duration::from_secs(1));
    let second = register(&state.besace.identity, tool("tool")).await;
    is_refusal(
        &own(&state.besace, "tool", first.expose(), "inbox").await,
        401,
        "invalid_client",
    );
    assert!(opens(&state.besace, &mine).await.is_none());
    assert!(opens(&state.besace, &hers).await.is_none());
    let userinfo = state.besace.client();
    let bearer = format!("Bearer {}", hers.expose());
    let mut userinfo = userinfo.with_header("authorization", &bearer);
    assert_eq!(userinfo.get("/api/v2/userinfo").await.status, 401);
    let late = exchange(&state.besace, "tool", second.expose(), &kept).await;
    is_refusal(&late, 400, "invalid_grant");
    let anew = token_in(&own(&state.besace, "tool", second.expose(), "inbox").await);
    assert!(opens(&state.besace, &anew).await.is_some());
}

async fn an_ended_application_opens_nothing_and_its_name_is_not_another_s(test: TestDb) {
    let state = State::new(&test).await;
    let identity = &state.besace.identity;
    let other = state.restarted(|_| ()).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let secret = register(identity, tool("tool")).await;
    let mine = token_in(&own(&state.besace, "tool", secret.expose(), "inbox").await);
    let code = code(&state, &mut claire, "tool", "openid").await;
    let hers = token_in(&exchange(&state.besace, "tool", secret.expose(), &code).await);
    assert!(opens(&other, &mine).await.is_some());
    identity.end("tool".to_owned(), BY).await.expect("ended");
    identity
        .end("tool".to_owned(), BY)
        .await
        .expect("ended already");
    is_refusal(
        &own(&state.besace, "tool", secret.expose(), "").await,
        401,
        "invalid_client",
    );
    assert_eq!(claire.open(&asking("tool", &[])).await.page().status, 400);
    state.clock.advance(Duration::from_secs(2));
    for instance in [&state.besace, &other] {
        assert!(opens(instance, &mine).await.is_none());
        assert!(opens(instance, &hers).await.is_none());
    }
    let amended = identity.amend(tool("tool")).await;
    assert!(matches!(amended, Err(PortError::Refused(_))));
    let mut theirs = tool("tool");
    theirs.organisation = agriculture();
    let taken = identity.register(theirs).await.map(|_| ());
    assert!(matches!(taken, Err(PortError::Refused(_))));
    let ended = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.client.end'";
    assert_eq!(state.besace.count(ended, Vec::new()).await, 1);
    register(identity, tool("tool")).await;
    assert!(
        opens(&state.besace, &mine).await.is_none(),
        "nor when it comes back"
    );
}

async fn names_of_others_and_addresses_that_cannot_be_are_refused(test: TestDb) {
    let state = State::new(&test).await;
    let identity = &state.besace.identity;
    register(identity, tool("tool")).await;
    let mut theirs = tool("tool");
    theirs.organisation = agriculture();
    let configured = tool("mission");
    let mut clear = tool("clear");
    clear.redirect_uris = vec!["http://clear.test/".to_owned()];
    for application in [theirs, configured, clear] {
        let amended = identity.amend(application.clone()).await;
        assert!(
            matches!(amended, Err(PortError::Refused(_))),
            "{application:?}"
        );
        let registered = identity.register(application.clone()).await.map(|_| ());
        assert!(
            matches!(registered, Err(PortError::Refused(_))),
            "{application:?}"
        );
    }
    let ended = identity.end("mission".to_owned(), BY).await;
    assert!(matches!(ended, Err(PortError::Refused(_))));
    let unknown = identity.amend(tool("unknown")).await;
    let nobody = identity.find("unknown".to_owned()).await;
    assert_eq!(nobody.expect("an answer"), None);
    assert!(matches!(unknown, Err(PortError::Refused(_))));
}

async fn two_administrations_at_once_do_not_get_one_name(test: TestDb) {
    let state = State::new(&test).await;
    for round in 0..5 {
        let mut theirs = tool(&format!("tool{round}"));
        let ours = theirs.clone();
        theirs.organisation = agriculture();
        let (one, other) = (state.besace.identity.clone(), state.besace.identity.clone());
        let (one, other) = tokio::join!(
            tokio::spawn(async move { one.register(ours).await.is_ok() }),
            tokio::spawn(async move { other.register(theirs).await.is_ok() }),
        );
        assert!(one.expect("ran") ^ other.expect("ran"), "one of them only");
    }
}

async fn an_application_gets_a_token_of_its_own_for_its_scopes(test: TestDb) {
    let state = State::new(&test).await;
    let secret = register(&state.besace.identity, tool("tool")).await;
    let answer = own(&state.besace, "tool", secret.expose(), "inbox badge").await;
    let token = token_in(&answer);
    let body = answer.json();
    assert_eq!(
        (&body["token_type"], &body["scope"], &body["expires_in"]),
        (&json!("Bearer"), &json!("inbox badge"), &json!(1_800))
    );
    assert_eq!(body["id_token"], Value::Null);
    assert_eq!(answer.header("cache-control"), "no-store");
    let bearer = opens(&state.besace, &token).await.expect("opens");
    assert_eq!(bearer.client_id, "tool");
    assert_eq!(bearer.agent, None);
    assert_eq!(bearer.organisation, Some(interior()));
    assert_eq!(bearer.scopes, ["inbox", "badge"]);
    let all = own(&state.besace, "tool", secret.expose(), "").await.json();
    assert_eq!(all["scope"], "inbox badge search launcher");
    state.clock.advance(Duration::from_secs(1_799));
    assert!(opens(&state.besace, &token).await.is_some());
    state.clock.advance(Duration::from_secs(1));
    assert!(
        opens(&state.besace, &token).await.is_none(),
        "its time is over"
    );
    let mut metadata = state.besace.client();
    let metadata = metadata
        .get("/.well-known/openid-configuration")
        .await
        .json();
    assert!(
        metadata["grant_types_supported"]
            .to_string()
            .contains("client_credentials")
    );
}

async fn a_token_of_its_own_is_refused_to_who_may_not_have_it(test: TestDb) {
    let state = State::new(&test).await;
    let secret = register(&state.besace.identity, tool("tool")).await;
    for scope in ["openid", "email", "inbox email", "everything"] {
        let answer = own(&state.besace, "tool", secret.expose(), scope).await;
        is_refusal(&answer, 400, "invalid_scope");
    }
    let wrong = own(&state.besace, "tool", "wrong", "inbox").await;
    is_refusal(&wrong, 401, "invalid_client");
    // An application of the configuration has what the configuration names.
    let mission = "the-secret-of-mission-is-long-enough-for-hs256";
    for scope in ["inbox", ""] {
        let answer = own(&state.besace, "mission", mission, scope).await;
        is_refusal(&answer, 400, "invalid_scope");
    }
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", "page"),
        ("scope", "inbox"),
    ];
    let public = state
        .besace
        .client()
        .post_form("/api/v2/token", &fields)
        .await;
    is_refusal(&public, 400, "unauthorized_client");
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    for (id, scope) in [("mission", "openid launcher"), ("tool", "openid inbox")] {
        let refused = claire.open(&asking(id, &[("scope", scope)])).await;
        assert_eq!(error_of(&refused).0, "invalid_scope", "{id} {scope}");
    }
}

async fn an_agent_s_token_is_that_agent_s_and_dies_with_what_gave_it(test: TestDb) {
    let state = State::new(&test).await;
    let secret = register(&state.besace.identity, tool("tool")).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let id = claire.who().await["agent"]["id"].clone();
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let code = code(&state, &mut claire, "tool", "openid launcher").await;
        tokens.push(token_in(
            &exchange(&state.besace, "tool", secret.expose(), &code).await,
        ));
    }
    let bearer = opens(&state.besace, &tokens[0]).await.expect("opens");
    assert_eq!(json!(bearer.agent), id);
    assert_eq!(bearer.scopes, ["openid", "launcher"]);
    let state_of = |word: &'static str| {
        let sql = "UPDATE identity_agent SET state = $1";
        state.besace.execute(sql, values![word].to_vec())
    };
    state_of("suspended").await;
    assert!(
        opens(&state.besace, &tokens[0]).await.is_none(),
        "suspended"
    );
    state_of("active").await;
    assert!(opens(&state.besace, &tokens[0]).await.is_some());
    let place = claire.open("/deconnexion").await;
    let csrf = place.field("csrf");
    claire.submit(&place.url, &[("csrf", &csrf)]).await;
    for token in &tokens {
        assert!(opens(&state.besace, token).await.is_none(), "signed out");
    }
    claire.sign_in(CLAIRE).await;
    let code = code(&state, &mut claire, "tool", "openid launcher").await;
    let token = token_in(&exchange(&state.besace, "tool", secret.expose(), &code).await);
    let elsewhere = state.restarted(Vec::clear).await;
    assert!(
        opens(&elsewhere, &token).await.is_none(),
        "its provider is gone"
    );
    state.clock.advance(Duration::from_hours(1));
    assert!(
        opens(&state.besace, &token).await.is_none(),
        "its hour is over"
    );
}

async fn a_token_is_never_taken_for_another_kind(test: TestDb) {
    let state = State::new(&test).await;
    let secret = register(&state.besace.identity, tool("tool")).await;
    let mine = token_in(&own(&state.besace, "tool", secret.expose(), "").await);
    let mut client = state.besace.client();
    let bearer = format!("Bearer {}", mine.expose());
    client = client.with_header("authorization", &bearer);
    assert_eq!(client.get("/api/v2/userinfo").await.status, 401);
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let code = code(&state, &mut claire, "tool", "openid").await;
    let long = "a".repeat(5_000);
    for foreign in ["", "x", code.as_str(), long.as_str()] {
        assert!(opens(&state.besace, &Secret::new(foreign)).await.is_none());
    }
}
