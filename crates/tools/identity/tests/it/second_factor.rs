//! A second factor at a ministry's provider that this program runs: added, asked, lost.

use std::time::Duration;

use identity::local::TimeStep;
use kernel::Clock as _;
use kernel_db::Value;
use kernel_db::testing::TestDb;

use crate::support::visitor::{ACCOUNT, Visitor, codes_of, key_of, next_of, now_of};
use crate::support::{Application, CLAIRE, State, answer_of, error_of};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_factor_counts_once_a_code_of_it_came_back_and_is_then_asked_at_each_sign_in,
    a_code_is_good_for_once_and_so_is_a_recovery_code,
    a_code_gives_the_level_of_two_factors_and_a_recovery_code_less,
    without_a_right_password_no_code_is_asked,
    what_is_changed_needs_a_code_and_somebody_else_s_factor_is_unknown,
    a_stranger_and_a_forged_form_change_nothing,
    an_application_that_demands_two_factors_leads_to_one_or_is_denied,
    wrong_codes_slow_down_and_a_known_browser_is_not_held_back,
);

const STRONG: &str = r#"{"id_token":{"acr":{"essential":true,"value":"eidas2"}}}"#;

async fn acts(state: &State, act: &'static str) -> i64 {
    let sql = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = $1";
    state.interior.count(sql, vec![Value::from(act)]).await
}

async fn a_factor_counts_once_a_code_of_it_came_back_and_is_then_asked_at_each_sign_in(
    test: TestDb,
) {
    let state = State::new(&test).await;
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let secret = claire.begin(CLAIRE.password).await;
    let page = format!("{ACCOUNT}/second-facteur/confirmer");
    let wrong = [("name", "Téléphone"), ("code", "000000")];
    let refused = claire.send(&page, &page, &wrong).await;
    assert!(refused.text().contains("role=\"alert\""));
    let unnamed = [("name", " "), ("code", "000000")];
    let refused = claire.send(&page, &page, &unnamed).await;
    assert!(refused.text().contains("role=\"alert\""));
    // Shown, but not confirmed: the password alone still opens.
    Visitor::new(&state).sign_in().await;
    let code = now_of(&state, &secret);
    let fields = [("name", "Téléphone"), ("code", code.as_str())];
    let added = claire.send(&page, &page, &fields).await;
    assert_eq!(codes_of(&added).len(), 10);
    assert_eq!(acts(&state, "identity.factor.add").await, 1);
    let account = claire.client.get(ACCOUNT).await;
    assert!(account.text().contains("Téléphone"));
    assert!(
        !account.text().contains(secret.text().expose()),
        "shown once"
    );
    let again = claire.client.get(&page).await;
    assert_eq!(again.status, 303, "what was sealed for it is forgotten");
    let mut elsewhere = Visitor::new(&state);
    let (asked, here) = elsewhere.password(CLAIRE.password).await;
    assert_eq!((asked.status, asked.location()), (303, here.as_str()));
    assert!(
        !elsewhere.is_signed_in().await,
        "the password opens nothing"
    );
    let code = next_of(&state, &secret);
    let opened = elsewhere.code(&here, &code).await;
    assert_eq!(opened.refresh(), "https://interieur.test/");
    assert!(elsewhere.is_signed_in().await);
}

async fn a_code_is_good_for_once_and_so_is_a_recovery_code(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let (secret, codes) = claire.add().await;
    let spent = now_of(&state, &secret);
    let replayed = Visitor::new(&state).sign_in_with(&spent).await;
    assert!(
        replayed.text().contains("role=\"alert\""),
        "spent by the enrolment"
    );
    let code = next_of(&state, &secret);
    let mut one = Visitor::new(&state);
    assert_eq!(one.sign_in_with(&code).await.status, 200);
    assert!(one.is_signed_in().await);
    let mut other = Visitor::new(&state);
    assert!(
        other
            .sign_in_with(&code)
            .await
            .text()
            .contains("role=\"alert\"")
    );
    assert!(!other.is_signed_in().await);
    let mut lost = Visitor::new(&state);
    let typed = codes[0].to_uppercase().replace('-', " ");
    lost.sign_in_with(&typed).await;
    assert!(lost.is_signed_in().await);
    let account = lost.client.get(ACCOUNT).await;
    assert!(
        account.text().contains("Il vous en reste 9."),
        "{}",
        account.text()
    );
    let mut thief = Visitor::new(&state);
    let refused = thief.sign_in_with(&codes[0]).await;
    assert!(refused.text().contains("role=\"alert\""));
    assert!(!thief.is_signed_in().await);
    assert_eq!(acts(&state, "identity.factor.recover").await, 1);
}

