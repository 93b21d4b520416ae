//! A private key or a shared secret, kept parsed, and the tokens it signs.

use aws_lc_rs::agreement;
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use aws_lc_rs::{encoding, hmac};
use serde::Serialize;

use crate::{Algorithm, Error, Jwk, base64url};

/// Shortest secret for HMAC, in bytes: the hash's length (RFC 7518 §3.2).
const MIN_SECRET_BYTES: usize = 32;

/// What signs.
pub struct SigningKey {
    material: Material,
    /// The public half; none for a secret.
    public: Option<Jwk>,
}

enum Material {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
    Hs256(Box<hmac::Key>),
}

impl SigningKey {
    /// A new key for ES256 (P-256).
    ///
    /// # Errors
    /// When the cryptographic library fails.
    pub fn generate_es256() -> Result<Self, Error> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .map_err(|_| Error::SigningKey)?;
        Self::from_es256(pair)
    }

    /// A new key of 2048 bits for RS256. Takes a tenth of a second or more.
    ///
    /// # Errors
    /// When the cryptographic library fails.
    pub fn generate_rs256() -> Result<Self, Error> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| Error::SigningKey)?;
        Self::from_rs256(pair)
    }

    /// The key for ES256 of a private scalar, for keys that are the same at each start.
    ///
    /// # Errors
    /// When the scalar is zero or not below the curve's order.
    pub fn es256_from_scalar(scalar: &[u8; 32]) -> Result<Self, Error> {
        let public = agreement::PrivateKey::from_private_key(&agreement::ECDH_P256, scalar)
            .map_err(|_| Error::Key)?
            .compute_public_key()
            .map_err(|_| Error::Key)?;
        EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            scalar,
            public.as_ref(),
        )
        .map_err(|_| Error::Key)
        .and_then(Self::from_es256)
    }

    /// A key kept by [`Self::to_pkcs8`], or made elsewhere (PKCS#8 DER).
    ///
    /// # Errors
    /// When the bytes are not a key for `algorithm`, or it is too weak.
    pub fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<Self, Error> {
        match algorithm {
            Algorithm::Es256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der)
                .map_err(|_| Error::Key)
                .and_then(Self::from_es256),
            Algorithm::Rs256 => RsaKeyPair::from_pkcs8(der)
                .map_err(|_| Error::Key)
                .and_then(Self::from_rs256),
            Algorithm::Hs256 => Err(Error::KeyKind(Algorithm::Hs256)),
        }
    }

    /// A key for HS256 from a shared secret of at least 32 bytes.
    ///
    /// # Errors
    /// When the secret is too short.
    pub fn hs256(secret: &[u8]) -> Result<Self, Error> {
        Ok(Self {
            material: Material::Hs256(Box::new(hmac_key(secret)?)),
            public: None,
        })
    }

    fn from_es256(pair: EcdsaKeyPair) -> Result<Self, Error> {
        Ok(Self {
            public: Some(Jwk::from_point(pair.public_key().as_ref())?),
            material: Material::Es256(pair),
        })
    }

    fn from_rs256(pair: RsaKeyPair) -> Result<Self, Error> {
        let public = pair.public_key();
        let jwk = Jwk::from_modulus(
            public.modulus().big_endian_without_leading_zero(),
            public.exponent().big_endian_without_leading_zero(),
        )?;
        Ok(Self {
            public: Some(jwk),
            material: Material::Rs256(pair),
        })
    }

    /// The private key as PKCS#8 DER, to be sealed before it is stored.
    ///
    /// # Errors
    /// [`Error::KeyKind`] for a shared secret, which is kept where it came from.
    pub fn to_pkcs8(&self) -> Result<Vec<u8>, Error> {
        match &self.material {
            Material::Es256(pair) => pair
                .to_pkcs8v1()
                .map(|document| document.as_ref().to_vec())
                .map_err(|_| Error::SigningKey),
            Material::Rs256(pair) => {
                let document: encoding::Pkcs8V1Der<'_> =
                    pair.as_der().map_err(|_| Error::SigningKey)?;
                Ok(document.as_ref().to_vec())
            }
            Material::Hs256(_) => Err(Error::KeyKind(Algorithm::Hs256)),
        }
    }

    /// What it signs with.
    pub const fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::Es256(_) => Algorithm::Es256,
            Material::Rs256(_) => Algorithm::Rs256,
            Material::Hs256(_) => Algorithm::Hs256,
        }
    }

    /// The id put in headers: the public key's thumbprint (RFC 7638). A secret has none, since a
    /// hash of it would help to guess it.
    pub fn key_id(&self) -> Option<&str> {
        self.public.as_ref().and_then(Jwk::key_id)
    }

    /// The public half, to be published; a secret has none.
    pub const fn public_jwk(&self) -> Option<&Jwk> {
        self.public.as_ref()
    }

    /// Signs `claims` into a compact token; `kind` is the header's `typ`.
    ///
    /// # Errors
    /// When the claims do not serialise, or the library fails.
    pub fn sign(&self, kind: Option<&str>, claims: &impl Serialize) -> Result<String, Error> {
        let payload =
            serde_json::to_vec(claims).map_err(|cause| Error::Shape(cause.to_string()))?;
        let header = Header {
            alg: self.algorithm(),
            typ: kind,
            kid: self.key_id(),
        };
        let header = serde_json::to_vec(&header).map_err(|_| Error::SigningKey)?;
        // Room for a third more than the bytes, and for an RSA signature.
        let mut token = String::with_capacity((header.len() + payload.len()) * 4 / 3 + 352);
        base64url::append(&header, &mut token);
        token.push('.');
        base64url::append(&payload, &mut token);
        self.append_signature(&mut token)?;
        Ok(token)
    }

    fn append_signature(&self, token: &mut String) -> Result<(), Error> {
        let random = SystemRandom::new();
        match &self.material {
            Material::Es256(pair) => {
                let signature = pair
                    .sign(&random, token.as_bytes())
                    .map_err(|_| Error::SigningKey)?;
                token.push('.');
                base64url::append(signature.as_ref(), token);
            }
            Material::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, token.as_bytes(), &mut signature)
                    .map_err(|_| Error::SigningKey)?;
                token.push('.');
                base64url::append(&signature, token);
            }
            Material::Hs256(key) => {
                let tag = hmac::sign(key, token.as_bytes());
                token.push('.');
                base64url::append(tag.as_ref(), token);
            }
        }
        Ok(())
    }
}

/// The key of a shared secret.
pub(crate) fn hmac_key(secret: &[u8]) -> Result<hmac::Key, Error> {
    if secret.len() < MIN_SECRET_BYTES {
        return Err(Error::WeakKey);
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, secret))
}

/// The header we write.
#[derive(Serialize)]
struct Header<'a> {
    alg: Algorithm,
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm())
            .field("key_id", &self.key_id())
            .finish_non_exhaustive()
    }
}
