//! How an invitation ends, and what ends with it.

use std::sync::Arc;
use std::time::Duration;

use identity::domain::life::Step;
use kernel::Clock as _;
use kernel_db::testing::TestDb;
use kernel_db::{JobHandler, Value};
use serde_json::json;

use crate::support::{Application, CLAIRE, HUGO, Hosts, Person, Tool, agent_of, enter, post};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    the_date_ends_everything_and_the_link_says_why,
    who_invited_ends_it_and_everything_closes,
    the_other_invitation_keeps_its_guest_and_its_tool_only,
    an_invitation_is_extended_by_who_sent_it,
    a_guest_asks_to_come_back_and_the_inviter_is_told,
    an_account_that_is_suspended_or_closed_lets_nobody_in,
    a_guest_is_erased_ninety_days_after_the_last_end,
    who_comes_back_in_time_is_the_same_and_is_kept,
    a_guest_sees_and_takes_away_what_is_kept_of_them,
);

const HELENE: &str = "h.castaing@sdis40.example";
const DAY: Duration = Duration::from_hours(24);

async fn end(host: &mut Person, id: &str) -> serde_json::Value {
    let path = format!("/api/v1/invitations/{id}/end");
    let answer = host.besace().post_json(&path, &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

async fn the_date_ends_everything_and_the_link_says_why(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let now = hosts.state.clock.now().millis();
    let mut body = Hosts::body(HELENE);
    body["until"] = json!(now + 3_600_000);
    let (link, _) = hosts.invite_with(&mut claire, &body).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let who = guest.who().await;
    assert_eq!(
        who["expiresAt"],
        json!(now + 3_600_000),
        "no longer than it"
    );
    let mission = Application::new(&hosts.state, "mission");
    let tokens = mission.tokens(&mut guest).await;
    let token = tokens["access_token"].as_str().expect("a token");
    let refresh = tokens["refresh_token"].as_str().expect("a token");
    hosts.state.clock.advance(Duration::from_mins(59));
    assert!(!guest.who().await.is_null());
    hosts.state.clock.advance(Duration::from_mins(1));
    // Before any job has run.
    assert!(guest.who().await.is_null());
    assert_eq!(mission.userinfo(token).await.status, 401);
    assert_eq!(mission.refresh(refresh).await.status, 400);
    let over = guest.open(&link).await;
    assert!(over.page().text().contains("comme prévu à l’invitation"));
    let identity = &hosts.state.besace.identity;
    assert_eq!(identity.end_due_invitations().await.expect("ended"), 1);
    assert_eq!(identity.end_due_invitations().await.expect("ended"), 0);
    let again = guest.open(&link).await;
    assert_eq!(again.page().text().len(), over.page().text().len());
    let place = guest.open("/connexion").await;
    assert!(place.page().text().contains("Votre invitation a pris fin"));
    let reason = "SELECT COUNT(*) AS n FROM identity_session_end WHERE reason = 'invitation'";
    assert_eq!(hosts.state.besace.count(reason, Vec::new()).await, 1);
}

async fn who_invited_ends_it_and_everything_closes(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, id) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let mission = Application::new(&hosts.state, "mission");
    let tokens = mission.tokens(&mut guest).await;
    let token = tokens["access_token"].as_str().expect("a token");
    assert_eq!(mission.userinfo(token).await.status, 200);
    assert_eq!(end(&mut claire, &id).await["state"], "ended");
    assert!(guest.who().await.is_null());
    assert_eq!(mission.userinfo(token).await.status, 401);
    let over = guest.open(&link).await;
    assert!(
        over.page()
            .text()
            .contains("Claire Delmas a mis fin à votre accès")
    );
    assert!(
        over.page()
            .text()
            .contains("Votre compte s’efface le 22 février 2027")
    );
    // The address opens nothing either.
    let mut later = hosts.state.person();
    let first = later.open("/connexion").await;
    let csrf = first.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("email", HELENE),
        ("choose", "guest"),
    ];
    let mails = hosts.mails().await.len();
    later.submit(&first.url, &fields).await;
    hosts.send_codes().await;
    assert_eq!(hosts.mails().await.len(), mails);
}

