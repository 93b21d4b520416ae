//! The applications that answer in the search, for who sees their tiles.

use std::sync::Arc;

use kernel::Text;
use kernel::port::SearchQuery;
use kernel_http::Outgoing;

use crate::domain::{Catalogue, TileAddress};
use crate::service::plugins::{Answering, Plugins, ask};

use super::Found;

/// Asks applications.
#[derive(Clone)]
pub(crate) struct AskedApplications {
    plugins: Arc<Plugins>,
    outgoing: Outgoing,
}

/// One to ask.
pub(super) struct Asked {
    answering: Arc<Answering>,
    title: Text,
    home: TileAddress,
    outgoing: Outgoing,
}

impl AskedApplications {
    /// Over the registered ones.
    pub(crate) const fn new(plugins: Arc<Plugins>, outgoing: Outgoing) -> Self {
        Self { plugins, outgoing }
    }

    /// Those that this caller's search asks. None when they cannot be read: what can be asked
    /// then does not wait.
    pub(super) async fn for_query(&self, catalogue: &Catalogue, query: &SearchQuery) -> Vec<Asked> {
        let plugins = match self.plugins.at(catalogue).await {
            Ok(plugins) => plugins,
            Err(cause) => {
                tracing::warn!(%cause, "the applications of the search cannot be read");
                return Vec::new();
            }
        };
        let profile = query.caller.profile();
        let mut asked: Vec<Asked> = Vec::new();
        for plugin in plugins.iter() {
            let Some(answering) = &plugin.answering else {
                continue;
            };
            let twice = asked
                .iter()
                .any(|other| Arc::ptr_eq(&other.answering, answering));
            if let Some(tile) = plugin.tile_for(catalogue, &profile)
                && !twice
            {
                asked.push(Asked {
                    answering: Arc::clone(answering),
                    title: tile.name.clone(),
                    home: tile.address.clone(),
                    outgoing: self.outgoing.clone(),
                });
            }
        }
        asked
    }
}

impl Asked {
    /// Asks it, within its time.
    pub(super) async fn ask(self, clock: &dyn kernel::Clock, query: &SearchQuery) -> Found {
        let question = || async { ask(&self.outgoing, &self.answering, &self.home, query).await };
        self.answering
            .source
            .ask(clock, super::DEADLINE, self.title.clone(), question)
            .await
    }
}
