//! What holds for any bytes.

use proptest::prelude::*;
use serde_json::Value;

use super::{SECRET, claims, expected, rsa};
use crate::{Algorithm, JwkSet, Keys, SigningKey, peek, verify, verify_signature_only};

fn tokens() -> &'static [(SigningKey, String)] {
    static TOKENS: std::sync::OnceLock<Vec<(SigningKey, String)>> = std::sync::OnceLock::new();
    TOKENS.get_or_init(|| {
        let rsa = SigningKey::from_pkcs8(Algorithm::Rs256, &rsa().to_pkcs8().unwrap()).unwrap();
        [
            SigningKey::generate_es256().unwrap(),
            rsa,
            SigningKey::hs256(SECRET).unwrap(),
        ]
        .into_iter()
        .map(|key| {
            let token = key.sign(Some("JWT"), &claims()).unwrap();
            (key, token)
        })
        .collect()
    })
}

fn keys(key: &SigningKey) -> Keys<'_> {
    key.public_jwk().map_or(Keys::Secret(SECRET), Keys::One)
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,300}") {
        let _ = peek(&text);
        let _ = verify_signature_only::<Value>(&text, Algorithm::Hs256, Keys::Secret(SECRET));
    }

    #[test]
    fn no_parts_make_the_parser_panic(header in any::<Vec<u8>>(), payload in any::<Vec<u8>>(), signature in any::<Vec<u8>>()) {
        let text = [header, payload, signature].map(|part| crate::base64url::encode(&part)).join(".");
        prop_assert!(peek(&text).is_err());
    }

    #[test]
    fn no_bytes_make_the_key_set_panic(bytes in any::<Vec<u8>>()) {
        prop_assert!(JwkSet::parse(&bytes).is_err());
    }

    #[test]
    fn a_token_with_one_byte_changed_never_verifies(at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7f) {
        for (key, token) in tokens() {
            let mut bytes = token.clone().into_bytes();
            let at = at.index(bytes.len());
            prop_assume!(bytes[at] != byte);
            bytes[at] = byte;
            let changed = String::from_utf8(bytes).unwrap();
            let outcome = verify::<Value>(&changed, key.algorithm(), keys(key), &expected());
            prop_assert!(outcome.is_err());
            prop_assert!(verify_signature_only::<Value>(&changed, key.algorithm(), keys(key)).is_err());
        }
    }

    #[test]
    fn a_token_cut_or_lengthened_never_verifies(cut in any::<prop::sample::Index>(), more in "[A-Za-z0-9_.-]{1,8}") {
        for (key, token) in tokens() {
            let short = &token[..cut.index(token.len())];
            prop_assert!(verify::<Value>(short, key.algorithm(), keys(key), &expected()).is_err());
            let long = format!("{token}{more}");
            prop_assert!(verify::<Value>(&long, key.algorithm(), keys(key), &expected()).is_err());
        }
    }
}

#[test]
fn the_unchanged_tokens_verify() {
    for (key, token) in tokens() {
        verify::<Value>(token, key.algorithm(), keys(key), &expected()).unwrap();
    }
}
