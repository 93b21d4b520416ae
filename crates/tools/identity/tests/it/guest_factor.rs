//! A second factor for guests, when an administration asks: added, asked, lost.

use std::sync::Arc;
use std::time::Duration;

use identity::domain::life::Step;
use identity::local::{TimeStep, TotpSecret};
use kernel::Clock as _;
use kernel_db::Value;
use kernel_db::testing::TestDb;
use serde_json::json;

use crate::support::visitor::{key_of, next_of, now_of};
use crate::support::{
    Application, CLAIRE, HUGO, Hosts, KARIM, Person, Place, agent_of, answer_of, claims_of, enter,
    error_of, refusal,
};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    the_mail_opens_nothing_by_itself_where_a_factor_is_asked,
    a_code_is_good_for_once,
    what_was_opened_by_the_mail_alone_is_refused_once_a_factor_is_asked,
    nobody_is_asked_by_an_administration_that_does_not_answer_for_them,
    what_the_mail_proved_is_good_in_its_tab_and_for_ten_minutes,
    of_two_tabs_that_add_a_factor_one_does,
    a_forged_form_and_a_stranger_add_and_enter_nothing,
    wrong_codes_slow_down_and_a_known_browser_is_not_held_back,
    who_answers_for_a_guest_resets_their_factor_and_nobody_else,
    an_invitation_that_was_not_taken_resets_nothing_that_another_asks_for,
    an_application_has_the_level_of_two_factors_and_no_more,
    a_guest_takes_away_that_they_have_a_factor_and_it_is_erased_with_them,
);

const HELENE: &str = "h.castaing@sdis40.example";
const FACTORS: &str = "SELECT COUNT(*) AS n FROM identity_guest_factor WHERE secret IS NOT NULL";

/// Interior asks its guests for a second factor, or no longer.
async fn interior_asks(hosts: &Hosts, asks: i64) {
    let sql = "UPDATE identity_organisation SET guest_factor = $1 WHERE siret = '11001401600015'";
    assert_eq!(hosts.state.besace.execute(sql, vec![asks.into()]).await, 1);
}

async fn count(hosts: &Hosts, sql: &'static str) -> i64 {
    hosts.state.besace.count(sql, Vec::new()).await
}

async fn acts(hosts: &Hosts, act: &'static str, outcome: &'static str) -> i64 {
    let sql = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = $1 AND outcome = $2";
    let values = vec![Value::from(act), Value::from(outcome)];
    hosts.state.besace.count(sql, values).await
}

/// The page after the right digits of the mail, in a new browser, by the link.
async fn by_link(hosts: &Hosts, person: &mut Person, link: &str) -> Place {
    hosts.state.clock.advance(Duration::from_mins(1));
    let place = hosts.ask_by_link(person, link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    enter(person, &place, &code).await
}

/// The same, by the address on the ordinary page.
async fn by_address(hosts: &Hosts, person: &mut Person) -> Place {
    let first = person.open("/connexion").await;
    let csrf = first.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("email", HELENE),
        ("choose", "guest"),
    ];
    let place = person.submit(&first.url, &fields).await;
    hosts.send_codes().await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    enter(person, &place, &code).await
}

fn is_asked(place: &Place) -> bool {
    place.url.path().ends_with("/second-facteur-invite")
}

fn is_refused(place: &Place) -> bool {
    is_asked(place) && place.page().text().contains("role=\"alert\"")
}

/// A guest who took an invitation with a new factor.
async fn enrolled(hosts: &Hosts, link: &str) -> (Person, TotpSecret) {
    let mut guest = hosts.state.person();
    let place = by_link(hosts, &mut guest, link).await;
    let secret = key_of(place.page());
    let home = enter(&mut guest, &place, &now_of(&hosts.state, &secret)).await;
    assert_eq!(home.url.path(), "/");
    (guest, secret)
}

/// An invitation of Interior, which asks, taken with a new factor.
async fn asked_and_enrolled(hosts: &Hosts, claire: &mut Person) -> (String, Person, TotpSecret) {
    interior_asks(hosts, 1).await;
    let (link, id) = hosts.invite(claire, HELENE).await;
    let (guest, secret) = enrolled(hosts, &link).await;
    (id, guest, secret)
}

async fn reset(person: &mut Person, id: &str) -> (u16, String) {
    let path = format!("/api/v1/invitations/{id}/reset-second-factor");
    let answer = person.besace().post_json(&path, &json!({})).await;
    if answer.status == 200 {
        return (200, String::new());
    }
    refusal(&answer)
}

