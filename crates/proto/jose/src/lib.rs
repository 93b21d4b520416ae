//! JSON Web Signatures (RFC 7515), keys (RFC 7517) and tokens (RFC 7519): the only door to tokens
//! for both sides of sign-in, the provider's and the relying party's.
//!
//! Invariants
//! - Pure: no I/O, no clock, no lock; the present is a parameter. Keys are made with the
//!   cryptographic library's own randomness.
//! - The algorithm comes from whom the token is expected of (a registration), never from the
//!   token's header; the header may only agree with it.
//! - A header that asks for anything unusual (`crit`, `b64`, `zip`, `jku`, `x5u`, `jwk`, nesting)
//!   is refused, not interpreted.
//! - Foreign input is bounded before it is parsed: [`MAX_TOKEN_BYTES`], [`MAX_KEYS`],
//!   [`MAX_KEY_SET_BYTES`].
//!
//! Keys are parsed once and kept parsed: an ES256 signature costs what the curve costs.
//! Encryption (JWE) is not here.

mod algorithm;
mod base64url;
mod claims;
mod digest;
mod error;
mod header;
mod jwk;
mod jwk_set;
mod signing_key;
mod token;
mod verify;

#[cfg(test)]
mod tests;

pub use algorithm::Algorithm;
pub use claims::{Claims, Expected, Expiry, Leeway, TypeRule};
pub use digest::{half_hash, sha256};
pub use error::Error;
pub use jwk::Jwk;
pub use jwk_set::{JwkSet, MAX_KEY_SET_BYTES, MAX_KEYS};
pub use signing_key::SigningKey;
pub use token::{MAX_TOKEN_BYTES, Unverified, peek};
pub use verify::{Keys, verify, verify_signature_only};
