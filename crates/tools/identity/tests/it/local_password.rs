//! Passwords chosen by their holders, at a ministry's provider that this program runs.

use std::sync::Arc;
use std::time::Duration;

use identity::local::Realm;
use identity::{Desk, Invitation, InviteError};
use kernel::{Clock, OsRng, Rng};
use kernel_db::testing::TestDb;
use kernel_db::{Tx, Value, values};
use kernel_mail::{MailConfig, Mailbox, Mailer, Security};
use testkit::Answer;

use crate::support::visitor::{ACCOUNT, Visitor, codes_of, key_of, next_of};
use crate::support::{CLAIRE, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_forgotten_password_is_chosen_anew_by_a_link_that_is_good_for_once,
    who_asks_for_a_link_is_told_the_same_whether_or_not_there_is_an_account,
    a_new_password_ends_the_sessions_and_the_code_is_still_asked,
    whoever_chose_a_password_by_a_link_is_known_in_that_browser,
    a_weak_password_spends_nothing_and_a_link_that_is_old_opens_nothing,
    a_password_is_changed_against_the_one_before_and_outlives_a_restart,
    somebody_invited_chooses_a_password_and_signs_in,
    somebody_whose_factors_were_reset_adds_one_after_the_password_before_anything_opens,
);

const FORGOTTEN: &str = "https://interieur.test/mot-de-passe-oublie";
const NEW: &str = "une phrase que personne ne devine";

async fn state(test: &TestDb) -> State {
    let state = State::new(test).await;
    state.interior.identity.mail_by(mailer(&state));
    state
}

fn mailer(state: &State) -> Mailer {
    let config = MailConfig {
        host: "127.0.0.1".to_owned(),
        port: 1,
        security: Security::None,
        credentials: None,
        from: Mailbox::parse(None, "comptes@interieur.test").expect("an address"),
        extra_roots_pem: Vec::new(),
    };
    let clock = Arc::clone(&state.clock) as Arc<dyn Clock>;
    Mailer::new(&config, clock, Arc::new(OsRng)).expect("a mailer")
}

pub(crate) fn desk(state: &State) -> Desk {
    let house = &state.interior.house;
    Desk {
        db: house.db.clone(),
        clock: Arc::clone(&house.clock),
        rng: Arc::new(OsRng) as Arc<dyn Rng>,
        mailer: mailer(state),
        realm: Realm::parse("interieur").expect("a realm"),
        organisation: identity::domain::organisation::id_of_siret("11001401600015"),
        provider: "Ministère de l’Intérieur".to_owned(),
        base_url: house.site.base_url.clone(),
    }
}

/// Asks for a link.
async fn ask(state: &State, email: &str) -> Answer {
    let mut client = state.interior.client();
    let page = client.get(FORGOTTEN).await;
    let csrf = page.field("csrf").expect("a token");
    let fields = [("csrf", csrf.as_str()), ("email", email)];
    client.post_form(FORGOTTEN, &fields).await
}

/// Does what waits in the queue but mails.
async fn work(state: &State) {
    let db = &state.interior.house.db;
    let tool = identity::tool(&state.interior.identity);
    let handler = tool
        .jobs
        .iter()
        .find(|job| job.kind() == "identity.password.link");
    let handler = handler.expect("the job");
    let payloads: Result<Vec<String>, kernel_db::DbError> = db
        .write(|tx: &mut Tx| {
            Box::pin(async move {
                let kind = "identity.password.link";
                let rows = tx
                    .query("SELECT payload FROM job WHERE kind = $1", &values![kind])
                    .await?;
                tx.execute("DELETE FROM job WHERE kind = $1", &values![kind])
                    .await?;
                rows.iter().map(|row| row.get("payload")).collect()
            })
        })
        .await;
    for payload in payloads.expect("read") {
        let payload = serde_json::from_str(&payload).expect("JSON");
        handler.run(db, &payload).await.expect("done");
    }
}

/// The mails that wait, the last first: subject and text.
async fn mails(state: &State) -> Vec<(String, String)> {
    let read: Result<Vec<String>, kernel_db::DbError> = state
        .interior
        .house
        .db
        .read(|tx: &mut Tx| {
            Box::pin(async move {
                let rows = tx
                    .query(
                        "SELECT payload FROM job WHERE kind = $1 ORDER BY id DESC",
                        &values!["mail.send"],
                    )
                    .await?;
                rows.iter().map(|row| row.get("payload")).collect()
            })
        })
        .await;
    let read = read.expect("read");
    let mails = read.iter().map(|payload| {
        let mail: kernel_mail::QueuedMail = serde_json::from_str(payload).expect("a mail");
        (mail.mail.subject, mail.mail.text)
    });
    mails.collect()
}