async fn the_mail_opens_nothing_by_itself_where_a_factor_is_asked(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    interior_asks(&hosts, 1).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.state.person();
    let place = by_link(&hosts, &mut guest, &link).await;
    assert!(is_asked(&place));
    assert!(
        place
            .page()
            .text()
            .contains("demande un second facteur à ses invités")
    );
    assert_eq!(place.page().header("cache-control"), "no-store");
    assert!(guest.who().await.is_null());
    let pending = "SELECT COUNT(*) AS n FROM identity_invitation WHERE state = 'pending'";
    assert_eq!(count(&hosts, pending).await, 1, "nor is it taken");
    let secret = key_of(place.page());
    for wrong in ["000000", "", "abc"] {
        let again = enter(&mut guest, &place, wrong).await;
        assert!(is_refused(&again), "{wrong}");
        assert_eq!(key_of(again.page()).bytes(), secret.bytes(), "the same key");
    }
    assert_eq!(count(&hosts, FACTORS).await, 0);
    let home = enter(&mut guest, &place, &now_of(&hosts.state, &secret)).await;
    assert_eq!(home.url.path(), "/");
    assert_eq!(guest.who().await["guest"]["organisation"], "SDIS 40");
    assert_eq!(count(&hosts, FACTORS).await, 1);
    assert_eq!(count(&hosts, pending).await, 0);
    assert_eq!(acts(&hosts, "identity.factor.add", "done").await, 1);
    let told = hosts.last_mail(HELENE).await.expect("a mail");
    assert!(
        told.contains("Un second facteur vient d’être ajouté"),
        "{told}"
    );
    assert!(!told.contains(secret.text().expose()));
    let raw = "SELECT COUNT(*) AS n FROM identity_guest_factor WHERE secret LIKE $1";
    let shown = vec![Value::from(format!("%{}%", secret.text().expose()))];
    assert_eq!(
        hosts.state.besace.count(raw, shown).await,
        0,
        "it is sealed"
    );

    // Elsewhere, by the address: the code is asked for, and the key is not shown again.
    let mut again = hosts.state.person();
    let place = by_address(&hosts, &mut again).await;
    assert!(is_asked(&place) && !place.page().text().contains("bs-key"));
    assert!(again.who().await.is_null());
    assert!(is_refused(&enter(&mut again, &place, "000000").await));
    assert_eq!(acts(&hosts, "identity.session.open", "refused").await, 1);
    let home = enter(&mut again, &place, &next_of(&hosts.state, &secret)).await;
    assert_eq!(home.url.path(), "/");
    assert_eq!(agent_of(&mut again).await, agent_of(&mut guest).await);
}

async fn a_code_is_good_for_once(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (_, _, secret) = asked_and_enrolled(&hosts, &mut claire).await;
    let mut first = hosts.state.person();
    let place = by_address(&hosts, &mut first).await;
    let spent = now_of(&hosts.state, &secret);
    assert!(
        is_refused(&enter(&mut first, &place, &spent).await),
        "it added the factor"
    );
    let mut second = hosts.state.person();
    let beside = by_address(&hosts, &mut second).await;
    let code = next_of(&hosts.state, &secret);
    let (one, other) = tokio::join!(
        enter(&mut first, &place, &code),
        enter(&mut second, &beside, &code)
    );
    let opened = [&one, &other]
        .iter()
        .filter(|at| at.url.path() == "/")
        .count();
    assert_eq!(opened, 1, "of two who show one, one enters");
}

async fn what_was_opened_by_the_mail_alone_is_refused_once_a_factor_is_asked(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let mission = Application::new(&hosts.state, "mission");
    let tokens = mission.tokens(&mut guest).await;
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(mission.userinfo(token).await.status, 200);
    let before = guest.open(&mission.asks(&[])).await;
    let code = answer_of(&before)["code"].clone();
    interior_asks(&hosts, 1).await;
    assert!(guest.who().await.is_null());
    assert_eq!(mission.userinfo(token).await.status, 401);
    assert_eq!(
        mission.exchange(&code).await.status,
        400,
        "nor a code of before"
    );
    if let Some(refresh) = tokens["refresh_token"].as_str() {
        assert_eq!(mission.refresh(refresh).await.status, 400);
    }
    let page = guest.open("/connexion").await;
    assert_ne!(page.url.path(), "/", "a sign-in begins");
    // With a factor, the same guest is let in.
    let (mut again, _) = enrolled(&hosts, &link).await;
    let tokens = mission.tokens(&mut again).await;
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(mission.userinfo(token).await.status, 200);
    // Nobody asks any more: the mail opens again, the factor stays, and what the factor replaced
    // does not come back.
    interior_asks(&hosts, 0).await;
    assert!(guest.who().await.is_null());
    let mut later = hosts.state.person();
    assert_eq!(by_link(&hosts, &mut later, &link).await.url.path(), "/");
    assert_eq!(count(&hosts, FACTORS).await, 1);
}

