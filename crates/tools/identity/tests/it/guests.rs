//! Guests, from the mail to what they see and do not see.

use kernel::Clock as _;
use kernel_db::Value;
use kernel_db::testing::TestDb;
use serde_json::json;

use crate::support::{
    Application, CLAIRE, HUGO, Hosts, KARIM, Tool, agent_of, answer_of, claims_of, enter, error_of,
    refusal,
};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_guest_comes_by_the_mail_and_is_who_the_inviter_says,
    opening_the_link_spends_nothing,
    a_guest_comes_back_by_their_address,
    every_endpoint_refuses_guests_but_those_that_are_written_here,
    nobody_finds_a_guest_and_nothing_counts_them,
    only_the_applications_of_shared_tools_have_a_guest,
    what_is_no_longer_shared_is_no_longer_had,
    an_agent_s_address_is_not_invited,
    an_invitation_is_refused_for_what_it_cannot_be,
    an_agent_sees_their_own_invitations_and_an_administrator_those_at_home,
);

const HELENE: &str = "h.castaing@sdis40.example";
const GUESTS: &str = "SELECT COUNT(*) AS n FROM identity_agent WHERE state = 'guest'";

async fn a_guest_comes_by_the_mail_and_is_who_the_inviter_says(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mail = hosts.last_mail(HELENE).await.expect("a mail");
    for said in [
        "Bonjour Hélène",
        "Claire Delmas",
        "Appui logistique",
        "- Outil 1",
    ] {
        assert!(mail.contains(said), "{said}: {mail}");
    }
    assert!(mail.contains("24 février 2027"), "three months: {mail}");
    let mut guest = hosts.state.person();
    let place = hosts.ask_by_link(&mut guest, &link).await;
    assert!(place.page().text().contains(HELENE));
    let code = hosts.last_code(HELENE).await.expect("a code");
    assert!(
        !hosts
            .mails()
            .await
            .last()
            .expect("a mail")
            .mail
            .subject
            .contains(&code)
    );
    let home = enter(&mut guest, &place, &code).await;
    assert_eq!(home.url.path(), "/");
    let who = guest.who().await;
    assert_eq!(who["agent"]["displayName"], "Hélène Castaing");
    assert_eq!(who["agent"]["population"], "partenaire");
    assert_eq!(who["guest"]["organisation"], "SDIS 40");
    assert_eq!(who["grants"], json!([]));
    let journal = |act: &'static str| {
        let sql = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = $1 AND outcome = 'done'";
        hosts.state.besace.count(sql, vec![Value::from(act)])
    };
    assert_eq!(journal("identity.invitation.create").await, 1);
    assert_eq!(journal("identity.invitation.accept").await, 1);
    assert_eq!(
        journal("identity.session.open").await,
        2,
        "Claire's and hers"
    );
}

async fn opening_the_link_spends_nothing(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mails = hosts.mails().await.len();
    for _ in 0..3 {
        let mut scanner = hosts.state.person();
        for method in [http::Method::GET, http::Method::HEAD, http::Method::OPTIONS] {
            let _ = scanner.besace().call(method, &link).await;
        }
    }
    assert_eq!(hosts.send_codes().await, 0, "no code was asked for");
    assert_eq!(hosts.mails().await.len(), mails);
    let pending = "SELECT COUNT(*) AS n FROM identity_invitation WHERE state = 'pending'";
    assert_eq!(hosts.state.besace.count(pending, Vec::new()).await, 1);
    let shown = hosts.state.person().open(&link).await;
    assert_eq!(shown.page().status, 200);
    assert!(shown.page().text().contains("Claire Delmas vous invite"));
    assert_eq!(shown.page().header("cache-control"), "no-store");
    assert_eq!(shown.page().header("referrer-policy"), "same-origin");
    hosts.guest(&link, HELENE).await;
}

