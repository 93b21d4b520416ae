//! A sign-in under way belongs to one tab of one browser, for a quarter of an hour.

use std::time::Duration;

use kernel_db::testing::TestDb;

use crate::support::{
    Application, CLAIRE, HUGO, INTERIOR, Person, Place, State, answer_of, query_of,
};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    two_tabs_at_once_both_finish_where_they_were_going,
    a_sixth_tab_takes_the_place_of_the_oldest,
    a_sign_in_of_another_browser_or_altered_or_too_old_is_refused_with_a_page,
    an_answer_is_good_once_and_in_its_own_browser,
    an_answer_with_a_state_of_nobody_is_refused,
    a_form_that_is_not_ours_is_refused,
    the_way_back_never_leaves_the_site,
    somebody_recognised_without_a_password_is_asked_first,
    a_ministry_that_refuses_is_quoted_as_text,
    a_ministry_that_does_not_answer_is_named_with_its_support,
);

fn is_over(place: &Place) {
    assert_eq!(place.page().status, 400, "{}", place.url);
    assert!(
        place.page().text().contains("Y190001"),
        "{}",
        place.page().text()
    );
}

fn id_of(place: &Place) -> String {
    let segment = place.url.path().split('/').nth(2);
    segment.expect("an interaction").to_owned()
}

async fn two_tabs_at_once_both_finish_where_they_were_going(test: TestDb) {
    let state = State::new(&test).await;
    let mission = Application::new(&state, "mission");
    let mut claire = state.person();
    let portal = claire.open("/connexion?retour=/espaces/1").await;
    let application = claire.open(&mission.asks(&[])).await;
    assert_ne!(id_of(&portal), id_of(&application));
    let portal = claire.give_address(&portal, CLAIRE.email).await;
    let application = claire.give_address(&application, CLAIRE.email).await;
    let application = claire.give_password(&application, CLAIRE).await;
    let code = answer_of(&application)["code"].clone();
    assert_eq!(mission.exchange(&code).await.status, 200);
    let portal = claire.give_password(&portal, CLAIRE).await;
    assert_eq!(portal.url.as_str(), "https://besace.test/espaces/1");
    assert!(!claire.who().await.is_null());
}

async fn a_sixth_tab_takes_the_place_of_the_oldest(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    let mut tabs = Vec::new();
    for _ in 0..6 {
        state.clock.advance(Duration::from_secs(1));
        tabs.push(claire.open("/connexion").await);
    }
    let name = |place: &Place| state.besace.house.cookies().interaction(&id_of(place));
    assert!(claire.besace().cookie(&name(&tabs[0])).is_none());
    is_over(&claire.open(tabs[0].url.as_str()).await);
    for tab in &tabs[1..] {
        assert!(claire.besace().cookie(&name(tab)).is_some());
        assert_eq!(claire.open(tab.url.as_str()).await.page().status, 200);
    }
    let place = claire.go_through(&tabs[1], CLAIRE).await;
    assert_eq!(place.url.as_str(), "https://besace.test/");
}

async fn a_sign_in_of_another_browser_or_altered_or_too_old_is_refused_with_a_page(test: TestDb) {
    let state = State::new(&test).await;
    let (mut claire, mut other) = (state.person(), state.person());
    let tab = claire.open("/connexion").await;
    let name = state.besace.house.cookies().interaction(&id_of(&tab));
    let sealed = claire.besace().cookie(&name).expect("kept").to_owned();
    is_over(&other.open(tab.url.as_str()).await);
    // Another tab's cookie under this tab's name.
    let theirs = other.open("/connexion").await;
    let other_name = state.besace.house.cookies().interaction(&id_of(&theirs));
    let other_sealed = other.besace().cookie(&other_name).expect("kept").to_owned();
    other.besace().set_cookie(name.clone(), other_sealed);
    is_over(&other.open(tab.url.as_str()).await);
    let mut altered = sealed.clone();
    let last = if altered.pop() == Some('A') { 'B' } else { 'A' };
    altered.insert(altered.len() / 2, last);
    for value in [altered.as_str(), "", "%", "é"] {
        claire.besace().set_cookie(name.clone(), value);
        is_over(&claire.open(tab.url.as_str()).await);
    }
    claire.besace().set_cookie(name, sealed);
    state.clock.advance(Duration::from_secs(15 * 60 - 1));
    assert_eq!(claire.open(tab.url.as_str()).await.page().status, 200);
    state.clock.advance(Duration::from_secs(1));
    is_over(&claire.open(tab.url.as_str()).await);
    for path in ["/connexion/zzzzzzzz", "/connexion/..%2F", "/connexion/é"] {
        is_over(&claire.open(path).await);
    }
}

