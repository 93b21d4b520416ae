//! The one search: every source at once, each within its time.
//!
//! Invariants
//! - No source waits for another, and none is waited for over [`DEADLINE`]: what is late, fails
//!   or panics is said beside what is complete.
//! - A source that keeps failing is not asked (its [`Breaker`](crate::domain::Breaker)).
//! - Dropping [`Search::start`]'s set ends every question: nobody works for a reader who left.

mod applications;
mod source;
mod tools;

use std::sync::Arc;
use std::time::Duration;

use kernel::Clock;
use kernel::port::{SearchProvider, SearchQuery};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::CatalogueCache;

use applications::Asked;
pub(crate) use applications::AskedApplications;
pub(crate) use source::{Found, Source, SourceState};
use tools::Tools;

/// How long a source may take.
pub(crate) const DEADLINE: Duration = Duration::from_millis(400);

/// The sources.
pub(crate) struct Search {
    clock: Arc<dyn Clock>,
    cache: Arc<CatalogueCache>,
    sources: Vec<(Arc<Source>, Arc<dyn SearchProvider>)>,
    applications: AskedApplications,
}

impl Search {
    /// The portal's own sources, then the other tools', then the applications'.
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        cache: Arc<CatalogueCache>,
        others: Vec<Arc<dyn SearchProvider>>,
        applications: AskedApplications,
    ) -> Self {
        let tools: Arc<dyn SearchProvider> = Arc::new(Tools::new(Arc::clone(&cache)));
        let sources = std::iter::once(tools)
            .chain(others)
            .map(|provider| {
                (
                    Arc::new(Source::new(provider.source().to_owned())),
                    provider,
                )
            })
            .collect();
        Self {
            clock,
            cache,
            sources,
            applications,
        }
    }

    /// Asks every source; the set gives what each found as it ends.
    pub(crate) async fn start(&self, query: SearchQuery) -> JoinSet<Found> {
        let mut asked = JoinSet::new();
        let query = Arc::new(query);
        for (source, provider) in &self.sources {
            let (source, provider) = (Arc::clone(source), Arc::clone(provider));
            let (clock, query) = (Arc::clone(&self.clock), Arc::clone(&query));
            asked.spawn(async move {
                let title = provider.title();
                let question = || async { provider.search(query.as_ref().clone()).await };
                source.ask(clock.as_ref(), DEADLINE, title, question).await
            });
        }
        for application in self.applications(&query).await {
            let (clock, query) = (Arc::clone(&self.clock), Arc::clone(&query));
            asked.spawn(async move { application.ask(clock.as_ref(), &query).await });
        }
        asked
    }

    /// The applications to ask; the answer does not begin later than a source may end.
    async fn applications(&self, query: &SearchQuery) -> Vec<Asked> {
        let known = async {
            match self.cache.get().await {
                Ok(catalogue) => self.applications.for_query(&catalogue, query).await,
                // The tools' own source says that they cannot be read.
                Err(_) => Vec::new(),
            }
        };
        timeout(DEADLINE, known).await.unwrap_or_default()
    }
}
