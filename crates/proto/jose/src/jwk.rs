//! A public key (RFC 7517), parsed once.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use serde_json::{Map, Value, json};

use crate::{Algorithm, Error, base64url, sha256};

/// A public key for ES256 or RS256.
#[derive(Clone)]
pub struct Jwk {
    key_id: Option<String>,
    /// `alg` when the set restricts it.
    restricted_to: Option<String>,
    numbers: Numbers,
    parsed: ParsedPublicKey,
}

/// The numbers of a key in base64url, as written on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Numbers {
    P256 { x: String, y: String },
    Rsa { n: String, e: String },
}

impl Jwk {
    /// The key on P-256 at an uncompressed point (`04‖x‖y`); its id is its thumbprint.
    pub(crate) fn from_point(point: &[u8]) -> Result<Self, Error> {
        let (x, y) = match point.split_at_checked(33) {
            Some(([4, x @ ..], y)) if y.len() == 32 => (x, y),
            _ => return Err(Error::Key),
        };
        Self::new(Numbers::P256 {
            x: base64url::encode(x),
            y: base64url::encode(y),
        })
    }

    /// The RSA key of a modulus and an exponent, big-endian; its id is its thumbprint.
    pub(crate) fn from_modulus(modulus: &[u8], exponent: &[u8]) -> Result<Self, Error> {
        Self::new(Numbers::Rsa {
            n: base64url::encode(modulus),
            e: base64url::encode(exponent),
        })
    }

    fn new(numbers: Numbers) -> Result<Self, Error> {
        let mut jwk = Self {
            parsed: numbers.parse()?,
            key_id: None,
            restricted_to: None,
            numbers,
        };
        jwk.key_id = Some(jwk.thumbprint());
        Ok(jwk)
    }

    /// Reads one key of a set.
    ///
    /// # Errors
    /// [`Error::WeakKey`] below 2048 bits; [`Error::Key`] when it is not a public key for
    /// verifying ES256 or RS256 signatures.
    pub fn from_json(members: &Map<String, Value>) -> Result<Self, Error> {
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let required = |name: &str| text(name).map(str::to_owned).ok_or(Error::Key);
        if !is_for_verifying(members) {
            return Err(Error::Key);
        }
        let numbers = match text("kty") {
            Some("EC") if text("crv") == Some("P-256") => Numbers::P256 {
                x: required("x")?,
                y: required("y")?,
            },
            Some("RSA") => Numbers::Rsa {
                n: required("n")?,
                e: required("e")?,
            },
            _ => return Err(Error::Key),
        };
        Ok(Self {
            parsed: numbers.parse()?,
            key_id: text("kid").map(str::to_owned),
            restricted_to: text("alg").map(str::to_owned),
            numbers,
        })
    }

    /// `kid`.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The algorithm of this kind of key.
    pub const fn algorithm(&self) -> Algorithm {
        match self.numbers {
            Numbers::P256 { .. } => Algorithm::Es256,
            Numbers::Rsa { .. } => Algorithm::Rs256,
        }
    }

    /// Whether the key may verify `algorithm`: of its kind, and not restricted to another.
    pub fn is_for(&self, algorithm: Algorithm) -> bool {
        let restriction = self.restricted_to.as_deref();
        self.algorithm() == algorithm && restriction.is_none_or(|only| only == algorithm.name())
    }

    /// The thumbprint (RFC 7638): SHA-256 of the required members in order, base64url.
    pub fn thumbprint(&self) -> String {
        // The members are base64url, which JSON writes as it stands.
        sha256(
            match &self.numbers {
                Numbers::P256 { x, y } => {
                    format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#)
                }
                Numbers::Rsa { n, e } => format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#),
            }
            .as_bytes(),
        )
    }

    /// The key as published: `kty`, its numbers, `use`, `alg`, `kid`.
    pub fn to_json(&self) -> Value {
        let mut value = match &self.numbers {
            Numbers::P256 { x, y } => json!({"kty": "EC", "crv": "P-256", "x": x, "y": y}),
            Numbers::Rsa { n, e } => json!({"kty": "RSA", "n": n, "e": e}),
        };
        if let Some(members) = value.as_object_mut() {
            members.insert("use".into(), "sig".into());
            members.insert("alg".into(), self.algorithm().name().into());
            if let Some(key_id) = &self.key_id {
                members.insert("kid".into(), key_id.as_str().into());
            }
        }
        value
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        self.parsed
            .verify_sig(message, signature)
            .map_err(|_| Error::Signature)
    }
}

impl Numbers {
    fn parse(&self) -> Result<ParsedPublicKey, Error> {
        let bytes = |text: &str| base64url::decode(text).ok_or(Error::Key);
        match self {
            Self::P256 { x, y } => {
                let (x, y) = (bytes(x)?, bytes(y)?);
                if x.len() != 32 || y.len() != 32 {
                    return Err(Error::Key);
                }
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).map_err(|_| Error::Key)
            }
            Self::Rsa { n, e } => {
                let (n, e) = (bytes(n)?, bytes(e)?);
                check_strength(&n, &e)?;
                RsaPublicKeyComponents { n, e }
                    .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
                    .map_err(|_| Error::Key)
            }
        }
    }
}

/// 2048 to 8192 bits, and an odd exponent of at least three on at most 33 bits.
fn check_strength(modulus: &[u8], exponent: &[u8]) -> Result<(), Error> {
    let first = *modulus.first().ok_or(Error::Key)?;
    let bits = modulus.len() * 8 - first.leading_zeros() as usize;
    if first == 0 || bits > 8192 {
        return Err(Error::Key);
    }
    if bits < 2048 || exponent == [1] {
        return Err(Error::WeakKey);
    }
    let odd = exponent.last().is_some_and(|last| last % 2 == 1);
    if odd && exponent.len() <= 5 && exponent.first() != Some(&0) {
        Ok(())
    } else {
        Err(Error::Key)
    }
}

/// Neither `use` nor `key_ops` (RFC 7517 §4.2, §4.3) says otherwise.
fn is_for_verifying(members: &Map<String, Value>) -> bool {
    let usage = members.get("use").is_none_or(|usage| usage == "sig");
    let operations = members.get("key_ops").is_none_or(|operations| {
        operations
            .as_array()
            .is_some_and(|several| several.iter().any(|one| one == "verify"))
    });
    usage && operations
}

impl serde::Serialize for Jwk {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl std::fmt::Debug for Jwk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jwk")
            .field("key_id", &self.key_id)
            .field("numbers", &self.numbers)
            .finish_non_exhaustive()
    }
}
