//! Why a token or a key is refused.

use crate::Algorithm;

/// The cause of a refusal. For the log: a caller of ours is told only that the token is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Longer than [`crate::MAX_TOKEN_BYTES`].
    #[error("token of {0} bytes is too long")]
    TooLong(usize),
    /// Not three parts (five are an encrypted token).
    #[error("token does not have three parts")]
    Segments,
    /// A part is not strict base64url.
    #[error("{0} is not base64url")]
    Base64(&'static str),
    /// A part is not a JSON object.
    #[error("{0} is not a JSON object")]
    Json(&'static str),
    /// `alg` is `none`.
    #[error("token is not signed")]
    Unsigned,
    /// `alg` is not the one registered.
    #[error("algorithm is not {expected}")]
    WrongAlgorithm {
        /// The registered one.
        expected: Algorithm,
    },
    /// The header carries a member that is never honoured here.
    #[error("header member {0} is refused")]
    HeaderMember(&'static str),
    /// The payload is itself a token.
    #[error("nested token is refused")]
    Nested,
    /// `typ` is another kind of token.
    #[error("token type is not the expected one")]
    WrongType,
    /// A public key was handed over for HMAC, or a secret for a public-key algorithm.
    #[error("keys do not fit {0}")]
    KeyKind(Algorithm),
    /// No key of that id for that algorithm.
    #[error("key is unknown")]
    UnknownKey,
    /// RSA below 2048 bits, or a secret below 256.
    #[error("key is too weak")]
    WeakKey,
    /// Not a key of a kind in use, or its numbers do not make one.
    #[error("key is malformed or of another kind")]
    Key,
    /// The signature does not fit.
    #[error("signature is wrong")]
    Signature,
    /// A claim that must be there is not.
    #[error("claim {0} is missing")]
    MissingClaim(&'static str),
    /// A claim is of the wrong kind.
    #[error("claim {0} is malformed")]
    MalformedClaim(&'static str),
    /// The claims do not have the expected shape.
    #[error("claims do not have the expected shape: {0}")]
    Shape(String),
    /// `exp` is past.
    #[error("token has expired")]
    Expired,
    /// `iat` is further in the future than tolerated.
    #[error("token was issued in the future")]
    IssuedInFuture,
    /// `nbf` is further in the future than tolerated.
    #[error("token is not valid yet")]
    NotYetValid,
    /// `iss` is another.
    #[error("issuer is not the expected one")]
    WrongIssuer,
    /// `aud` does not hold ours.
    #[error("audience is not the expected one")]
    WrongAudience,
    /// Several audiences and `azp` is not ours.
    #[error("authorized party is not the expected one")]
    WrongAuthorizedParty,
    /// A key set over [`crate::MAX_KEY_SET_BYTES`].
    #[error("key set of {0} bytes is too large")]
    KeySetTooLarge(usize),
    /// A key set over [`crate::MAX_KEYS`].
    #[error("key set of {0} keys is too large")]
    TooManyKeys(usize),
    /// A key set that is not `{"keys": […]}`.
    #[error("key set is malformed")]
    KeySet,
    /// A key could not be made, or would not sign or give itself up for keeping.
    #[error("signing key failed")]
    SigningKey,
}
