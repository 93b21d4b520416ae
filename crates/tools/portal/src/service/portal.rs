//! The portal's use cases, shared by its endpoints.

use std::sync::Arc;

use kernel::port::{Applications, Directory, Now};
use kernel::{Clock, Rng};
use kernel_db::Db;
use kernel_http::{Live, Outgoing, Sealer, Site};

use super::plugins::{Hints, Plugins};
use super::search::{AskedApplications, Search};
use super::{CatalogueCache, News, StatusSource};
use crate::Deps;

/// What the use cases stand on. Each noun adds its own in its own file.
pub(crate) struct Portal {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rng: Arc<dyn Rng>,
    pub(super) live: Live,
    pub(super) outgoing: Outgoing,
    pub(super) directory: Arc<dyn Directory>,
    pub(super) applications: Arc<dyn Applications>,
    pub(super) nows: Vec<Arc<dyn Now>>,
    pub(super) statuses: Vec<Arc<dyn StatusSource>>,
    /// Announcements, for the home page.
    pub(super) news: Arc<News>,
    pub(super) cache: Arc<CatalogueCache>,
    /// The one search.
    pub(crate) search: Search,
    /// Applications that have a tile.
    pub(super) plugins: Arc<Plugins>,
    /// Tells agents that a count changed.
    pub(super) hints: Hints,
    pub(super) sealer: Sealer,
    pub(super) site: Arc<Site>,
    pub(super) zone: String,
}

impl Portal {
    /// The use cases over these things.
    pub(crate) fn new(deps: Deps, news: Arc<News>) -> Self {
        let Deps {
            db,
            clock,
            rng,
            live,
            outgoing,
            directory,
            applications,
            notify: _,
            inbox: _,
            mailer: _,
            nows,
            statuses,
            sources,
            sealer,
            site,
            zone,
        } = deps;
        let cache = Arc::clone(&news.catalogue);
        let plugins = Arc::new(Plugins::new(db.clone(), sealer.clone()));
        Self {
            search: Search::new(
                Arc::clone(&clock),
                Arc::clone(&cache),
                sources,
                AskedApplications::new(Arc::clone(&plugins), outgoing.clone()),
            ),
            plugins,
            news,
            hints: Hints::new(live.clone(), Arc::clone(&clock)),
            sealer,
            site,
            cache,
            db,
            clock,
            rng,
            live,
            outgoing,
            directory,
            applications,
            nows,
            statuses,
            zone,
        }
    }

    /// Where the instance is reached.
    pub(crate) fn site(&self) -> &Site {
        &self.site
    }
}
