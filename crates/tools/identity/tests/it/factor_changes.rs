//! What somebody proved before the password or the factors of an account changed is worth nothing
//! after it, at a ministry's provider that this program runs.

use std::time::Duration;

use identity::local::{Login, TotpSecret};
use kernel_db::testing::TestDb;
use testkit::Answer;

use crate::local_password::desk;
use crate::support::visitor::{ACCOUNT, Visitor, codes_of, key_of, next_of, now_of};
use crate::support::{Application, CLAIRE, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    who_gave_the_password_before_a_factor_was_added_neither_skips_it_nor_adds_another,
    a_factor_that_was_removed_is_not_added_again_by_what_added_it,
    a_factor_whose_answer_was_lost_is_sent_again_with_its_code_and_no_other,
    a_factor_begun_on_two_browsers_is_added_on_one,
    browsers_known_before_a_factor_was_added_are_strangers_after_it,
    a_start_leaves_the_factor_of_the_configuration_and_its_recovery_codes_as_they_are,
);

const STRONG: &str = r#"{"id_token":{"acr":{"essential":true,"value":"eidas2"}}}"#;
const FACTORS: &str = "SELECT COUNT(*) AS n FROM identity_local_factor";
const SESSIONS: &str = "SELECT COUNT(*) AS n FROM identity_session";

async fn factors(state: &State) -> i64 {
    state.interior.count(FACTORS, Vec::new()).await
}

async fn who_gave_the_password_before_a_factor_was_added_neither_skips_it_nor_adds_another(
    test: TestDb,
) {
    let state = State::with_providers(&test, |all| all[0].mfa_capable = true).await;
    let mission = Application::new(&state, "mission");
    let mut thief = state.person();
    let place = thief.open(&mission.asks(&[("claims", STRONG)])).await;
    let place = thief.go_through(&place, CLAIRE).await;
    let csrf = place.field("csrf");
    let action = place
        .url
        .join(&format!("{}/second-facteur", place.url.path()))
        .expect("an address");
    let secret = key_of(place.page());
    // Still so: the sign-in goes on without.
    let skip = [("csrf", csrf.as_str()), ("skip", "1")];
    let skipped = thief.clone().submit(&action, &skip).await;
    assert!(skipped.answer.is_none(), "back at the application");
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    claire.add().await;
    let sessions = state.interior.count(SESSIONS, Vec::new()).await;
    let skipped = thief.clone().submit(&action, &skip).await;
    assert_eq!(skipped.page().status, 400, "{}", skipped.url);
    let code = next_of(&state, &secret);
    let fields = [
        ("csrf", csrf.as_str()),
        ("name", "Le mien"),
        ("code", code.as_str()),
    ];
    let added = thief.clone().submit(&action, &fields).await;
    assert_eq!(added.page().status, 400, "{}", added.url);
    assert_eq!(factors(&state).await, 1, "Claire's alone");
    assert_eq!(state.interior.count(SESSIONS, Vec::new()).await, sessions);
    assert!(claire.is_signed_in().await);
    // Whoever begins anew is asked for her code.
    let place = thief.open(&mission.asks(&[("claims", STRONG)])).await;
    let place = thief.go_through(&place, CLAIRE).await;
    assert!(place.page().text().contains("one-time-code"));
    assert!(!place.page().text().contains("bs-key"));
}

/// Somebody whose factors were reset gave the password, and is shown the secret of the next.
#[derive(Clone)]
struct Enrolling<'a> {
    visitor: Visitor<'a>,
    here: String,
    csrf: String,
    secret: TotpSecret,
}

impl<'a> Enrolling<'a> {
    async fn begin(state: &'a State) -> Self {
        let reset = desk(state).reset_factor(CLAIRE.email).await;
        assert!(reset.expect("reset").is_some());
        let mut visitor = Visitor::new(state);
        let (_, here) = visitor.password(CLAIRE.password).await;
        let page = visitor.client.get(&here).await;
        Self {
            csrf: page.field("csrf").expect("a token"),
            secret: key_of(&page),
            visitor,
            here,
        }
    }

