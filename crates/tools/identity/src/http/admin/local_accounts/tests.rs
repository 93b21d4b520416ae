//! Rules that hold for several acts on password accounts.

use http::Method;
use kernel::{AgentId, Grant, Role, Scope, Secret, Timestamp};
use kernel_db::testing::TestDb;
use kernel_db::{Tx, values};
use serde_json::{Value, json};

use super::testing::{ACCOUNTS, NADIA, account, addresses, path, provider};
use crate::http::admin::testing::{
    ADMINISTRATOR, AGENT, Admin, BELOW, INTERIOR, LANDES, OPERATOR, Somebody,
};
use crate::local::RecoveryCode;
use crate::service::local_office::Invitation;
use crate::service::local_password::Chosen;

kernel_db::store_suite!(
    &[crate::MIGRATIONS];
    where_no_mail_leaves_who_administers_below_is_told_no_link,
    a_configured_account_keeps_nothing_of_an_invited_one,
    nobody_acts_on_who_holds_a_role_that_is_deeper_or_lasts_longer,
    roles_go_with_the_account_and_the_last_operator_stays,
    an_administrator_of_below_does_nothing_to_an_account_of_above,
    of_two_invitations_of_one_address_at_once_one_is_sent,
    a_password_chosen_beside_a_removal_opens_nothing,
    nothing_that_was_given_outlives_the_account,
    an_invitation_that_is_asked_for_twice_does_not_tell_its_link_again,
    who_is_suspended_is_said_to_be_and_is_sent_no_link,
    an_administrator_sends_twenty_invitations_a_day_and_three_to_one_account,
    an_account_of_an_unknown_administration_is_on_the_operator_s_list_of_all,
    the_link_of_the_page_is_for_roles_that_administer,
);

fn paul(siret: &str) -> Value {
    json!({
        "email": "paul.roux@interieur.gouv.fr", "givenName": "Paul", "usualName": "Roux",
        "organisation": Admin::organisation(siret).to_string(),
    })
}

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