async fn a_code_gives_the_level_of_two_factors_and_a_recovery_code_less(test: TestDb) {
    const LEVELS: &str = "SELECT COUNT(*) AS n FROM identity_session WHERE acr = $1 AND amr = $2";
    let state = State::new(&test).await;
    let levels = async |acr: &'static str, amr: &'static str| {
        let values = vec![Value::from(acr), Value::from(amr)];
        state.interior.count(LEVELS, values).await
    };
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let (secret, codes) = claire.add().await;
    assert_eq!(levels("eidas1", "pwd").await, 1);
    let code = next_of(&state, &secret);
    Visitor::new(&state).sign_in_with(&code).await;
    assert_eq!(levels("eidas2", "pwd otp mfa").await, 1);
    Visitor::new(&state).sign_in_with(&codes[1]).await;
    assert_eq!(levels("eidas1-mfa", "pwd mfa").await, 1);
}

async fn without_a_right_password_no_code_is_asked(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let (secret, _) = claire.add().await;
    let code = next_of(&state, &secret);
    let mut thief = Visitor::new(&state);
    let (refused, here) = thief.password("faux").await;
    assert_eq!(refused.status, 200);
    let page = thief.client.get(&here).await;
    let csrf = page.field("csrf").expect("a token");
    let fields = [("csrf", csrf.as_str()), ("code", code.as_str())];
    for step in ["code", "second-facteur"] {
        let answer = thief
            .client
            .post_form(&format!("{here}/{step}"), &fields)
            .await;
        assert_eq!(answer.status, 400, "{step}");
    }
    assert!(!thief.is_signed_in().await);
    // A right password waits ten minutes for its code, and no longer.
    let mut slow = Visitor::new(&state);
    let (_, here) = slow.password(CLAIRE.password).await;
    state.clock.advance(Duration::from_mins(10));
    assert_eq!(slow.client.get(&here).await.status, 400);
}

async fn what_is_changed_needs_a_code_and_somebody_else_s_factor_is_unknown(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let (secret, codes) = claire.add().await;
    let account = claire.client.get(ACCOUNT).await;
    let text = account.text();
    let page = text
        .split("href=\"/compte/second-facteur/")
        .nth(1)
        .expect("a link");
    let page = format!(
        "{ACCOUNT}/second-facteur/{}",
        page.split('"').next().expect("its end")
    );
    let nameless = claire
        .send(
            &page,
            &format!("{page}/nom"),
            &[("name", ""), ("proof", &codes[2])],
        )
        .await;
    assert!(nameless.text().contains("role=\"alert\""));
    for action in ["nom", "retirer"] {
        let fields = [("name", "Autre"), ("proof", CLAIRE.password)];
        let refused = claire
            .send(&page, &format!("{page}/{action}"), &fields)
            .await;
        assert!(refused.text().contains("role=\"alert\""), "{action}");
    }
    let code = next_of(&state, &secret);
    let fields = [("name", "Téléphone pro"), ("proof", code.as_str())];
    let renamed = claire.send(&page, &format!("{page}/nom"), &fields).await;
    assert_eq!(renamed.location(), "/compte?fait=renomme");
    assert!(
        claire
            .client
            .get(ACCOUNT)
            .await
            .text()
            .contains("Téléphone pro")
    );
    let unknown = format!("{ACCOUNT}/second-facteur/01890000-0000-7000-8000-000000000000");
    assert_eq!(claire.client.get(&unknown).await.location(), "/compte");
    let fresh = [("proof", codes[2].as_str())];
    let page_of_codes = format!("{ACCOUNT}/codes-de-secours");
    let renewed = claire.send(&page_of_codes, &page_of_codes, &fresh).await;
    let renewed = codes_of(&renewed);
    assert_eq!(renewed.len(), 10);
    state.clock.advance(Duration::from_mins(5));
    let old = [("proof", codes[3].as_str())];
    let dead = claire.send(&page, &format!("{page}/retirer"), &old).await;
    assert!(
        dead.text().contains("role=\"alert\""),
        "the old codes are dead"
    );
    let removed = claire
        .send(&page, &format!("{page}/retirer"), &[("proof", &renewed[0])])
        .await;
    assert_eq!(removed.location(), "/compte?fait=retire");
    for (act, times) in [
        ("identity.factor.rename", 1),
        ("identity.factor.codes", 1),
        ("identity.factor.remove", 1),
        ("identity.factor.recover", 2),
    ] {
        assert_eq!(acts(&state, act).await, times, "{act}");
    }
    Visitor::new(&state).sign_in().await;
}

