//! Signing keys that rotate under the applications' feet, without one of them noticing.

use std::time::Duration;

use identity::domain::signing::{AHEAD, KEPT, KeyState, Rotation, SOONEST};
use identity::service::keys::{KeyLife, Locksmith, Successor};
use jose::{Algorithm, Expected, Expiry, JwkSet, Keys, Leeway, TypeRule};
use kernel::{Clock as _, Timestamp};
use kernel_db::testing::TestDb;
use serde_json::Value;

use crate::support::{Application, CLAIRE, Instance, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    keys_rotate_under_load_and_no_application_that_keeps_them_ten_minutes_notices,
    an_operator_rotates_and_the_next_keys_are_published_before_they_sign,
    rotations_at_once_make_one_key_of_each_algorithm,
    a_token_of_a_retired_key_still_signs_its_person_out,
    keys_of_a_release_without_rotation_go_on_signing,
    a_withdrawn_key_leaves_at_once_and_nothing_that_it_signed_is_believed,
    the_next_key_signs_when_the_active_one_is_withdrawn_and_no_retired_one_does,
    a_key_that_does_not_exist_is_withdrawn_by_nobody,
);

/// An application's copy of the published keys, as long as it was told that it may keep them.
struct Copy {
    set: JwkSet,
    until: Timestamp,
}

async fn published(instance: &Instance) -> (JwkSet, Duration) {
    let answer = instance.client().get("/api/v2/jwks").await;
    let told = answer.header("cache-control").to_owned();
    let seconds = told
        .strip_prefix("public, max-age=")
        .expect("a time to keep them");
    let set = JwkSet::parse(&answer.body).expect("a key set");
    assert_eq!(set.ignored(), 0);
    (set, Duration::from_secs(seconds.parse().expect("seconds")))
}

async fn run_the_job(instance: &Instance) {
    let tool = identity::tool(&instance.identity);
    let job = tool.jobs.iter().find(|job| job.kind() == "identity.keys");
    let run = job.expect("a job").run(&instance.house.db, &Value::Null);
    run.await.expect("run");
}

fn believed(token: &str, id: &str, algorithm: Algorithm, set: &JwkSet, now: Timestamp) -> bool {
    let expected = Expected {
        issuer: "https://besace.test/api/v2",
        audience: id,
        kind: TypeRule::Any,
        expiry: Expiry::Required,
        now: now.seconds(),
        leeway: Leeway::NONE,
    };
    jose::verify::<Value>(token, algorithm, Keys::Set(set), &expected).is_ok()
}

async fn keys_rotate_under_load_and_no_application_that_keeps_them_ten_minutes_notices(
    test: TestDb,
) {
    const PERIOD: Duration = Duration::from_hours(25);
    let state = State::new(&test).await;
    let second = state.restarted(|_| ()).await;
    let nodes = [&state.besace, &second];
    let applications = [("mission", Algorithm::Es256), ("rs", Algorithm::Rs256)];
    let mut copies: Vec<Option<Copy>> = vec![None, None];
    let mut claire = state.person();
    let mut signed_in_at = Timestamp::from_millis(0);
    let mut signers: Vec<String> = Vec::new();
    let began = state.clock.now();
    // A key signs for twenty-five hours: two rotations.
    for step in 0.. {
        let now = state.clock.now();
        if now.since(began) > Duration::from_hours(52) {
            break;
        }
        if now.since(signed_in_at) > Duration::from_hours(11) {
            claire = state.person();
            claire.sign_in(CLAIRE).await;
            signed_in_at = now;
        }
        // Each node does the job, publishes and signs in its turn.
        run_the_job(nodes[step % 2]).await;
        let place = (step / 2) % 2;
        let (id, algorithm) = applications[place];
        if copies[place].as_ref().is_none_or(|copy| now >= copy.until) {
            let (set, kept) = published(nodes[(step + 1) % 2]).await;
            let until = now.plus(kept);
            copies[place] = Some(Copy { set, until });
        }
        let application = Application::new(&state, id);
        let tokens = application.tokens(&mut claire).await;
        let token = tokens["id_token"].as_str().expect("a token");
        let copy = copies[place].as_ref().expect("a copy");
        assert!(
            believed(token, id, algorithm, &copy.set, now),
            "{id} after {:?}",
            now.since(began)
        );
        let kid = jose::peek(token).expect("a token").key_id.expect("a kid");
        if algorithm == Algorithm::Es256 && signers.last() != Some(&kid) {
            signers.push(kid);
        }
        // Every two minutes while a key takes over, and now and then between.
        let since = now.since(began).as_secs() % PERIOD.as_secs();
        let apart = since.min(PERIOD.as_secs() - since);
        let step = if apart < 30 * 60 { 127 } else { 25 * 60 };
        state.clock.advance(Duration::from_secs(step));
    }
    assert_eq!(signers.len(), 3, "{signers:?}");
    let (set, _) = published(&state.besace).await;
    assert!(set.keys().len() <= 6, "those that are gone have left");
}

