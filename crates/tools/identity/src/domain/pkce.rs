//! Proof key for code exchange, S256 only (RFC 7636).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A `code_challenge` of method S256: 43 characters of base64url.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// A challenge from the wire; none when it cannot be a SHA-256.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok();
        well_formed.then(|| Self(text.to_owned()))
    }

    /// Whether `verifier` (43 to 128 unreserved characters) is the one behind this challenge.
    pub fn is_met_by(&self, verifier: &str) -> bool {
        let unreserved = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
        (43..=128).contains(&verifier.len())
            && verifier.chars().all(unreserved)
            && challenge_of(verifier) == self.0
    }
}

/// The S256 challenge of a verifier.
pub fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA256,
        verifier.as_bytes(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_verifier_of_the_specification_meets_its_challenge() {
        let challenge = CodeChallenge::parse(CHALLENGE).expect("well formed");
        assert!(challenge.is_met_by(VERIFIER));
    }

    #[test]
    fn another_verifier_or_a_malformed_challenge_is_refused() {
        let challenge = CodeChallenge::parse(CHALLENGE).expect("well formed");
        assert!(!challenge.is_met_by(&VERIFIER.replace('d', "e")));
        assert!(!challenge.is_met_by("short"));
        assert!(CodeChallenge::parse("short").is_none());
        assert!(CodeChallenge::parse(&"=".repeat(43)).is_none());
    }
}