/// The link of the last mail that has one.
async fn link(state: &State) -> String {
    let all = mails(state).await;
    let found = all.iter().find_map(|(_, text)| {
        let word = text
            .split_whitespace()
            .find(|word| word.starts_with("https://"));
        word.map(str::to_owned)
    });
    found.expect("a link")
}

/// Opens a link and sends a password.
async fn choose(state: &State, link: &str, password: &str) -> Answer {
    let mut client = state.interior.client();
    let page = client.get(link).await;
    let csrf = page.field("csrf").unwrap_or_default();
    let fields = [("csrf", csrf.as_str()), ("password", password)];
    client.post_form(link, &fields).await
}

async fn acts(state: &State, act: &'static str) -> i64 {
    let sql = "SELECT COUNT(*) AS n FROM journal_pending WHERE act = $1";
    state.interior.count(sql, vec![Value::from(act)]).await
}

async fn a_forgotten_password_is_chosen_anew_by_a_link_that_is_good_for_once(test: TestDb) {
    let state = state(&test).await;
    ask(&state, &format!(" {} ", CLAIRE.email.to_uppercase())).await;
    assert!(
        mails(&state).await.is_empty(),
        "the answer did not wait for it"
    );
    work(&state).await;
    let link = link(&state).await;
    for _ in 0..3 {
        let opened = state.interior.client().get(&link).await;
        assert!(
            opened.text().contains("new-password"),
            "opening spends nothing"
        );
    }
    let stored = "SELECT COUNT(*) AS n FROM identity_local_link";
    assert_eq!(state.interior.count(stored, Vec::new()).await, 1);
    let chosen = choose(&state, &link, NEW).await;
    assert!(chosen.text().contains("Votre mot de passe est choisi"));
    let again = choose(&state, &link, "une autre phrase bien à moi").await;
    assert!(!again.text().contains("Votre mot de passe est choisi"));
    assert_eq!(acts(&state, "identity.password.change").await, 1);
    let mut claire = Visitor::new(&state);
    assert_eq!(
        claire.password(CLAIRE.password).await.0.status,
        200,
        "the old one is dead"
    );
    let (opened, _) = claire.password(NEW).await;
    assert_eq!(opened.refresh(), "https://interieur.test/");
}

async fn who_asks_for_a_link_is_told_the_same_whether_or_not_there_is_an_account(test: TestDb) {
    const WAITING: &str = "SELECT COUNT(*) AS n FROM job WHERE kind = 'identity.password.link'";
    let state = state(&test).await;
    let told = |answer: &Answer| {
        let text = answer.text();
        let main = text.split("<main").nth(1).unwrap_or_default();
        main.split("</main>").next().unwrap_or_default().to_owned()
    };
    let known = ask(&state, CLAIRE.email).await;
    let nobody = ask(&state, "personne@interieur.gouv.fr").await;
    let broken = ask(&state, "personne").await;
    assert_eq!(
        (known.status, nobody.status, broken.status),
        (200, 200, 200)
    );
    assert_eq!(told(&known), told(&nobody));
    assert_eq!(told(&known), told(&broken));
    // The request did the same for both: it put one job in the queue.
    assert_eq!(state.interior.count(WAITING, Vec::new()).await, 2);
    work(&state).await;
    assert_eq!(mails(&state).await.len(), 1);
    // Asked again at once, nothing more is mailed, and nobody is told.
    let again = ask(&state, CLAIRE.email).await;
    assert_eq!(told(&again), told(&known));
    assert_eq!(state.interior.count(WAITING, Vec::new()).await, 0);
    state.clock.advance(Duration::from_mins(1));
    ask(&state, CLAIRE.email).await;
    assert_eq!(state.interior.count(WAITING, Vec::new()).await, 1);
}

