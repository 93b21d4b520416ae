//! Guests' codes and links, attacked.

use std::time::Duration;

use kernel::Clock as _;
use kernel_db::Value;
use kernel_db::testing::TestDb;
use testkit::FixedClock;

use crate::support::{CLAIRE, Hosts, Person, Place, enter, post};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    nobody_learns_whether_an_address_is_a_guest_s,
    a_code_is_tried_five_times_and_no_more,
    two_who_guess_at_once_have_five_tries_together,
    a_code_is_good_for_ten_minutes_and_for_once,
    a_code_opens_once_though_the_clocks_of_two_nodes_differ,
    a_new_code_ends_the_old_one_and_waits_a_minute,
    a_code_opens_the_tab_that_asked_for_it_and_no_other,
    a_code_of_one_invitation_opens_no_other,
    codes_are_limited_by_invitation,
    beyond_its_limit_an_address_is_sent_nothing_and_the_page_says_the_same,
    a_network_that_asks_for_codes_or_tries_them_without_end_is_held_back,
    a_link_that_was_taken_back_or_refused_opens_nothing,
    a_page_of_another_site_signs_nobody_in,
    a_session_that_was_there_before_is_not_the_guest_s,
    an_address_is_one_mailbox_however_it_is_typed,
    what_an_inviter_writes_stays_where_it_belongs,
);

const HELENE: &str = "h.castaing@sdis40.example";
const NORA: &str = "n.dufaut@mairie-sorde.example";

/// On the ordinary page: an address of no administration, and the guest's button.
async fn ask_by_address(hosts: &Hosts, person: &mut Person, email: &str) -> Place {
    let first = person.open("/connexion").await;
    let csrf = first.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("email", email),
        ("choose", "guest"),
    ];
    let place = person.submit(&first.url, &fields).await;
    hosts.send_codes().await;
    place
}

/// The page without what differs by tab: its name, its token, the address that was typed.
fn stripped(place: &Place, email: &str) -> String {
    let id = place.url.path().split('/').nth(2).expect("a tab");
    place
        .page()
        .text()
        .replace(&place.field("csrf"), "")
        .replace(id, "")
        .replace(email, "")
}

async fn nobody_learns_whether_an_address_is_a_guest_s(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    hosts.guest(&link, HELENE).await;
    let nobody = "personne@sdis40.example";
    let besace = &hosts.state.besace;
    let rows = "SELECT COUNT(*) AS n FROM identity_guest_code";
    let journal = "SELECT COUNT(*) AS n FROM journal_pending";
    let mut seen = Vec::new();
    for email in [HELENE, nobody] {
        let mut stranger = hosts.state.person();
        let first = stranger.open("/connexion").await;
        let unknown = stranger.give_address(&first, email).await;
        let (before, told) = (
            besace.count(rows, Vec::new()).await,
            besace.count(journal, Vec::new()).await,
        );
        let place = ask_by_address(&hosts, &mut stranger, email).await;
        let wrong = enter(&mut stranger, &place, "000000").await;
        let after = besace.count(rows, Vec::new()).await - before;
        let journalled = besace.count(journal, Vec::new()).await - told;
        seen.push((
            unknown.page().status,
            stripped(&unknown, email),
            place.page().status,
            stripped(&place, email),
            wrong.page().status,
            stripped(&wrong, email),
            after,
        ));
        let named = i64::from(email == HELENE);
        assert_eq!(journalled, named, "nothing stays of an address of nobody");
    }
    assert_eq!(seen[0], seen[1]);
    assert!(hosts.last_mail(nobody).await.is_none());
    // A guest who was invited and has never come is told of nowhere either.
    hosts.invite(&mut claire, NORA).await;
    let mails = hosts.mails().await.len();
    ask_by_address(&hosts, &mut hosts.state.person(), NORA).await;
    assert_eq!(hosts.mails().await.len(), mails);
}

