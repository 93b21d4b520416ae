//! Tests of the whole crate, by subject.

mod keys;
mod oracle;
mod properties;
mod recorded;
mod refusals;

use serde_json::{Value, json};

use crate::{Expected, Expiry, Leeway, SigningKey, TypeRule};

/// The present of these tests.
const NOW: i64 = 1_795_000_000;
const SECRET: &[u8] = b"a secret shared by both sides, long enough";

/// One key for all tests: making RSA keys is slow.
fn rsa() -> &'static SigningKey {
    static KEY: std::sync::OnceLock<SigningKey> = std::sync::OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate_rs256().unwrap())
}

fn expected() -> Expected<'static> {
    Expected {
        issuer: "https://idp.example",
        audience: "besace",
        kind: TypeRule::PlainJwt,
        expiry: Expiry::Required,
        now: NOW,
        leeway: Leeway::MINUTE,
    }
}

fn claims() -> Value {
    json!({
        "iss": "https://idp.example", "sub": "a-1", "aud": "besace",
        "iat": NOW, "exp": NOW + 300, "email": "claire@interieur.gouv.fr",
    })
}

/// The usual claims with one replaced; `null` takes it away.
fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    if value.is_null() {
        claims.as_object_mut().unwrap().remove(name);
    } else {
        claims[name] = value;
    }
    claims
}