async fn the_other_invitation_keeps_its_guest_and_its_tool_only(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let mut hugo = hosts.signed_in(HUGO).await;
    let (link, first) = hosts.invite(&mut claire, HELENE).await;
    let mut body = Hosts::body(HELENE);
    body["tools"] = json!([Tool::MAP.id()]);
    body["givenName"] = json!("Autre");
    let (second_link, _) = hosts.invite_with(&mut hugo, &body).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    assert_eq!(
        guest.who().await["agent"]["givenName"],
        "Hélène",
        "as first called"
    );
    let (mission, map) = (
        Application::new(&hosts.state, "mission"),
        Application::new(&hosts.state, "basic"),
    );
    let tokens = mission.tokens(&mut guest).await;
    let token = tokens["access_token"].as_str().expect("a token");
    let refused = guest.open(&map.asks(&[])).await;
    assert!(
        refused
            .url
            .query()
            .unwrap_or_default()
            .contains("access_denied")
    );
    hosts.state.clock.advance(Duration::from_mins(2));
    let mut guest = hosts.guest(&second_link, HELENE).await;
    map.tokens(&mut guest).await;
    end(&mut claire, &first).await;
    assert!(!guest.who().await.is_null(), "the other holds");
    assert_eq!(
        mission.userinfo(token).await.status,
        401,
        "its tool is gone"
    );
    map.tokens(&mut guest).await;
    let over = guest.open(&link).await;
    assert!(over.page().text().contains("Un autre accès est ouvert"));
}

async fn an_invitation_is_extended_by_who_sent_it(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (_, id) = hosts.invite(&mut claire, HELENE).await;
    let now = hosts.state.clock.now().millis();
    let path = format!("/api/v1/invitations/{id}/extend");
    let ask = |days: i64| json!({ "until": now + days * 86_400_000 });
    let longer = claire.besace().post_json(&path, &ask(365)).await;
    assert_eq!(longer.status, 200, "{}", longer.text());
    assert_eq!(longer.json()["until"], ask(365)["until"]);
    assert_eq!(
        claire.besace().post_json(&path, &ask(366)).await.status,
        422
    );
    assert_eq!(claire.besace().post_json(&path, &ask(0)).await.status, 422);
    end(&mut claire, &id).await;
    assert_eq!(claire.besace().post_json(&path, &ask(10)).await.status, 409);
}

async fn a_guest_asks_to_come_back_and_the_inviter_is_told(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, id) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let ask = async |guest: &mut Person, reason: &str| {
        let page = guest.open(&link).await;
        let csrf = page.page().field("csrf").unwrap_or_default();
        let fields = [("csrf", csrf.as_str()), ("raison", reason)];
        post(guest, &page, &format!("{link}/demande"), &fields).await
    };
    let early = ask(&mut guest, "tôt").await;
    assert!(
        !early.page().text().contains("La demande est partie"),
        "it is open"
    );
    end(&mut claire, &id).await;
    let asked = ask(&mut guest, "L’exercice\r\nest reporté").await;
    assert!(asked.page().text().contains("La demande est partie"));
    let who = agent_of(&mut claire).await;
    let told = hosts.notify.told(who);
    assert_eq!(told.len(), 1);
    assert_eq!(
        told[0].title.fr,
        "Hélène Castaing (SDIS 40) demande un nouvel accès"
    );
    let detail = told[0].detail.as_ref().expect("a detail");
    assert!(
        detail.fr.contains("L’exercice est reporté"),
        "{}",
        detail.fr
    );
    assert_eq!(
        told[0].link.as_deref(),
        Some(&*format!("/invites?reprendre={id}"))
    );
    let often = ask(&mut guest, "encore").await;
    assert_eq!(often.page().status, 429);
    let long = ask(&mut guest, &"é".repeat(301)).await;
    assert!(long.page().text().contains("300"));
    for _ in 0..2 {
        hosts.state.clock.advance(DAY);
        assert_eq!(ask(&mut guest, "").await.page().status, 200);
    }
    hosts.state.clock.advance(DAY);
    assert_eq!(ask(&mut guest, "").await.page().status, 429, "three in all");
    assert_eq!(hosts.notify.told(who).len(), 1, "one line, renewed");
}

async fn act(hosts: &Hosts, step: Step) {
    let besace = &hosts.state.besace;
    let with = (hosts.state.clock.now(), Arc::clone(&besace.house.rng));
    let done = identity::act_on_address(&besace.house.db, with, HELENE, step, None).await;
    done.expect("done").expect("one account");
}

