//! Rules that hold for several acts on password accounts.

use http::Method;
use kernel::{Grant, Role, Scope, Secret, Timestamp};
use kernel_db::testing::TestDb;
use serde_json::json;

use super::testing::{ACCOUNTS, NADIA, account, addresses, path, paul, provider, secret_of};
use crate::http::admin::testing::{ADMINISTRATOR, AGENT, Admin, BELOW, INTERIOR, LANDES, OPERATOR};
use crate::service::local_password::Chosen;

kernel_db::store_suite!(
    &[crate::MIGRATIONS];
    where_no_mail_leaves_who_administers_below_is_told_no_link,
    a_configured_account_keeps_nothing_of_an_invited_one,
    nobody_acts_on_who_holds_a_role_that_is_deeper_or_lasts_longer,
    an_administrator_of_below_does_nothing_to_an_account_of_above,
    of_two_invitations_of_one_address_at_once_one_is_sent,
    an_invitation_that_is_asked_for_twice_does_not_tell_its_link_again,
    an_account_of_an_unknown_administration_is_on_the_operator_s_list_of_all,
    the_link_of_the_page_is_for_roles_that_administer,
);

const NADIAS: &str = "SELECT COUNT(*) AS n FROM identity_local_account
                      WHERE login = 'nadia.benhamou@interieur.gouv.fr'";

async fn where_no_mail_leaves_who_administers_below_is_told_no_link(test: TestDb) {
    let admin = provider(&test).await;
    let mut mathieu = admin.administrator(BELOW);
    let refused = mathieu.post_json(ACCOUNTS, &paul(LANDES)).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (403, "mail-needed")
    );
    let none = "SELECT COUNT(*) AS n FROM identity_local_account
                WHERE login = 'paul.roux@interieur.gouv.fr'";
    assert_eq!(admin.count(none).await, 0);

    let mut claire = admin.as_agent(ADMINISTRATOR);
    let made = claire.post_json(ACCOUNTS, &paul(LANDES)).await.json();
    assert!(made["invitation"]["link"].is_string(), "who administers it");
    let id = made["account"]["id"].as_str().expect("an id").to_owned();
    let again = path(&id, "/invite");
    let refused = mathieu.call(Method::POST, &again).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (403, "mail-needed")
    );
    let seen = mathieu.get(&path(&id, "")).await.json();
    assert_eq!(seen["may"], json!(["remove"]), "nor is it offered");

    admin.mails_leave();
    let sent = mathieu.call(Method::POST, &again).await;
    assert_eq!(sent.json(), json!({ "mailed": true }));
    let seen = mathieu.get(&path(&id, "")).await.json();
    assert_eq!(seen["may"], json!(["invite", "remove"]));
}

async fn a_configured_account_keeps_nothing_of_an_invited_one(test: TestDb) {
    const CHOSEN: &str = "trois pommes vertes et un vélo";
    let admin = provider(&test).await;
    let link = admin.link_of(NADIA).await;
    let (secret, password) = (secret_of(&link), Secret::new(CHOSEN));
    let chosen = admin.identity.choose_password(&secret, &password);
    assert!(matches!(chosen.await, Ok(Chosen::Yes(_))));
    let id = admin.account_id(NADIA).await;
    admin.with_factor_and_session(NADIA, &id).await;
    let opens = async |password: &str| {
        let accounts = admin.identity.local().expect("a provider").accounts;
        let attempt = crate::local::Attempt {
            realm: &account(AGENT).account.realm,
            login: NADIA,
            password: &Secret::new(password.to_owned()),
            device: None,
            address: std::net::IpAddr::from([127, 0, 0, 1]),
        };
        accounts.verify(&attempt).await.is_ok()
    };
    assert!(opens(CHOSEN).await);

    let nadia = (30, "", NADIA, "Nadia", "Benhamou", INTERIOR);
    for _ in 0..2 {
        let written = admin.identity.write_local_account(account(nadia)).await;
        written.expect("written");
        assert!(!opens(CHOSEN).await, "what was chosen by the link");
        assert!(opens("sésame").await, "the file's password");
    }
    let sessions = "SELECT COUNT(*) AS n FROM identity_session";
    assert_eq!(admin.count(sessions).await, 0);

    // And one whose link still waits: the link is good for nothing.
    let mut claire = admin.as_agent(ADMINISTRATOR);
    let made = claire.post_json(ACCOUNTS, &paul(INTERIOR)).await.json();
    let link = made["invitation"]["link"].as_str().expect("a link");
    let paul = (
        31,
        "",
        "paul.roux@interieur.gouv.fr",
        "Paul",
        "Roux",
        INTERIOR,
    );
    let written = admin.identity.write_local_account(account(paul)).await;
    written.expect("written");
    assert!(!admin.opens_link(link).await);
}