async fn a_guest_comes_back_by_their_address(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let first = agent_of(&mut hosts.guest(&link, HELENE).await).await;
    let mut again = hosts.state.person();
    let place = again.open("/connexion").await;
    let unknown = again
        .give_address(&place, "H.Castaing@SDIS40.example")
        .await;
    assert!(
        unknown
            .page()
            .text()
            .contains("Aucune administration n’utilise")
    );
    let csrf = unknown.field("csrf");
    let fields = [
        ("csrf", csrf.as_str()),
        ("email", "H.Castaing@SDIS40.example"),
        ("choose", "guest"),
    ];
    let place = again.submit(&unknown.url, &fields).await;
    assert!(
        place
            .page()
            .text()
            .contains("Si cette adresse est celle d’un invité")
    );
    hosts.send_codes().await;
    let code = hosts.last_code(HELENE).await.expect("a code");
    enter(&mut again, &place, &code).await;
    assert_eq!(agent_of(&mut again).await, first, "the same, for ever");
}

/// What guests may ask; everything else refuses them without anybody having thought of it.
const OPEN_TO_GUESTS: [(&str, &str); 7] = [
    ("GET", "/api/v1/session"),
    ("GET", "/api/v1/account/sessions"),
    ("DELETE", "/api/v1/account/sessions"),
    ("DELETE", "/api/v1/account/sessions/{id}"),
    ("GET", "/api/v1/account/applications"),
    ("DELETE", "/api/v1/account/applications/{client_id}"),
    ("GET", "/api/v1/account/export"),
];

async fn every_endpoint_refuses_guests_but_those_that_are_written_here(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let mut refused = 0;
    for (method, path) in identity::routes() {
        if !path.starts_with("/api/v1/") {
            continue;
        }
        let method: http::Method = method.parse().expect("a method");
        let filled = path
            .replace("{id}", "01890000-0000-7000-8000-000000000000")
            .replace("{client_id}", "mission")
            .replace("{chain}", "system")
            .replace("{seq}", "1");
        let answer = if method == http::Method::GET {
            guest.besace().get(&filled).await
        } else {
            guest
                .besace()
                .json(method.clone(), &filled, &json!({}))
                .await
        };
        if OPEN_TO_GUESTS.contains(&(method.as_str(), path)) {
            assert_ne!(answer.status, 403, "{method} {path}");
            continue;
        }
        let expected = (403, "guest-refused".to_owned());
        assert_eq!(refusal(&answer), expected, "{method} {path}");
        refused += 1;
    }
    assert!(refused > 30, "{refused}");
}

async fn nobody_finds_a_guest_and_nothing_counts_them(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let besace = &hosts.state.besace;
    let heads = "SELECT COALESCE(SUM(heads), 0) AS n FROM (SELECT heads FROM identity_head
                 UNION ALL SELECT heads FROM identity_head_change) AS every";
    let before = besace.count(heads, Vec::new()).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let id = agent_of(&mut guest).await;
    assert_eq!(besace.count(heads, Vec::new()).await, before);
    assert_eq!(besace.count(GUESTS, Vec::new()).await, 1);
    for query in ["castaing", "hélène", "h.castaing", "sdis"] {
        let found = claire
            .besace()
            .get(&format!("/api/v1/people?q={query}"))
            .await;
        assert_eq!(found.status, 200, "{}", found.text());
        assert_eq!(found.json()["items"], json!([]), "{query}");
    }
    let sheet = claire.besace().get(&format!("/api/v1/people/{id}")).await;
    assert_eq!(sheet.status, 404);
    let words = "SELECT COUNT(*) AS n FROM identity_agent_word WHERE agent = $1";
    assert_eq!(besace.count(words, vec![Value::from(id)]).await, 0);
}

