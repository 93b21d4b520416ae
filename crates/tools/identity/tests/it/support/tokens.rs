//! The application's side: what it asks, what it gets, and whether it may believe it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jose::{Algorithm, Expected, Expiry, JwkSet, Keys, Leeway, TypeRule};
use kernel::Clock as _;
use serde_json::Value;
use testkit::{Answer, Client};
use url::Url;

use super::person::{Person, Place};
use super::state::{Someone, State};

/// A PKCE verifier and its S256 challenge.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// How an application proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    Basic,
    Post,
    Nothing,
}

/// An application.
#[derive(Clone, Copy)]
pub(crate) struct Application<'a> {
    pub(crate) state: &'a State,
    pub(crate) id: &'a str,
    pub(crate) proof: Proof,
}

impl<'a> Application<'a> {
    pub(crate) fn new(state: &'a State, id: &'a str) -> Self {
        let proof = match id {
            "post" => Proof::Post,
            "page" => Proof::Nothing,
            _ => Proof::Basic,
        };
        Self { state, id, proof }
    }

    fn secret(&self) -> String {
        format!("the-secret-of-{}-is-long-enough-for-hs256", self.id)
    }

    fn client(&self) -> Client {
        self.state.besace.client()
    }

    /// Exchanges a code, with something changed (an empty value takes a field away).
    pub(crate) async fn exchange_with(&self, code: &str, change: &[(&str, &str)]) -> Answer {
        let redirect = format!("https://{}.test/retour", self.id);
        let mut form = BTreeMap::from([
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect.as_str()),
            ("code_verifier", VERIFIER),
        ]);
        form.extend(change.iter().copied());
        self.sends("/api/v2/token", form).await
    }

    /// Sends a form with this application's proof, unless the form brings its own (an empty value
    /// takes a field away).
    async fn sends(&self, path: &str, fields: BTreeMap<&str, &str>) -> Answer {
        let secret = self.secret();
        let mut form: BTreeMap<&str, &str> = BTreeMap::new();
        match self.proof {
            Proof::Basic => {}
            Proof::Post => {
                form.extend([("client_id", self.id), ("client_secret", secret.as_str())]);
            }
            Proof::Nothing => {
                form.insert("client_id", self.id);
            }
        }
        form.extend(fields);
        let fields: Vec<(&str, &str)> = form
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let mut client = self.client();
        if self.proof == Proof::Basic {
            let pair = STANDARD.encode(format!("{}:{secret}", self.id));
            client = client.with_header("authorization", &format!("Basic {pair}"));
        }
        client.post_form(path, &fields).await
    }

    /// Asks new tokens for a refresh token.
    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.refresh_with(token, &[]).await
    }

    /// The same, with something changed.
    pub(crate) async fn refresh_with(&self, token: &str, change: &[(&str, &str)]) -> Answer {
        let mut form = BTreeMap::from([("grant_type", "refresh_token"), ("refresh_token", token)]);
        form.extend(change.iter().copied());
        self.sends("/api/v2/token", form).await
    }

    /// Asks for a token of its own.
    pub(crate) async fn own_token(&self) -> Answer {
        let form = BTreeMap::from([("grant_type", "client_credentials")]);
        self.sends("/api/v2/token", form).await
    }

    /// Asks what a token is worth.
    pub(crate) async fn introspect(&self, token: &str) -> Answer {
        let form = BTreeMap::from([("token", token)]);
        self.sends("/api/v2/token/introspection", form).await
    }

    /// Gives a token back.
    pub(crate) async fn revoke(&self, token: &str) -> Answer {
        let form = BTreeMap::from([("token", token), ("token_type_hint", "access_token")]);
        self.sends("/api/v2/token/revocation", form).await
    }

    pub(crate) async fn exchange(&self, code: &str) -> Answer {
        self.exchange_with(code, &[]).await
    }

    /// What an access token opens.
    pub(crate) async fn userinfo(&self, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.client()
            .with_header("authorization", &bearer)
            .get("/api/v2/userinfo")
            .await
    }

    /// Checks a token as this application must.
    pub(crate) async fn verify(&self, token: &str, algorithm: Algorithm) -> Value {
        let published = self.client().get("/api/v2/jwks").await;
        let set = JwkSet::parse(&published.body).expect("a key set");
        let secret = self.secret();
        let keys = match algorithm {
            Algorithm::Hs256 => Keys::Secret(secret.as_bytes()),
            Algorithm::Es256 | Algorithm::Rs256 => Keys::Set(&set),
        };
        let expected = Expected {
            issuer: "https://besace.test/api/v2",
            audience: self.id,
            kind: TypeRule::Any,
            expiry: Expiry::Required,
            now: self.state.clock.now().seconds(),
            leeway: Leeway::NONE,
        };
        jose::verify::<Value>(token, algorithm, keys, &expected)
            .expect("a token that may be believed")
            .body
    }

    /// The address that asks for a sign-in, with something changed.
    pub(crate) fn asks(&self, change: &[(&str, &str)]) -> String {
        asking(self.id, change)
    }

    /// A whole sign-in of somebody not signed in: the code.
    pub(crate) async fn code(&self, person: &mut Person, someone: Someone) -> String {
        self.code_with(person, someone, &[]).await
    }

    /// The same, with something changed in the request.
    pub(crate) async fn code_with(
        &self,
        person: &mut Person,
        someone: Someone,
        change: &[(&str, &str)],
    ) -> String {
        let place = person.open(&self.asks(change)).await;
        let place = if place.answer.is_some() {
            person.go_through(&place, someone).await
        } else {
            place
        };
        code_in(&place)
    }

    /// A code without a page: somebody is signed in.
    pub(crate) async fn silent_code(&self, person: &mut Person) -> String {
        let place = person.open(&self.asks(&[("prompt", "none")])).await;
        code_in(&place)
    }

    /// Tokens of somebody who is signed in.
    pub(crate) async fn tokens(&self, person: &mut Person) -> Value {
        let code = self.silent_code(person).await;
        let answer = self.exchange(&code).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }
}

