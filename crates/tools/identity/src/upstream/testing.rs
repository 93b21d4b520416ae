//! A provider in memory, for the tests of this room.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jose::{Algorithm, JwkSet, SigningKey, half_hash};
use kernel::{Locale, OrganisationId, Secret};
use kernel_http::outgoing::{Answer, Options};
use kernel_http::{BoxFuture, OutgoingError};
use serde_json::{Map, Value, json};
use testkit::{FixedClock, SeededRng};
use url::Url;

use super::metadata::Metadata;
use super::*;
use crate::domain::acr::AcrWish;
use crate::domain::authorize::Parameters;
use crate::domain::pkce::challenge_of;

pub(super) const ISSUER: &str = "https://idp.test/realms/interieur";
pub(super) const SECRET: &str = "a-secret-of-at-least-thirty-two-bytes";

/// The ministry of the interior's provider.
pub(super) fn config() -> ProviderConfig {
    ProviderConfig {
        id: ProviderId::parse("interieur").expect("an id"),
        title: "Ministère de l’Intérieur".into(),
        issuer: Url::parse(ISSUER).expect("a URL"),
        client_id: "besace".into(),
        credentials: ProviderCredentials::Post(Secret::new(SECRET)),
        preset: Preset::Standard,
        scopes: None,
        aliases: Vec::new(),
        kind: ProviderKind::Ministry {
            domains: vec!["interieur.gouv.fr".into()],
        },
        organisation: OrganisationId::from_u128(1),
        confined: false,
        default_siret: Siret::parse("11001401600015").ok(),
        support: ProviderSupport {
            label: "Assistance".into(),
            phone: None,
            email: None,
            hours: None,
        },
        id_token_alg: Algorithm::Es256,
        mfa_capable: false,
        enabled: true,
    }
}

pub(super) fn metadata() -> Metadata {
    let document = document().to_string();
    Metadata::read(document.as_bytes(), &config().issuer).expect("metadata")
}

pub(super) fn pending(config: &ProviderConfig) -> Pending {
    let rng = SeededRng::new(9);
    Pending::new(config.id.clone(), "k7m2p9ab", None, FixedClock::START, &rng)
}

fn document() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": format!("{ISSUER}/authorize"),
        "token_endpoint": format!("{ISSUER}/token"),
        "userinfo_endpoint": format!("{ISSUER}/userinfo"),
        "jwks_uri": format!("{ISSUER}/jwks"),
        "end_session_endpoint": format!("{ISSUER}/logout"),
    })
}

/// How the provider behaves; a test changes what it wants.
pub(super) struct Behaviour {
    pub(super) document: Value,
    pub(super) key: Arc<SigningKey>,
    pub(super) published: Value,
    /// Members laid over the id token's; null takes one away.
    pub(super) id_token: Value,
    /// Members laid over userinfo's.
    pub(super) userinfo: Value,
    pub(super) userinfo_mime: &'static str,
    /// Nobody listens.
    pub(super) dead: bool,
    /// Takes the call and never answers.
    pub(super) silent: bool,
    /// Instead of an answer at the token endpoint.
    pub(super) token_status: Option<(u16, Value)>,
    /// Addresses called, by their last segment.
    pub(super) calls: Vec<String>,
    asked: Option<Map<String, Value>>,
}

/// The provider.
pub(super) struct Provider {
    behaviour: Mutex<Behaviour>,
    clock: Arc<FixedClock>,
}

pub(super) fn published(key: &SigningKey) -> Value {
    let keys = key.public_jwk().into_iter().cloned().collect();
    serde_json::to_value(JwkSet::new(keys)).expect("a key set")
}

impl Provider {
    pub(super) fn behaviour(&self) -> MutexGuard<'_, Behaviour> {
        self.behaviour
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn count(&self, segment: &str) -> usize {
        self.behaviour()
            .calls
            .iter()
            .filter(|call| *call == segment)
            .count()
    }

