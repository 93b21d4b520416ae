//! The portal's use cases, shared by its endpoints.

use std::sync::Arc;

use kernel::port::{Applications, Directory, Now};
use kernel::{Clock, Rng};
use kernel_db::Db;
use kernel_http::{Live, Outgoing};

use super::CatalogueCache;
use super::search::Search;
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
    pub(super) cache: Arc<CatalogueCache>,
    /// The one search.
    pub(crate) search: Search,
    pub(super) zone: String,
}

impl Portal {
    /// The use cases over these things.
    pub(crate) fn new(deps: Deps) -> Self {
        let Deps {
            db,
            clock,
            rng,
            live,
            outgoing,
            directory,
            applications,
            notify: _,
            nows,
            sources,
            zone,
        } = deps;
        let cache = Arc::new(CatalogueCache::new(db.clone(), Arc::clone(&clock)));
        Self {
            search: Search::new(Arc::clone(&clock), Arc::clone(&cache), sources),
            cache,
            db,
            clock,
            rng,
            live,
            outgoing,
            directory,
            applications,
            nows,
            zone,
        }
    }
}