async fn only_the_applications_of_shared_tools_have_a_guest(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let mission = Application::new(&hosts.state, "mission");
    let place = guest
        .open(&mission.asks(&[(
            "scope",
            "openid email siret organization_label roles is_service_public belonging_population",
        )]))
        .await;
    let code = answer_of(&place)["code"].clone();
    let tokens = mission.exchange(&code).await.json();
    let id_token = claims_of(tokens["id_token"].as_str().expect("a token"));
    assert_eq!(id_token["is_external"], json!(true));
    assert_eq!(id_token["acr"], "eidas0");
    let token = tokens["access_token"].as_str().expect("a token");
    let claims = mission.userinfo(token).await.json();
    assert_eq!(claims["is_external"], json!(true));
    assert_eq!(claims["belonging_population"], "partenaire");
    assert_eq!(claims["roles"], json!([]));
    assert_eq!(claims["is_service_public"], json!(false));
    assert!(claims.get("siret").is_none() && claims.get("organization_label").is_none());
    for (other, change) in [("basic", &[][..]), ("post", &[("prompt", "none")][..])] {
        let other = Application::new(&hosts.state, other);
        let (error, _) = error_of(&guest.open(&other.asks(change)).await);
        assert_eq!(error, "access_denied");
    }
    assert!(!guest.who().await.is_null(), "the session stays");
    // An agent is let in everywhere, as before.
    let basic = Application::new(&hosts.state, "basic");
    assert!(answer_of(&claire.open(&basic.asks(&[])).await).contains_key("code"));
}

async fn what_is_no_longer_shared_is_no_longer_had(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let (link, _) = hosts.invite(&mut claire, HELENE).await;
    let mut guest = hosts.guest(&link, HELENE).await;
    let mission = Application::new(&hosts.state, "mission");
    let tokens = mission.tokens(&mut guest).await;
    let late = mission.silent_code(&mut guest).await;
    let token = tokens["access_token"].as_str().expect("a token");
    let refresh = tokens["refresh_token"].as_str().expect("a token");
    assert_eq!(mission.userinfo(token).await.status, 200);
    // The tool's administrator closes it to guests.
    hosts.open_to_guests(&[Tool::MAP]);
    assert_eq!(mission.userinfo(token).await.status, 401);
    assert_eq!(
        mission.introspect(token).await.json()["active"],
        json!(false)
    );
    assert_eq!(mission.refresh(refresh).await.status, 400);
    assert_eq!(mission.exchange(&late).await.status, 400);
    let (error, _) = error_of(&guest.open(&mission.asks(&[])).await);
    assert_eq!(error, "access_denied");
}

async fn an_agent_s_address_is_not_invited(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    for address in [
        "hugo.martin@interieur.gouv.fr",
        "HUGO.MARTIN@INTERIEUR.GOUV.FR",
        "personne+x@agriculture.gouv.fr",
        "accueil@partage.gouv.fr",
    ] {
        let body = Hosts::body(address);
        let answer = claire
            .besace()
            .post_json("/api/v1/invitations", &body)
            .await;
        assert_eq!(
            refusal(&answer),
            (422, "address-of-agent".into()),
            "{address}"
        );
    }
    assert_eq!(hosts.state.besace.count(GUESTS, Vec::new()).await, 0);
    assert!(hosts.mails().await.is_empty());
}

async fn an_invitation_is_refused_for_what_it_cannot_be(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let now = hosts.state.clock.now().millis();
    let year = 366 * 24 * 3_600_000_i64;
    for (field, value, kind) in [
        ("email", json!("pas une adresse"), "invalid-address"),
        (
            "email",
            json!("a@sdis40.example\r\nBcc: b@x.fr"),
            "invalid-address",
        ),
        ("email", json!("é@sdis40.example"), "invalid-address"),
        ("givenName", json!("Claire\r\nBcc: x@y.fr"), "invalid-text"),
        ("usualName", json!("https://evil.example"), "invalid-text"),
        ("organisation", json!("SDIS\n40"), "invalid-text"),
        (
            "purpose",
            json!("voir https://evil.example"),
            "invalid-text",
        ),
        ("tools", json!([]), "tools-not-shareable"),
        (
            "tools",
            json!(["01890000-0000-7000-8000-000000000009"]),
            "tools-not-shareable",
        ),
        ("until", json!(now), "invalid-end"),
        ("until", json!(now + year), "invalid-end"),
    ] {
        let mut body = Hosts::body(HELENE);
        body[field] = value.clone();
        let answer = claire
            .besace()
            .post_json("/api/v1/invitations", &body)
            .await;
        assert_eq!(refusal(&answer), (422, kind.to_owned()), "{field} {value}");
    }
    assert!(hosts.mails().await.is_empty());
    hosts.invite(&mut claire, HELENE).await;
    let body = Hosts::body("H.CASTAING@sdis40.EXAMPLE");
    let again = claire
        .besace()
        .post_json("/api/v1/invitations", &body)
        .await;
    assert_eq!(refusal(&again), (409, "invited-already".into()));
    let mut stranger = hosts.state.person();
    let refused = stranger
        .besace()
        .post_json("/api/v1/invitations", &body)
        .await;
    assert_eq!(refused.status, 401);
    for number in 1..20 {
        hosts
            .invite(&mut claire, &format!("p{number}@sdis40.example"))
            .await;
    }
    let body = Hosts::body("p20@sdis40.example");
    let more = claire
        .besace()
        .post_json("/api/v1/invitations", &body)
        .await;
    assert_eq!(refusal(&more), (429, "too-many-invitations-today".into()));
}

