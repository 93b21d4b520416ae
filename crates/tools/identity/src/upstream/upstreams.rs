//! All providers, as the rest of the tool sees them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Rng, fold};
use url::Url;

use super::check::{self, Discovered};
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
use super::trial::{self, TrialReport};
use super::{exchange, logout, request};
use crate::domain::authorize::Parameters;

/// The longest name of an application sent, in characters: it travels in a cookie.
const LONGEST_NAME: usize = 80;

/// The providers, at one moment.
pub struct Upstreams {
    links: BTreeMap<ProviderId, Known>,
    /// Those in service, in the order of their titles.
    in_service: Vec<ProviderId>,
    fetch: Arc<dyn Fetch>,
    base_url: Url,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    call_time: Duration,
}

/// A provider with its line, which outlives changes to other providers.
#[derive(Clone)]
struct Known {
    /// Of its row; none: it is configured.
    revision: Option<i64>,
    link: Arc<Link>,
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
        let mut all = Self {
            links: BTreeMap::new(),
            in_service: Vec::new(),
            fetch: Arc::clone(fetch),
            base_url,
            clock,
            rng,
            call_time,
        };
        for config in providers {
            let link = all.line(config);
            let id = link.config.id.clone();
            let revision = None;
            all.links.insert(id, Known { revision, link });
        }
        all.order();
        all
    }

    /// The configured ones as they are, with these stored ones, each with the revision of its
    /// row. Who has not changed keeps what is known of it: metadata, keys, failures.
    pub(crate) fn with_stored(&self, stored: Vec<(i64, ProviderConfig)>) -> Self {
        let configured = self.links.iter().filter(|(_, k)| k.revision.is_none());
        let mut links: BTreeMap<_, _> = configured
            .map(|(id, known)| (id.clone(), known.clone()))
            .collect();
        for (revision, config) in stored {
            let id = config.id.clone();
            if links.contains_key(&id) {
                // Configured since: the configuration has the last word.
                continue;
            }
            let same = self.links.get(&id).filter(|k| k.revision == Some(revision));
            let link = match same {
                Some(known) => Arc::clone(&known.link),
                None => self.line(config),
            };
            let revision = Some(revision);
            links.insert(id, Known { revision, link });
        }
        let mut all = Self {
            links,
            in_service: Vec::new(),
            fetch: Arc::clone(&self.fetch),
            base_url: self.base_url.clone(),
            clock: Arc::clone(&self.clock),
            rng: Arc::clone(&self.rng),
            call_time: self.call_time,
        };
        all.order();
        all
    }

    fn line(&self, mut config: ProviderConfig) -> Arc<Link> {
        if let ProviderKind::Ministry { domains } = &mut config.kind {
            *domains = comparable(&config.id, domains);
        }
        let (fetch, clock) = (Arc::clone(&self.fetch), Arc::clone(&self.clock));
        Arc::new(Link::new(config, fetch, clock, self.call_time))
    }

    fn order(&mut self) {
        let links = self.links.values().map(|known| &known.link.config);
        let mut in_service: Vec<_> = links
            .filter(|config| config.enabled)
            .map(|config| (fold(&config.title), config.id.clone()))
            .collect();
        in_service.sort();
        self.in_service = in_service.into_iter().map(|(_, id)| id).collect();
    }

    /// Whether the configuration names this provider, in service or not.
    pub(crate) fn is_configured(&self, id: &ProviderId) -> bool {
        let known = self.links.get(id);
        known.is_some_and(|known| known.revision.is_none())
    }

    /// Those of the configuration, in service or not.
    pub(crate) fn configured(&self) -> impl Iterator<Item = &ProviderConfig> {
        let known = self.links.values().filter(|k| k.revision.is_none());
        known.map(|known| &known.link.config)
    }

    /// What an issuer says of itself, and what keeps us from signing in there.
    pub(crate) async fn check(&self, issuer: &Url) -> Discovered {
        check::look(&self.line(ProviderConfig::probe(issuer))).await
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
        self.any(id).map(|link| &link.config)
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
        let links = self.in_service.iter().filter_map(|id| self.any(id));
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
        self.begin(self.link(provider)?, start).await
    }

    /// The same to try a provider, in service or not.
    ///
    /// # Errors
    /// When the provider is not known or does not answer.
    pub(crate) async fn start_trial(
        &self,
        provider: &ProviderId,
        start: Start<'_>,
    ) -> Result<(Url, Pending), UpstreamError> {
        let link = self.any(provider).ok_or(UpstreamError::Disabled)?;
        self.begin(link, start).await
    }

    async fn begin(&self, link: &Link, start: Start<'_>) -> Result<(Url, Pending), UpstreamError> {
        let metadata = link.live_metadata().await?;
        let application = start.application.map(|(id, name)| SentApplication {
            id: id.to_owned(),
            name: name.chars().take(LONGEST_NAME).collect(),
        });
        let pending = Pending::new(
            link.config.id.clone(),
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

    /// Ends a trial: what the provider says of whoever signed in there, and what is missing.
    ///
    /// # Errors
    /// The cause, by name, when it said nothing that may be believed.
    pub(crate) async fn finish_trial(
        &self,
        pending: &Pending,
        answer: &Parameters,
    ) -> Result<TrialReport, UpstreamError> {
        let link = self.any(&pending.provider);
        let link = link.ok_or(UpstreamError::Disabled)?;
        let (redirect, rng) = (self.redirect_uri(), self.rng.as_ref());
        let brought = exchange::bring(link, &redirect, pending, answer, rng).await?;
        Ok(trial::report(&link.config, &brought))
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
            .and_then(|id| self.any(&id));
        let Some(link) = known else { return Ok(None) };
        let metadata = link.metadata().await?;
        let after = self.logout_uri();
        Ok(logout::address(
            &link.config,
            &metadata,
            &after,
            id_token,
            state,
        ))
    }

    fn link(&self, id: &ProviderId) -> Result<&Link, UpstreamError> {
        self.any(id)
            .filter(|link| link.config.enabled)
            .ok_or(UpstreamError::Disabled)
    }

    fn any(&self, id: &ProviderId) -> Option<&Link> {
        self.links.get(id).map(|known| known.link.as_ref())
    }

    /// Where providers send people back to.
    pub(crate) fn redirect_uri(&self) -> Url {
        self.ours("/api/v2/oidc-callback")
    }

    /// Where providers send people back to after a sign-out.
    pub(crate) fn logout_uri(&self) -> Url {
        self.ours("/api/v2/client/logout-callback")
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

#[cfg(test)]
mod tests {
    use testkit::{FixedClock, SeededRng};

    use super::*;
    use crate::upstream::testing;

    fn stored(id: &str, title: &str) -> ProviderConfig {
        let mut config = testing::config();
        config.id = ProviderId::parse(id).expect("an id");
        config.title = title.to_owned();
        config
    }

    fn line(all: &Upstreams, id: &str) -> Option<Arc<Link>> {
        let id = ProviderId::parse(id).expect("an id");
        all.links.get(&id).map(|known| Arc::clone(&known.link))
    }

    #[test]
    fn a_change_of_one_provider_leaves_the_lines_of_the_others() {
        let fetch: Arc<dyn Fetch> = Arc::new(testing::Nobody);
        let base = Url::parse("https://besace.test/").expect("a URL");
        let (clock, rng) = (Arc::new(FixedClock::default()), Arc::new(SeededRng::new(1)));
        let configured = Upstreams::new(vec![testing::config()], &fetch, base, clock, rng);
        let first = configured.with_stored(vec![(1, stored("a", "A")), (1, stored("b", "B"))]);
        let second = first.with_stored(vec![
            (1, stored("a", "A")),
            (2, stored("b", "0")),
            (1, stored("interieur", "not the configured one")),
        ]);
        let same = |id: &str| {
            let pair = line(&first, id).zip(line(&second, id));
            pair.is_some_and(|(one, other)| Arc::ptr_eq(&one, &other))
        };
        assert!(same("a") && same("interieur"));
        assert!(!same("b"));
        let titles: Vec<_> = second.list().iter().map(|c| c.title.clone()).collect();
        assert_eq!(titles, ["0", "A", "Ministère de l’Intérieur"]);
        let third = second.with_stored(Vec::new());
        assert!(line(&third, "a").is_none() && line(&third, "interieur").is_some());
    }
}