async fn nobody_acts_on_who_holds_a_role_that_is_deeper_or_lasts_longer(test: TestDb) {
    let admin = provider(&test).await;
    let id = Admin::account(AGENT);
    admin.with_factor_and_session(AGENT.2, &id).await;
    admin.given(AGENT, "administrator", INTERIOR).await;
    let reset = path(&id, "/reset-factor");
    let over = |subtree, until| {
        let root = Admin::organisation(INTERIOR);
        let grant = Grant {
            role: Role::Administrator,
            scope: Scope::Organisation { root, subtree },
            until,
        };
        admin.browser(BELOW, vec![grant])
    };
    let end = Some(Timestamp::from_millis(
        admin.identity.house.clock.now().millis() + 60_000,
    ));
    for mut narrow in [over(false, None), over(true, end)] {
        let refused = narrow.call(Method::POST, &reset).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (403, "more-than-held")
        );
        let seen = narrow.get(&path(&id, "")).await.json();
        assert_eq!(seen["may"], json!([]));
    }
    let done = over(true, None).call(Method::POST, &reset).await;
    assert_eq!(done.status, 200, "as deep and as long: {}", done.text());
}

async fn an_administrator_of_below_does_nothing_to_an_account_of_above(test: TestDb) {
    let admin = provider(&test).await;
    admin.mails_leave();
    let mut mathieu = admin.administrator(BELOW);
    let (nadia, yann) = (admin.account_id(NADIA).await, Admin::account(AGENT));
    admin.with_factor_and_session(AGENT.2, &yann).await;
    for (method, path) in [
        (Method::GET, path(&nadia, "")),
        (Method::POST, path(&nadia, "/invite")),
        (Method::POST, path(&yann, "/reset-factor")),
        (Method::DELETE, path(&nadia, "")),
    ] {
        let refused = mathieu.call(method, &path).await;
        assert_eq!(
            (refused.status, refused.problem().as_str()),
            (403, "forbidden"),
            "{path}"
        );
    }
    assert_eq!(admin.count(NADIAS).await, 1);
    let factors = "SELECT COUNT(*) AS n FROM identity_local_factor";
    assert_eq!(admin.count(factors).await, 1);
}

async fn of_two_invitations_of_one_address_at_once_one_is_sent(test: TestDb) {
    let admin = provider(&test).await;
    let body = paul(INTERIOR);
    let (mut claire, mut ines) = (admin.as_agent(ADMINISTRATOR), admin.as_agent(OPERATOR));
    let (one, other) = tokio::join!(
        claire.post_json(ACCOUNTS, &body),
        ines.post_json(ACCOUNTS, &body)
    );
    let mut both = [one.status, other.status];
    both.sort_unstable();
    assert_eq!(both, [201, 409], "{} {}", one.text(), other.text());
    let links = "SELECT COUNT(*) AS n FROM identity_local_link l
                 JOIN identity_local_account a ON a.subject = l.subject
                 WHERE a.login = 'paul.roux@interieur.gouv.fr'";
    assert_eq!(admin.count(links).await, 1);
}

async fn an_invitation_that_is_asked_for_twice_does_not_tell_its_link_again(test: TestDb) {
    let admin = provider(&test).await;
    let mut claire = admin
        .as_agent(ADMINISTRATOR)
        .with_header("idempotency-key", "paul");
    let made = claire.post_json(ACCOUNTS, &paul(INTERIOR)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let again = claire.post_json(ACCOUNTS, &paul(INTERIOR)).await;
    assert_eq!(
        (again.status, again.problem().as_str()),
        (409, "already-done")
    );
    assert!(!again.text().contains("mot-de-passe"));
}

async fn an_account_of_an_unknown_administration_is_on_the_operator_s_list_of_all(test: TestDb) {
    let admin = provider(&test).await;
    let far = (
        40,
        "",
        "loin@ailleurs.gouv.fr",
        "Loin",
        "Ailleurs",
        "13002526500013",
    );
    let written = admin.identity.write_local_account(account(far)).await;
    written.expect("written");
    let all = admin.as_agent(OPERATOR).get(ACCOUNTS).await.json();
    let all = addresses(&all);
    assert!(all.contains(&"loin@ailleurs.gouv.fr".to_owned()), "{all:?}");
    let of_claire = admin.as_agent(ADMINISTRATOR).get(ACCOUNTS).await.json();
    assert!(!addresses(&of_claire).contains(&"loin@ailleurs.gouv.fr".to_owned()));
}

async fn the_link_of_the_page_is_for_roles_that_administer(test: TestDb) {
    let admin = provider(&test).await;
    // Signed in too weakly: which roles they hold is read, and none speaks.
    let mut yann = testkit::callers::agent(1);
    yann.agent = Admin::id(AGENT);
    yann.grants.clear();
    let shown = async || {
        admin
            .identity
            .administers_accounts(&yann)
            .await
            .expect("read")
    };
    assert!(!shown().await);
    admin.given(AGENT, "announcer", INTERIOR).await;
    assert!(!shown().await, "who announces administers nothing");
    admin.given(AGENT, "administrator", INTERIOR).await;
    assert!(shown().await);
}