/// Signs in until Besace's callback, which is not followed.
async fn until_callback(person: &mut Person) -> url::Url {
    let tab = person.open("/connexion").await;
    let ministry = person.give_address(&tab, CLAIRE.email).await;
    person.until_callback(&ministry, CLAIRE).await
}

async fn an_answer_is_good_once_and_in_its_own_browser(test: TestDb) {
    let state = State::new(&test).await;
    let (mut claire, mut thief) = (state.person(), state.person());
    let callback = until_callback(&mut claire).await;
    assert_eq!(callback.path(), "/api/v2/oidc-callback");
    is_over(&thief.open(callback.as_str()).await);
    assert!(thief.who().await.is_null());
    let mut before = claire.clone();
    let place = claire.open(callback.as_str()).await;
    assert_eq!(place.url.as_str(), "https://besace.test/");
    assert!(!claire.who().await.is_null());
    let again = claire.open(callback.as_str()).await;
    assert_eq!(
        again.url.as_str(),
        "https://besace.test/",
        "back where it led, by no new sign-in"
    );
    assert!(!claire.who().await.is_null(), "the session stands");
    // Even with the cookies of that moment: the ministry's code is spent.
    let place = before.open(callback.as_str()).await;
    assert_eq!(place.page().status, 502);
    assert!(place.page().text().contains("Y020026"));
    assert!(before.who().await.is_null());
}

async fn an_answer_with_a_state_of_nobody_is_refused(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    let callback = until_callback(&mut claire).await;
    let code = query_of(&callback)["code"].clone();
    let sent = query_of(&callback)["state"].clone();
    let mut altered = sent.clone();
    let last = if altered.pop() == Some('A') { 'B' } else { 'A' };
    altered.push(last);
    let other_tab = claire.open("/connexion").await;
    let other_state = sent.replacen(
        sent.split('.').next().expect("a name"),
        &id_of(&other_tab),
        1,
    );
    for forged in ["", "x", altered.as_str(), other_state.as_str()] {
        let mut url = callback.clone();
        url.query_pairs_mut()
            .clear()
            .append_pair("code", &code)
            .append_pair("state", forged)
            .append_pair("iss", "https://interieur.test/api/v2");
        is_over(&claire.open(url.as_str()).await);
        assert!(claire.who().await.is_null());
    }
    // Another issuer's answer to this very request (RFC 9207).
    for issuer in ["https://agriculture.test/api/v2", ""] {
        let mut url = callback.clone();
        url.query_pairs_mut()
            .clear()
            .append_pair("code", &code)
            .append_pair("state", &sent)
            .append_pair("iss", issuer);
        let place = claire.open(url.as_str()).await;
        assert!(place.page().text().contains("Y020032"));
        assert!(claire.who().await.is_null());
    }
    let place = claire.open(callback.as_str()).await;
    assert_eq!(
        place.url.as_str(),
        "https://besace.test/",
        "the true one passes"
    );
}

async fn a_form_that_is_not_ours_is_refused(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    let tab = claire.open("/connexion").await;
    let other = claire.open("/connexion").await;
    let (own, others) = (tab.field("csrf"), other.field("csrf"));
    assert_ne!(own, others);
    for token in ["", "x", others.as_str()] {
        for (path, field, value) in [
            ("", "email", CLAIRE.email),
            ("/administrations", "provider", "interieur"),
            ("/retour", "decision", "continue"),
        ] {
            let url = url::Url::parse(&format!("{}{path}", tab.url)).expect("an address");
            let place = claire
                .submit(&url, &[("csrf", token), (field, value)])
                .await;
            assert_eq!(place.page().status, 403, "{path} {token}");
            assert!(place.page().text().contains("Y47000"), "{path} {token}");
        }
    }
    let abroad = claire
        .besace()
        .clone()
        .with_header("origin", "https://evil.test");
    let refused = { abroad }
        .post_form(tab.url.as_str(), &[("csrf", &own), ("email", CLAIRE.email)])
        .await;
    assert_eq!(refused.status, 403, "the browser names another origin");
    let home = claire
        .besace()
        .clone()
        .with_header("origin", "https://besace.test");
    let accepted = { home }
        .post_form(tab.url.as_str(), &[("csrf", &own), ("email", CLAIRE.email)])
        .await;
    assert_eq!(accepted.status, 200);
    assert!(accepted.refresh().starts_with(INTERIOR));
}

