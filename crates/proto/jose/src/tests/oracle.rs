//! The same tokens, read and written by an independent implementation.

use serde_json::Value;

use super::{SECRET, claims, expected, rsa};
use crate::{Algorithm, Keys, SigningKey, verify};

fn theirs(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        Algorithm::Hs256 => jsonwebtoken::Algorithm::HS256,
    }
}

fn pem(der: &[u8]) -> String {
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, der);
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

#[test]
fn others_read_what_we_sign() {
    let ec = SigningKey::generate_es256().unwrap();
    let hs = SigningKey::hs256(SECRET).unwrap();
    for key in [&ec, rsa(), &hs] {
        let token = key.sign(Some("JWT"), &claims()).unwrap();
        let decoding = match key.public_jwk() {
            Some(public) => {
                let jwk = serde_json::from_value(public.to_json()).unwrap();
                jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap()
            }
            None => jsonwebtoken::DecodingKey::from_secret(SECRET),
        };
        let mut rules = jsonwebtoken::Validation::new(theirs(key.algorithm()));
        rules.validate_exp = false;
        rules.set_audience(&["besace"]);
        let read = jsonwebtoken::decode::<Value>(&token, &decoding, &rules).unwrap();
        assert_eq!(read.claims, claims());
        assert_eq!(read.header.kid.as_deref(), key.key_id());
        assert_eq!(read.header.typ.as_deref(), Some("JWT"));
    }
}

#[test]
fn we_read_what_others_sign() {
    let ec = SigningKey::generate_es256().unwrap();
    for key in [&ec, rsa()] {
        let der = key.to_pkcs8().unwrap();
        let encoding = match key.algorithm() {
            Algorithm::Es256 => jsonwebtoken::EncodingKey::from_ec_der(&der),
            _ => jsonwebtoken::EncodingKey::from_rsa_pem(pem(&der).as_bytes()).unwrap(),
        };
        let header = jsonwebtoken::Header::new(theirs(key.algorithm()));
        let token = jsonwebtoken::encode(&header, &claims(), &encoding).unwrap();
        let keys = Keys::One(key.public_jwk().unwrap());
        let read = verify::<Value>(&token, key.algorithm(), keys, &expected()).unwrap();
        assert_eq!(read.body, claims());
    }
}
