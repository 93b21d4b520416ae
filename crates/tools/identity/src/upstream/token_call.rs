//! The code for tokens (RFC 6749 §4.1.3), proving who we are (§2.3.1, RFC 7523 §2.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jose::{Algorithm, SigningKey};
use kernel::{Rng, RngExt as _, Secret, Timestamp};
use kernel_http::outgoing::{Answer, Options};
use serde_json::json;
use url::Url;

use super::config::{Preset, ProviderConfig, ProviderCredentials};
use super::error::{CallFault, Step, UpstreamError};
use super::link::{Link, success};
use super::metadata::Metadata;
use super::pending::Pending;

/// How long an assertion of ours is good, in seconds.
const ASSERTION_LIFE: i64 = 60;
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What we use of a token answer.
#[derive(serde::Deserialize)]
pub(super) struct Tokens {
    pub(super) access_token: Secret,
    pub(super) id_token: String,
    token_type: String,
}

/// Our proof, as form fields or as a header.
enum Proof {
    Form(Vec<(&'static str, String)>),
    Header { name: String, secret: Secret },
}

/// Exchanges the code.
pub(super) async fn exchange(
    link: &Link,
    metadata: &Metadata,
    redirect_uri: &Url,
    pending: &Pending,
    code: &str,
    rng: &dyn Rng,
) -> Result<Tokens, UpstreamError> {
    let endpoint = &metadata.token_endpoint;
    let proof = proof(&link.config, endpoint, link.now(), rng)?;
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri.as_str()),
        ("code_verifier", pending.verifier.as_str()),
    ];
    if let Some(application) = &pending.application
        && link.config.preset != Preset::Entra
    {
        form.push(("sp_id", &application.id));
        form.push(("sp_name", &application.name));
    }
    let mut options = Options {
        accept: Some("application/json"),
        ..Options::default()
    };
    match &proof {
        Proof::Form(fields) => {
            form.extend(fields.iter().map(|(name, value)| (*name, value.as_str())));
        }
        Proof::Header { name, secret } => options.basic = Some((name, secret)),
    }
    let answer = link
        .post_form(endpoint, &form, options)
        .await
        .and_then(success)
        .and_then(|answer| read(&answer));
    answer.map_err(|fault| UpstreamError::of(Step::Token, fault))
}

fn read(answer: &Answer) -> Result<Tokens, CallFault> {
    let tokens: Tokens = serde_json::from_slice(&answer.body)
        .map_err(|_| CallFault::Document("the answer is no JSON or misses a token"))?;
    if !tokens.token_type.eq_ignore_ascii_case("bearer") {
        return Err(CallFault::Document(
            "the access token is not a bearer token",
        ));
    }
    Ok(tokens)
}

fn proof(
    config: &ProviderConfig,
    endpoint: &Url,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<Proof, UpstreamError> {
    let client_id = config.client_id.clone();
    Ok(match &config.credentials {
        ProviderCredentials::Post(secret) => Proof::Form(vec![
            ("client_id", client_id),
            ("client_secret", secret.expose().to_owned()),
        ]),
        ProviderCredentials::Basic(secret) => Proof::Header {
            name: form_encoded(&client_id),
            secret: Secret::new(form_encoded(secret.expose())),
        },
        ProviderCredentials::PrivateKeyJwt(key) => {
            let claims = json!({
                "iss": client_id,
                "sub": client_id,
                "aud": endpoint.as_str(),
                "jti": rng.secret().expose(),
                "iat": now.seconds(),
                "exp": now.seconds() + ASSERTION_LIFE,
            });
            let assertion = private_key(key)?
                .sign(Some("JWT"), &claims)
                .map_err(|_| UpstreamError::Credentials("the private key does not sign"))?;
            Proof::Form(vec![
                ("client_id", client_id),
                ("client_assertion_type", ASSERTION_TYPE.to_owned()),
                ("client_assertion", assertion),
            ])
        }
    })
}

/// Name and secret are form-encoded before they become a header (RFC 6749 §2.3.1).
fn form_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// PKCS#8, whether in PEM's armour or in bare base64.
fn private_key(text: &Secret) -> Result<SigningKey, UpstreamError> {
    let base64: String = text
        .expose()
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .flat_map(str::split_whitespace)
        .collect();
    STANDARD
        .decode(base64)
        .ok()
        .and_then(|der| SigningKey::from_pkcs8(Algorithm::Es256, &der).ok())
        .ok_or(UpstreamError::Credentials(
            "the private key is no PKCS#8 key for ES256",
        ))
}

#[cfg(test)]
mod tests {
    use super::super::testing::config;
    use super::*;
    use jose::Keys;
    use testkit::SeededRng;

    fn proof_of(credentials: ProviderCredentials) -> Result<Proof, UpstreamError> {
        let mut config = config();
        config.credentials = credentials;
        let endpoint = Url::parse("https://idp.test/token").expect("a URL");
        proof(
            &config,
            &endpoint,
            Timestamp::from_seconds(1_000),
            &SeededRng::new(1),
        )
    }

    fn field<'a>(fields: &'a [(&str, String)], name: &str) -> Option<&'a str> {
        fields
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value.as_str())
    }

    #[test]
    fn a_secret_goes_by_form_or_by_header_and_never_by_both() {
        let Ok(Proof::Form(fields)) = proof_of(ProviderCredentials::Post(Secret::new("s e:c")))
        else {
            panic!("no form");
        };
        assert_eq!(field(&fields, "client_secret"), Some("s e:c"));
        let Ok(Proof::Header { name, secret }) =
            proof_of(ProviderCredentials::Basic(Secret::new("s e:c")))
        else {
            panic!("no header");
        };
        assert_eq!((name.as_str(), secret.expose()), ("besace", "s+e%3Ac"));
    }

    #[test]
    fn a_private_key_signs_a_short_assertion_for_this_endpoint() {
        let key = SigningKey::generate_es256().expect("a key");
        let der = STANDARD.encode(key.to_pkcs8().expect("PKCS#8"));
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
        for text in [der, pem] {
            let Ok(Proof::Form(fields)) =
                proof_of(ProviderCredentials::PrivateKeyJwt(Secret::new(text)))
            else {
                panic!("no form");
            };
            assert_eq!(field(&fields, "client_secret"), None);
            let assertion = field(&fields, "client_assertion").expect("an assertion");
            let public = key.public_jwk().expect("a public key");
            let claims = jose::verify_signature_only::<serde_json::Value>(
                assertion,
                Algorithm::Es256,
                Keys::One(public),
            )
            .expect("a signature");
            assert_eq!(claims.audience, ["https://idp.test/token"]);
            assert_eq!(claims.issuer, claims.subject);
            assert_eq!(claims.expires_at, Some(1_060));
            assert!(claims.id.is_some());
        }
    }

    #[test]
    fn a_key_that_is_none_is_our_fault_and_said_so() {
        for text in ["", "not base64", "AAAA"] {
            let proof = proof_of(ProviderCredentials::PrivateKeyJwt(Secret::new(text)));
            assert!(
                matches!(proof, Err(UpstreamError::Credentials(_))),
                "{text}"
            );
        }
    }
}
