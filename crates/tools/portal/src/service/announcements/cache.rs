//! The published announcements, kept in memory and compared with the revision row.
//!
//! Invariant: what is shown is at most [`FRESH_FOR`](kernel_db::FRESH_FOR) behind the tables, on
//! every node; what this process changes it shows at once, and the other nodes do once they are
//! told.

use std::sync::Arc;
use std::time::Duration;

use kernel::Clock;
use kernel_db::{Db, DbError, Revised, Revision, Tx};

use super::TOPIC;
use crate::domain::news::Announcement;
use crate::store::news as store;

/// Rows this old are looked at no more: nothing is shown for longer without an end of its own.
const LOOK_BACK: Duration = Duration::from_hours(181 * 24);

/// The state of the announcements.
const ANNOUNCEMENTS: Revision = Revision {
    name: "portal.announcements",
    read: |tx| Box::pin(store::news_revision(tx)),
    topic: Some(TOPIC),
};

/// The announcements as last read.
pub(crate) struct AnnouncementCache {
    clock: Arc<dyn Clock>,
    all: Revised<Vec<Announcement>>,
}

impl AnnouncementCache {
    /// An empty cache: the first reader loads.
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self {
            all: Revised::new(db, Arc::clone(&clock), ANNOUNCEMENTS, Vec::new()),
            clock,
        }
    }

    /// The announcements.
    ///
    /// # Errors
    /// What the database says: old ones are not shown in their place, since one may have been
    /// withdrawn.
    pub(crate) async fn get(&self) -> Result<Arc<Vec<Announcement>>, DbError> {
        let since = self.clock.now().minus(LOOK_BACK);
        self.all
            .get(
                move |tx: &mut Tx| Box::pin(store::list_published_announcements(tx, since)),
                |rows, _| rows,
            )
            .await
    }

    /// Has the next reader compare, here and on the other nodes: this process has just committed
    /// a change.
    pub(crate) fn changed(&self) {
        self.all.changed();
    }
}
