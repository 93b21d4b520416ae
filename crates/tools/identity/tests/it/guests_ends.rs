//! How an invitation ends, and what ends with it.

use std::sync::Arc;
use std::time::Duration;

use identity::domain::life::Step;
use kernel::Clock as _;
use kernel_db::testing::TestDb;
use kernel_db::{JobHandler, Value};
use serde_json::json;

use crate::support::{
    Application, CLAIRE, HUGO, Hosts, Person, Place, Tool, agent_of, enter, post, refusal,
};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    the_date_ends_everything_and_the_link_says_why,
    who_invited_ends_it_and_everything_closes,
    the_other_invitation_keeps_its_guest_and_its_tool_only,
    an_invitation_is_extended_by_who_sent_it,
    who_could_not_send_an_invitation_any_more_moves_its_end_no_further,
    a_guest_asks_to_come_back_and_the_inviter_is_told,
    a_demand_that_the_inbox_did_not_take_is_told_later,
    what_was_not_answered_is_taken_back_with_its_inviter_s_account,
    an_administrator_finds_whom_a_suspended_inviter_let_in,
    a_suspension_at_the_moment_of_an_invitation_sends_and_moves_nothing,
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

async fn who_could_not_send_an_invitation_any_more_moves_its_end_no_further(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (_, id) = hosts.invite(&mut claire, HELENE).await;
    let now = hosts.state.clock.now().millis();
    let path = format!("/api/v1/invitations/{id}/extend");
    let until = |days: i64| json!({ "until": now + days * 86_400_000 });
    let besace = &hosts.state.besace;
    // The tool is no longer hers to share.
    hosts.open_to_guests(&[Tool::MAP]);
    let longer = claire.besace().post_json(&path, &until(100)).await;
    assert_eq!(refusal(&longer), (409, "no-longer-shareable".into()));
    let shorter = claire.besace().post_json(&path, &until(50)).await;
    assert_eq!(shorter.status, 200, "{}", shorter.text());
    hosts.open_to_guests(&[Tool::MISSION]);
    let longer = claire.besace().post_json(&path, &until(51)).await;
    assert_eq!(longer.status, 200, "{}", longer.text());
    // Another administration answers for the guest than the one she is of now.
    let moved = "UPDATE identity_agent SET organisation =
                     (SELECT id FROM identity_organisation WHERE siret = '11007001800012')
                 WHERE usual_name = 'Delmas'";
    besace.execute(moved, Vec::new()).await;
    let longer = claire.besace().post_json(&path, &until(52)).await;
    assert_eq!(refusal(&longer), (409, "no-longer-shareable".into()));
    assert_eq!(end(&mut claire, &id).await["state"], "withdrawn");
}

/// Asks for a new access, by the link of an invitation that is over.
async fn ask_back(guest: &mut Person, link: &str, reason: &str) -> Place {
    let page = guest.open(link).await;
    let csrf = page.page().field("csrf").unwrap_or_default();
    let fields = [("csrf", csrf.as_str()), ("raison", reason)];
    post(guest, &page, &format!("{link}/demande"), &fields).await
}

async fn a_demand_that_the_inbox_did_not_take_is_told_later(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, id) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    end(&mut claire, &id).await;
    let who = agent_of(&mut claire).await;
    hosts.inboxes_answer(false);
    let asked = ask_back(&mut guest, &link, "L’exercice est reporté").await;
    assert!(asked.page().text().contains("La demande est partie"));
    assert_eq!(hosts.tell_demands().await, 0);
    assert!(hosts.notify.told(who).is_empty());
    hosts.inboxes_answer(true);
    assert_eq!(hosts.tell_demands().await, 1);
    let told = hosts.notify.told(who);
    assert_eq!(told.len(), 1);
    let detail = told[0].detail.as_ref().expect("a detail");
    assert!(detail.fr.contains("reporté"), "{}", detail.fr);
    assert_eq!(hosts.tell_demands().await, 0, "once");
}

/// Does something to the account of an address, as who runs the machine may.
fn act_on(hosts: &Hosts, email: &'static str, step: Step) -> impl Future<Output = ()> + use<> {
    let house = hosts.state.besace.house.clone();
    let now = hosts.state.clock.now();
    async move {
        let with = (now, Arc::clone(&house.rng));
        let done = identity::act_on_address(&house.db, with, email, step, None).await;
        done.expect("done").expect("one account");
    }
}

