//! What administrators see of providers.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::{Caller, OrganisationId, Role, Timestamp, fold};
use kernel_db::Tx;

use super::{ProviderRefusal, rights};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;
use crate::store::provider::ProviderRow;
use crate::upstream::{Discovered, ProviderConfig, ProviderId, issuer_of};

/// Who says what a provider is.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// The configuration: it is read here and changed there.
    Configured(Box<ProviderConfig>),
    /// An administrator.
    Stored(Box<ProviderRow>),
}

/// A provider, as its administrators see it.
#[derive(Debug, Clone)]
pub(crate) struct SeenProvider {
    pub(crate) source: Source,
    pub(crate) organisation: OrganisationId,
    /// Its administration's name; the id when that is not known (any more).
    pub(crate) organisation_label: String,
    /// How many agents have signed in through it; none: not counted.
    pub(crate) agents: Option<i64>,
}

impl SeenProvider {
    pub(crate) fn id(&self) -> &ProviderId {
        match &self.source {
            Source::Configured(config) => &config.id,
            Source::Stored(row) => &row.id,
        }
    }

    pub(crate) fn title(&self) -> &str {
        match &self.source {
            Source::Configured(config) => &config.title,
            Source::Stored(row) => &row.facts.title,
        }
    }

    /// What an edit must have read; the configuration's have no version.
    pub(crate) fn version(&self) -> i64 {
        match &self.source {
            Source::Configured(_) => 0,
            Source::Stored(row) => row.revision,
        }
    }
}

impl Identity {
    /// The providers of what the caller administers, or of one administration and what lies below
    /// it, by their names.
    ///
    /// # Errors
    /// When the caller administers nothing there, or the database refuses.
    pub(crate) async fn seen_providers(
        &self,
        caller: Caller,
        organisation: Option<OrganisationId>,
    ) -> Result<Vec<SeenProvider>, IdentityError> {
        let now = self.house.clock.now();
        let configured: Vec<ProviderConfig> =
            self.providers()?.last().configured().cloned().collect();
        let asked = Arc::new((caller, configured));
        self.house
            .db
            .read(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (caller, configured) = &*asked;
                    if let Some(organisation) = organisation {
                        rights::administers(tx, caller, organisation, now).await?;
                    } else if caller.scopes(Role::Administrator, now).is_empty() {
                        return Err(ProviderRefusal::NotAdministrator.into());
                    }
                    let mut found = Vec::new();
                    for source in sources(tx, configured).await? {
                        let whose = owner(&source);
                        let above = store::organisation::ancestors(tx, whose).await?;
                        let asked_for =
                            organisation.is_none_or(|one| one == whose || above.contains(&one));
                        if asked_for && caller.may(Role::Administrator, whose, &above, now) {
                            found.push(seen(tx, source, false).await?);
                        }
                    }
                    found.sort_by_cached_key(|one| (fold(one.title()), one.id().clone()));
                    Ok(found)
                })
            })
            .await
    }

    /// One provider.
    ///
    /// # Errors
    /// When there is none, the caller does not administer its administration, or the database
    /// refuses.
    pub(crate) async fn seen_provider(
        &self,
        caller: Caller,
        id: ProviderId,
    ) -> Result<SeenProvider, IdentityError> {
        let now = self.house.clock.now();
        let configured = self.configured_provider(&id)?;
        let asked = Arc::new((caller, id, configured));
        self.house
            .db
            .read(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (caller, id, configured) = &*asked;
                    let source = one(tx, id, configured.as_ref()).await?;
                    rights::administers(tx, caller, owner(&source), now).await?;
                    seen(tx, source, true).await
                })
            })
            .await
    }

    /// What an issuer says of itself, for somebody who administers something.
    ///
    /// # Errors
    /// When the caller administers nothing, or what is given is no address.
    pub(crate) async fn check_issuer(
        &self,
        caller: &Caller,
        issuer: &str,
    ) -> Result<Discovered, IdentityError> {
        let now: Timestamp = self.house.clock.now();
        if caller.scopes(Role::Administrator, now).is_empty() {
            return Err(ProviderRefusal::NotAdministrator.into());
        }
        let fault = crate::domain::provider::ProviderFault::Issuer;
        let issuer = issuer_of(issuer).ok_or(ProviderRefusal::Fault(fault))?;
        Ok(self.providers()?.last().check(&issuer).await)
    }

    /// What the configuration says of a provider.
    pub(super) fn configured_provider(
        &self,
        id: &ProviderId,
    ) -> Result<Option<ProviderConfig>, IdentityError> {
        let upstreams = self.providers()?.last();
        let configured = upstreams.is_configured(id);
        Ok(upstreams.config(id).filter(|_| configured).cloned())
    }
}

/// Whose a provider is.
pub(super) fn owner(source: &Source) -> OrganisationId {
    match source {
        Source::Configured(config) => config.organisation,
        Source::Stored(row) => row.organisation,
    }
}

/// A provider by its name.
///
/// # Errors
/// [`ProviderRefusal::Unknown`] when there is none, or when the database refuses.
pub(super) async fn one(
    tx: &mut Tx,
    id: &ProviderId,
    configured: Option<&ProviderConfig>,
) -> Result<Source, IdentityError> {
    if let Some(config) = configured {
        return Ok(Source::Configured(Box::new(config.clone())));
    }
    match store::provider::by_id(tx, id).await? {
        Some(row) => Ok(Source::Stored(Box::new(row))),
        None => Err(ProviderRefusal::Unknown.into()),
    }
}

async fn sources(tx: &mut Tx, configured: &[ProviderConfig]) -> Result<Vec<Source>, IdentityError> {
    let mut all = BTreeMap::new();
    for row in store::provider::all(tx).await? {
        all.insert(row.id.clone(), Source::Stored(Box::new(row)));
    }
    for config in configured {
        let source = Source::Configured(Box::new(config.clone()));
        all.insert(config.id.clone(), source);
    }
    Ok(all.into_values().collect())
}

/// A provider with its administration's name.
///
/// # Errors
/// When the database refuses.
pub(super) async fn seen(
    tx: &mut Tx,
    source: Source,
    counted: bool,
) -> Result<SeenProvider, IdentityError> {
    let organisation = owner(&source);
    let label = store::organisation::name_and_siret(tx, organisation).await?;
    let mut seen = SeenProvider {
        source,
        organisation,
        organisation_label: label.map_or_else(|| organisation.to_string(), |(label, _)| label),
        agents: None,
    };
    if counted {
        seen.agents = Some(store::provider::agents_of(tx, seen.id()).await?);
    }
    Ok(seen)
}