    /// Sends a code.
    async fn send(&mut self, code: &str) -> Answer {
        let action = format!("{}/second-facteur", self.here);
        let fields = [
            ("csrf", self.csrf.as_str()),
            ("name", "Neuf"),
            ("code", code),
        ];
        self.visitor.client.post_form(&action, &fields).await
    }

    /// Goes on from the recovery codes.
    async fn go_on(&mut self) -> Answer {
        let action = format!("{}/second-facteur", self.here);
        let fields = [("csrf", self.csrf.as_str())];
        self.visitor.client.post_form(&action, &fields).await
    }
}

async fn a_factor_that_was_removed_is_not_added_again_by_what_added_it(test: TestDb) {
    let state = State::new(&test).await;
    let mut one = Enrolling::begin(&state).await;
    let mut before = one.clone();
    let code = now_of(&state, &one.secret);
    let shown = one.send(&code).await;
    assert_eq!(shown.location(), one.here);
    let codes = codes_of(&one.visitor.client.get(&one.here).await);
    let mut added = one.clone();
    assert_eq!(one.go_on().await.refresh(), "https://interieur.test/");
    // She removes it from a session of hers.
    let account = one.visitor.client.get(ACCOUNT).await;
    let text = account.text();
    let link = text
        .split("href=\"/compte/second-facteur/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a link");
    let page = format!("{ACCOUNT}/second-facteur/{link}");
    let removed = one
        .visitor
        .send(&page, &format!("{page}/retirer"), &[("proof", &codes[0])])
        .await;
    assert_eq!(removed.location(), "/compte?fait=retire");
    assert_eq!(factors(&state).await, 0);
    let sessions = state.interior.count(SESSIONS, Vec::new()).await;
    let code = next_of(&state, &one.secret);
    assert_eq!(before.send(&code).await.status, 400);
    assert_eq!(factors(&state).await, 0);
    // Nor does the page of its recovery codes, kept open, go on.
    assert_eq!(added.go_on().await.status, 400);
    assert_eq!(state.interior.count(SESSIONS, Vec::new()).await, sessions);
}

async fn a_factor_whose_answer_was_lost_is_sent_again_with_its_code_and_no_other(test: TestDb) {
    let state = State::new(&test).await;
    let enrolling = Enrolling::begin(&state).await;
    let code = now_of(&state, &enrolling.secret);
    let lost = enrolling.clone().send(&code).await;
    assert_eq!(lost.location(), enrolling.here);
    assert_eq!(factors(&state).await, 1);
    for wrong in ["000000", "123456"] {
        let refused = enrolling.clone().send(wrong).await;
        assert!(refused.text().contains("role=\"alert\""), "{wrong}");
    }
    let again = enrolling.clone().send(&code).await;
    assert_eq!(again.location(), enrolling.here);
    let later = next_of(&state, &enrolling.secret);
    let again = enrolling.clone().send(&later).await;
    assert_eq!(again.location(), enrolling.here);
    let used = enrolling.clone().send(&code).await;
    assert!(
        used.text().contains("role=\"alert\""),
        "a later one was used since"
    );
    let mut other = Visitor::new(&state);
    let refused = other.sign_in_with(&later).await;
    assert!(refused.text().contains("role=\"alert\""), "it is spent");
    assert_eq!(factors(&state).await, 1);
}

async fn a_factor_begun_on_two_browsers_is_added_on_one(test: TestDb) {
    let state = State::new(&test).await;
    let (mut claire, mut thief) = (Visitor::new(&state), Visitor::new(&state));
    thief.sign_in().await;
    let theirs = thief.begin(CLAIRE.password).await;
    claire.sign_in().await;
    claire.add().await;
    let page = format!("{ACCOUNT}/second-facteur/confirmer");
    let code = next_of(&state, &theirs);
    let fields = [("name", "Le mien"), ("code", code.as_str())];
    let late = thief.send(&page, &page, &fields).await;
    assert_eq!((late.status, late.location()), (303, "/compte"));
    assert_eq!(factors(&state).await, 1);
    // From here on a code of hers is asked, and the password does not do.
    let page = format!("{ACCOUNT}/second-facteur");
    let asked = thief
        .send(&page, &page, &[("proof", CLAIRE.password)])
        .await;
    assert!(asked.text().contains("role=\"alert\""));
}

