//! All providers, as the rest of the tool sees them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Rng, fold};
use url::Url;

use super::config::{ProviderConfig, ProviderId, ProviderKind};
use super::email::{EmailAddress, domain_key};
use super::error::UpstreamError;
use super::fetch::Fetch;
use super::health::ProviderHealth;
use super::identity::UpstreamIdentity;
use super::link::{CALL_TIME, Link};
use super::pending::{Pending, SentApplication};
use super::request::Start;
use super::routing::{self, Route};
use super::{exchange, logout, request};
use crate::domain::authorize::Parameters;

/// The longest name of an application sent, in characters: it travels in a cookie.
const LONGEST_NAME: usize = 80;

/// The providers.
pub struct Upstreams {
    links: BTreeMap<ProviderId, Link>,
    /// Those in service, in the order of their titles.
    in_service: Vec<ProviderId>,
    base_url: Url,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl Upstreams {
    /// The providers of a configuration. Nothing is fetched yet.
    pub fn new(
        providers: Vec<ProviderConfig>,
        fetch: &Arc<dyn Fetch>,
        base_url: Url,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Self {
        Self::over(providers, fetch, base_url, clock, rng, CALL_TIME)
    }

    /// The same, whose calls last `call_time` at most.
    pub fn over(
        providers: Vec<ProviderConfig>,
        fetch: &Arc<dyn Fetch>,
        base_url: Url,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        call_time: Duration,
    ) -> Self {
        let mut links = BTreeMap::new();
        for mut config in providers {
            if let ProviderKind::Ministry { domains } = &mut config.kind {
                *domains = comparable(&config.id, domains);
            }
            let id = config.id.clone();
            links.insert(
                id,
                Link::new(config, Arc::clone(fetch), Arc::clone(&clock), call_time),
            );
        }
        let mut in_service: Vec<ProviderId> = links
            .values()
            .filter(|l| l.config.enabled)
            .map(|l| l.config.id.clone())
            .collect();
        in_service.sort_by_cached_key(|id| links.get(id).map(|link| fold(&link.config.title)));
        Self {
            links,
            in_service,
            base_url,
            clock,
            rng,
        }
    }

    /// The provider in service of that name.
    pub fn provider_named(&self, name: &str) -> Option<ProviderId> {
        self.in_service
            .iter()
            .find(|id| id.as_str() == name)
            .cloned()
    }

    /// The provider that this address alone decides.
    pub fn only_provider_for(&self, email: &str) -> Option<ProviderId> {
        match self.route(&EmailAddress::parse(email).ok()?) {
            Route::One(id) => Some(id),
            Route::Several(_) | Route::Unknown { .. } => None,
        }
    }

    /// What is configured of a provider, in service or not.
    pub fn config(&self, id: &ProviderId) -> Option<&ProviderConfig> {
        self.links.get(id).map(|link| &link.config)
    }

    /// Those in service, in the order of their titles.
    pub fn list(&self) -> Vec<&ProviderConfig> {
        self.in_service
            .iter()
            .filter_map(|id| self.config(id))
            .collect()
    }

    /// Where an address leads.
    pub fn route(&self, email: &EmailAddress) -> Route {
        routing::route(email, &self.list())
    }

    /// How those in service do, in the order of their titles.
    pub fn health(&self) -> Vec<ProviderHealth> {
        let links = self.in_service.iter().filter_map(|id| self.links.get(id));
        links
            .map(|link| {
                let (since, failures) = link.health();
                ProviderHealth {
                    id: link.config.id.clone(),
                    title: link.config.title.clone(),
                    since,
                    failures,
                }
            })
            .collect()
    }

    /// Begins a sign-in: where to send the browser, and what to keep until it comes back.
    ///
    /// # Errors
    /// When the provider is not in service or does not answer.
    pub async fn start(
        &self,
        provider: &ProviderId,
        start: Start<'_>,
    ) -> Result<(Url, Pending), UpstreamError> {
        let link = self.link(provider)?;
        let metadata = link.live_metadata().await?;
        let application = start.application.map(|(id, name)| SentApplication {
            id: id.to_owned(),
            name: name.chars().take(LONGEST_NAME).collect(),
        });
        let pending = Pending::new(
            provider.clone(),
            start.interaction,
            application,
            self.clock.now(),
            self.rng.as_ref(),
        );
        let url = request::address(
            &link.config,
            &metadata,
            &self.redirect_uri(),
            &start,
            &pending,
        );
        Ok((url, pending))
    }

    /// Ends a sign-in: from what the browser brought back to an identity that may be believed.
    /// `pending` must be forgotten by the caller before this is called: it is good once.
    ///
    /// # Errors
    /// The cause, by name.
    pub async fn finish(
        &self,
        pending: &Pending,
        answer: &Parameters,
    ) -> Result<UpstreamIdentity, UpstreamError> {
        let link = self.link(&pending.provider)?;
        exchange::finish(
            link,
            &self.redirect_uri(),
            pending,
            answer,
            self.rng.as_ref(),
        )
        .await
    }

    /// Where to sign out at a provider, in service or not; none when it is unknown or has no such
    /// place.
    ///
    /// # Errors
    /// When its metadata cannot be had.
    pub async fn logout_url(
        &self,
        provider: &str,
        id_token: &str,
        state: &str,
    ) -> Result<Option<Url>, UpstreamError> {
        let known = ProviderId::parse(provider)
            .ok()
            .and_then(|id| self.links.get(&id));
        let Some(link) = known else { return Ok(None) };
        let metadata = link.metadata().await?;
        let after = self.ours("/api/v2/client/logout-callback");
        Ok(logout::address(
            &link.config,
            &metadata,
            &after,
            id_token,
            state,
        ))
    }

    fn link(&self, id: &ProviderId) -> Result<&Link, UpstreamError> {
        self.links
            .get(id)
            .filter(|link| link.config.enabled)
            .ok_or(UpstreamError::Disabled)
    }

    fn redirect_uri(&self) -> Url {
        self.ours("/api/v2/oidc-callback")
    }

    /// An address below ours, whose own path is kept.
    fn ours(&self, path: &str) -> Url {
        let mut url = self.base_url.clone();
        url.set_path(&format!(
            "{}{path}",
            self.base_url.path().trim_end_matches('/')
        ));
        url
    }
}

/// Domains as addresses are compared with; one that is none is left out, loudly.
fn comparable(provider: &ProviderId, domains: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    for domain in domains {
        if let Some(domain) = domain_key(domain.trim()) {
            kept.push(domain);
        } else {
            tracing::error!(%provider, domain, "not a domain: left out");
        }
    }
    kept
}