async fn what_was_not_answered_is_taken_back_with_its_inviter_s_account(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let mut hugo = hosts.signed_in(HUGO).await;
    let (accepted, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&accepted, HELENE).await;
    let (hers, her_id) = hosts
        .invite(&mut claire, "n.dufaut@mairie-sorde.example")
        .await;
    let (his, his_id) = hosts
        .invite(&mut hugo, "p.lahet@mairie-sorde.example")
        .await;
    let state = "SELECT COUNT(*) AS n FROM identity_invitation WHERE state = $1";
    let ended = "SELECT COUNT(*) AS n FROM journal_pending
                 WHERE act = 'identity.invitation.end' AND subject = $1";
    let count = |sql, value: &str| hosts.state.besace.count(sql, vec![Value::from(value)]);
    for (email, step, link, id, pending) in [
        (CLAIRE.email, Step::Suspend, hers, her_id, 1),
        (HUGO.email, Step::Depart, his, his_id, 0),
    ] {
        act_on(&hosts, email, step).await;
        assert_eq!(count(state, "pending").await, pending, "theirs alone");
        assert_eq!(count(ended, &format!("invitation:{id}")).await, 1);
        let over = hosts.state.person().open(&link).await;
        let said = "L’administration qui vous accueille a mis fin";
        assert!(over.page().text().contains(said));
    }
    assert_eq!(count(state, "withdrawn").await, 2);
    assert_eq!(count(state, "accepted").await, 1, "what was answered stays");
    assert!(!guest.who().await.is_null());
}

async fn an_administrator_finds_whom_a_suspended_inviter_let_in(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let mut hugo = hosts.signed_in(HUGO).await;
    let (link, id) = hosts.invite(&mut claire, HELENE).await;
    hosts.guest(&link, HELENE).await;
    hosts
        .invite(&mut hugo, "n.dufaut@mairie-sorde.example")
        .await;
    let administrator =
        "INSERT INTO identity_role (id, agent, role, organisation, subtree, given_at)
                         SELECT id, id, 'administrator', organisation, 1, 0 FROM identity_agent
                         WHERE usual_name = 'Martin'";
    hosts.state.besace.execute(administrator, Vec::new()).await;
    let who = claire.who().await["agent"].clone();
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let (agent, organisation) = (text(&who["id"]), text(&who["organisation"]["id"]));
    act_on(&hosts, CLAIRE.email, Step::Suspend).await;
    let sheet = hugo
        .besace()
        .get(&format!("/api/v1/admin/agents/{agent}"))
        .await;
    assert_eq!(sheet.json()["guests"], 1, "{}", sheet.text());
    let list = format!("/api/v1/admin/invitations?organisation={organisation}&inviter={agent}");
    let listed = hugo.besace().get(&list).await.json();
    let items = listed["items"].as_array().expect("a list");
    assert_eq!(items.len(), 1, "{listed}");
    assert_eq!(items[0]["id"], id.as_str());
    let wrong = format!("/api/v1/admin/invitations?organisation={organisation}&inviter=x");
    assert_eq!(
        refusal(&hugo.besace().get(&wrong).await),
        (400, "invalid-query".into())
    );
    // Another administration's are not among them.
    let elsewhere = "UPDATE identity_invitation SET sponsor =
                         (SELECT id FROM identity_organisation WHERE siret = '11007001800012')";
    hosts.state.besace.execute(elsewhere, Vec::new()).await;
    assert_eq!(hugo.besace().get(&list).await.json()["items"], json!([]));
}

async fn a_suspension_at_the_moment_of_an_invitation_sends_and_moves_nothing(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, id) = hosts.invite(&mut claire, HELENE).await;
    hosts.guest(&link, HELENE).await;
    let mails = hosts.mails().await.len();
    hosts.meanwhile(act_on(&hosts, CLAIRE.email, Step::Suspend));
    let body = Hosts::body("n.dufaut@mairie-sorde.example");
    let refused = claire
        .besace()
        .post_json("/api/v1/invitations", &body)
        .await;
    assert_eq!(refusal(&refused), (403, "Y500024".into()));
    assert_eq!(hosts.mails().await.len(), mails);
    act_on(&hosts, CLAIRE.email, Step::Resume).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    hosts.meanwhile(act_on(&hosts, CLAIRE.email, Step::Suspend));
    let until = json!({ "until": hosts.state.clock.now().millis() + 300 * 86_400_000 });
    let path = format!("/api/v1/invitations/{id}/extend");
    let refused = claire.besace().post_json(&path, &until).await;
    assert_eq!(refusal(&refused), (403, "Y500024".into()));
}

async fn a_guest_asks_to_come_back_and_the_inviter_is_told(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, id) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let ask = async |guest: &mut Person, reason: &str| ask_back(guest, &link, reason).await;
    let early = ask(&mut guest, "tôt").await;
    assert!(
        !early.page().text().contains("La demande est partie"),
        "it is open"
    );
    end(&mut claire, &id).await;
    let asked = ask(&mut guest, "L’exercice\r\nest reporté").await;
    assert!(asked.page().text().contains("La demande est partie"));
    assert_eq!(hosts.tell_demands().await, 1);
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
    assert_eq!(hosts.tell_demands().await, 2);
    assert_eq!(hosts.notify.told(who).len(), 1, "one line, renewed");
}

async fn act(hosts: &Hosts, step: Step) {
    act_on(hosts, HELENE, step).await;
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
