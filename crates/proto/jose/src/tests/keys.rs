//! Keys: kept, published, found.

use serde_json::{Value, json};

use super::{NOW, SECRET, claims, expected, rsa};
use crate::{Algorithm, Error, Jwk, JwkSet, Keys, MAX_KEY_SET_BYTES, SigningKey, verify};

fn set(keys: &Value) -> Result<JwkSet, Error> {
    JwkSet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

#[test]
fn a_key_survives_being_kept() {
    for key in [&SigningKey::generate_es256().unwrap(), rsa()] {
        let kept = key.to_pkcs8().unwrap();
        let again = SigningKey::from_pkcs8(key.algorithm(), &kept).unwrap();
        assert_eq!(again.key_id(), key.key_id());
        let token = again.sign(Some("JWT"), &claims()).unwrap();
        let public = key.public_jwk().unwrap();
        verify::<Value>(&token, key.algorithm(), Keys::One(public), &expected()).unwrap();
    }
    assert_eq!(
        SigningKey::hs256(SECRET).unwrap().to_pkcs8(),
        Err(Error::KeyKind(Algorithm::Hs256))
    );
}

#[test]
fn bytes_that_are_no_key_are_refused() {
    let ec = SigningKey::generate_es256().unwrap().to_pkcs8().unwrap();
    assert_eq!(
        SigningKey::from_pkcs8(Algorithm::Rs256, &ec).unwrap_err(),
        Error::Key
    );
    assert_eq!(
        SigningKey::from_pkcs8(Algorithm::Es256, &ec[1..]).unwrap_err(),
        Error::Key
    );
    assert_eq!(
        SigningKey::es256_from_scalar(&[0; 32]).unwrap_err(),
        Error::Key
    );
    assert_eq!(
        SigningKey::es256_from_scalar(&[0xff; 32]).unwrap_err(),
        Error::Key
    );
    assert_eq!(SigningKey::hs256(b"too short").unwrap_err(), Error::WeakKey);
}

#[test]
fn a_key_of_a_scalar_is_the_same_each_time() {
    let one = SigningKey::es256_from_scalar(&[7; 32]).unwrap();
    let other = SigningKey::es256_from_scalar(&[7; 32]).unwrap();
    assert_eq!(one.key_id(), other.key_id());
    assert_ne!(
        one.key_id(),
        SigningKey::es256_from_scalar(&[8; 32]).unwrap().key_id()
    );
}

#[test]
fn a_published_set_is_read_back_and_holds_nothing_private() {
    let key = SigningKey::generate_es256().unwrap();
    let ours = JwkSet::new(vec![
        key.public_jwk().unwrap().clone(),
        rsa().public_jwk().unwrap().clone(),
    ]);
    let text = serde_json::to_string(&ours).unwrap();
    assert!(!text.contains("\"d\""), "{text}");
    let read = JwkSet::parse(text.as_bytes()).unwrap();
    assert_eq!((read.keys().len(), read.ignored()), (2, 0));
    let token = rsa().sign(None, &claims()).unwrap();
    verify::<Value>(&token, Algorithm::Rs256, Keys::Set(&read), &expected()).unwrap();
}

#[test]
fn keys_of_other_kinds_and_uses_are_left_out() {
    let good = SigningKey::generate_es256()
        .unwrap()
        .public_jwk()
        .unwrap()
        .to_json();
    let mut for_encryption = good.clone();
    for_encryption["use"] = "enc".into();
    let mut for_signing_only = good.clone();
    for_signing_only["key_ops"] = json!(["sign"]);
    let off_the_curve = json!({"kty": "EC", "crv": "P-256", "x": good["x"], "y": good["x"]});
    let read = set(&json!([
        good, for_encryption, for_signing_only, off_the_curve, "nonsense", null,
        {"kty": "oct", "k": "c2VjcmV0"}, {"kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"}, {}
    ]))
    .unwrap();
    assert_eq!((read.keys().len(), read.ignored()), (1, 9));
}

#[test]
fn rsa_under_2048_bits_is_weak() {
    let mut members = rsa().public_jwk().unwrap().to_json();
    members["n"] = json!("AQ".to_owned() + &"A".repeat(338)); // 2025 bits
    assert_eq!(
        Jwk::from_json(members.as_object().unwrap()).unwrap_err(),
        Error::WeakKey
    );
    let mut members = rsa().public_jwk().unwrap().to_json();
    members["e"] = json!("AQ");
    assert_eq!(
        Jwk::from_json(members.as_object().unwrap()).unwrap_err(),
        Error::WeakKey
    );
}

#[test]
fn a_set_of_64_keys_is_read_and_one_of_65_refused() {
    let key = SigningKey::generate_es256()
        .unwrap()
        .public_jwk()
        .unwrap()
        .to_json();
    assert_eq!(set(&json!(vec![key.clone(); 64])).unwrap().keys().len(), 64);
    assert_eq!(
        set(&json!(vec![key; 65])).unwrap_err(),
        Error::TooManyKeys(65)
    );
}

#[test]
fn a_set_too_large_or_of_another_form_is_refused() {
    let large = vec![b' '; MAX_KEY_SET_BYTES + 1];
    assert_eq!(
        JwkSet::parse(&large).unwrap_err(),
        Error::KeySetTooLarge(MAX_KEY_SET_BYTES + 1)
    );
    for text in ["", "[]", "{}", r#"{"keys":{}}"#, "null", r#"{"keys":[}"#] {
        assert_eq!(
            JwkSet::parse(text.as_bytes()).unwrap_err(),
            Error::KeySet,
            "{text}"
        );
    }
}

#[test]
fn a_token_names_its_key_and_another_name_is_unknown() {
    let (key, other) = (
        SigningKey::generate_es256().unwrap(),
        SigningKey::generate_es256().unwrap(),
    );
    let token = key.sign(None, &claims()).unwrap();
    let of = |key: &SigningKey| JwkSet::new(vec![key.public_jwk().unwrap().clone()]);
    verify::<Value>(&token, Algorithm::Es256, Keys::Set(&of(&key)), &expected()).unwrap();
    assert_eq!(
        verify::<Value>(
            &token,
            Algorithm::Es256,
            Keys::Set(&of(&other)),
            &expected()
        ),
        Err(Error::UnknownKey)
    );
}

#[test]
fn a_key_restricted_to_another_algorithm_is_not_found() {
    let mut key = rsa().public_jwk().unwrap().to_json();
    key["alg"] = "PS256".into();
    let read = set(&json!([key])).unwrap();
    assert_eq!(read.find(None, Algorithm::Rs256).count(), 0);
    key["alg"] = "RS256".into();
    assert_eq!(
        set(&json!([key]))
            .unwrap()
            .find(None, Algorithm::Rs256)
            .count(),
        1
    );
}

#[test]
fn without_a_key_id_each_fitting_key_is_tried() {
    let keys = [
        SigningKey::generate_es256().unwrap(),
        SigningKey::generate_es256().unwrap(),
    ];
    let ours = JwkSet::new(
        keys.iter()
            .map(|key| key.public_jwk().unwrap().clone())
            .collect(),
    );
    // Signed by the oracle, which writes no `kid`.
    let token = jsonwebtoken::encode(
        &jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256),
        &claims(),
        &jsonwebtoken::EncodingKey::from_ec_der(&keys[1].to_pkcs8().unwrap()),
    )
    .unwrap();
    let read = verify::<Value>(&token, Algorithm::Es256, Keys::Set(&ours), &expected()).unwrap();
    assert_eq!(read.issued_at, Some(NOW));
}