async fn a_new_password_ends_the_sessions_and_the_code_is_still_asked(test: TestDb) {
    let state = state(&test).await;
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let (secret, _) = claire.add().await;
    // Somebody who knows the password waits for the code.
    let mut thief = Visitor::new(&state);
    let (_, waiting) = thief.password(CLAIRE.password).await;
    ask(&state, CLAIRE.email).await;
    work(&state).await;
    let link = link(&state).await;
    state.clock.advance(Duration::from_secs(1));
    let chosen = choose(&state, &link, NEW).await;
    assert!(chosen.text().contains("Votre mot de passe est choisi"));
    assert!(!claire.is_signed_in().await, "her sessions are closed");
    let page = thief.client.get(&waiting).await;
    assert_eq!(page.status, 400, "the password that was right no longer is");
    let mut again = Visitor::new(&state);
    let (asked, here) = again.password(NEW).await;
    assert_eq!((asked.status, asked.location()), (303, here.as_str()));
    assert!(
        !again.is_signed_in().await,
        "the link did not replace the code"
    );
    let code = next_of(&state, &secret);
    again.code(&here, &code).await;
    assert!(again.is_signed_in().await);
    let subjects: Vec<_> = mails(&state).await.into_iter().map(|mail| mail.0).collect();
    assert!(subjects.contains(&"Le mot de passe de votre compte a changé".to_owned()));
}

async fn whoever_chose_a_password_by_a_link_is_known_in_that_browser(test: TestDb) {
    let state = state(&test).await;
    // Somebody keeps guessing: whoever comes with a new browser must wait.
    let guess = async || {
        let mut stranger = Visitor::new(&state);
        for _ in 0..3 {
            assert_eq!(stranger.password("faux").await.0.status, 200);
        }
        assert_eq!(stranger.password("faux").await.0.status, 429);
    };
    guess().await;
    ask(&state, CLAIRE.email).await;
    work(&state).await;
    let link = link(&state).await;
    let mut claire = Visitor::new(&state);
    let page = claire.client.get(&link).await;
    let csrf = page.field("csrf").expect("a token");
    for (password, known) in [("court", false), (NEW, true)] {
        let fields = [("csrf", csrf.as_str()), ("password", password)];
        let answer = claire.client.post_form(&link, &fields).await;
        let name = state.interior.house.cookies().name("d");
        assert_eq!(answer.set_cookie(&name).is_some(), known, "{password}");
    }
    guess().await;
    let (held, _) = Visitor::new(&state).password(NEW).await;
    assert_eq!(held.status, 429, "another browser");
    let (opened, _) = claire.password(NEW).await;
    assert_eq!(opened.refresh(), "https://interieur.test/");
}

async fn a_weak_password_spends_nothing_and_a_link_that_is_old_opens_nothing(test: TestDb) {
    let state = state(&test).await;
    ask(&state, CLAIRE.email).await;
    work(&state).await;
    let link = link(&state).await;
    for weak in ["court", "Motdepasse2026!", "claire.dupont@interieur"] {
        let refused = choose(&state, &link, weak).await;
        assert!(refused.text().contains("role=\"alert\""), "{weak}");
        assert!(
            !refused.text().contains(weak),
            "what was typed does not come back"
        );
    }
    let mut client = state.interior.client();
    let forged = client.post_form(&link, &[("password", NEW)]).await;
    assert_eq!(forged.status, 403);
    state.clock.advance(Duration::from_hours(1));
    let old = state.interior.client().get(&link).await;
    assert!(old.text().contains("Ce lien ne sert plus"));
    assert!(
        !choose(&state, &link, NEW)
            .await
            .text()
            .contains("est choisi")
    );
    Visitor::new(&state).sign_in().await;
}

async fn a_password_is_changed_against_the_one_before_and_outlives_a_restart(test: TestDb) {
    let state = state(&test).await;
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let mut elsewhere = Visitor::new(&state);
    elsewhere.sign_in().await;
    let page = format!("{ACCOUNT}/mot-de-passe");
    for (before, password) in [("faux", NEW), (CLAIRE.password, "court")] {
        let fields = [("before", before), ("password", password)];
        let refused = claire.send(&page, &page, &fields).await;
        assert!(refused.text().contains("role=\"alert\""), "{before}");
    }
    let fields = [("before", CLAIRE.password), ("password", NEW)];
    let changed = claire.send(&page, &page, &fields).await;
    assert_eq!(changed.location(), "/compte?fait=change");
    assert!(claire.is_signed_in().await, "the session that asked stays");
    assert!(!elsewhere.is_signed_in().await, "the others do not");
    // What a start does with the accounts of its configuration.
    state.rewrite(CLAIRE, |_| ()).await;
    let mut again = Visitor::new(&state);
    assert_eq!(again.password(CLAIRE.password).await.0.status, 200);
    let (opened, _) = again.password(NEW).await;
    assert_eq!(opened.refresh(), "https://interieur.test/");
}

