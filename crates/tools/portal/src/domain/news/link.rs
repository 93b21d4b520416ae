//! Where a notice or an announcement leads.

use url::Url;

use crate::domain::TileAddress;

/// The longest link kept, in bytes.
const MAX_LENGTH: usize = 2_048;

/// A path of ours, or an address that a tile may have (`https`, or this machine); never a script, never with a name and password inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link(String);

/// A text that leads nowhere we would send somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a path of ours nor an address that a tile may have")]
pub struct LinkError;

impl Link {
    /// A link from its text.
    ///
    /// # Errors
    /// [`LinkError`] for anything that is neither a path of ours nor a tool's address.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let plain = text.len() <= MAX_LENGTH
            && !text
                .chars()
                .any(|c| c.is_control() || c.is_whitespace() || c == '\\');
        if !plain {
            return Err(LinkError);
        }
        if text.starts_with('/') {
            // `//host` and what a browser makes of `/./host` stay with us only when resolved so.
            let base = Url::parse("https://besace.invalid/").map_err(|_| LinkError)?;
            let resolved = base.join(text).map_err(|_| LinkError)?;
            let ours = resolved.origin() == base.origin();
            return ours.then(|| Self(text.to_owned())).ok_or(LinkError);
        }
        let address = TileAddress::parse(text).map_err(|_| LinkError)?;
        Ok(Self(address.as_str().to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_ours_and_https_lead_somewhere() {
        for text in [
            "/",
            "/reglages",
            "/demonstration/frais?mission=12#pied",
            "https://frais.gouv.fr/mission/12",
            "http://localhost:8085/mission/12",
        ] {
            assert_eq!(Link::parse(text).expect("a link").as_str(), text);
        }
    }

    #[test]
    fn scripts_other_schemes_and_disguised_hosts_are_refused() {
        for text in [
            "",
            "reglages",
            "//evil.example/",
            "/\\evil.example/",
            "/\t/evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            " https://frais.gouv.fr/",
            "http://frais.gouv.fr/",
            "data:text/html,x",
            "https://claire:secret@frais.gouv.fr/",
            "https://",
            "https://frais.gouv.fr/\r\nx",
        ] {
            assert_eq!(Link::parse(text), Err(LinkError), "{text:?}");
        }
        assert!(Link::parse(&format!("/{}", "a".repeat(MAX_LENGTH))).is_err());
    }

    proptest::proptest! {
        #[test]
        fn what_is_accepted_stays_with_us_or_may_be_a_tool(text in "[/\\\\.:@a-z\t\n ?#%]{0,24}|https?://[a-z@:/.]{0,16}") {
            if let Ok(link) = Link::parse(&text) {
                let base = Url::parse("https://besace.example/").expect("a base");
                let resolved = base.join(link.as_str()).expect("an address");
                let may_be_a_tool = TileAddress::parse(resolved.as_str()).is_ok();
                proptest::prop_assert!(may_be_a_tool);
                if link.as_str().starts_with('/') {
                    proptest::prop_assert_eq!(resolved.origin(), base.origin());
                }
            }
        }
    }
}
