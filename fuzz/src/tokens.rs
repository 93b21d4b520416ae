//! Tokens, what they claim, and the keys they are verified with.

use std::sync::LazyLock;

use jose::{Algorithm, Claims, Expected, Expiry, JwkSet, Keys, Leeway, SigningKey, TypeRule};
use serde_json::Value;

/// A shared secret that signed tokens of the corpus.
const SECRET: &[u8] = b"a-secret-of-the-corpus-of-32-bytes";

/// The public keys of two pairs that signed tokens of the corpus; nobody has their private halves.
static PUBLISHED: LazyLock<JwkSet> =
    LazyLock::new(|| JwkSet::parse(include_bytes!("../corpus/key-set/ours")).unwrap_or_default());

/// What a token is held against.
const EXPECTED: Expected<'static> = Expected {
    issuer: "https://besace.test/api/v2",
    audience: "mission",
    kind: TypeRule::PlainJwt,
    expiry: Expiry::Required,
    now: NOW,
    leeway: Leeway::MINUTE,
};
/// The present of these tokens, in seconds.
const NOW: i64 = 1_800_000_000;

/// A token that was signed with a key of the corpus: there is no other.
struct Signed {
    text: &'static str,
    algorithm: Algorithm,
    /// Whether its claims are what is expected.
    good: bool,
}

const SIGNED: [Signed; 6] = [
    Signed {
        text: include_str!("../corpus/token/hs256"),
        algorithm: Algorithm::Hs256,
        good: true,
    },
    Signed {
        text: include_str!("../corpus/token/es256"),
        algorithm: Algorithm::Es256,
        good: true,
    },
    Signed {
        text: include_str!("../corpus/token/rs256"),
        algorithm: Algorithm::Rs256,
        good: true,
    },
    Signed {
        text: include_str!("../corpus/token/es256-expired"),
        algorithm: Algorithm::Es256,
        good: false,
    },
    Signed {
        text: include_str!("../corpus/token/es256-access"),
        algorithm: Algorithm::Es256,
        good: false,
    },
    Signed {
        text: include_str!("../corpus/token/rs256-other-audience"),
        algorithm: Algorithm::Rs256,
        good: false,
    },
];

/// A token in compact form (JWS), of each algorithm: whoever did not see it signed cannot make one
/// that is believed.
pub(crate) fn token(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let peeked = jose::peek(&text);
    let mut accepted = false;
    for (algorithm, keys) in [
        (Algorithm::Hs256, Keys::Secret(SECRET)),
        (Algorithm::Es256, Keys::Set(&PUBLISHED)),
        (Algorithm::Rs256, Keys::Set(&PUBLISHED)),
    ] {
        let known = SIGNED
            .iter()
            .find(|signed| signed.text == text && signed.algorithm == algorithm);
        let signature = jose::verify_signature_only::<Value>(&text, algorithm, keys).is_ok();
        let whole = jose::verify::<Value>(&text, algorithm, keys, &EXPECTED).is_ok();
        assert_eq!(signature, known.is_some(), "{algorithm}: a signature");
        assert_eq!(whole, known.is_some_and(|known| known.good), "{algorithm}");
        assert!(!signature || peeked.is_ok(), "what verifies is looked at");
        accepted |= whole;
    }
    accepted
}

/// What a token claims, signed as it is: what is believed is what is expected. The first byte
/// chooses the type.
pub(crate) fn claims(bytes: &[u8]) -> bool {
    let Some((first, payload)) = bytes.split_first() else {
        return false;
    };
    let Ok(value) = serde_json::from_slice::<Value>(payload) else {
        return false;
    };
    let kind = match first % 4 {
        0 => None,
        1 => Some("JWT"),
        2 => Some("at+jwt"),
        _ => Some("application/jwt"),
    };
    let signed = SigningKey::hs256(SECRET).and_then(|key| key.sign(kind, &value));
    let Ok(token) = signed else {
        return false;
    };
    let keys = Keys::Secret(SECRET);
    let verified = jose::verify::<Value>(&token, Algorithm::Hs256, keys, &EXPECTED);
    let Ok(claims) = verified else {
        return false;
    };
    assert_ne!(kind, Some("at+jwt"), "an access token is no id token");
    // As the token carries it: the last digits of a number may change each time it is read.
    let carried = serde_json::to_vec(&value).and_then(|text| serde_json::from_slice(&text));
    assert!(carried.is_ok(), "what was read is written");
    believed(&carried.unwrap_or_default(), &claims);
    true
}

