//! The providers that serve now: those of the configuration, then those plugged in since, at most
//! two seconds old; and what administrators do to them.
//!
//! Invariants
//! - Who administers an administration plugs in providers for it and for what lies below, and
//!   their agents are of it and of what lies below, whatever the provider says.
//! - A domain belongs to one provider in service. An administrator puts one in service for domains
//!   by which agents of their own administration have already signed in, and nobody else's; any
//!   other domain is the operator's to open.
//! - A secret is kept sealed and never shown.

mod change;
mod rights;
mod show;
mod trial;

use std::sync::Arc;

use kernel::{Secret, Timestamp};
use kernel_db::{Db, DbError, Revised};
use kernel_http::{House, Sealer};
use url::Url;

use super::{Identity, Method};
use crate::domain::provider::{ProviderFault, ProviderState};
use crate::error::IdentityError;
use crate::store;
use crate::store::provider::ProviderRow;
use crate::store::revision::PROVIDERS;
use crate::upstream::{ProviderConfig, Upstreams};

pub(crate) use change::{NewProvider, ProviderEdit, Put};
pub(crate) use show::{SeenProvider, Source};
pub(crate) use trial::Tried;

pub(crate) const SECRET: &str = "identity/provider-secret/1";

/// The providers, as last read.
pub(crate) struct Providers {
    sealer: Sealer,
    known: Revised<Upstreams>,
}

/// A provider plugged in on the pages, as far as its health depends on it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PluggedIn {
    /// Its name in the machine.
    pub id: String,
    /// Its issuer.
    pub issuer: Url,
}

/// The providers in service that were plugged in on the pages: no configuration names them.
///
/// # Errors
/// When the database refuses, or a row is damaged.
pub async fn plugged_in(db: &Db) -> Result<Vec<PluggedIn>, DbError> {
    db.read(|tx| {
        Box::pin(async move {
            let mut found = Vec::new();
            for row in store::provider::all(tx).await? {
                if row.state == ProviderState::Enabled {
                    found.push(PluggedIn {
                        id: row.id.as_str().to_owned(),
                        issuer: row.facts.issuer,
                    });
                }
            }
            Ok(found)
        })
    })
    .await
}

/// Why a provider is not shown or changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderRefusal {
    /// Not an administrator of its administration.
    #[error("the caller does not administer the provider's administration")]
    NotAdministrator,
    /// A broker vouches for everybody: the operator's to plug in.
    #[error("a broker is the operator's")]
    BrokerIsOperators,
    /// There is none of that name.
    #[error("no such provider")]
    Unknown,
    /// The configuration says everything of it.
    #[error("the provider is configured")]
    Configured,
    /// Another has that name in the machine.
    #[error("the provider id is taken")]
    IdTaken,
    /// Another provider holds this domain.
    #[error("the domain {domain} is held by {title}")]
    DomainTaken {
        /// Which.
        domain: String,
        /// By whom.
        title: String,
    },
    /// Nothing proves that these domains are the administration's.
    #[error("domains not proved: {0:?}")]
    DomainsNotProved(Vec<String>),
    /// Where agents are proved is not changed under them.
    #[error("the issuer of a provider in service does not change")]
    InService,
    /// A draft is not taken out of service.
    #[error("the provider was never in service")]
    NeverEnabled,
    /// There is no such administration.
    #[error("no such administration")]
    UnknownOrganisation,
    /// A field cannot be.
    #[error("field {0}")]
    Fault(#[from] ProviderFault),
    /// The caller has not tried it.
    #[error("no trial")]
    NoTrial,
    /// People sign in here: there are no providers.
    #[error("this instance has no providers")]
    NoProviders,
}

/// How a provider in service does, for a page that says so to everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderStatus {
    /// Its name in the machine.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whether it answers.
    pub up: bool,
    /// Since when it does not; none: it does.
    pub since: Option<Timestamp>,
}

impl Providers {
    /// Those of the configuration, until the others are read.
    pub(crate) fn new(configured: Upstreams, house: &House, sealer: Sealer) -> Self {
        let (db, clock) = (house.db.clone(), Arc::clone(&house.clock));
        Self {
            sealer,
            known: Revised::new(db, clock, PROVIDERS, configured),
        }
    }

    /// The providers, at most two seconds old.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn current(&self) -> Result<Arc<Upstreams>, DbError> {
        self.known
            .get(
                |tx| Box::pin(store::provider::all(tx)),
                |rows, before| before.with_stored(self.configs(rows)),
            )
            .await
    }

    /// The providers as last read: for what pages show beside.
    pub(crate) fn last(&self) -> Arc<Upstreams> {
        self.known.last()
    }

    /// The providers as they stand now.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn refreshed(&self) -> Result<Arc<Upstreams>, DbError> {
        self.known.doubt();
        self.current().await
    }

    /// The same once this process has committed a change: the other nodes compare too.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn changed(&self) -> Result<Arc<Upstreams>, DbError> {
        self.known.changed();
        self.current().await
    }

    fn configs(&self, rows: Vec<ProviderRow>) -> Vec<(i64, ProviderConfig)> {
        let mut configs = Vec::new();
        for row in rows {
            let secret = self.open(&row.sealed_secret);
            if secret.is_none() {
                tracing::error!(provider = %row.id, "the secret of a provider does not open under this master key: it is out of service");
            }
            let enabled = row.state == ProviderState::Enabled && secret.is_some();
            let secret = secret.unwrap_or_else(|| Secret::new(""));
            let config = row.facts.config(row.id, row.organisation, secret, enabled);
            configs.push((row.revision, config));
        }
        configs
    }

    fn seal(&self, secret: &Secret, rng: &dyn kernel::Rng) -> String {
        self.sealer.seal(SECRET, secret.expose().as_bytes(), rng)
    }

    fn open(&self, sealed: &str) -> Option<Secret> {
        let bytes = self.sealer.open(SECRET, sealed)?;
        String::from_utf8(bytes).ok().map(Secret::new)
    }
}

impl Identity {
    /// How the providers in service do, in the order of their names; none where people sign in
    /// with a password of this instance. While the database does not answer, those last known.
    pub async fn provider_states(&self) -> Vec<ProviderStatus> {
        let Method::Upstream(providers) = &self.method else {
            return Vec::new();
        };
        let current = providers.current().await;
        let health = current.unwrap_or_else(|_| providers.last()).health();
        health
            .into_iter()
            .map(|one| ProviderStatus {
                id: one.id.as_str().to_owned(),
                name: one.title,
                up: one.since.is_none(),
                since: one.since,
            })
            .collect()
    }

    /// The providers of this instance.
    pub(crate) fn providers(&self) -> Result<&Providers, IdentityError> {
        match &self.method {
            Method::Upstream(providers) => Ok(providers),
            Method::Local { .. } => Err(ProviderRefusal::NoProviders.into()),
        }
    }
}