    /// A new key, published at once.
    pub(super) fn rotate(&self) {
        let key = SigningKey::generate_es256().expect("a key");
        let mut behaviour = self.behaviour();
        behaviour.published = published(&key);
        behaviour.key = Arc::new(key);
    }

    /// The person signs in at the address they were sent to; what the browser brings back.
    pub(super) fn approve(&self, url: &Url) -> Parameters {
        let asked: Map<String, Value> = url
            .query_pairs()
            .map(|(n, v)| (n.into_owned(), json!(v)))
            .collect();
        let state = asked
            .get("state")
            .and_then(Value::as_str)
            .expect("a state")
            .to_owned();
        self.behaviour().asked = Some(asked);
        vec![
            ("code".into(), "c-1".into()),
            ("state".into(), state),
            ("iss".into(), ISSUER.into()),
        ]
    }

    fn answer(&self, url: &Url, form: &[(&str, &str)], options: &Options<'_>) -> Answer {
        let segment = url.path().rsplit('/').next().unwrap_or_default().to_owned();
        let mut behaviour = self.behaviour();
        behaviour.calls.push(segment.clone());
        match segment.as_str() {
            "openid-configuration" => json_answer(200, &behaviour.document),
            "jwks" => json_answer(200, &behaviour.published),
            "token" => self.token(&mut behaviour, form),
            "userinfo" => userinfo(&behaviour, options),
            _ => json_answer(404, &json!({})),
        }
    }

    /// Each code is good once, for the one who holds verifier, secret and redirect address.
    fn token(&self, behaviour: &mut Behaviour, form: &[(&str, &str)]) -> Answer {
        if let Some((status, body)) = &behaviour.token_status {
            return json_answer(*status, body);
        }
        let field = |name: &str| {
            form.iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| *value)
        };
        let Some(asked) = behaviour.asked.take() else {
            return json_answer(400, &json!({ "error": "invalid_grant" }));
        };
        let asked_for = |name: &str| asked.get(name).and_then(Value::as_str);
        assert_eq!(field("code"), Some("c-1"));
        assert_eq!(field("client_secret"), Some(SECRET));
        assert_eq!(field("redirect_uri"), asked_for("redirect_uri"));
        assert_eq!(field("sp_id"), asked_for("sp_id"));
        let challenge = field("code_verifier").map(challenge_of);
        assert_eq!(challenge.as_deref(), asked_for("code_challenge"));
        let now = kernel::Clock::now(self.clock.as_ref()).seconds();
        let claims = laid_over(
            json!({
                "iss": ISSUER, "sub": "s-1", "aud": "besace", "iat": now, "exp": now + 60,
                "nonce": asked_for("nonce"), "at_hash": half_hash("at-1"),
                "acr": "eidas2", "amr": ["pwd", "otp"],
            }),
            &behaviour.id_token,
        );
        let id_token = behaviour.key.sign(Some("JWT"), &claims).expect("a token");
        json_answer(
            200,
            &json!({ "access_token": "at-1", "token_type": "Bearer", "id_token": id_token }),
        )
    }
}

fn userinfo(behaviour: &Behaviour, options: &Options<'_>) -> Answer {
    if options.bearer.is_none_or(|token| token.expose() != "at-1") {
        return json_answer(401, &json!({ "error": "invalid_token" }));
    }
    let claims = laid_over(
        json!({
            "sub": "s-1", "given_name": "Claire", "usual_name": "Delmas", "uid": "cdelmas",
            "email": "claire.delmas@interieur.gouv.fr", "grade": "attachée",
        }),
        &behaviour.userinfo,
    );
    let body = match behaviour.userinfo_mime {
        "application/jwt" => behaviour.key.sign(None, &claims).expect("a token"),
        _ => claims.to_string(),
    };
    Answer {
        mime: behaviour.userinfo_mime.into(),
        body: body.into(),
        ..json_answer(200, &json!({}))
    }
}

