//! From a token's text to claims that may be believed.

use aws_lc_rs::hmac;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::signing_key::hmac_key;
use crate::token::Token;
use crate::{Algorithm, Claims, Error, Expected, Jwk, JwkSet};

/// What a signature is checked with.
#[derive(Debug, Clone, Copy)]
pub enum Keys<'a> {
    /// A published set.
    Set(&'a JwkSet),
    /// One public key, whatever `kid` says.
    One(&'a Jwk),
    /// A shared secret, for HS256 only.
    Secret(&'a [u8]),
}

/// Verifies a token of `algorithm` against `keys` and holds its claims against `expected`.
///
/// # Errors
/// The first cause to refuse it.
pub fn verify<T: DeserializeOwned>(
    token: &str,
    algorithm: Algorithm,
    keys: Keys<'_>,
    expected: &Expected<'_>,
) -> Result<Claims<T>, Error> {
    let token = Token::parse(token)?;
    token.header.agrees(algorithm)?;
    token.header.is_of_type(expected.kind)?;
    check_signature(&token, algorithm, keys)?;
    let claims = read(&token)?;
    claims.check(expected)?;
    Ok(claims)
}

/// Verifies only that the token was signed with one of `keys`: for an `id_token_hint` at sign-out,
/// which may have expired long ago (OpenID Connect RP-Initiated Logout 1.0 §2). The caller still
/// compares issuer and audience.
///
/// # Errors
/// The first cause to refuse it.
pub fn verify_signature_only<T: DeserializeOwned>(
    token: &str,
    algorithm: Algorithm,
    keys: Keys<'_>,
) -> Result<Claims<T>, Error> {
    let token = Token::parse(token)?;
    token.header.agrees(algorithm)?;
    check_signature(&token, algorithm, keys)?;
    read(&token)
}

fn read<T: DeserializeOwned>(token: &Token<'_>) -> Result<Claims<T>, Error> {
    let members = token.members()?;
    let claims = Claims::read(&members, ())?;
    let body = serde_json::from_value(Value::Object(members))
        .map_err(|cause| Error::Shape(cause.to_string()))?;
    Ok(Claims {
        issuer: claims.issuer,
        subject: claims.subject,
        audience: claims.audience,
        authorized_party: claims.authorized_party,
        expires_at: claims.expires_at,
        issued_at: claims.issued_at,
        not_before: claims.not_before,
        id: claims.id,
        body,
    })
}

fn check_signature(token: &Token<'_>, algorithm: Algorithm, keys: Keys<'_>) -> Result<(), Error> {
    let message = token.signed.as_bytes();
    match (algorithm, keys) {
        (Algorithm::Hs256, Keys::Secret(secret)) => {
            hmac::verify(&hmac_key(secret)?, message, &token.signature)
                .map_err(|_| Error::Signature)
        }
        (Algorithm::Es256 | Algorithm::Rs256, Keys::One(key)) if key.is_for(algorithm) => {
            key.verify(message, &token.signature)
        }
        (Algorithm::Es256 | Algorithm::Rs256, Keys::Set(set)) => {
            let mut outcome = Err(Error::UnknownKey);
            for key in set.find(token.header.key_id.as_deref(), algorithm) {
                outcome = key.verify(message, &token.signature);
                if outcome.is_ok() {
                    break;
                }
            }
            outcome
        }
        _ => Err(Error::KeyKind(algorithm)),
    }
}