async fn the_way_back_never_leaves_the_site(test: TestDb) {
    let state = State::new(&test).await;
    for (asked, reached) in [
        ("/espaces/1?vue=liste", "/espaces/1?vue=liste"),
        ("//evil.test/", "/"),
        ("https://evil.test/", "/"),
        ("/\\evil.test/", "/"),
        ("/\t/evil.test/", "/"),
        ("javascript:alert(1)", "/"),
        ("evil.test", "/"),
        ("", "/"),
        ("/connexion", "/"),
        ("/api/v2/session/end", "/"),
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("retour", asked)
            .finish();
        let request = format!("/connexion?{query}");
        let mut claire = state.person();
        let tab = claire.open(&request).await;
        let place = claire.go_through(&tab, CLAIRE).await;
        assert_eq!(
            place.url.as_str(),
            format!("https://besace.test{reached}"),
            "{asked}"
        );
        let answer = claire.besace().get(&request).await;
        assert_eq!(
            (answer.status, answer.location()),
            (303, reached),
            "signed in: {asked}"
        );
    }
    let mut claire = state.person();
    let tab = claire.open("/connexion?retour=/..//evil.test/").await;
    let place = claire.go_through(&tab, CLAIRE).await;
    assert_eq!(place.url.host_str(), Some("besace.test"));
}

async fn somebody_recognised_without_a_password_is_asked_first(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    claire.sign_in(CLAIRE).await;
    state.clock.advance(Duration::from_hours(1));
    // The next person at this machine: Besace forgot, the ministry did not.
    claire.besace().forget();
    let tab = claire.open("/connexion").await;
    let place = claire.choose(&tab, "interieur").await;
    assert_eq!(place.page().status, 200);
    assert!(place.page().text().contains("Claire Delmas"));
    assert!(claire.who().await.is_null(), "not before the answer");
    let mut other = claire.clone();
    let action = url::Url::parse(&format!(
        "https://besace.test/connexion/{}/retour",
        id_of(&tab)
    ))
    .expect("an address");
    let csrf = place.field("csrf");
    let fields = [("csrf", csrf.as_str()), ("decision", "continue")];
    let place = claire.submit(&action, &fields).await;
    assert_eq!(place.url.as_str(), "https://besace.test/");
    assert_eq!(claire.who().await["agent"]["email"], CLAIRE.email);
    let fields = [("csrf", csrf.as_str()), ("decision", "change")];
    let place = other.submit(&action, &fields).await;
    assert_eq!(place.url.path().split('/').nth(1), Some("connexion"));
    assert!(other.who().await.is_null());
    let place = other.go_through(&place, HUGO).await;
    assert_eq!(place.url.as_str(), "https://besace.test/");
    assert_eq!(other.who().await["agent"]["email"], HUGO.email);
}

async fn a_ministry_that_refuses_is_quoted_as_text(test: TestDb) {
    let state = State::new(&test).await;
    let mut claire = state.person();
    let mut callback = until_callback(&mut claire).await;
    let sent = query_of(&callback)["state"].clone();
    callback
        .query_pairs_mut()
        .clear()
        .append_pair("error", "access_denied")
        .append_pair(
            "error_description",
            "<script>alert(1)</script> Badge périmé",
        )
        .append_pair("state", &sent)
        .append_pair("iss", "https://interieur.test/api/v2");
    let place = claire.open(callback.as_str()).await;
    assert_eq!(place.page().status, 502);
    let text = place.page().text();
    assert!(text.contains("Y020032") && text.contains("Badge périmé"));
    assert!(!text.contains("<script>alert"));
    assert!(text.contains("01 02 03 04 05"), "whom to call");
    assert!(claire.who().await.is_null());
}

async fn a_ministry_that_does_not_answer_is_named_with_its_support(test: TestDb) {
    let state = State::new(&test).await;
    state.cut(INTERIOR);
    let mut claire = state.person();
    let tab = claire.open("/connexion").await;
    let place = claire.give_address(&tab, CLAIRE.email).await;
    assert_eq!(place.page().status, 503);
    let text = place.page().text();
    assert!(text.contains("Ministère de l’Intérieur") || text.contains("l&#39;Intérieur"));
    assert!(text.contains("01 02 03 04 05"));
    let tab = claire.open("/connexion").await;
    let place = claire.choose(&tab, "agriculture").await;
    assert_eq!(
        place.url.host_str(),
        Some("agriculture.test"),
        "the others go on"
    );
}