fn code_in(place: &Place) -> String {
    let query = answer_of(place);
    query
        .get("code")
        .unwrap_or_else(|| panic!("no code at {}", place.url))
        .clone()
}

/// The address that asks for a sign-in; an empty value takes a parameter away.
pub(crate) fn asking(client: &str, change: &[(&str, &str)]) -> String {
    let redirect = format!("https://{client}.test/retour");
    let mut parameters = BTreeMap::from([
        ("client_id", client),
        ("redirect_uri", redirect.as_str()),
        ("response_type", "code"),
        ("scope", "openid given_name usual_name email"),
        ("state", "état/+ 1&2"),
        ("nonce", "n-0S6_WzA2Mj"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    if client == "narrow" {
        parameters.insert("scope", "openid email");
    }
    for (name, value) in change {
        parameters.insert(name, value);
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters.iter().filter(|(_, value)| !value.is_empty()))
        .finish();
    format!("/api/v2/authorize?{query}")
}

/// The parameters of an address.
pub(crate) fn query_of(url: &Url) -> BTreeMap<String, String> {
    url.query_pairs().into_owned().collect()
}

/// The parameters in an address's fragment.
pub(crate) fn fragment_of(url: &Url) -> BTreeMap<String, String> {
    let fragment = url.fragment().unwrap_or_default().as_bytes();
    url::form_urlencoded::parse(fragment).into_owned().collect()
}

/// What an application got, which must carry its state and our issuer.
pub(crate) fn answer_of(place: &Place) -> BTreeMap<String, String> {
    assert!(
        place.answer.is_none(),
        "a page instead of an answer at {}: {}",
        place.url,
        place.page().text()
    );
    let query = query_of(&place.url);
    assert_eq!(query["state"], "état/+ 1&2", "{}", place.url);
    assert_eq!(query["iss"], "https://besace.test/api/v2", "{}", place.url);
    query
}

/// The error an application got, with its description.
pub(crate) fn error_of(place: &Place) -> (String, String) {
    let query = answer_of(place);
    assert!(!query.contains_key("code"), "{}", place.url);
    (query["error"].clone(), query["error_description"].clone())
}

/// The claims of a token, nothing checked.
pub(crate) fn claims_of(token: &str) -> Value {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let payload = token.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("JSON")
}