async fn an_agent_sees_their_own_invitations_and_an_administrator_those_at_home(test: TestDb) {
    let hosts = Hosts::new(&test).await;
    let mut claire = hosts.signed_in(CLAIRE).await;
    let mut hugo = hosts.signed_in(HUGO).await;
    let mut karim = hosts.signed_in(KARIM).await;
    let (_, id) = hosts.invite(&mut claire, HELENE).await;
    let own = claire.besace().get("/api/v1/invitations").await.json();
    assert_eq!(own["items"][0]["id"], id.as_str());
    assert_eq!(own["items"][0]["state"], "pending");
    assert_eq!(own["items"][0]["email"], HELENE);
    assert_eq!(own["items"][0]["tools"][0]["name"], "Outil 1");
    let his = hugo.besace().get("/api/v1/invitations").await.json();
    assert_eq!(his["items"], json!([]));
    let path = format!("/api/v1/invitations/{id}/end");
    let extend = format!("/api/v1/invitations/{id}/extend");
    for other in [&mut hugo, &mut karim] {
        let refused = other.besace().post_json(&path, &json!({})).await;
        assert_eq!(refused.status, 404, "as if there were none");
        let until = json!({ "until": hosts.state.clock.now().millis() + 86_400_000 });
        let refused = other.besace().post_json(&extend, &until).await;
        assert_eq!(refused.status, 404);
    }
    let organisation = claire.who().await["agent"]["organisation"]["id"].clone();
    let list = format!(
        "/api/v1/admin/invitations?organisation={}",
        organisation.as_str().expect("an id")
    );
    for other in [&mut claire, &mut hugo, &mut karim] {
        assert_eq!(other.besace().get(&list).await.status, 403);
    }
    let administrator =
        "INSERT INTO identity_role (id, agent, role, organisation, subtree, given_at)
                         SELECT id, id, 'administrator', organisation, 1, 0 FROM identity_agent
                         WHERE usual_name = $1";
    let named = |name: &str| vec![Value::from(name)];
    hosts
        .state
        .besace
        .execute(administrator, named("Martin"))
        .await;
    hosts
        .state
        .besace
        .execute(administrator, named("Benali"))
        .await;
    let listed = hugo.besace().get(&list).await;
    assert_eq!(listed.status, 200, "{}", listed.text());
    assert_eq!(
        listed.json()["items"][0]["inviter"]["name"],
        "Claire Delmas"
    );
    assert_eq!(karim.besace().get(&list).await.status, 403, "a neighbour");
    let refused = karim.besace().post_json(&path, &json!({})).await;
    assert_eq!(refused.status, 404, "a neighbour");
    let ended = hugo.besace().post_json(&path, &json!({})).await;
    assert_eq!(ended.status, 200, "{}", ended.text());
    assert_eq!(ended.json()["ending"], "administrator");
    let again = hugo.besace().post_json(&path, &json!({})).await;
    assert_eq!(refusal(&again), (409, "invitation-state".into()));
}