/// Holds what was believed against what was written, read in another way.
fn believed(written: &Value, claims: &Claims<Value>) {
    let text = |name: &str| written.get(name).and_then(Value::as_str);
    let seconds = |name: &str| written.get(name).and_then(Value::as_f64);
    assert_eq!(&claims.body, written);
    assert_eq!(claims.subject.as_deref(), text("sub"));
    assert_eq!(text("iss"), Some(EXPECTED.issuer));
    let one = text("aud") == Some(EXPECTED.audience);
    let several = written.get("aud").and_then(Value::as_array);
    let among = several.is_some_and(|all| {
        let named = all.iter().any(|audience| audience == EXPECTED.audience);
        let ours = all.len() == 1 || text("azp") == Some(EXPECTED.audience);
        named && ours
    });
    assert!(one || among, "for somebody else");
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century")]
    let (earliest, latest) = ((NOW - 60) as f64, (NOW + 60) as f64);
    assert!(seconds("exp").is_some_and(|end| end > earliest), "is over");
    for name in ["iat", "nbf"] {
        // A fraction of a second is dropped.
        let begins = seconds(name).map(f64::floor);
        assert!(begins.is_none_or(|from| from <= latest), "is to come");
        assert_eq!(begins.is_some(), written.get(name).is_some());
    }
}

/// A set of public keys: it verifies what its own keys signed, and nothing else.
pub(crate) fn key_set(bytes: &[u8]) -> bool {
    let Ok(set) = JwkSet::parse(bytes) else {
        return false;
    };
    assert!(bytes.len() <= jose::MAX_KEY_SET_BYTES && set.keys().len() <= jose::MAX_KEYS);
    let written = serde_json::to_vec(&set).unwrap_or_default();
    let again = JwkSet::parse(&written).unwrap_or_default();
    assert_eq!(numbers(&again), numbers(&set), "what is published is read");
    for signed in SIGNED {
        if signed.algorithm == Algorithm::Hs256 {
            continue;
        }
        let keys = Keys::Set(&set);
        let verified =
            jose::verify_signature_only::<Value>(signed.text, signed.algorithm, keys).is_ok();
        let own = PUBLISHED.find(None, signed.algorithm).next();
        let has_it = own.is_some_and(|own| set.keys().iter().any(|key| is_same(key, own)));
        assert!(!verified || has_it, "verified by another key");
        // The same header and payload, signed with a few zeros.
        let (unsigned, _) = signed.text.rsplit_once('.').unwrap_or_default();
        for zeros in ["AAAA", &"A".repeat(86), &format!("{}A", "A".repeat(341))] {
            let forged = format!("{unsigned}.{zeros}");
            let verified =
                jose::verify_signature_only::<Value>(&forged, signed.algorithm, keys).is_ok();
            assert!(!verified, "zeros are no signature");
        }
    }
    !set.keys().is_empty()
}

/// What verifies a signature, as published.
fn numbers(set: &JwkSet) -> Vec<[Option<String>; 4]> {
    set.keys().iter().map(numbers_of).collect()
}

fn numbers_of(key: &jose::Jwk) -> [Option<String>; 4] {
    let published = key.to_json();
    let text = |name: &str| published.get(name).and_then(Value::as_str);
    ["x", "y", "n", "e"].map(|name| text(name).map(str::to_owned))
}

/// Whether two keys are one: a modulus may be written with zeros before it.
fn is_same(key: &jose::Jwk, other: &jose::Jwk) -> bool {
    let ([x, y, n, e], [other_x, other_y, other_n, other_e]) = (numbers_of(key), numbers_of(other));
    let modulus = n.as_deref().map(|text| text.trim_start_matches('A'));
    let other_modulus = other_n.as_deref().map(|text| text.trim_start_matches('A'));
    (x, y, e) == (other_x, other_y, other_e) && modulus == other_modulus
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_good_token_of_each_algorithm_and_bad_ones() {
        for signed in SIGNED {
            assert_eq!(
                token(signed.text.as_bytes()),
                signed.good,
                "{}",
                signed.text
            );
        }
        for algorithm in [Algorithm::Hs256, Algorithm::Es256, Algorithm::Rs256] {
            assert!(
                SIGNED
                    .iter()
                    .any(|one| one.good && one.algorithm == algorithm)
            );
        }
    }

    #[test]
    fn a_set_with_the_keys_of_the_corpus_verifies_its_tokens() {
        for signed in SIGNED
            .iter()
            .filter(|one| one.algorithm != Algorithm::Hs256)
        {
            let keys = Keys::Set(&PUBLISHED);
            let verified =
                jose::verify_signature_only::<Value>(signed.text, signed.algorithm, keys);
            assert!(verified.is_ok(), "{:?}", verified.err());
        }
    }

    #[test]
    #[should_panic(expected = "for somebody else")]
    fn claims_for_somebody_else_that_were_believed_would_be_found() {
        let good = br#"{"iss":"https://besace.test/api/v2","aud":"mission","exp":1800000300}"#;
        let written: Value = serde_json::from_slice(good).expect("claims");
        let token = SigningKey::hs256(SECRET).and_then(|key| key.sign(None, &written));
        let token = token.expect("a token");
        let keys = Keys::Secret(SECRET);
        let mut claims =
            jose::verify::<Value>(&token, Algorithm::Hs256, keys, &EXPECTED).expect("good claims");
        believed(&written, &claims);
        let mut other = written;
        other["aud"] = "another".into();
        claims.body = other.clone();
        believed(&other, &claims);
    }
}
