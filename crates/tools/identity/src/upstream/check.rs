//! What an issuer says of itself, before anybody is sent there: for whoever plugs it in.
//!
//! The same calls as a sign-in makes, under the same guard: an address of ours or of a private
//! network that the operator did not name is not reached.

use jose::Algorithm;
use url::Url;

use super::error::CallFault;
use super::link::Link;
use super::metadata::Metadata;

/// The most names kept of each list.
const MOST: usize = 100;

/// The end of every metadata document's address, which people copy rather than the issuer.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Discovered {
    /// What it says; none: nothing that can be read.
    pub(crate) facts: Option<DiscoveryFacts>,
    /// What keeps us from signing in there; empty: nothing does.
    pub(crate) problems: Vec<DiscoveryProblem>,
}

/// What an issuer says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DiscoveryFacts {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) userinfo_endpoint: Url,
    pub(crate) end_session_endpoint: Option<Url>,
    /// Algorithms of id tokens that we can verify.
    pub(crate) algs: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) claims: Vec<String>,
    /// How many keys it publishes.
    pub(crate) keys: usize,
}

/// What keeps us from signing in at an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DiscoveryProblem {
    /// Nobody answers there.
    Unreachable,
    /// Our guard did not let the call out.
    NotAllowed,
    /// It answers with this status.
    Status(u16),
    /// What it answers is no metadata of this issuer; the reason, in English, for developers.
    Metadata(&'static str),
    /// Its keys cannot be read.
    Keys,
    /// It signs id tokens by no algorithm that we verify.
    Algorithms,
}

/// The lists of a metadata document (Discovery §3), each of which may be absent.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Lists {
    #[serde(rename = "id_token_signing_alg_values_supported")]
    algorithms: Vec<String>,
    #[serde(rename = "scopes_supported")]
    scopes: Vec<String>,
    #[serde(rename = "claims_supported")]
    claims: Vec<String>,
}

/// The issuer in what somebody pasted: the address of its metadata is taken for it.
pub(crate) fn issuer_of(text: &str) -> Option<Url> {
    let text = text.trim();
    let text = text.strip_suffix(WELL_KNOWN).unwrap_or(text);
    Url::parse(text).ok()
}

/// Reads metadata and keys.
pub(super) async fn look(link: &Link) -> Discovered {
    let refused = |problem| Discovered {
        facts: None,
        problems: vec![problem],
    };
    let answer = match link.fetch_document().await {
        Ok(answer) => answer,
        Err(fault) => return refused(problem(&fault)),
    };
    let metadata = match Metadata::read(&answer.body, &link.config.issuer) {
        Ok(metadata) => metadata,
        Err(fault) => return refused(problem(&fault)),
    };
    let lists: Lists = serde_json::from_slice(&answer.body).unwrap_or_default();
    let mut problems = Vec::new();
    let keys = match link.fetch_keys(&metadata.jwks_uri).await {
        Ok(keys) => keys.keys().len(),
        Err(CallFault::Network { .. } | CallFault::Down { .. }) => {
            problems.push(DiscoveryProblem::Unreachable);
            0
        }
        Err(_) => 0,
    };
    if keys == 0 && problems.is_empty() {
        problems.push(DiscoveryProblem::Keys);
    }
    let algs = verified(&lists.algorithms);
    if algs.is_empty() {
        problems.push(DiscoveryProblem::Algorithms);
    }
    Discovered {
        facts: Some(DiscoveryFacts {
            issuer: metadata.issuer,
            authorization_endpoint: metadata.authorization_endpoint,
            token_endpoint: metadata.token_endpoint,
            userinfo_endpoint: metadata.userinfo_endpoint,
            end_session_endpoint: metadata.end_session_endpoint,
            algs,
            scopes: some(lists.scopes),
            claims: some(lists.claims),
            keys,
        }),
        problems,
    }
}

fn verified(named: &[String]) -> Vec<String> {
    let ours = [Algorithm::Es256, Algorithm::Rs256, Algorithm::Hs256];
    let names = ours.iter().map(|algorithm| algorithm.name().to_owned());
    names.filter(|name| named.contains(name)).collect()
}

fn some(names: Vec<String>) -> Vec<String> {
    let short = |name: &String| name.chars().count() <= 100;
    names.into_iter().filter(short).take(MOST).collect()
}

fn problem(fault: &CallFault) -> DiscoveryProblem {
    match fault {
        CallFault::Down { .. } | CallFault::Network { .. } => DiscoveryProblem::Unreachable,
        CallFault::NotSent { .. } => DiscoveryProblem::NotAllowed,
        CallFault::Status { status, .. } => DiscoveryProblem::Status(*status),
        CallFault::Document(reason) => DiscoveryProblem::Metadata(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_metadata_is_taken_for_its_issuer() {
        for (pasted, issuer) in [
            ("https://a.fr/x", "https://a.fr/x"),
            (
                " https://a.fr/x/.well-known/openid-configuration ",
                "https://a.fr/x",
            ),
            (
                "https://a.fr/.well-known/openid-configuration",
                "https://a.fr/",
            ),
        ] {
            assert_eq!(issuer_of(pasted), Url::parse(issuer).ok(), "{pasted}");
        }
        assert_eq!(issuer_of("a.fr"), None);
    }

    #[test]
    fn only_what_we_verify_counts_and_lists_are_bounded() {
        let named = ["none", "RS256", "PS256"].map(str::to_owned);
        assert_eq!(verified(&named), ["RS256"]);
        let many = some(vec!["a".to_owned(); 1_000]);
        assert_eq!(many.len(), MOST);
        assert!(some(vec!["a".repeat(101)]).is_empty());
    }
}
