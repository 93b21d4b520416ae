//! SHA-256 in base64url: thumbprints, PKCE challenges, `at_hash`.

use aws_lc_rs::digest;

use crate::base64url;

/// SHA-256 of `bytes` in base64url: a PKCE S256 challenge (RFC 7636 §4.2), an `ath`.
pub fn sha256(bytes: &[u8]) -> String {
    base64url::encode(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// The left half of SHA-256 of `text` in base64url: `at_hash`, `c_hash`
/// (OpenID Connect Core 1.0 §3.1.3.6). Right for every [`crate::Algorithm`], all on SHA-256.
pub fn half_hash(text: &str) -> String {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    base64url::encode(hash.as_ref().get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636_appendix_b() {
        assert_eq!(
            sha256(b"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn the_half_hash_is_the_one_of_openid_connect_core_a_3() {
        assert_eq!(
            half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
    }
}
