//! The one search: every source at once, each within its time.
//!
//! Invariants
//! - No source waits for another, and none is waited for over [`DEADLINE`]: what is late, fails
//!   or panics is said beside what is complete.
//! - A source that keeps failing is not asked (its [`Breaker`](crate::domain::Breaker)).
//! - Dropping [`Search::start`]'s set ends every question: nobody works for a reader who left.

mod source;
mod tools;

use std::sync::Arc;
use std::time::Duration;

use kernel::Clock;
use kernel::port::{SearchProvider, SearchQuery};
use tokio::task::JoinSet;

use super::CatalogueCache;

use source::Source;
pub(crate) use source::{Found, SourceState};
use tools::Tools;

/// How long a source may take.
pub(crate) const DEADLINE: Duration = Duration::from_millis(400);

/// The sources.
pub(crate) struct Search {
    clock: Arc<dyn Clock>,
    sources: Vec<(Arc<Source>, Arc<dyn SearchProvider>)>,
}

impl Search {
    /// The portal's own sources, then the other tools'.
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        cache: Arc<CatalogueCache>,
        others: Vec<Arc<dyn SearchProvider>>,
    ) -> Self {
        let tools: Arc<dyn SearchProvider> = Arc::new(Tools::new(cache));
        let sources = std::iter::once(tools)
            .chain(others)
            .map(|provider| (Arc::new(Source::of(provider.as_ref())), provider))
            .collect();
        Self { clock, sources }
    }

    /// Asks every source; the set gives what each found as it ends.
    pub(crate) fn start(&self, query: &SearchQuery) -> JoinSet<Found> {
        let mut asked = JoinSet::new();
        for (source, provider) in &self.sources {
            let (source, provider) = (Arc::clone(source), Arc::clone(provider));
            let (clock, query) = (Arc::clone(&self.clock), query.clone());
            asked.spawn(async move {
                source
                    .ask(clock.as_ref(), DEADLINE, || async move {
                        provider.search(query).await
                    })
                    .await
            });
        }
        asked
    }
}
