//! Who may do what to a provider, and for which domains.

use std::collections::HashSet;

use kernel::{Caller, OrganisationId, Role, Timestamp};
use kernel_db::Tx;

use super::ProviderRefusal;
use crate::domain::provider::{ProviderFacts, ProviderState};
use crate::error::IdentityError;
use crate::store;
use crate::store::provider::ProviderRow;
use crate::upstream::{ProviderConfig, ProviderId};

/// Whether the caller runs the instance.
pub(super) fn is_operator(caller: &Caller, now: Timestamp) -> bool {
    !caller.scopes(Role::Operator, now).is_empty()
}

/// Passes when the caller administers an administration.
///
/// # Errors
/// [`ProviderRefusal::NotAdministrator`] otherwise, or when the database refuses.
pub(super) async fn administers(
    tx: &mut Tx,
    caller: &Caller,
    organisation: OrganisationId,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let ancestors = store::organisation::ancestors(tx, organisation).await?;
    if caller.may(Role::Administrator, organisation, &ancestors, now) {
        Ok(())
    } else {
        Err(ProviderRefusal::NotAdministrator.into())
    }
}

/// Passes when the caller may plug in a provider of this kind.
///
/// # Errors
/// [`ProviderRefusal::BrokerIsOperators`] for a broker of anybody else.
pub(super) fn may_be(
    facts: &ProviderFacts,
    caller: &Caller,
    now: Timestamp,
) -> Result<(), ProviderRefusal> {
    if facts.is_broker() && !is_operator(caller, now) {
        return Err(ProviderRefusal::BrokerIsOperators);
    }
    Ok(())
}

/// Passes when no other provider holds one of these domains: of the configuration, in service or
/// not, or of those plugged in, in service.
///
/// # Errors
/// [`ProviderRefusal::DomainTaken`] otherwise, or when the database refuses.
pub(super) async fn domains_are_free(
    tx: &mut Tx,
    id: &ProviderId,
    domains: &[String],
    configured: &[(String, Vec<String>)],
) -> Result<(), IdentityError> {
    let mut held: Vec<(String, Vec<String>)> = configured.to_vec();
    for row in store::provider::all(tx).await? {
        if row.id != *id && row.state == ProviderState::Enabled {
            held.push((row.facts.title, row.facts.domains));
        }
    }
    for domain in domains {
        let holder = held.iter().find(|(_, theirs)| theirs.contains(domain));
        if let Some((title, _)) = holder {
            return Err(ProviderRefusal::DomainTaken {
                domain: domain.clone(),
                title: title.clone(),
            }
            .into());
        }
    }
    Ok(())
}

/// Titles and domains of configured providers, for [`domains_are_free`].
pub(super) fn held<'a>(
    configured: impl Iterator<Item = &'a ProviderConfig>,
) -> Vec<(String, Vec<String>)> {
    let pair = |config: &ProviderConfig| (config.title.clone(), config.domains().to_vec());
    configured.map(pair).collect()
}

/// The domains that may be in service: all of them for the operator; for an administrator those
/// that were opened before, or by which agents of this administration, and of no other, have
/// signed in otherwise.
///
/// # Errors
/// [`ProviderRefusal::DomainsNotProved`] when one is left, or when the database refuses.
pub(super) async fn proved_domains(
    tx: &mut Tx,
    row: &ProviderRow,
    caller: &Caller,
    now: Timestamp,
) -> Result<Vec<String>, IdentityError> {
    let domains = &row.facts.domains;
    if is_operator(caller, now) {
        return Ok(domains.clone());
    }
    let mut missing = Vec::new();
    for domain in domains {
        let known = row.proved.contains(domain);
        if !known && !is_borne(tx, domain, row).await? {
            missing.push(domain.clone());
        }
    }
    if missing.is_empty() {
        Ok(domains.clone())
    } else {
        Err(ProviderRefusal::DomainsNotProved(missing).into())
    }
}

/// Whether agents of the provider's administration, and of no other, bear addresses of a domain.
async fn is_borne(tx: &mut Tx, domain: &str, row: &ProviderRow) -> Result<bool, IdentityError> {
    let bearers = store::provider::organisations_at(tx, domain, &row.id).await?;
    let bearers: HashSet<_> = bearers.into_iter().collect();
    for organisation in &bearers {
        let above = store::organisation::ancestors(tx, *organisation).await?;
        if *organisation != row.organisation && !above.contains(&row.organisation) {
            return Ok(false);
        }
    }
    Ok(!bearers.is_empty())
}
