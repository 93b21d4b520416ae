//! Parsers of foreign bytes within reach of what feeds them anything; see `fuzz/`.

use url::Url;

use crate::http::form;
use crate::upstream::metadata::Metadata;

/// Reads a query or a form of the protocol.
///
/// # Panics
/// When more is read than may be.
pub fn form(text: &str) {
    let pairs = form::pairs(text);
    assert!(pairs.len() <= form::MOST, "{} pairs", pairs.len());
    for (name, _) in &pairs {
        let _ = form::single(&pairs, name);
    }
}

/// Reads a provider's metadata.
///
/// # Panics
/// When what is kept is not what may be called.
pub fn discovery(bytes: &[u8]) {
    let Ok(issuer) = Url::parse("https://idp.example/") else {
        return;
    };
    if let Ok(metadata) = Metadata::read(bytes, &issuer) {
        let scheme = metadata.token_endpoint.scheme();
        assert!(matches!(scheme, "https" | "http"), "{scheme}");
        assert_eq!(metadata.issuer.trim_end_matches('/'), "https://idp.example");
    }
}
