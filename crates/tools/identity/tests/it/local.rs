//! A ministry's provider that this program runs: passwords.

use std::time::Duration;

use kernel_db::Value;
use kernel_db::testing::TestDb;
use testkit::{Answer, Client};

use crate::support::{CLAIRE, State};

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    the_right_password_opens_and_a_wrong_one_says_the_same_as_an_unknown_account,
    too_many_attempts_must_wait_and_then_may_go_on,
    tries_are_journalled_refused_and_done,
);

struct Form {
    client: Client,
    action: String,
    csrf: String,
}

/// The ministry's own sign-in page.
async fn form(state: &State) -> Form {
    let mut client = state.interior.client();
    let begun = client.get("/connexion").await;
    let page = client.get(begun.location()).await;
    assert_eq!(page.status, 200);
    Form {
        action: format!("{}/mot-de-passe", begun.location()),
        csrf: page.field("csrf").expect("a token"),
        client,
    }
}

impl Form {
    async fn attempt(&mut self, email: &str, password: &str) -> Answer {
        let fields = [
            ("csrf", self.csrf.as_str()),
            ("email", email),
            ("password", password),
        ];
        self.client.post_form(&self.action, &fields).await
    }

    async fn is_signed_in(&mut self) -> bool {
        self.client.get("/api/v1/session").await.status == 200
    }
}

/// A page without what differs from one request to the next, and without the address typed.
fn told(answer: &Answer, email: &str) -> String {
    let text = answer.text().replace(email, "");
    let main = text.split("<main").nth(1).unwrap_or_default();
    main.split("</form>").next().unwrap_or_default().to_owned()
}

async fn the_right_password_opens_and_a_wrong_one_says_the_same_as_an_unknown_account(
    test: TestDb,
) {
    let state = State::new(&test).await;
    let mut form = form(&state).await;
    let unknown = "personne@interieur.gouv.fr";
    let wrong = form.attempt(CLAIRE.email, "faux").await;
    let nobody = form.attempt(unknown, "faux").await;
    assert_eq!((wrong.status, nobody.status), (200, 200));
    assert_eq!(told(&wrong, CLAIRE.email), told(&nobody, unknown));
    assert!(told(&wrong, CLAIRE.email).contains("role=\"alert\""));
    assert!(!form.is_signed_in().await);
    let elsewhere = form
        .attempt("karim.benali@agriculture.gouv.fr", CLAIRE.password)
        .await;
    assert_eq!(
        elsewhere.status, 200,
        "another realm's account opens nothing"
    );
    assert!(!form.is_signed_in().await);
    let right = form
        .attempt(" Claire.Delmas@INTERIEUR.gouv.fr ", CLAIRE.password)
        .await;
    assert_eq!(right.refresh(), "https://interieur.test/");
    assert!(form.is_signed_in().await);
}

async fn too_many_attempts_must_wait_and_then_may_go_on(test: TestDb) {
    let state = State::new(&test).await;
    let mut form = form(&state).await;
    for _ in 0..3 {
        assert_eq!(form.attempt(CLAIRE.email, "faux").await.status, 200);
    }
    let refused = form.attempt(CLAIRE.email, CLAIRE.password).await;
    assert_eq!(refused.status, 429, "even with the right one");
    assert_ne!(refused.header("retry-after"), "");
    assert!(!form.is_signed_in().await);
    let other = form.attempt("hugo.martin@interieur.gouv.fr", "faux").await;
    assert_eq!(other.status, 200, "another account is not held back");
    state.clock.advance(Duration::from_secs(1));
    let opened = form.attempt(CLAIRE.email, CLAIRE.password).await;
    assert_eq!(opened.refresh(), "https://interieur.test/");
    assert!(form.is_signed_in().await);
}

async fn tries_are_journalled_refused_and_done(test: TestDb) {
    const TRIES: &str = "SELECT COUNT(*) AS n FROM journal_pending
                         WHERE act = 'identity.session.open' AND outcome = $1";
    let state = State::new(&test).await;
    let mut form = form(&state).await;
    let tries = |outcome: &'static str| state.interior.count(TRIES, vec![Value::from(outcome)]);
    form.attempt(CLAIRE.email, "faux").await;
    form.attempt("personne@interieur.gouv.fr", "faux").await;
    assert_eq!((tries("refused").await, tries("done").await), (2, 0));
    form.attempt(CLAIRE.email, CLAIRE.password).await;
    assert_eq!((tries("refused").await, tries("done").await), (2, 1));
}
