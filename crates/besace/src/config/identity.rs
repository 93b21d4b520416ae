//! `[identity]`: administrations, providers, applications, local accounts.

use std::path::PathBuf;

use kernel::{Population, Role, Secret};
use serde::Deserialize;
use url::Url;

use super::BilingualText;

/// `[identity]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct IdentitySection {
    /// `[[identity.organisations]]`.
    pub(crate) organisations: Vec<OrganisationSection>,
    /// `[[identity.providers]]`.
    pub(crate) providers: Vec<ProviderSection>,
    /// `[[identity.clients]]`.
    pub(crate) clients: Vec<ClientSection>,
    /// `[[identity.grants]]`.
    pub(crate) grants: Vec<GrantSection>,
    /// The least level (`eidas1-mfa`, `eidas2`, `eidas3`) at which somebody who holds a role must
    /// have signed in to use it; any level when absent.
    pub(crate) administration_level: Option<String>,
    /// The most days that an agent's invitation of a guest lasts, 1 to 365; 365 when absent.
    pub(crate) guest_days: Option<u16>,
    /// `[identity.local]`: people sign in here, with a password; then no provider is allowed.
    pub(crate) local: Option<LocalSection>,
}

/// An administration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganisationSection {
    /// 14 digits.
    pub(crate) siret: String,
    /// Shown to people.
    pub(crate) label: String,
    /// INSEE's four digits.
    #[serde(default)]
    pub(crate) legal_category: Option<String>,
    /// SIRET of the one above it.
    #[serde(default)]
    pub(crate) parent: Option<String>,
}

/// A role given to an address.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantSection {
    /// The professional address of an agent, who may not have come yet.
    pub(crate) email: String,
    /// `operator`, `administrator` or `announcer`.
    pub(crate) role: Role,
    /// SIRET of the administration; one of the configured. None for an operator.
    #[serde(default)]
    pub(crate) organisation: Option<String>,
    /// Whether the administrations below are reached too.
    #[serde(default = "yes")]
    pub(crate) subtree: bool,
}

/// For whom a provider vouches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ProviderKindSection {
    /// Its own domains only.
    #[default]
    Ministry,
    /// Any domain.
    Broker,
}

/// Whom a provider's agents call.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SupportSection {
    /// The desk's name; the provider's title when absent.
    pub(crate) label: Option<String>,
    /// Telephone.
    pub(crate) phone: Option<String>,
    /// Address.
    pub(crate) email: Option<String>,
    /// When it answers.
    pub(crate) hours: Option<BilingualText>,
}

/// A ministry's provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderSection {
    /// Its name in the machine: `[a-z0-9-]`.
    pub(crate) id: String,
    /// Its name for people.
    pub(crate) title: String,
    /// Its issuer, exactly as its discovery writes it.
    pub(crate) issuer: Url,
    /// Our name there.
    pub(crate) client_id: String,
    /// Our secret there.
    #[serde(default)]
    pub(crate) client_secret: Option<Secret>,
    /// A file that holds it.
    #[serde(default)]
    pub(crate) client_secret_file: Option<PathBuf>,
    /// A file that holds our ES256 key, in PEM, for `private_key_jwt`.
    #[serde(default)]
    pub(crate) private_key_file: Option<PathBuf>,
    /// `client_secret_post` (default) or `client_secret_basic`.
    #[serde(default)]
    pub(crate) auth_method: Option<String>,
    /// `standard` (default), `keycloak`, `lemonldap` or `entra`.
    #[serde(default)]
    pub(crate) preset: Option<String>,
    /// `ministry` (default) or `broker`.
    #[serde(default)]
    pub(crate) kind: ProviderKindSection,
    /// The domains of a ministry's addresses.
    #[serde(default)]
    pub(crate) domains: Vec<String>,
    /// SIRET of the administration of agents for whom it names none; one of the configured.
    pub(crate) organisation: String,
    /// `ES256` (default), `RS256` or `HS256`.
    #[serde(default)]
    pub(crate) id_token_alg: Option<String>,
    /// Whether it can honour a demand for a level.
    #[serde(default)]
    pub(crate) mfa_capable: bool,
    /// Whether it is in service.
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
    /// Whom its agents call.
    #[serde(default)]
    pub(crate) support: SupportSection,
}

/// An application.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClientSection {
    /// Its `client_id`.
    pub(crate) client_id: String,
    /// Shown to people.
    pub(crate) name: String,
    /// SIRET of the administration whose application it is; one of the configured.
    #[serde(default)]
    pub(crate) organisation: Option<String>,
    /// Its secret, 32 characters at least.
    #[serde(default)]
    pub(crate) client_secret: Option<Secret>,
    /// A file that holds it.
    #[serde(default)]
    pub(crate) client_secret_file: Option<PathBuf>,
    /// Where answers may go.
    pub(crate) redirect_uris: Vec<Url>,
    /// Where a sign-out may come back to.
    #[serde(default)]
    pub(crate) post_logout_redirect_uris: Vec<Url>,
    /// `client_secret_basic`, `client_secret_post`, `none`; absent: basic or post.
    #[serde(default)]
    pub(crate) auth_method: Option<String>,
    /// `ES256` (default), `RS256` or `HS256`.
    #[serde(default)]
    pub(crate) id_token_alg: Option<String>,
    /// `ES256`, `RS256` or `HS256`: userinfo is a signed JWT; absent: plain JSON.
    #[serde(default)]
    pub(crate) userinfo_alg: Option<String>,
    /// The same three: an answer about a token is a signed JWT; absent: plain JSON.
    #[serde(default)]
    pub(crate) introspection_alg: Option<String>,
    /// Whether it gets refresh tokens.
    #[serde(default = "yes")]
    pub(crate) refresh_tokens: bool,
    /// What it may ask for; absent: every scope that opens claims.
    #[serde(default)]
    pub(crate) scopes: Option<Vec<String>>,
    /// Lets in public agents only.
    #[serde(default)]
    pub(crate) public_agents_only: bool,
    /// Demands PKCE.
    #[serde(default)]
    pub(crate) require_pkce: bool,
    /// Whether it is in service.
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
}

/// People who sign in here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocalSection {
    /// Names the accounts' realm: `[a-z0-9-]`.
    pub(crate) realm: String,
    /// SIRET of the administration of accounts without one.
    pub(crate) organisation: String,
    /// `[[identity.local.accounts]]`.
    #[serde(default)]
    pub(crate) accounts: Vec<LocalAccountSection>,
}

/// Somebody who signs in here.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LocalAccountSection {
    /// The `sub` that this provider gives, for ever.
    pub(crate) subject: String,
    /// By which the person signs in.
    pub(crate) email: String,
    /// Their password.
    pub(crate) password: Secret,
    /// The secret of their second factor, in base32; absent: they add one themselves.
    #[serde(default)]
    pub(crate) totp_secret: Option<Secret>,
    /// First names.
    pub(crate) given_name: String,
    /// The name in use.
    pub(crate) usual_name: String,
    /// The provider's own id of the person.
    pub(crate) uid: String,
    /// SIRET of their establishment.
    #[serde(default)]
    pub(crate) siret: Option<String>,
    /// Their service.
    #[serde(default)]
    pub(crate) organizational_unit: Option<String>,
    /// What they are there.
    #[serde(default)]
    pub(crate) population: Option<Population>,
    /// Telephone.
    #[serde(default)]
    pub(crate) phone: Option<String>,
}

const fn yes() -> bool {
    true
}
