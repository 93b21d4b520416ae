//! Somebody with a browser at a ministry's provider that this program runs, with a telephone.

use std::time::Duration;

use identity::local::{TimeStep, TotpSecret};
use kernel::Clock as _;
use testkit::{Answer, Client};

use super::state::{CLAIRE, State};

/// The account's page there.
pub(crate) const ACCOUNT: &str = "https://interieur.test/compte";

/// Somebody at the ministry.
#[derive(Clone)]
pub(crate) struct Visitor<'a> {
    state: &'a State,
    pub(crate) client: Client,
}

impl<'a> Visitor<'a> {
    pub(crate) fn new(state: &'a State) -> Self {
        let client = state.interior.client();
        Self { state, client }
    }

    /// Gives Claire's address and a password; answers what comes, and where the sign-in is.
    pub(crate) async fn password(&mut self, password: &str) -> (Answer, String) {
        self.attempt(CLAIRE.email, password).await
    }

    /// The same for another address.
    pub(crate) async fn attempt(&mut self, email: &str, password: &str) -> (Answer, String) {
        let begun = self.client.get("/connexion").await;
        let here = begun.location().to_owned();
        let page = self.client.get(&here).await;
        let csrf = page.field("csrf").expect("a token");
        let fields = [
            ("csrf", csrf.as_str()),
            ("email", email),
            ("password", password),
        ];
        let action = format!("{here}/mot-de-passe");
        (self.client.post_form(&action, &fields).await, here)
    }

    /// Gives a code where a sign-in asks for one.
    pub(crate) async fn code(&mut self, here: &str, code: &str) -> Answer {
        let page = self.client.get(here).await;
        let csrf = page.field("csrf").expect("a token");
        let fields = [("csrf", csrf.as_str()), ("code", code)];
        self.client
            .post_form(&format!("{here}/code"), &fields)
            .await
    }

    /// Signs in with the password alone.
    pub(crate) async fn sign_in(&mut self) {
        let (answer, _) = self.password(CLAIRE.password).await;
        assert_eq!(answer.refresh(), "https://interieur.test/");
    }

    /// Signs in with both.
    pub(crate) async fn sign_in_with(&mut self, code: &str) -> Answer {
        let (asked, here) = self.password(CLAIRE.password).await;
        assert_eq!((asked.status, asked.location()), (303, here.as_str()));
        self.code(&here, code).await
    }

    /// Sends a form of the account's pages.
    pub(crate) async fn send(
        &mut self,
        page: &str,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let shown = self.client.get(page).await;
        let csrf = shown.field("csrf").expect("a token");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.post_form(action, &all).await
    }

    /// Proves the password, and answers the secret shown.
    pub(crate) async fn begin(&mut self, proof: &str) -> TotpSecret {
        let page = format!("{ACCOUNT}/second-facteur");
        let begun = self.send(&page, &page, &[("proof", proof)]).await;
        assert_eq!(begun.status, 303, "{}", begun.text());
        let page = self.client.get(begun.location()).await;
        key_of(&page)
    }

    /// Adds a factor; answers its secret and the recovery codes shown.
    pub(crate) async fn add(&mut self) -> (TotpSecret, Vec<String>) {
        let secret = self.begin(CLAIRE.password).await;
        let code = now_of(self.state, &secret);
        let page = format!("{ACCOUNT}/second-facteur/confirmer");
        let fields = [("name", "Téléphone"), ("code", code.as_str())];
        let added = self.send(&page, &page, &fields).await;
        assert_eq!(added.status, 200);
        (secret, codes_of(&added))
    }

    pub(crate) async fn is_signed_in(&mut self) -> bool {
        self.client.get("/api/v1/session").await.status == 200
    }
}

/// The secret that a page shows.
pub(crate) fn key_of(page: &Answer) -> TotpSecret {
    let text = page.text();
    let shown = text.split("class=\"bs-key\">").nth(1).expect("a key");
    TotpSecret::parse(shown.split('<').next().expect("its end")).expect("base32")
}

/// The recovery codes that a page shows.
pub(crate) fn codes_of(page: &Answer) -> Vec<String> {
    let text = page.text();
    let list = text.split("class=\"bs-codes\"").nth(1).unwrap_or_default();
    let list = list.split("</ul>").next().unwrap_or_default();
    let items = list.split("<li>").skip(1);
    items
        .filter_map(|item| item.split('<').next())
        .map(str::to_owned)
        .collect()
}

/// The code of now.
pub(crate) fn now_of(state: &State, secret: &TotpSecret) -> String {
    secret.code(TimeStep::at(state.clock.now()))
}

/// The next code: half a minute later.
pub(crate) fn next_of(state: &State, secret: &TotpSecret) -> String {
    state.clock.advance(Duration::from_secs(30));
    now_of(state, secret)
}
