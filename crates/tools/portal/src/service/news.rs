//! What the use cases of the news stand on.

use std::sync::Arc;

use kernel::port::{Directory, OrganisationFacts};
use kernel::{Clock, Rng};
use kernel_db::{Consumer, Db, JobHandler};
use kernel_http::Live;
use kernel_mail::Mailer;
use url::Url;

use super::CatalogueCache;
use super::announcements::AnnouncementCache;
use super::digest::Digests;
use super::inbox::{ImportDone, Inbox, Retention};
use crate::Deps;
use crate::news_error::NewsError;

/// Announcements, inboxes and settings; each noun adds its own in its own file.
pub(crate) struct News {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rng: Arc<dyn Rng>,
    pub(super) live: Live,
    pub(super) directory: Arc<dyn Directory>,
    pub(super) catalogue: Arc<CatalogueCache>,
    pub(super) announcements: AnnouncementCache,
    pub(crate) inbox: Inbox,
    mailer: Mailer,
    base_url: Url,
}

impl News {
    /// The use cases over these things.
    pub(crate) fn new(deps: &Deps) -> Self {
        let (db, clock) = (deps.db.clone(), Arc::clone(&deps.clock));
        Self {
            catalogue: Arc::new(CatalogueCache::new(db.clone(), Arc::clone(&clock))),
            announcements: AnnouncementCache::new(db.clone(), Arc::clone(&clock)),
            inbox: deps.inbox.clone(),
            rng: Arc::clone(&deps.rng),
            live: deps.live.clone(),
            directory: Arc::clone(&deps.directory),
            mailer: deps.mailer.clone(),
            base_url: deps.site.base_url.clone(),
            db,
            clock,
        }
    }

    /// The background work.
    pub(crate) fn jobs(&self) -> Vec<Arc<dyn JobHandler>> {
        vec![
            Arc::new(Digests {
                inbox: self.inbox.clone(),
                directory: Arc::clone(&self.directory),
                mailer: self.mailer.clone(),
                base_url: self.base_url.clone(),
            }),
            Arc::new(Retention {
                clock: Arc::clone(&self.clock),
            }),
        ]
    }

    /// What other tools' events lead to.
    pub(crate) fn consumers(&self) -> Vec<Arc<dyn Consumer>> {
        vec![Arc::new(ImportDone {
            inbox: self.inbox.clone(),
        })]
    }

    /// All administrations.
    pub(super) async fn organisations(&self) -> Result<Arc<Vec<OrganisationFacts>>, NewsError> {
        Ok(self.directory.organisations().await?)
    }
}