async fn nobody_is_asked_by_an_administration_that_does_not_answer_for_them(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let mut karim = hosts.signed_in(KARIM).await;
    interior_asks(&hosts, 1).await;
    let (link, _) = hosts.invite(&mut karim, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    // Interior invites the same person, and shuts her out of nothing by that.
    let (theirs, id) = hosts.invite(&mut claire, HELENE).await;
    assert!(!guest.who().await.is_null());
    let mut later = hosts.state.person();
    assert_eq!(by_link(&hosts, &mut later, &link).await.url.path(), "/");
    // Once she takes it, it answers for her too.
    enrolled(&hosts, &theirs).await;
    assert!(guest.who().await.is_null());
    let path = format!("/api/v1/invitations/{id}/end");
    let ended = claire.besace().post_json(&path, &json!({})).await;
    assert_eq!(ended.status, 200, "{}", ended.text());
    let mut later = hosts.state.person();
    assert_eq!(by_link(&hosts, &mut later, &link).await.url.path(), "/");
}

async fn what_the_mail_proved_is_good_in_its_tab_and_for_ten_minutes(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (_, _, secret) = asked_and_enrolled(&hosts, &mut claire).await;
    let mut guest = hosts.state.person();
    let place = by_address(&hosts, &mut guest).await;
    // Another browser does not have the tab.
    let mut stranger = hosts.state.person();
    let csrf = place.field("csrf");
    let code = next_of(&hosts.state, &secret);
    let fields = [("csrf", csrf.as_str()), ("code", code.as_str())];
    let elsewhere = stranger.submit(&place.url, &fields).await;
    assert!(!is_asked(&elsewhere) || elsewhere.page().status != 200);
    assert!(stranger.who().await.is_null());
    hosts.state.clock.advance(Duration::from_mins(10));
    let late = enter(&mut guest, &place, &now_of(&hosts.state, &secret)).await;
    assert_ne!(late.url.path(), "/");
    assert!(guest.who().await.is_null());
    let shown = guest.open(place.url.path()).await;
    assert!(!shown.page().text().contains("one-time-code"));
}

async fn of_two_tabs_that_add_a_factor_one_does(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    interior_asks(&hosts, 1).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut waits = hosts.state.person();
    let place = by_link(&hosts, &mut waits, &link).await;
    let other = key_of(place.page());
    let (_guest, secret) = enrolled(&hosts, &link).await;
    assert_ne!(other.bytes(), secret.bytes());
    let late = enter(&mut waits, &place, &now_of(&hosts.state, &other)).await;
    assert_ne!(late.url.path(), "/");
    assert!(waits.who().await.is_null());
    assert_eq!(count(&hosts, FACTORS).await, 1);
    let mut again = hosts.state.person();
    let place = by_address(&hosts, &mut again).await;
    let home = enter(&mut again, &place, &next_of(&hosts.state, &secret)).await;
    assert_eq!(home.url.path(), "/", "the first one stands");
}

async fn a_forged_form_and_a_stranger_add_and_enter_nothing(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    interior_asks(&hosts, 1).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.state.person();
    let place = by_link(&hosts, &mut guest, &link).await;
    let code = now_of(&hosts.state, &key_of(place.page()));
    let forged = [("csrf", "x"), ("code", code.as_str())];
    assert_ne!(guest.submit(&place.url, &forged).await.url.path(), "/");
    assert!(guest.who().await.is_null());
    assert_eq!(count(&hosts, FACTORS).await, 0);
    // Who only asked for a code is asked for nothing more, and cannot go there.
    let mut stranger = hosts.state.person();
    hosts.state.clock.advance(Duration::from_mins(1));
    let mail = hosts.ask_by_link(&mut stranger, &link).await;
    let path = mail
        .url
        .path()
        .replace("/code-invite", "/second-facteur-invite");
    let shown = stranger.open(&path).await;
    assert!(!shown.page().text().contains("bs-key"));
    let csrf = mail.field("csrf");
    let fields = [("csrf", csrf.as_str()), ("code", code.as_str())];
    let url = mail.url.join(&path).expect("an address");
    assert_ne!(stranger.submit(&url, &fields).await.url.path(), "/");
    assert!(stranger.who().await.is_null());
}

async fn wrong_codes_slow_down_and_a_known_browser_is_not_held_back(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (_, mut guest, secret) = asked_and_enrolled(&hosts, &mut claire).await;
    // Somebody who reads her mails.
    let mut reader = hosts.state.person();
    let reader_at = by_address(&hosts, &mut reader).await;
    for _ in 0..3 {
        assert!(is_refused(&enter(&mut reader, &reader_at, "000000").await));
    }
    let slowed = enter(&mut reader, &reader_at, "000000").await;
    assert_eq!(slowed.page().status, 429);
    assert!(!slowed.page().header("retry-after").is_empty());
    let right = enter(&mut reader, &reader_at, &now_of(&hosts.state, &secret)).await;
    assert_eq!(right.page().status, 429, "not looked at");
    // She comes back by the browser by which she entered.
    let csrf = guest.who().await["csrfToken"].as_str().map(str::to_owned);
    guest.besace().set_csrf(csrf);
    let out = guest
        .besace()
        .call(http::Method::DELETE, "/api/v1/account/sessions")
        .await;
    assert_eq!(out.status, 200);
    let place = guest.open("/deconnexion").await;
    let csrf = place.field("csrf");
    guest.submit(&place.url, &[("csrf", csrf.as_str())]).await;
    assert!(guest.who().await.is_null());
    let place = by_address(&hosts, &mut guest).await;
    // At one moment: the reader waits still, and she does not. This half minute's code added the
    // factor; the next one's is good already.
    let waits = enter(&mut reader, &reader_at, "000000").await;
    assert_eq!(waits.page().status, 429);
    let soon = TimeStep::from_number(TimeStep::at(hosts.state.clock.now()).number() + 1);
    let home = enter(&mut guest, &place, &secret.code(soon)).await;
    assert_eq!(home.url.path(), "/");
}

async fn who_answers_for_a_guest_resets_their_factor_and_nobody_else(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let mut hugo = hosts.signed_in(HUGO).await;
    let mut karim = hosts.signed_in(KARIM).await;
    let (id, mut guest, secret) = asked_and_enrolled(&hosts, &mut claire).await;
    let administrator =
        "INSERT INTO identity_role (id, agent, role, organisation, subtree, given_at)
         SELECT id, id, 'administrator', organisation, 1, 0 FROM identity_agent
         WHERE usual_name = $1";
    let neighbour = vec![Value::from("Benali")];
    hosts.state.besace.execute(administrator, neighbour).await;
    for (who, other) in [("an agent", &mut hugo), ("a neighbour", &mut karim)] {
        assert_eq!(reset(other, &id).await, (404, "not-found".into()), "{who}");
    }
    assert_eq!(
        reset(&mut hosts.state.person(), &id).await.0,
        401,
        "a stranger"
    );
    let own = guest.who().await["csrfToken"].as_str().map(str::to_owned);
    guest.besace().set_csrf(own);
    assert_eq!(reset(&mut guest, &id).await, (403, "guest-refused".into()));
    assert_eq!(count(&hosts, FACTORS).await, 1);
    let listed = claire.besace().get("/api/v1/invitations").await.json();
    assert!(listed["items"][0]["secondFactorSince"].is_i64(), "{listed}");

    let mut half = hosts.state.person();
    let waiting = by_address(&hosts, &mut half).await;
    assert_eq!(reset(&mut claire, &id).await.0, 200);
    assert!(guest.who().await.is_null(), "her sessions end");
    let late = enter(&mut half, &waiting, &next_of(&hosts.state, &secret)).await;
    assert_ne!(late.url.path(), "/", "what was proved before is over");
    assert!(half.who().await.is_null());
    assert_eq!(acts(&hosts, "identity.factor.reset", "done").await, 1);
    let told = hosts.last_mail(HELENE).await.expect("a mail");
    assert!(told.contains("a réinitialisé votre second"), "{told}");
    let listed = claire.besace().get("/api/v1/invitations").await.json();
    assert!(listed["items"][0].get("secondFactorSince").is_none());
    let again = reset(&mut claire, &id).await;
    assert_eq!(again, (409, "no-second-factor".into()));

    // The next entry asks for the mail, then for a new factor; the old one is good for nothing.
    let mut later = hosts.state.person();
    let place = by_address(&hosts, &mut later).await;
    assert!(later.who().await.is_null(), "it opened nothing");
    let new = key_of(place.page());
    let old = next_of(&hosts.state, &secret);
    assert!(is_refused(&enter(&mut later, &place, &old).await));
    let home = enter(&mut later, &place, &now_of(&hosts.state, &new)).await;
    assert_eq!(home.url.path(), "/");

    // Who left the sponsor answers for nobody there any more.
    let moved = "UPDATE identity_agent SET organisation =
                     (SELECT organisation FROM identity_agent WHERE usual_name = $2)
                 WHERE usual_name = $1";
    let to = |place: &str| vec![Value::from("Delmas"), Value::from(place)];
    hosts.state.besace.execute(moved, to("Benali")).await;
    let refused = reset(&mut claire, &id).await;
    assert_eq!(refused, (409, "no-second-factor".into()));

    // An administrator of the sponsor may too.
    let sponsor = vec![Value::from("Martin")];
    hosts.state.besace.execute(administrator, sponsor).await;
    assert_eq!(reset(&mut hugo, &id).await.0, 200);
    assert_eq!(count(&hosts, FACTORS).await, 0);
}

async fn an_invitation_that_was_not_taken_resets_nothing_that_another_asks_for(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let mut hugo = hosts.signed_in(HUGO).await;
    let mut karim = hosts.signed_in(KARIM).await;
    let (id, guest, _) = asked_and_enrolled(&hosts, &mut claire).await;
    drop(guest);
    let (_, foreign) = hosts.invite(&mut karim, HELENE).await;
    let none = || (409, "no-second-factor".to_owned());
    assert_eq!(
        reset(&mut karim, &foreign).await,
        none(),
        "his does not ask"
    );
    let (link, beside) = hosts.invite(&mut hugo, HELENE).await;
    assert_eq!(
        reset(&mut hugo, &beside).await,
        none(),
        "she did not take it"
    );
    let path = format!("/api/v1/invitations/{id}/end");
    let ended = claire.besace().post_json(&path, &json!({})).await;
    assert_eq!(ended.status, 200);
    assert_eq!(reset(&mut claire, &id).await, none(), "hers is over");
    assert_eq!(count(&hosts, FACTORS).await, 1);
    // Between two invitations of Interior, who never had her as a guest resets nothing.
    let all = "UPDATE identity_organisation SET guest_factor = 1";
    hosts.state.besace.execute(all, Vec::new()).await;
    assert_eq!(reset(&mut karim, &foreign).await, none(), "she was not his");
    // Interior had her: whom she cannot answer without it resets it.
    assert_eq!(reset(&mut hugo, &beside).await.0, 200);
    enrolled(&hosts, &link).await;
}

async fn an_application_has_the_level_of_two_factors_and_no_more(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (_, mut guest, _) = asked_and_enrolled(&hosts, &mut claire).await;
    let mission = Application::new(&hosts.state, "mission");
    let means = r#"{"id_token":{"amr":null}}"#;
    let place = guest.open(&mission.asks(&[("claims", means)])).await;
    let code = answer_of(&place)["code"].clone();
    let tokens = mission.exchange(&code).await.json();
    let claims = claims_of(tokens["id_token"].as_str().expect("a token"));
    assert_eq!(
        claims["acr"], "eidas0-mfa",
        "nobody but the inviter said who"
    );
    assert_eq!(claims["amr"], json!(["mail", "otp", "mfa"]));
    let demanding =
        |level: &str| format!(r#"{{"id_token":{{"acr":{{"essential":true,"value":"{level}"}}}}}}"#);
    let enough = demanding("eidas0-mfa");
    let place = guest.open(&mission.asks(&[("claims", &enough)])).await;
    assert!(answer_of(&place).contains_key("code"));
    let silent = [("claims", &*demanding("eidas1")), ("prompt", "none")];
    let (error, _) = error_of(&guest.open(&mission.asks(&silent)).await);
    assert_ne!(error, "");
}

async fn a_guest_takes_away_that_they_have_a_factor_and_it_is_erased_with_them(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (_, mut guest, secret) = asked_and_enrolled(&hosts, &mut claire).await;
    let export = guest.besace().get("/api/v1/account/export").await;
    let kept = &export.json()["identity"]["secondFactors"];
    assert!(kept[0]["addedAt"].is_i64() && kept[0]["usedAt"].is_i64());
    assert!(!export.text().contains(secret.text().expose()));
    let house = &hosts.state.besace.house;
    for step in [Step::Depart, Step::Erase] {
        let with = (hosts.state.clock.now(), Arc::clone(&house.rng));
        let done = identity::act_on_address(&house.db, with, HELENE, step, None).await;
        done.expect("done").expect("one account");
    }
    assert_eq!(hosts.erase().await, 1);
    let rows = "SELECT COUNT(*) AS n FROM identity_guest_factor";
    assert_eq!(count(&hosts, rows).await, 0);
}