async fn browsers_known_before_a_factor_was_added_are_strangers_after_it(test: TestDb) {
    let state = State::new(&test).await;
    // A thief who knows the password made a browser known.
    let mut thief = Visitor::new(&state);
    thief.sign_in().await;
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let (secret, _) = claire.add().await;
    for visitor in [&mut thief, &mut claire] {
        let session = state.interior.house.cookies().session();
        visitor.client.set_cookie(session, "");
    }
    let mut stranger = Visitor::new(&state);
    let (_, here) = stranger.password(CLAIRE.password).await;
    for _ in 0..3 {
        assert_eq!(stranger.code(&here, "000000").await.status, 200);
    }
    assert_eq!(stranger.code(&here, "000000").await.status, 429);
    let (_, here) = thief.password(CLAIRE.password).await;
    let held = thief.code(&here, "000000").await;
    assert_eq!(held.status, 429, "no budget of their own");
    state.clock.advance(Duration::from_secs(1));
    let (_, here) = claire.password(CLAIRE.password).await;
    let code = next_of(&state, &secret);
    // The half minute is over, and somebody misses again.
    let (_, elsewhere) = stranger.password(CLAIRE.password).await;
    assert_eq!(stranger.code(&elsewhere, "000000").await.status, 200);
    assert_eq!(stranger.code(&elsewhere, "000000").await.status, 429);
    let opened = claire.code(&here, &code).await;
    assert_eq!(opened.refresh(), "https://interieur.test/");
}

async fn a_start_leaves_the_factor_of_the_configuration_and_its_recovery_codes_as_they_are(
    test: TestDb,
) {
    let state = State::new(&test).await;
    let login = Login::parse(CLAIRE.email).expect("a login");
    let secret = |text: &str| TotpSecret::parse(text).expect("a secret");
    let first = secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let start = async |secret: &TotpSecret| {
        let given = state.interior.identity.give_local_factor(&login, secret);
        given.await.expect("given");
    };
    start(&first).await;
    let mut claire = Visitor::new(&state);
    let code = now_of(&state, &first);
    claire.sign_in_with(&code).await;
    assert!(claire.is_signed_in().await);
    let page = format!("{ACCOUNT}/codes-de-secours");
    let code = next_of(&state, &first);
    let made = claire.send(&page, &page, &[("proof", code.as_str())]).await;
    let codes = codes_of(&made);
    assert_eq!(codes.len(), 10);
    start(&first).await;
    let mut thief = Visitor::new(&state);
    let replayed = thief.sign_in_with(&code).await;
    assert!(
        replayed.text().contains("role=\"alert\""),
        "a used code stays used"
    );
    let mut lost = Visitor::new(&state);
    lost.sign_in_with(&codes[0]).await;
    assert!(lost.is_signed_in().await, "the recovery codes are kept");
    // Another secret in the configuration replaces that factor, and nothing else.
    let second = secret("MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK");
    start(&second).await;
    assert_eq!(factors(&state).await, 1);
    let mut old = Visitor::new(&state);
    let code = next_of(&state, &first);
    let refused = old.sign_in_with(&code).await;
    assert!(refused.text().contains("role=\"alert\""));
    let mut again = Visitor::new(&state);
    let code = now_of(&state, &second);
    again.sign_in_with(&code).await;
    assert!(again.is_signed_in().await);
    let mut lost = Visitor::new(&state);
    lost.sign_in_with(&codes[1]).await;
    assert!(lost.is_signed_in().await);
}
