//! How Besace signs agents in at their administration's provider: the relying party of
//! OpenID Connect Core 1.0, with the profile that ProConnect's providers already serve.
//!
//! An address is routed to a provider ([`Upstreams::route`]), the browser is sent there
//! ([`Upstreams::start`]), and its answer becomes an identity that may be believed
//! ([`Upstreams::finish`]).
//!
//! Invariants
//! - An answer is believed only for the request that this tab sent: `state`, `nonce`, PKCE and
//!   `iss` (RFC 9207) are all held against it.
//! - The algorithm of an id token comes from the provider's registration, never from its header.
//! - A ministry vouches for addresses of its own domains only.
//! - No call lasts longer than [`CALL_TIME`]; a provider that does not answer five times in a row
//!   is left alone ([`UpstreamError::Down`]) but for one try every ten seconds.
//! - Metadata and keys that were once good are kept while a provider does not answer.

mod answer;
mod attributes;
mod breaker;
mod cache;
mod check;
mod config;
mod email;
mod error;
mod exchange;
mod fetch;
mod health;
mod id_token;
mod identity;
mod link;
mod logout;
pub(crate) mod metadata;
mod pending;
mod request;
mod routing;
mod siret;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod token_call;
mod trial;
mod upstreams;
mod userinfo;

pub(crate) use check::{Discovered, DiscoveryFacts, DiscoveryProblem, issuer_of};
pub use config::{
    ClaimAlias, Preset, ProviderConfig, ProviderCredentials, ProviderId, ProviderIdError,
    ProviderKind, ProviderSupport,
};
pub(crate) use email::domain_key;
pub use email::{EmailAddress, EmailError};
pub use error::{CallFault, Step, UpstreamError};
pub use fetch::Fetch;
pub use health::ProviderHealth;
pub use identity::UpstreamIdentity;
pub use link::CALL_TIME;
pub(crate) use metadata::is_secure;
pub use pending::{Pending, SentApplication, interaction_of};
pub use request::Start;
pub use routing::Route;
pub use siret::{Siret, SiretError};
pub(crate) use trial::{TrialClaim, TrialReport};
pub use upstreams::Upstreams;
