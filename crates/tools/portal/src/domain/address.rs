//! Where a tile leads.

use url::{Host, Url};

/// The longest address kept, in bytes: what every browser accepts.
const MAX_LENGTH: usize = 2_048;

/// The address of a tool: `https`, or `http` on this machine only. Never `javascript:`, never
/// with a name and password inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileAddress(Url);

/// Why a text is not the address of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not an absolute address, or over 2,048 bytes.
    #[error("not an absolute address of at most 2048 bytes")]
    Malformed,
    /// Neither `https` nor `http` on loopback.
    #[error("neither https nor http on loopback")]
    Scheme,
    /// A user name or a password in the address.
    #[error("the address holds a user name or a password")]
    Credentials,
}

impl TileAddress {
    /// An address from its text (WHATWG URL).
    ///
    /// # Errors
    /// When the text is not an absolute address, leads elsewhere than to `https` (or `http` on
    /// loopback), or holds credentials.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.len() > MAX_LENGTH {
            return Err(AddressError::Malformed);
        }
        let url = Url::parse(text).map_err(|_| AddressError::Malformed)?;
        let allowed = match url.scheme() {
            "https" => url.host().is_some(),
            "http" => is_loopback(&url),
            _ => false,
        };
        if !allowed {
            return Err(AddressError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        Ok(Self(url))
    }

    /// Whether scheme, host and port are those of `other` (RFC 6454 §5).
    pub fn is_of_origin(&self, other: &Self) -> bool {
        self.0.origin() == other.0.origin()
    }

    /// The address as a URL.
    pub const fn url(&self) -> &Url {
        &self.0
    }

    /// The address in its normal form.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_reached_by_https_or_on_this_machine() {
        for text in [
            "https://carto.interieur.gouv.fr/",
            "https://carto.interieur.gouv.fr:8443/a?b=c#d",
            "http://localhost:8080/",
            "http://interieur.localhost:8081/",
            "http://127.0.0.1:9000/x",
            "http://[::1]/",
        ] {
            assert!(TileAddress::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn another_scheme_a_relative_address_and_a_distant_http_are_refused() {
        for (text, error) in [
            ("javascript:alert(1)", AddressError::Scheme),
            ("JaVaScRiPt:alert(1)", AddressError::Scheme),
            (" javascript:alert(1)", AddressError::Scheme),
            ("java\nscript:alert(1)", AddressError::Scheme),
            ("data:text/html,x", AddressError::Scheme),
            ("file:///etc/passwd", AddressError::Scheme),
            ("ftp://localhost/", AddressError::Scheme),
            ("http://carto.interieur.gouv.fr/", AddressError::Scheme),
            ("http://localhost.gouv.fr/", AddressError::Scheme),
            ("http://128.0.0.1/", AddressError::Scheme),
            ("/outils", AddressError::Malformed),
            ("//carto.gouv.fr/", AddressError::Malformed),
            ("", AddressError::Malformed),
            ("https://", AddressError::Malformed),
            (
                "https://claire:secret@carto.gouv.fr/",
                AddressError::Credentials,
            ),
            (
                "https://carto.gouv.fr@example.org/",
                AddressError::Credentials,
            ),
        ] {
            assert_eq!(TileAddress::parse(text), Err(error), "{text}");
        }
        let long = format!("https://carto.gouv.fr/{}", "a".repeat(MAX_LENGTH));
        assert_eq!(TileAddress::parse(&long), Err(AddressError::Malformed));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_accepted_is_https_or_loopback(text in "(https?|javascript|data):/{0,2}[a-z0-9.@:/\\[\\]-]{0,30}") {
            if let Ok(address) = TileAddress::parse(&text) {
                proptest::prop_assert!(
                    address.as_str().starts_with("https://") || is_loopback(&address.0)
                );
                proptest::prop_assert_eq!(TileAddress::parse(address.as_str()), Ok(address));
            }
        }
    }
}
