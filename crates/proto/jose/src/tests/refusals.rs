//! Each rule with its refused twin.

use serde_json::{Value, json};

use super::{NOW, SECRET, claims, claims_with, expected, rsa};
use crate::{
    Algorithm, Claims, Error, Expected, Expiry, JwkSet, Keys, Leeway, MAX_TOKEN_BYTES, SigningKey,
    TypeRule, base64url, peek, verify, verify_signature_only,
};

fn hs() -> SigningKey {
    SigningKey::hs256(SECRET).unwrap()
}

fn read_as(token: &str, expected: &Expected<'_>) -> Result<Claims<Value>, Error> {
    verify(token, Algorithm::Hs256, Keys::Secret(SECRET), expected)
}

fn read(claims: &Value) -> Result<Claims<Value>, Error> {
    read_as(&hs().sign(None, claims).unwrap(), &expected())
}

/// A token of any header, rightly signed with HMAC.
fn with_header(header: &Value, payload: &Value) -> String {
    let parts = [header, payload].map(|part| base64url::encode(part.to_string().as_bytes()));
    let message = parts.join(".");
    let key = crate::signing_key::hmac_key(SECRET).unwrap();
    let tag = aws_lc_rs::hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", base64url::encode(tag.as_ref()))
}

#[test]
fn a_public_key_is_never_taken_for_a_secret() {
    let public = rsa().public_jwk().unwrap();
    let set = JwkSet::new(vec![public.clone()]);
    let forged = SigningKey::hs256(public.to_json().to_string().as_bytes())
        .unwrap()
        .sign(None, &claims())
        .unwrap();
    let refused =
        |algorithm, keys| verify::<Value>(&forged, algorithm, keys, &expected()).unwrap_err();
    assert_eq!(
        refused(Algorithm::Rs256, Keys::Set(&set)),
        Error::WrongAlgorithm {
            expected: Algorithm::Rs256
        }
    );
    assert_eq!(
        refused(Algorithm::Hs256, Keys::Set(&set)),
        Error::KeyKind(Algorithm::Hs256)
    );
    assert_eq!(
        refused(Algorithm::Hs256, Keys::One(public)),
        Error::KeyKind(Algorithm::Hs256)
    );
}

#[test]
fn the_header_s_algorithm_is_only_compared() {
    let token = rsa().sign(None, &claims()).unwrap();
    let public = Keys::One(rsa().public_jwk().unwrap());
    verify::<Value>(&token, Algorithm::Rs256, public, &expected()).unwrap();
    assert_eq!(
        verify::<Value>(&token, Algorithm::Es256, public, &expected()),
        Err(Error::WrongAlgorithm {
            expected: Algorithm::Es256
        })
    );
    for name in ["none", "NONE", "nOnE"] {
        let token = with_header(&json!({"alg": name}), &claims());
        assert_eq!(read_as(&token, &expected()), Err(Error::Unsigned));
    }
    let token = with_header(&json!({"alg": "hs256"}), &claims());
    assert_eq!(
        read_as(&token, &expected()),
        Err(Error::WrongAlgorithm {
            expected: Algorithm::Hs256
        })
    );
    let token = with_header(&json!({}), &claims());
    assert_eq!(
        read_as(&token, &expected()),
        Err(Error::HeaderMember("alg"))
    );
}

#[test]
fn members_that_change_the_reading_are_refused() {
    read_as(
        &with_header(
            &json!({"alg": "HS256", "x5t": "abc", "cty": "json"}),
            &claims(),
        ),
        &expected(),
    )
    .unwrap();
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/cert")),
        ("jwk", json!({"kty": "oct"})),
    ] {
        let token = with_header(&json!({"alg": "HS256", name: value}), &claims());
        assert_eq!(
            read_as(&token, &expected()),
            Err(Error::HeaderMember(name)),
            "{name}"
        );
        assert_eq!(peek(&token), Err(Error::HeaderMember(name)), "{name}");
    }
}

#[test]
fn nested_encrypted_and_overlong_tokens_are_refused() {
    for content in ["JWT", "jwt", "application/JWT", "at+jwt"] {
        let token = with_header(&json!({"alg": "HS256", "cty": content}), &claims());
        assert_eq!(
            read_as(&token, &expected()),
            Err(Error::Nested),
            "{content}"
        );
    }
    let token = hs().sign(None, &claims()).unwrap();
    for text in [
        String::new(),
        "a.b".into(),
        format!("{token}.AA"),
        format!("{token}.AA.AA"),
    ] {
        assert_eq!(read_as(&text, &expected()), Err(Error::Segments), "{text}");
    }
    let long = claims_with("pad", json!("x".repeat(MAX_TOKEN_BYTES)));
    assert!(matches!(read(&long), Err(Error::TooLong(_))));
    let token = with_header(&json!({"alg": "HS256"}), &json!("only a text"));
    assert_eq!(read_as(&token, &expected()), Err(Error::Json("payload")));
}

#[test]
fn one_kind_of_token_does_not_pass_for_another() {
    let ruled = |kind| Expected { kind, ..expected() };
    let access = hs().sign(Some("at+jwt"), &claims()).unwrap();
    read_as(&access, &ruled(TypeRule::Exactly("at+jwt"))).unwrap();
    read_as(&access, &ruled(TypeRule::Exactly("application/at+jwt"))).unwrap();
    read_as(&access, &ruled(TypeRule::Any)).unwrap();
    assert_eq!(
        read_as(&access, &ruled(TypeRule::PlainJwt)),
        Err(Error::WrongType)
    );
    assert_eq!(
        read_as(&access, &ruled(TypeRule::Exactly("logout+jwt"))),
        Err(Error::WrongType)
    );
    for kind in [None, Some("JWT"), Some("application/jwt")] {
        let plain = hs().sign(kind, &claims()).unwrap();
        read_as(&plain, &ruled(TypeRule::PlainJwt)).unwrap();
        assert_eq!(
            read_as(&plain, &ruled(TypeRule::Exactly("at+jwt"))),
            Err(Error::WrongType)
        );
    }
}