/// The secret of a link.
fn secret_of(link: &str) -> Secret {
    Secret::new(link.rsplit('/').next().expect("a secret").to_owned())
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

async fn roles_go_with_the_account_and_the_last_operator_stays(test: TestDb) {
    let admin = provider(&test).await;
    let id = admin.account_id(NADIA).await;
    let mut ines = admin.as_agent(OPERATOR);
    let body = json!({ "agent": id, "role": "operator", "subtree": true });
    let given = ines.post_json("/api/v1/admin/grants", &body).await;
    assert_eq!(given.status, 201, "{}", given.text());
    let held = "SELECT COUNT(*) AS n FROM identity_role WHERE role = 'operator'";
    assert_eq!(admin.count(held).await, 2);
    let gone = ines.call(Method::DELETE, &path(&id, "")).await;
    assert_eq!(gone.status, 204, "{}", gone.text());
    assert_eq!(admin.count(held).await, 1);
    let taken = "SELECT COUNT(*) AS n FROM journal_pending
                 WHERE act = 'identity.role.revoke' AND actor IS NOT NULL";
    assert_eq!(admin.count(taken).await, 1);
    // Who cannot sign in any more is not somebody who is left.
    let own = admin.role_path(OPERATOR).await;
    let last = ines.call(Method::DELETE, &own).await;
    assert_eq!(
        (last.status, last.problem().as_str()),
        (409, "last-administrator")
    );
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

async fn a_password_chosen_beside_a_removal_opens_nothing(test: TestDb) {
    let admin = provider(&test).await;
    let link = admin.link_of(NADIA).await;
    let nadia = path(&admin.account_id(NADIA).await, "");
    let password = Secret::new("trois pommes vertes et un vélo");
    let mut claire = admin.as_agent(ADMINISTRATOR);
    let secret = secret_of(&link);
    let (chosen, gone) = tokio::join!(
        admin.identity.choose_password(&secret, &password),
        claire.call(Method::DELETE, &nadia)
    );
    // Whichever came first: the account is gone, and the link with it.
    assert!(matches!(chosen, Ok(Chosen::Yes(_) | Chosen::Gone)));
    assert_eq!(gone.status, 204, "{}", gone.text());
    assert_eq!(admin.count(NADIAS).await, 0);
    let links = "SELECT COUNT(*) AS n FROM identity_local_link";
    assert_eq!(admin.count(links).await, 0);
    let again = admin.identity.choose_password(&secret, &password).await;
    assert!(matches!(again, Ok(Chosen::Gone)));
}

async fn nothing_that_was_given_outlives_the_account(test: TestDb) {
    let admin = provider(&test).await;
    let id = admin.account_id(NADIA).await;
    let agent = AgentId::parse(&id).expect("an id");
    let number = u128::from_be_bytes(*agent.as_bytes());
    let nadia: Somebody = (number, "interieur", NADIA, "Nadia", "Benhamou", INTERIOR);
    admin.with_factor_and_session(NADIA, &id).await;
    let (_, bearer) = admin.token(nadia, 5).await;
    let given = admin.identity.house.db.write(move |tx: &mut Tx| {
        Box::pin(async move {
            let code = RecoveryCode::parse("aaaa-bbbb-cccc-dddd").expect("a code");
            tx.execute(
                "INSERT INTO identity_local_recovery_code (subject, code_hash) VALUES ($1, $2)",
                &values![agent, code.hash()],
            )
            .await?;
            tx.execute(
                "INSERT INTO identity_grant (id, session, agent, client, scopes,
                     provider, acr, created_at, expires_at)
                 VALUES ($1, $1, $1, 'mission', 'openid', 'interieur', 'eidas1', 1, 2)",
                &values![agent],
            )
            .await?;
            Ok::<_, kernel_db::DbError>(())
        })
    });
    given.await.expect("written");
    let codes = "SELECT COUNT(*) AS n FROM identity_local_recovery_code";
    let grants = "SELECT COUNT(*) AS n FROM identity_grant WHERE revoked_at IS NULL";
    let tokens = "SELECT COUNT(*) AS n FROM identity_credential WHERE revoked_at IS NULL";
    for sql in [codes, grants, tokens] {
        assert_eq!(admin.count(sql).await, 1, "{sql}");
    }
    let mut claire = admin.as_agent(ADMINISTRATOR);
    let gone = claire.call(Method::DELETE, &path(&id, "")).await;
    assert_eq!(gone.status, 204, "{}", gone.text());
    for sql in [codes, grants, tokens] {
        assert_eq!(admin.count(sql).await, 0, "{sql}");
    }
    assert_eq!(admin.opens(&bearer).await, 401);
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

async fn who_is_suspended_is_said_to_be_and_is_sent_no_link(test: TestDb) {
    let admin = provider(&test).await;
    let id = admin.account_id(NADIA).await;
    let mut claire = admin.as_agent(ADMINISTRATOR);
    let seen = claire.get(&path(&id, "")).await.json();
    assert_eq!(seen["agentState"], "pre_created");
    assert_eq!(seen["may"], json!(["invite", "remove"]));
    let suspend = format!("/api/v1/admin/agents/{id}/suspend");
    let why = json!({ "reason": "Badge perdu" });
    let done = claire.post_json(&suspend, &why).await;
    assert_eq!(done.status, 200, "{}", done.text());
    let seen = claire.get(&path(&id, "")).await.json();
    assert_eq!(seen["agentState"], "suspended");
    assert_eq!(seen["may"], json!(["remove"]));
    let refused = claire.call(Method::POST, &path(&id, "/invite")).await;
    assert_eq!(
        (refused.status, refused.problem().as_str()),
        (409, "account-closed")
    );
}

async fn an_administrator_sends_twenty_invitations_a_day_and_three_to_one_account(test: TestDb) {
    let admin = provider(&test).await;
    let mut claire = admin.as_agent(ADMINISTRATOR);
    let again = path(&admin.account_id(NADIA).await, "/invite");
    for _ in 0..3 {
        assert_eq!(claire.call(Method::POST, &again).await.status, 200);
    }
    let mut ines = admin.as_agent(OPERATOR);
    let enough = ines.call(Method::POST, &again).await;
    assert_eq!(
        (enough.status, enough.problem().as_str()),
        (429, "sent-enough-today"),
        "whoever asks"
    );
    let mut body = paul(INTERIOR);
    for number in 3..=20 {
        body["email"] = format!("paul.{number}@interieur.gouv.fr").into();
        let made = claire.post_json(ACCOUNTS, &body).await;
        let expected = if number < 20 { 201 } else { 429 };
        assert_eq!(made.status, expected, "{number}: {}", made.text());
    }
    let refused = claire.post_json(ACCOUNTS, &body).await;
    assert_eq!(refused.problem(), "too-many-invitations-today");
    assert_eq!(ines.post_json(ACCOUNTS, &body).await.status, 201, "another");

    // The command line is not counted, nor held back.
    let desk = admin.identity.desk().expect("a provider");
    let invited = desk.invite(Invitation {
        address: NADIA.to_owned(),
        given_name: "Nadia".to_owned(),
        usual_name: "Benhamou".to_owned(),
        siret: None,
        organizational_unit: None,
        population: None,
    });
    invited.await.expect("invited");

    let aged = admin.identity.house.db.write(|tx: &mut Tx| {
        Box::pin(async move {
            let sql = "UPDATE identity_local_sent SET sent_at = sent_at - 86400000";
            tx.execute(sql, &[]).await?;
            Ok::<_, kernel_db::DbError>(())
        })
    });
    aged.await.expect("written");
    assert_eq!(claire.call(Method::POST, &again).await.status, 200);
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