fn laid_over(mut claims: Value, changes: &Value) -> Value {
    let (Some(members), Some(changes)) = (claims.as_object_mut(), changes.as_object()) else {
        return claims;
    };
    for (name, value) in changes {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    claims
}

fn json_answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        mime: "application/json".into(),
        cache_control: String::new(),
        date: String::new(),
        body: body.to_string().into(),
    }
}

impl Fetch for Provider {
    fn get<'a>(
        &'a self,
        url: &'a Url,
        options: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>> {
        self.post_form(url, &[], options)
    }

    fn post_form<'a>(
        &'a self,
        url: &'a Url,
        form: &'a [(&'a str, &'a str)],
        options: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>> {
        Box::pin(async move {
            assert_eq!(
                options.via,
                Some("interieur"),
                "through the provider's own proxy"
            );
            let (dead, silent) = {
                let behaviour = self.behaviour();
                (behaviour.dead, behaviour.silent)
            };
            if silent {
                std::future::pending::<()>().await;
            }
            if dead {
                self.behaviour().calls.push("dead".into());
                return Err(OutgoingError::Unreachable {
                    cause: "nobody listens".into(),
                });
            }
            Ok(self.answer(url, form, &options))
        })
    }
}

/// The way to nowhere.
pub(super) struct Nobody;

impl Fetch for Nobody {
    fn get<'a>(
        &'a self,
        url: &'a Url,
        _: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>> {
        let cause = url.to_string();
        Box::pin(async move { Err(OutgoingError::Unreachable { cause }) })
    }

    fn post_form<'a>(
        &'a self,
        url: &'a Url,
        _: &'a [(&'a str, &'a str)],
        options: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>> {
        self.get(url, options)
    }
}

/// A provider, a relying party before it, and the clock of both.
pub(super) struct Scene {
    pub(super) provider: Arc<Provider>,
    pub(super) upstreams: Upstreams,
    pub(super) clock: Arc<FixedClock>,
}

impl Scene {
    pub(super) fn with(config: ProviderConfig) -> Self {
        Self::lasting(config, CALL_TIME)
    }

    pub(super) fn lasting(config: ProviderConfig, call_time: Duration) -> Self {
        let key = match config.id_token_alg {
            Algorithm::Hs256 => SigningKey::hs256(SECRET.as_bytes()).expect("a key"),
            Algorithm::Rs256 => SigningKey::generate_rs256().expect("a key"),
            Algorithm::Es256 => SigningKey::generate_es256().expect("a key"),
        };
        let clock = Arc::new(FixedClock::default());
        let provider = Arc::new(Provider {
            behaviour: Mutex::new(Behaviour {
                document: document(),
                published: published(&key),
                key: Arc::new(key),
                id_token: json!({}),
                userinfo: json!({}),
                userinfo_mime: "application/json",
                dead: false,
                silent: false,
                token_status: None,
                calls: Vec::new(),
                asked: None,
            }),
            clock: Arc::clone(&clock),
        });
        let fetch = Arc::clone(&provider) as Arc<dyn Fetch>;
        let upstreams = Upstreams::over(
            vec![config],
            &fetch,
            Url::parse("https://besace.fr/").expect("a URL"),
            Arc::clone(&clock) as Arc<dyn kernel::Clock>,
            Arc::new(SeededRng::default()),
            call_time,
        );
        Self {
            provider,
            upstreams,
            clock,
        }
    }

    pub(super) async fn start(&self) -> Result<(Url, Pending), UpstreamError> {
        let acr = AcrWish::default();
        let start = Start {
            interaction: "k7m2p9ab",
            login_hint: None,
            siret_hint: None,
            acr: &acr,
            force: false,
            max_age: None,
            application: Some(("resana", "Resana")),
            locale: Locale::Fr,
        };
        self.upstreams.start(&config().id, start).await
    }

    /// A whole sign-in.
    pub(super) async fn sign_in(&self) -> Result<UpstreamIdentity, UpstreamError> {
        let (url, pending) = self.start().await?;
        let answer = self.provider.approve(&url);
        self.upstreams.finish(&pending, &answer).await
    }
}