async fn a_code_is_tried_five_times_and_no_more(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.state.person();
    let place = hosts.ask_by_link(&mut guest, &link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    let wrong = if code.starts_with('0') {
        "999999"
    } else {
        "000000"
    };
    // What are no six digits is no try.
    for typed in ["", "12", "abcdef", "1234567"] {
        let shown = enter(&mut guest, &place, typed).await;
        assert!(
            shown.page().text().contains("Saisissez les 6 chiffres"),
            "{typed}"
        );
    }
    for left in (0..5).rev() {
        let shown = enter(&mut guest, &place, wrong).await;
        let said = match left {
            0 => "Il n’est plus bon".to_owned(),
            1 => "Il reste un essai".to_owned(),
            left => format!("Il reste {left} essais"),
        };
        assert!(shown.page().text().contains(&said), "{said}");
    }
    let late = enter(&mut guest, &place, &code).await;
    assert!(late.page().text().contains("Ce code n’est plus bon"));
    assert!(guest.who().await.is_null());
}

async fn two_who_guess_at_once_have_five_tries_together(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.state.person();
    let place = hosts.ask_by_link(&mut guest, &link).await;
    let tries = (0..12).map(|number| {
        let mut copy = guest.clone();
        let place = &place;
        async move {
            let digits = format!("{number:06}");
            let shown = enter(&mut copy, place, &digits).await;
            shown.page().text().contains("Ce n’est pas ce code")
        }
    });
    let compared = futures_util::future::join_all(tries).await;
    assert_eq!(compared.iter().filter(|seen| **seen).count(), 5);
}

async fn a_code_is_good_for_ten_minutes_and_for_once(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.state.person();
    let place = hosts.ask_by_link(&mut guest, &link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    let tab = guest.clone();
    hosts.state.clock.advance(Duration::from_mins(10));
    let late = enter(&mut guest, &place, &code).await;
    assert!(late.page().text().contains("Ce code n’est plus bon"));
    hosts.state.clock.advance(Duration::from_mins(1));
    let mut guest = hosts.state.person();
    let place = hosts.ask_by_link(&mut guest, &link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    let mut copy = guest.clone();
    enter(&mut guest, &place, &code).await;
    assert!(!guest.who().await.is_null());
    let twice = enter(&mut copy, &place, &code).await;
    assert!(twice.page().text().contains("Ce code n’est plus bon"));
    assert!(copy.who().await.is_null());
    drop(tab);
}

async fn a_code_opens_once_though_the_clocks_of_two_nodes_differ(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.state.person();
    let place = hosts.ask_by_link(&mut guest, &link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    let earlier = hosts.state.clock.now().minus(Duration::from_secs(30));
    let behind = hosts.state.node_at(FixedClock::at(earlier)).await;
    let mut tabs = [
        guest.clone(),
        guest.at(&behind),
        guest.clone(),
        guest.at(&behind),
    ];
    let tries = tabs.iter_mut().map(|tab| enter(tab, &place, &code));
    futures_util::future::join_all(tries).await;
    let mut late = guest.at(&behind);
    let twice = enter(&mut late, &place, &code).await;
    assert!(twice.page().text().contains("Ce code n’est plus bon"));
    let mut entered = 0;
    for tab in tabs.iter_mut().chain([&mut late]) {
        entered += usize::from(!tab.who().await.is_null());
    }
    assert_eq!(entered, 1);
}

async fn a_new_code_ends_the_old_one_and_waits_a_minute(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.state.person();
    let place = hosts.ask_by_link(&mut guest, &link).await;
    let old = hosts.last_code(HELENE).await.expect("a code");
    let csrf = place.field("csrf");
    let again = [("csrf", csrf.as_str()), ("again", "1")];
    let early = guest.submit(&place.url, &again).await;
    assert!(early.page().text().contains("Nouvel envoi possible dans"));
    assert_eq!(hosts.send_codes().await, 0, "a minute has not passed");
    hosts.state.clock.advance(Duration::from_mins(1));
    let fresh = guest.submit(&place.url, &again).await;
    assert_eq!(hosts.send_codes().await, 1);
    let new = hosts.last_code(HELENE).await.expect("a code");
    if old != new {
        let refused = enter(&mut guest, &fresh, &old).await;
        assert!(refused.page().text().contains("Ce n’est pas ce code"));
    }
    enter(&mut guest, &fresh, &new).await;
    assert!(!guest.who().await.is_null());
}

async fn a_code_opens_the_tab_that_asked_for_it_and_no_other(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.state.person();
    let place = hosts.ask_by_link(&mut guest, &link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    let mut thief = hosts.state.person();
    let theirs = hosts.ask_by_link(&mut thief, &link).await;
    let refused = enter(&mut thief, &theirs, &code).await;
    assert!(refused.page().text().contains("Ce n’est pas ce code"));
    assert!(thief.who().await.is_null());
    // Without the tab's cookie its page is nobody's.
    let mut bare = hosts.state.person();
    let csrf = place.field("csrf");
    let fields = [("csrf", csrf.as_str()), ("code", code.as_str())];
    let nowhere = bare.submit(&place.url, &fields).await;
    assert_eq!(nowhere.page().status, 400);
    assert!(bare.who().await.is_null());
    enter(&mut guest, &place, &code).await;
    assert!(!guest.who().await.is_null());
}

async fn a_code_of_one_invitation_opens_no_other(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (one, _) = hosts.invite(&mut claire, HELENE).await;
    let (other, _) = hosts.invite(&mut claire, NORA).await;
    let (mut helene, mut nora) = (hosts.state.person(), hosts.state.person());
    let hers = hosts.ask_by_link(&mut helene, &one).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    let place = hosts.ask_by_link(&mut nora, &other).await;
    let refused = enter(&mut nora, &place, &code).await;
    assert!(refused.page().text().contains("Ce n’est pas ce code"));
    enter(&mut helene, &hers, &code).await;
    assert_eq!(helene.who().await["agent"]["email"], HELENE);
}

async fn codes_are_limited_by_invitation(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    hosts.guest(&link, HELENE).await;
    // Whoever has the link is not kept out by strangers who have the address.
    for _ in 0..6 {
        ask_by_address(&hosts, &mut hosts.state.person(), HELENE).await;
    }
    let statuses = async |rounds| {
        let mut statuses = Vec::new();
        for _ in 0..rounds {
            let mut guest = hosts.state.person();
            let place = hosts.ask_by_link(&mut guest, &link).await;
            statuses.push(place.page().status);
        }
        statuses
    };
    assert_eq!(statuses(5).await, [200, 200, 200, 200, 429]);
    for _ in 0..3 {
        hosts.state.clock.advance(Duration::from_mins(61));
        assert_eq!(statuses(5).await, [200; 5]);
    }
    hosts.state.clock.advance(Duration::from_mins(61));
    assert_eq!(statuses(1).await, [429], "20 a day, however slowly");
}

async fn beyond_its_limit_an_address_is_sent_nothing_and_the_page_says_the_same(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    hosts.guest(&link, HELENE).await;
    // What a stranger sees of a guest's address after the limit, and of nobody's, is what they saw
    // before.
    let ask = async |email: &str| {
        let mut stranger = hosts.state.person();
        let before = hosts.mails().await.len();
        let place = ask_by_address(&hosts, &mut stranger, email).await;
        let wrong = enter(&mut stranger, &place, "x00000").await;
        let tried = enter(&mut stranger, &place, "000000").await;
        let seen = [place, wrong, tried].map(|place| stripped(&place, email));
        (seen, hosts.mails().await.len() - before)
    };
    let (first, _) = ask("personne@sdis40.example").await;
    let mut sent = Vec::new();
    for round in 0..7 {
        let (seen, mails) = ask(HELENE).await;
        assert_eq!(seen, first, "{round}");
        sent.push(mails);
    }
    assert_eq!(sent, [1, 1, 1, 1, 1, 0, 0]);
    let mut later = 0;
    for _ in 0..4 {
        hosts.state.clock.advance(Duration::from_mins(61));
        for _ in 0..6 {
            later += ask(HELENE).await.1;
        }
    }
    assert_eq!(later, 15, "20 a day, however slowly");
    hosts.state.clock.advance(Duration::from_hours(21));
    assert_eq!(
        ask(HELENE).await.1,
        1,
        "and those of yesterday count no more"
    );
}

async fn a_network_that_asks_for_codes_or_tries_them_without_end_is_held_back(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let node = hosts.state.fenced_node().await;
    let mut stranger = hosts.state.person().at(&node);
    let first = stranger.open("/connexion").await;
    let csrf = first.field("csrf");
    let ask = async |stranger: &mut Person, number: u32| {
        let email = format!("p{number}@sdis40.example");
        let fields = [
            ("csrf", csrf.as_str()),
            ("email", email.as_str()),
            ("choose", "guest"),
        ];
        stranger.submit(&first.url, &fields).await
    };
    let mut place = ask(&mut stranger, 0).await;
    for number in 1..59 {
        place = ask(&mut stranger, number).await;
        assert_eq!(place.page().status, 200, "{number}");
    }
    // What is no code is no try.
    for typed in ["", "x00000"] {
        assert_eq!(enter(&mut stranger, &place, typed).await.page().status, 200);
    }
    let tried = enter(&mut stranger, &place, "000000").await;
    assert!(tried.page().text().contains("Ce n’est pas ce code"));
    let rows = "SELECT COUNT(*) AS n FROM identity_guest_code";
    let asked = hosts.state.besace.count(rows, Vec::new()).await;
    let held = [
        enter(&mut stranger, &place, "000000").await,
        ask(&mut stranger, 60).await,
    ];
    for held in held {
        assert_eq!(held.page().status, 429);
        assert_eq!(held.page().header("retry-after"), "1");
    }
    assert_eq!(hosts.state.besace.count(rows, Vec::new()).await, asked);
    hosts.state.clock.advance(Duration::from_secs(1));
    assert_eq!(ask(&mut stranger, 61).await.page().status, 200);
    assert_eq!(ask(&mut stranger, 62).await.page().status, 429);
}

async fn a_link_that_was_taken_back_or_refused_opens_nothing(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, id) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.state.person();
    let page = guest.open(&link).await;
    let csrf = page.field("csrf");
    let place = hosts.ask_by_link(&mut guest, &link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    let end = format!("/api/v1/invitations/{id}/end");
    let ended = claire
        .besace()
        .post_json(&end, &serde_json::json!({}))
        .await;
    assert_eq!(ended.json()["state"], "withdrawn");
    let dead = enter(&mut guest, &place, &code).await;
    assert!(dead.page().text().contains("Ce code n’est plus bon"));
    assert!(guest.who().await.is_null());
    let asked = post(
        &mut guest,
        &page,
        &format!("{link}/code"),
        &[("csrf", &csrf)],
    )
    .await;
    assert!(asked.page().text().contains("Ce lien est terminé"));
    assert_eq!(hosts.send_codes().await, 0);

    let (link, _) = hosts.invite(&mut claire, NORA).await;
    let mut nora = hosts.state.person();
    let page = nora.open(&link).await;
    let csrf = page.field("csrf");
    let refused = post(
        &mut nora,
        &page,
        &format!("{link}/refus"),
        &[("csrf", &csrf)],
    )
    .await;
    assert!(refused.page().text().contains("L’invitation est refusée"));
    let over = nora.open(&link).await;
    assert!(over.page().text().contains("Vous avez refusé l’invitation"));
    let listed = claire.besace().get("/api/v1/invitations").await.json();
    assert_eq!(listed["items"][0]["state"], "declined");
    for nothing in [
        "/invitation/",
        "/invitation/x",
        "/invitation/%00",
        "/invitation/a/b",
    ] {
        let unknown = nora.open(nothing).await;
        assert_eq!(unknown.page().status, 404, "{nothing}");
    }
    let long = format!("/invitation/{}", "a".repeat(4_000));
    assert_eq!(nora.open(&long).await.page().status, 404);
}

async fn a_page_of_another_site_signs_nobody_in(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut victim = hosts.state.person();
    for path in ["code", "refus", "demande"] {
        let target = format!("{link}/{path}");
        let answer = victim.besace().post_form(&target, &[("csrf", "x")]).await;
        assert_eq!(answer.status, 403, "{path}");
        let answer = victim.besace().post_form(&target, &[]).await;
        assert_eq!(answer.status, 403, "{path}");
    }
    // The attacker's own tab, with their own code, is of no use in another browser.
    let mut attacker = hosts.state.person();
    let place = hosts.ask_by_link(&mut attacker, &link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    let csrf = place.field("csrf");
    let fields = [("csrf", csrf.as_str()), ("code", code.as_str())];
    let shown = victim.submit(&place.url, &fields).await;
    assert_eq!(shown.page().status, 400);
    assert!(victim.who().await.is_null());
}

async fn a_session_that_was_there_before_is_not_the_guest_s(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let name = hosts.state.besace.house.cookies().session();
    // Somebody plants a cookie of their making.
    let mut guest = hosts.state.person();
    guest.besace().set_cookie(&name, "fixed");
    let place = hosts.ask_by_link(&mut guest, &link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    enter(&mut guest, &place, &code).await;
    assert_ne!(guest.besace().cookie(&name), Some("fixed"));
    assert_eq!(guest.who().await["agent"]["email"], HELENE);
    let mut planted = hosts.state.person();
    planted.besace().set_cookie(&name, "fixed");
    assert!(planted.who().await.is_null());
    // An agent's session in this browser ends when the guest's begins.
    let old = claire.besace().cookie(&name).expect("a cookie").to_owned();
    hosts.state.clock.advance(Duration::from_mins(2));
    let place = hosts.ask_by_link(&mut claire, &link).await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    enter(&mut claire, &place, &code).await;
    assert_eq!(claire.who().await["agent"]["email"], HELENE);
    let mut before = hosts.state.person();
    before.besace().set_cookie(&name, old);
    assert!(before.who().await.is_null());
}

async fn an_address_is_one_mailbox_however_it_is_typed(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    hosts.guest(&link, HELENE).await;
    let besace = &hosts.state.besace;
    let sent = async |typed: &str| {
        let before = hosts.mails().await.len();
        ask_by_address(&hosts, &mut hosts.state.person(), typed).await;
        let mails = hosts.mails().await;
        let new: Vec<String> = mails
            .iter()
            .skip(before)
            .map(|queued| queued.mail.to.email().to_owned())
            .collect();
        new
    };
    // The code goes to the address that was invited, never to the one that was typed.
    assert_eq!(sent("H.CASTAING@SDIS40.EXAMPLE").await, [HELENE]);
    for other in [
        "h.castaing+a@sdis40.example",
        "h.castaing@xn--sds40-q4a.example",
        "h.castaing@sdіs40.example",
        "hcastaing@sdis40.example",
        "h.castaing@sdis40.example.",
    ] {
        assert!(sent(other).await.is_empty(), "{other}");
    }
    let guests = "SELECT COUNT(*) AS n FROM identity_agent WHERE state = 'guest'";
    hosts
        .invite(&mut claire, "h.castaing+a@sdis40.example")
        .await;
    assert_eq!(besace.count(guests, Vec::new()).await, 2, "another mailbox");
    // A ministry that vouches for the address later vouches for somebody else.
    let logins = "SELECT COUNT(*) AS n FROM identity_login WHERE provider = '@guests'";
    assert_eq!(besace.count(logins, Vec::new()).await, 2);
    let named = "SELECT COUNT(*) AS n FROM identity_login WHERE provider = $1";
    assert_eq!(besace.count(named, vec![Value::from("guests")]).await, 0);
}

async fn what_an_inviter_writes_stays_where_it_belongs(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let mut body = Hosts::body(HELENE);
    body["purpose"] = "Appui & <b>secours</b>".into();
    let refused = claire
        .besace()
        .post_json("/api/v1/invitations", &body)
        .await;
    assert_eq!(refused.status, 422, "no tags");
    body["purpose"] = "Appui & \"secours\", 'relève' {{ 7*7 }} =cmd|x".into();
    body["organisation"] = "Mairie d’\"Ô\" & Cie".into();
    let (link, _) = hosts.invite_with(&mut claire, &body).await;
    let page = hosts.state.person().open(&link).await;
    let text = page.page().text().to_owned();
    assert!(text.contains("&#34;") || text.contains("&quot;"), "escaped");
    assert!(!text.contains("\"secours\""), "{text}");
    let queued = hosts.mails().await;
    let mail = &queued.last().expect("a mail").mail;
    assert_eq!(mail.to.email(), HELENE);
    assert_eq!(mail.subject, "Claire Delmas vous invite");
    assert!(mail.html.is_none());
}