async fn a_stranger_and_a_forged_form_change_nothing(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let (_, codes) = claire.add().await;
    let paths = [
        "second-facteur",
        "second-facteur/confirmer",
        "second-facteur/01890000-0000-7000-8000-000000000000/nom",
        "second-facteur/01890000-0000-7000-8000-000000000000/retirer",
        "codes-de-secours",
    ];
    for path in paths {
        let fields = [("csrf", "faux"), ("proof", codes[0].as_str())];
        let target = format!("{ACCOUNT}/{path}");
        let stranger = Visitor::new(&state)
            .client
            .post_form(&target, &fields)
            .await;
        assert_eq!(stranger.location(), "/connexion?retour=/compte", "{path}");
        let forged = claire.client.post_form(&target, &fields).await;
        assert_eq!(forged.status, 403, "{path}");
    }
    for path in ["", "/second-facteur", "/codes-de-secours"] {
        let asked = Visitor::new(&state)
            .client
            .get(&format!("{ACCOUNT}{path}"))
            .await;
        assert_eq!(asked.location(), "/connexion?retour=/compte", "{path}");
    }
    // Besace itself has no such account: its pages are the web app's.
    let mut besace = state.person();
    let answer = besace
        .besace()
        .post_form("/compte/second-facteur", &[])
        .await;
    assert!([404, 405].contains(&answer.status), "{}", answer.status);
}

async fn an_application_that_demands_two_factors_leads_to_one_or_is_denied(test: TestDb) {
    let state = State::with_providers(&test, |all| all[0].mfa_capable = true).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    let place = claire.open(&mission.asks(&[("claims", STRONG)])).await;
    let place = claire.go_through(&place, CLAIRE).await;
    let csrf = place.field("csrf");
    let action = place
        .url
        .join(&format!("{}/second-facteur", place.url.path()));
    let action = action.expect("an address");
    let secret = key_of(place.page());
    let skipped = claire
        .clone()
        .submit(&action, &[("csrf", &csrf), ("skip", "1")])
        .await;
    let (error, description) = error_of(&skipped);
    assert_eq!(error, "access_denied");
    assert_eq!(description, "requested ACRs could not be satisfied");
    let code = now_of(&state, &secret);
    let fields = [
        ("csrf", csrf.as_str()),
        ("name", "Téléphone"),
        ("code", &code),
    ];
    let shown = claire.submit(&action, &fields).await;
    assert_eq!(codes_of(shown.page()).len(), 10);
    let csrf = shown.field("csrf");
    let place = claire.submit(&action, &[("csrf", &csrf)]).await;
    assert!(answer_of(&place).contains_key("code"), "{}", place.url);
    // Next time the code is asked, and the demand is met by it.
    let place = claire.open(&mission.asks(&[("claims", STRONG)])).await;
    let place = claire.go_through(&place, CLAIRE).await;
    let code = next_of(&state, &secret);
    let csrf = place.field("csrf");
    let action = place.url.join(&format!("{}/code", place.url.path()));
    let fields = [("csrf", csrf.as_str()), ("code", code.as_str())];
    let place = claire.submit(&action.expect("an address"), &fields).await;
    assert!(answer_of(&place).contains_key("code"), "{}", place.url);
}

async fn wrong_codes_slow_down_and_a_known_browser_is_not_held_back(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let (secret, _) = claire.add().await;
    // A thief who knows the password guesses at the code.
    let mut thief = Visitor::new(&state);
    let (_, here) = thief.password(CLAIRE.password).await;
    for _ in 0..3 {
        assert_eq!(thief.code(&here, "000000").await.status, 200);
    }
    let code = next_of(&state, &secret);
    let held = thief.code(&here, &code).await;
    assert_eq!(held.status, 200, "half a minute has passed");
    let mut thief = Visitor::new(&state);
    let (_, here) = thief.password(CLAIRE.password).await;
    for _ in 0..3 {
        thief.code(&here, "000000").await;
    }
    let code = now_of(&state, &secret);
    let held = thief.code(&here, &code).await;
    assert_eq!(held.status, 429, "even with the right one");
    assert_ne!(held.header("retry-after"), "");
    // Claire's own browser, which signed in before, has a budget of its own.
    let name = state.interior.house.cookies().session();
    claire.client.set_cookie(name, "");
    state.clock.advance(Duration::from_secs(1));
    let (_, here) = claire.password(CLAIRE.password).await;
    let code = secret.code(TimeStep::from_number(
        TimeStep::at(state.clock.now()).number() + 1,
    ));
    let opened = claire.code(&here, &code).await;
    assert_eq!(opened.refresh(), "https://interieur.test/");
}