fn invitation(address: &str) -> Invitation {
    Invitation {
        address: address.to_owned(),
        given_name: "Nadia".to_owned(),
        usual_name: "Benhamou".to_owned(),
        siret: None,
        organizational_unit: None,
        population: None,
    }
}

async fn somebody_invited_chooses_a_password_and_signs_in(test: TestDb) {
    let state = state(&test).await;
    let desk = desk(&state);
    let address = "nadia.benhamou@interieur.gouv.fr";
    let first = desk.invite(invitation(address)).await.expect("invited");
    assert!(first.mailed);
    let second = desk
        .invite(invitation(address))
        .await
        .expect("invited again");
    let gone = state.interior.client().get(first.link.as_str()).await;
    assert!(
        gone.text().contains("Ce lien ne sert plus"),
        "the later link replaces it"
    );
    let mut visitor = Visitor::new(&state);
    let (refused, _) = visitor.attempt(address, "").await;
    assert_eq!(refused.status, 200, "without a password nothing opens");
    state.clock.advance(Duration::from_hours(6 * 24));
    let chosen = choose(&state, second.link.as_str(), NEW).await;
    assert!(chosen.text().contains("Votre mot de passe est choisi"));
    let (opened, _) = visitor.attempt(address, NEW).await;
    assert_eq!(opened.refresh(), "https://interieur.test/");
    let taken = desk.invite(invitation(address)).await;
    assert!(matches!(taken, Err(InviteError::AlreadyThere(_))));
    let known = desk.invite(invitation(CLAIRE.email)).await;
    assert!(matches!(known, Err(InviteError::AlreadyThere(_))));
    for broken in ["", "nadia", "a b@c"] {
        let refused = desk.invite(invitation(broken)).await;
        assert!(matches!(refused, Err(InviteError::Address(_))), "{broken}");
    }
    assert_eq!(acts(&state, "identity.account.invite").await, 2);
    // The configuration does not name her, and its next start leaves her account alone.
    let named = vec![identity::local::Login::parse(CLAIRE.email).expect("a login")];
    let removed = state
        .interior
        .identity
        .remove_local_accounts_but(named)
        .await;
    removed.expect("removed");
    let mut later = Visitor::new(&state);
    let (opened, _) = later.attempt(address, NEW).await;
    assert_eq!(opened.refresh(), "https://interieur.test/");
}

async fn somebody_whose_factors_were_reset_adds_one_after_the_password_before_anything_opens(
    test: TestDb,
) {
    let state = state(&test).await;
    let mut claire = Visitor::new(&state);
    claire.sign_in().await;
    let (old, codes) = claire.add().await;
    let desk = desk(&state);
    assert_eq!(
        desk.reset_factor("personne@interieur.gouv.fr")
            .await
            .expect("read"),
        None
    );
    let ended = desk.reset_factor(CLAIRE.email).await.expect("reset");
    assert_eq!(ended, Some(1));
    assert!(!claire.is_signed_in().await);
    assert_eq!(acts(&state, "identity.factor.reset").await, 1);
    let mut again = Visitor::new(&state);
    let (asked, here) = again.password(CLAIRE.password).await;
    assert_eq!((asked.status, asked.location()), (303, here.as_str()));
    let page = again.client.get(&here).await;
    let secret = key_of(&page);
    assert_ne!(secret.text().expose(), old.text().expose());
    let csrf = page.field("csrf").expect("a token");
    let action = format!("{here}/second-facteur");
    let skip = [("csrf", csrf.as_str()), ("skip", "1")];
    again.client.post_form(&action, &skip).await;
    assert!(!again.is_signed_in().await, "there is no way around it");
    let code = [("csrf", csrf.as_str()), ("code", codes[0].as_str())];
    again.client.post_form(&format!("{here}/code"), &code).await;
    assert!(!again.is_signed_in().await, "the old codes are dead");
    let code = next_of(&state, &secret);
    let fields = [
        ("csrf", csrf.as_str()),
        ("name", "Neuf"),
        ("code", code.as_str()),
    ];
    let added = again.client.post_form(&action, &fields).await;
    assert_eq!(added.location(), here);
    let shown = again.client.get(&here).await;
    assert_eq!(codes_of(&shown).len(), 10);
    let gone_on = again
        .client
        .post_form(&action, &[("csrf", csrf.as_str())])
        .await;
    assert_eq!(gone_on.refresh(), "https://interieur.test/");
    assert!(again.is_signed_in().await);
}
