//! A provider's metadata (OpenID Connect Discovery 1.0 §3), judged before use.

use url::Url;

use super::error::CallFault;

/// The longest document read, in bytes.
const LONGEST: usize = 256 * 1024;

/// What we use of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Metadata {
    /// The issuer, to the letter.
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) userinfo_endpoint: Url,
    pub(crate) jwks_uri: Url,
    pub(crate) end_session_endpoint: Option<Url>,
    /// Whether its answers always carry `iss` (RFC 9207 §3).
    pub(super) answers_carry_issuer: bool,
}

#[derive(serde::Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: String,
    jwks_uri: String,
    end_session_endpoint: Option<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Where the metadata of an issuer is (§4.1: the issuer's path comes first).
pub(super) fn address(issuer: &Url) -> Option<Url> {
    let base = issuer.as_str().trim_end_matches('/');
    Url::parse(&format!("{base}/.well-known/openid-configuration")).ok()
}

impl Metadata {
    /// Reads and judges a document.
    ///
    /// # Errors
    /// When it is too long, incomplete, another issuer's, or names an endpoint that is neither
    /// https nor on this machine.
    pub(crate) fn read(bytes: &[u8], issuer: &Url) -> Result<Self, CallFault> {
        if bytes.len() > LONGEST {
            return Err(CallFault::Document("the metadata is too long"));
        }
        if !is_secure(issuer) {
            return Err(CallFault::Document(
                "the issuer is neither https nor on this machine",
            ));
        }
        let document: Document = serde_json::from_slice(bytes)
            .map_err(|_| CallFault::Document("the metadata is no JSON or misses a member"))?;
        if !is_issuer(&document.issuer, issuer) {
            return Err(CallFault::Document("the metadata is of another issuer"));
        }
        Ok(Self {
            authorization_endpoint: endpoint(&document.authorization_endpoint)?,
            token_endpoint: endpoint(&document.token_endpoint)?,
            userinfo_endpoint: endpoint(&document.userinfo_endpoint)?,
            jwks_uri: endpoint(&document.jwks_uri)?,
            end_session_endpoint: document
                .end_session_endpoint
                .as_deref()
                .map(endpoint)
                .transpose()?,
            answers_carry_issuer: document.authorization_response_iss_parameter_supported,
            issuer: document.issuer,
        })
    }
}

/// Exactly equal; an issuer without a path may be written with or without its slash, which a
/// parsed URL cannot tell.
fn is_issuer(named: &str, configured: &Url) -> bool {
    let text = configured.as_str();
    named == text || (configured.path() == "/" && text.strip_suffix('/') == Some(named))
}

fn endpoint(text: &str) -> Result<Url, CallFault> {
    let url = Url::parse(text).map_err(|_| CallFault::Document("an endpoint is no address"))?;
    if is_secure(&url) && url.fragment().is_none() {
        Ok(url)
    } else {
        Err(CallFault::Document(
            "an endpoint is neither https nor on this machine",
        ))
    }
}

/// https, or http to this very machine; no user name.
pub(crate) fn is_secure(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    scheme && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    fn document(issuer: &str, base: &str) -> Value {
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "userinfo_endpoint": format!("{base}/userinfo"),
            "jwks_uri": format!("{base}/jwks"),
        })
    }

    fn read(document: &Value, issuer: &str) -> Result<Metadata, CallFault> {
        Metadata::read(document.to_string().as_bytes(), &url(issuer))
    }

    #[test]
    fn the_address_follows_the_issuer_s_path() {
        for (issuer, expected) in [
            (
                "https://a.fr",
                "https://a.fr/.well-known/openid-configuration",
            ),
            (
                "https://a.fr/realms/x",
                "https://a.fr/realms/x/.well-known/openid-configuration",
            ),
            (
                "https://a.fr/x/",
                "https://a.fr/x/.well-known/openid-configuration",
            ),
        ] {
            assert_eq!(address(&url(issuer)), Some(url(expected)));
        }
    }

    #[test]
    fn the_issuer_s_own_metadata_is_read_and_kept_to_the_letter() {
        for (named, configured) in [
            ("https://a.fr", "https://a.fr"),
            ("https://a.fr/", "https://a.fr/"),
            ("https://a.fr/x", "https://a.fr/x"),
            ("https://a.fr/x/", "https://a.fr/x/"),
        ] {
            let metadata = read(&document(named, "https://b.fr"), configured).expect(named);
            assert_eq!(metadata.issuer, named);
            assert_eq!(metadata.end_session_endpoint, None);
        }
        assert!(
            read(
                &document("http://localhost:1", "http://localhost:1"),
                "http://localhost:1"
            )
            .is_ok()
        );
    }

    #[test]
    fn another_issuer_is_refused() {
        for (named, configured) in [
            ("https://a.fr.evil.test", "https://a.fr"),
            ("https://A.fr", "https://a.fr"),
            ("https://a.fr/x/", "https://a.fr/x"),
            ("https://a.fr/x", "https://a.fr/x/"),
            ("http://a.fr", "https://a.fr"),
        ] {
            assert!(
                read(&document(named, "https://a.fr"), configured).is_err(),
                "{named}"
            );
        }
    }

    #[test]
    fn an_endpoint_in_clear_or_with_a_user_name_is_refused() {
        for base in [
            "http://a.fr",
            "ftp://a.fr",
            "https://u:p@a.fr",
            "javascript:x",
            "http://localhost.evil.test",
        ] {
            assert!(
                read(&document("https://a.fr", base), "https://a.fr").is_err(),
                "{base}"
            );
        }
        assert!(read(&document("http://a.fr", "https://a.fr"), "http://a.fr").is_err());
        let mut document = document("https://a.fr", "https://a.fr");
        document["end_session_endpoint"] = json!("http://a.fr/out");
        assert!(read(&document, "https://a.fr").is_err());
    }

    #[test]
    fn a_document_too_long_or_incomplete_is_refused() {
        let mut long = document("https://a.fr", "https://a.fr");
        long["padding"] = json!("a".repeat(LONGEST));
        assert!(read(&long, "https://a.fr").is_err());
        assert!(read(&json!({"issuer": "https://a.fr"}), "https://a.fr").is_err());
        assert!(Metadata::read(b"<html>", &url("https://a.fr")).is_err());
    }
}