async fn states(instance: &Instance) -> Vec<(Algorithm, KeyState)> {
    let all = Locksmith::of(&instance.house).list().await.expect("read");
    all.into_iter()
        .map(|life| (life.facts.algorithm, life.state))
        .collect()
}

async fn an_operator_rotates_and_the_next_keys_are_published_before_they_sign(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let mission = Application::new(&state, "mission");
    let kid = async |person: &mut crate::support::Person| {
        let tokens = mission.tokens(person).await;
        let token = tokens["id_token"].as_str().expect("a token").to_owned();
        jose::peek(&token).expect("a token").key_id.expect("a kid")
    };
    let old = kid(&mut claire).await;
    // By another process: this one sees it within two seconds.
    let second = state.restarted(|_| ()).await;
    let made = Locksmith::of(&second.house)
        .rotate(Rotation::Now)
        .await
        .expect("rotated");
    assert_eq!(made.len(), 2);
    state.clock.advance(Duration::from_secs(2));
    let (set, _) = published(&state.besace).await;
    assert_eq!(set.keys().len(), 4);
    assert_eq!(kid(&mut claire).await, old, "published, and not signing");
    state
        .clock
        .advance(SOONEST.saturating_sub(Duration::from_secs(3)));
    assert_eq!(kid(&mut claire).await, old);
    state.clock.advance(Duration::from_secs(1));
    let new = kid(&mut claire).await;
    assert_ne!(new, old);
    assert!(made.iter().any(|key| key.kid == new));
    let expected = [
        KeyState::Active,
        KeyState::Active,
        KeyState::Retired,
        KeyState::Retired,
    ];
    let seen = states(&state.besace).await;
    assert_eq!(
        seen.iter().map(|(_, state)| *state).collect::<Vec<_>>(),
        expected
    );
    // Another is wanted soon, and once.
    run_the_job(&state.besace).await;
    run_the_job(&second).await;
    assert_eq!(
        states(&state.besace).await.len(),
        4,
        "twenty-five hours are far"
    );
    state
        .clock
        .advance(Duration::from_hours(25).saturating_sub(AHEAD));
    run_the_job(&state.besace).await;
    run_the_job(&second).await;
    let seen = states(&state.besace).await;
    let next = seen.iter().filter(|(_, state)| *state == KeyState::Next);
    assert_eq!(next.count(), 2);
    state.clock.advance(KEPT);
    run_the_job(&state.besace).await;
    let (set, _) = published(&state.besace).await;
    let gone = set
        .keys()
        .iter()
        .all(|key| key.key_id() != Some(old.as_str()));
    assert!(gone, "a day after it signed no more");
}

async fn rotations_at_once_make_one_key_of_each_algorithm(test: TestDb) {
    let state = State::new(&test).await;
    let second = state.restarted(|_| ()).await;
    let (here, there) = (
        Locksmith::of(&state.besace.house),
        Locksmith::of(&second.house),
    );
    for round in 1..=3_usize {
        let (ours, theirs) = tokio::join!(here.rotate(Rotation::Now), there.rotate(Rotation::Now));
        let made = ours.expect("rotated").len() + theirs.expect("rotated").len();
        assert_eq!(made, 2, "round {round}");
        state.clock.advance(SOONEST);
    }
    let rows = "SELECT COUNT(*) AS n FROM identity_key";
    assert_eq!(state.besace.count(rows, Vec::new()).await, 8);
    let entries = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.key.made'";
    assert_eq!(
        state.besace.count(entries, Vec::new()).await,
        8,
        "the first two included"
    );
}

async fn a_token_of_a_retired_key_still_signs_its_person_out(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let mission = Application::new(&state, "mission");
    let tokens = mission.tokens(&mut claire).await;
    let hint = tokens["id_token"].as_str().expect("a token");
    let made = Locksmith::of(&state.besace.house)
        .rotate(Rotation::Now)
        .await;
    assert_eq!(made.expect("rotated").len(), 2);
    state.clock.advance(Duration::from_hours(11));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("id_token_hint", hint)
        .append_pair("post_logout_redirect_uri", "https://mission.test/fin")
        .finish();
    let place = claire.open(&format!("/api/v2/session/end?{query}")).await;
    assert_eq!(place.url.as_str(), "https://mission.test/fin");
    assert!(claire.who().await.is_null());
}

