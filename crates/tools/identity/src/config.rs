//! What the tool is told at start.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use kernel::OrganisationId;
use url::Url;

use crate::domain::acr::Acr;
use crate::domain::client::Client;
use crate::domain::organisation::Organisation;
use crate::domain::role::ConfiguredGrant;
use crate::local::Realm;
use crate::upstream::{Fetch, ProviderConfig};

/// Settings of one identity provider.
pub struct IdentityConfig {
    /// Administrations known from the start; further ones are created by their SIRET.
    pub organisations: Vec<Organisation>,
    /// Applications.
    pub clients: Vec<Client>,
    /// How people prove who they are.
    pub sign_in: SignIn,
    /// How long a signing key signs before the next does.
    pub key_period: Duration,
    /// The least level of a session whose roles may be used; none: any.
    pub administration_level: Option<Acr>,
    /// Roles given to addresses, bound to the first agent who proves one.
    pub grants: Vec<ConfiguredGrant>,
}

/// Where people prove who they are.
pub enum SignIn {
    /// At their ministry's provider: Besace itself.
    Upstream {
        /// The providers.
        providers: Vec<ProviderConfig>,
        /// What reaches them: the guarded client, in the program.
        outgoing: Arc<dyn Fetch>,
    },
    /// Here, with a password: a provider run by this program for one administration.
    Local {
        /// The realm whose accounts sign in.
        realm: Realm,
        /// The administration of accounts whose SIRET is unknown.
        organisation: OrganisationId,
        /// Networks whose misses are counted by account only (a ministry's shared exit).
        exempt: Vec<IpNet>,
    },
}

/// The issuer: the base URL with `/api/v2`, no trailing slash.
pub fn issuer(base: &Url) -> String {
    format!("{}/api/v2", base.as_str().trim_end_matches('/'))
}