async fn an_account_that_is_suspended_or_closed_lets_nobody_in(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let id = agent_of(&mut guest).await;
    act(&hosts, Step::Suspend).await;
    assert!(guest.who().await.is_null());
    let mails = hosts.mails().await.len();
    let mut other = hosts.state.person();
    hosts.ask_by_link(&mut other, &link).await;
    assert_eq!(hosts.mails().await.len(), mails, "no code");
    let body = Hosts::body(HELENE);
    let mut hugo = hosts.signed_in(HUGO).await;
    let refused = hugo.besace().post_json("/api/v1/invitations", &body).await;
    assert_eq!(refused.problem(), "guest-account");
    act(&hosts, Step::Resume).await;
    hosts.state.clock.advance(Duration::from_mins(2));
    let mut back = hosts.guest(&link, HELENE).await;
    assert_eq!(agent_of(&mut back).await, id, "a guest still");
    assert_eq!(back.besace().get("/api/v1/people").await.status, 403);
    act(&hosts, Step::Depart).await;
    assert!(back.who().await.is_null());
    let open =
        "SELECT COUNT(*) AS n FROM identity_invitation WHERE state IN ('pending', 'accepted')";
    assert_eq!(hosts.state.besace.count(open, Vec::new()).await, 0);
    let over = back.open(&link).await;
    assert!(over.page().text().contains("Votre compte a été fermé"));
}

async fn retire(hosts: &Hosts) {
    let tool = identity::tool(&hosts.state.besace.identity);
    let job = tool.jobs.iter().find(|job| job.kind() == "identity.guests");
    let job: &Arc<dyn JobHandler> = job.expect("a handler");
    let db = &hosts.state.besace.house.db;
    job.run(db, &json!({})).await.expect("done");
    hosts
        .state
        .besace
        .identity
        .end_due_invitations()
        .await
        .expect("ended");
}

async fn a_guest_is_erased_ninety_days_after_the_last_end(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, id) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let agent = agent_of(&mut guest).await;
    end(&mut claire, &id).await;
    let erased = "SELECT COUNT(*) AS n FROM identity_agent WHERE id = $1 AND state = 'erased'
                  AND usual_name = '' AND email = ''";
    let is_erased = || hosts.state.besace.count(erased, vec![Value::from(agent)]);
    hosts
        .state
        .clock
        .advance(89 * DAY + Duration::from_hours(23));
    retire(&hosts).await;
    assert_eq!(is_erased().await, 0);
    hosts.state.clock.advance(Duration::from_hours(1));
    retire(&hosts).await;
    retire(&hosts).await;
    assert_eq!(is_erased().await, 1);
    let job = "SELECT COUNT(*) AS n FROM job WHERE kind = 'identity.erase'";
    assert_eq!(hosts.state.besace.count(job, Vec::new()).await, 1, "once");
    let login = "SELECT COUNT(*) AS n FROM identity_login WHERE provider = '@guests'";
    assert_eq!(hosts.state.besace.count(login, Vec::new()).await, 0);
}

async fn who_comes_back_in_time_is_the_same_and_is_kept(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, id) = hosts.invite(&mut claire, HELENE).await;
    let before = agent_of(&mut hosts.guest(&link, HELENE).await).await;
    end(&mut claire, &id).await;
    hosts.state.clock.advance(60 * DAY);
    let mut hugo = hosts.signed_in(HUGO).await;
    let mut body = Hosts::body(HELENE);
    body["organisation"] = json!("SDIS 64");
    let (again, _) = hosts.invite_with(&mut hugo, &body).await;
    let mut guest = hosts.guest(&again, HELENE).await;
    assert_eq!(agent_of(&mut guest).await, before);
    assert_eq!(
        guest.who().await["guest"]["organisation"],
        "SDIS 64",
        "as called now"
    );
    hosts.state.clock.advance(31 * DAY);
    retire(&hosts).await;
    let guests = "SELECT COUNT(*) AS n FROM identity_agent WHERE state = 'guest'";
    assert_eq!(hosts.state.besace.count(guests, Vec::new()).await, 1);
    let over = guest.open(&link).await;
    assert!(over.page().text().contains("Un autre accès est ouvert"));
}

async fn a_guest_sees_and_takes_away_what_is_kept_of_them(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let sessions = guest.besace().get("/api/v1/account/sessions").await.json();
    assert_eq!(sessions["items"].as_array().map(Vec::len), Some(1));
    let export = guest.besace().get("/api/v1/account/export").await.json();
    let kept = &export["identity"];
    assert_eq!(kept["email"], HELENE);
    assert_eq!(kept["invitations"][0]["purpose"], "Appui logistique");
    let mut other = hosts.state.person();
    hosts.state.clock.advance(Duration::from_mins(2));
    let place = hosts.ask_by_link(&mut other, &link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    enter(&mut other, &place, &code).await;
    let ended = guest
        .besace()
        .call(http::Method::DELETE, "/api/v1/account/sessions")
        .await;
    assert_eq!(ended.status, 200, "{}", ended.text());
    assert!(other.who().await.is_null());
}