async fn keys_of_a_release_without_rotation_go_on_signing(test: TestDb) {
    let state = State::new(&test).await;
    let before = published(&state.besace).await.0;
    // What the migration makes of a row of before.
    let sql = "UPDATE identity_key SET active_at = created_at, state = 'active'";
    state.besace.execute(sql, Vec::new()).await;
    state.clock.advance(Duration::from_hours(24 * 100));
    let second = state.restarted(|_| ()).await;
    let after = published(&second).await.0;
    let kids = |set: &JwkSet| {
        let each = set.keys().iter().map(|key| key.key_id().map(str::to_owned));
        each.collect::<Vec<_>>()
    };
    assert_eq!(kids(&before), kids(&after));
    run_the_job(&second).await;
    let next = states(&second).await;
    assert_eq!(
        next.iter()
            .filter(|(_, state)| *state == KeyState::Next)
            .count(),
        2
    );
    assert_eq!(
        next.iter()
            .filter(|(_, state)| *state == KeyState::Active)
            .count(),
        2
    );
}

fn kid_of(tokens: &Value) -> String {
    let token = tokens["id_token"].as_str().expect("a token");
    let peeked = jose::peek(token).expect("a token");
    peeked.key_id.expect("a kid")
}

async fn a_withdrawn_key_leaves_at_once_and_nothing_that_it_signed_is_believed(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    let mission = Application::new(&state, "mission");
    let tokens = mission.tokens(&mut claire).await;
    let stolen = kid_of(&tokens);
    let second = state.restarted(|_| ()).await;
    let done = Locksmith::of(&second.house).withdraw(&stolen).await;
    let done = done.expect("withdrawn").expect("it was there");
    assert_eq!(done.state, KeyState::Active);
    let Some(Successor::Made(new)) = done.successor else {
        panic!("{done:?}");
    };
    state.clock.advance(Duration::from_secs(2));
    for node in [&state.besace, &second] {
        let (set, _) = published(node).await;
        let kids: Vec<_> = set.keys().iter().filter_map(|key| key.key_id()).collect();
        assert!(!kids.contains(&stolen.as_str()) && kids.contains(&new.as_str()));
    }
    // Its own id token signs nobody out any more: a page asks first.
    let hint = tokens["id_token"].as_str().expect("a token");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("id_token_hint", hint)
        .append_pair("post_logout_redirect_uri", "https://mission.test/fin")
        .finish();
    let place = claire.open(&format!("/api/v2/session/end?{query}")).await;
    assert_ne!(place.url.as_str(), "https://mission.test/fin");
    assert!(!claire.who().await.is_null(), "still signed in");
    // Nobody is signed out, and the next token is the new key's.
    assert_eq!(kid_of(&mission.tokens(&mut claire).await), new);
    let entries = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = 'identity.key.withdraw'";
    assert_eq!(state.besace.count(entries, Vec::new()).await, 1);
}

async fn the_next_key_signs_when_the_active_one_is_withdrawn_and_no_retired_one_does(test: TestDb) {
    let state = State::new(&test).await;
    let locksmith = Locksmith::of(&state.besace.house);
    let active_of = async |locksmith: &Locksmith| {
        let all = locksmith.list().await.expect("read");
        let is_active = |life: &KeyLife| {
            life.facts.algorithm == Algorithm::Es256 && life.state == KeyState::Active
        };
        let kids: Vec<_> = all.into_iter().filter(is_active).collect();
        assert_eq!(kids.len(), 1, "one key signs");
        kids[0].facts.kid.clone()
    };
    let first = active_of(&locksmith).await;
    locksmith.rotate(Rotation::Now).await.expect("rotated");
    state.clock.advance(SOONEST);
    let second = active_of(&locksmith).await;
    let made = locksmith.rotate(Rotation::Now).await.expect("rotated");
    let next = made.iter().find(|key| key.algorithm == Algorithm::Es256);
    let next = next.expect("a key").kid.clone();
    let done = locksmith.withdraw(&second).await.expect("withdrawn");
    let successor = done.expect("it was there").successor;
    assert_eq!(successor, Some(Successor::Published(next.clone())));
    assert_eq!(active_of(&locksmith).await, next);
    // One that has signed leaves without anything taking its place; so does one that waits.
    let done = locksmith.withdraw(&first).await.expect("withdrawn");
    let done = done.expect("it was there");
    assert_eq!((done.state, done.successor), (KeyState::Retired, None));
    assert_eq!(active_of(&locksmith).await, next);
}

async fn a_key_that_does_not_exist_is_withdrawn_by_nobody(test: TestDb) {
    let state = State::new(&test).await;
    let locksmith = Locksmith::of(&state.besace.house);
    let before = locksmith.list().await.expect("read");
    let none = locksmith.withdraw("no-such-key").await.expect("looked at");
    assert_eq!(none, None);
    assert_eq!(locksmith.list().await.expect("read"), before);
}