#[test]
fn the_end_must_be_there_and_ahead() {
    assert_eq!(
        read(&claims_with("exp", json!(NOW - 59)))
            .unwrap()
            .expires_at,
        Some(NOW - 59)
    );
    assert_eq!(
        read(&claims_with("exp", json!(NOW - 60))),
        Err(Error::Expired)
    );
    assert_eq!(
        read(&claims_with("exp", Value::Null)),
        Err(Error::MissingClaim("exp"))
    );
    let endless = hs().sign(None, &claims_with("exp", Value::Null)).unwrap();
    read_as(
        &endless,
        &Expected {
            expiry: Expiry::WhenPresent,
            ..expected()
        },
    )
    .unwrap();
    let ended = hs().sign(None, &claims_with("exp", json!(NOW))).unwrap();
    let strict = Expected {
        leeway: Leeway::NONE,
        expiry: Expiry::WhenPresent,
        ..expected()
    };
    assert_eq!(read_as(&ended, &strict), Err(Error::Expired));
}

#[test]
fn a_clock_a_minute_ahead_passes_and_more_does_not() {
    for (name, refusal) in [("iat", Error::IssuedInFuture), ("nbf", Error::NotYetValid)] {
        read(&claims_with(name, json!(NOW + 60))).unwrap();
        assert_eq!(read(&claims_with(name, json!(NOW + 61))), Err(refusal));
    }
}

#[test]
fn dates_may_have_fractions_but_no_other_form() {
    assert_eq!(
        read(&claims_with("iat", json!(1_794_999_999.9)))
            .unwrap()
            .issued_at,
        Some(1_794_999_999)
    );
    for value in [
        json!("1795000000"),
        json!(-1),
        json!(1e300),
        json!(1_795_000_000_000_i64),
        json!([]),
    ] {
        assert_eq!(
            read(&claims_with("exp", value.clone())),
            Err(Error::MalformedClaim("exp")),
            "{value}"
        );
    }
}

#[test]
fn only_our_issuer_and_audience_pass() {
    assert_eq!(
        read(&claims_with("iss", json!("https://idp.example/"))),
        Err(Error::WrongIssuer)
    );
    assert_eq!(
        read(&claims_with("iss", Value::Null)),
        Err(Error::MissingClaim("iss"))
    );
    read(&claims_with("aud", json!(["besace"]))).unwrap();
    assert_eq!(
        read(&claims_with("aud", json!("other"))),
        Err(Error::WrongAudience)
    );
    assert_eq!(
        read(&claims_with("aud", json!([]))),
        Err(Error::MissingClaim("aud"))
    );
    assert_eq!(
        read(&claims_with("aud", json!([1]))),
        Err(Error::MalformedClaim("aud"))
    );
}

#[test]
fn among_several_audiences_the_token_must_be_ours() {
    let several = claims_with("aud", json!(["besace", "other"]));
    assert_eq!(read(&several), Err(Error::WrongAuthorizedParty));
    for (party, passes) in [("besace", true), ("other", false)] {
        let mut claims = several.clone();
        claims["azp"] = json!(party);
        assert_eq!(read(&claims).is_ok(), passes, "{party}");
    }
}

#[test]
fn an_old_token_still_proves_who_signed_it() {
    let token = hs().sign(None, &claims_with("exp", json!(1))).unwrap();
    let keys = Keys::Secret(SECRET);
    let read = verify_signature_only::<Value>(&token, Algorithm::Hs256, keys).unwrap();
    assert_eq!(read.subject.as_deref(), Some("a-1"));
    let other = Keys::Secret(b"another secret, just as long as needed");
    assert_eq!(
        verify_signature_only::<Value>(&token, Algorithm::Hs256, other),
        Err(Error::Signature)
    );
}

#[test]
fn a_short_secret_verifies_nothing() {
    let token = hs().sign(None, &claims()).unwrap();
    assert_eq!(
        verify::<Value>(&token, Algorithm::Hs256, Keys::Secret(b""), &expected()),
        Err(Error::WeakKey)
    );
}

#[test]
fn the_claims_come_in_the_caller_s_shape_or_not_at_all() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Mine {
        email: String,
    }
    let token = hs().sign(None, &claims()).unwrap();
    let keys = Keys::Secret(SECRET);
    let read = verify::<Mine>(&token, Algorithm::Hs256, keys, &expected()).unwrap();
    assert_eq!(read.body.email, "claire@interieur.gouv.fr");
    let token = hs().sign(None, &claims_with("email", Value::Null)).unwrap();
    assert!(matches!(
        verify::<Mine>(&token, Algorithm::Hs256, keys, &expected()),
        Err(Error::Shape(_))
    ));
}

#[test]
fn a_glance_tells_whose_keys_to_take() {
    let key = SigningKey::generate_es256().unwrap();
    let seen = peek(&key.sign(None, &claims()).unwrap()).unwrap();
    assert_eq!(seen.issuer.as_deref(), Some("https://idp.example"));
    assert_eq!(seen.subject.as_deref(), Some("a-1"));
    assert_eq!(seen.audience, ["besace"]);
    assert_eq!(seen.key_id.as_deref(), key.key_id());
}
