//! The published announcements, kept in memory and compared with the revision row.
//!
//! Invariant: what is shown is at most [`FRESH_FOR`] behind the tables, on every node; what this
//! process changes it shows at once.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kernel::{Clock, Timestamp};
use kernel_db::{Db, DbError, Tx};
use tokio::sync::Mutex;

use crate::domain::news::Announcement;
use crate::store::news as store;

/// How long announcements are shown before their revision is compared again.
const FRESH_FOR: Duration = Duration::from_secs(2);
/// Rows this old are looked at no more: nothing is shown for longer without an end of its own.
const LOOK_BACK: Duration = Duration::from_hours(181 * 24);

type All = Arc<Vec<Announcement>>;

#[derive(Clone)]
struct Kept {
    all: All,
    revision: i64,
    compared_at: Timestamp,
}

/// The announcements as last read.
pub(crate) struct AnnouncementCache {
    db: Db,
    clock: Arc<dyn Clock>,
    kept: RwLock<Option<Kept>>,
    /// Held by the one request that compares, so that a thousand do not at once.
    comparing: Mutex<()>,
}

impl AnnouncementCache {
    /// An empty cache: the first reader loads.
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self {
            db,
            clock,
            kept: RwLock::new(None),
            comparing: Mutex::new(()),
        }
    }

    /// The announcements, at most [`FRESH_FOR`] old.
    ///
    /// # Errors
    /// What the database says: old ones are not shown in their place, since one may have been
    /// withdrawn.
    pub(crate) async fn get(&self) -> Result<All, DbError> {
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        let _turn = self.comparing.lock().await;
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        let now = self.clock.now();
        let known = self.kept();
        let revision = known.as_ref().map(|kept| kept.revision);
        let newer = self
            .db
            .read(move |tx: &mut Tx| Box::pin(load_if_newer(tx, revision, now)))
            .await?;
        let kept = match (newer, known) {
            (Some((revision, all)), _) => Kept {
                all: Arc::new(all),
                revision,
                compared_at: now,
            },
            (None, Some(known)) => Kept {
                compared_at: now,
                ..known
            },
            (None, None) => return Ok(All::default()),
        };
        let all = Arc::clone(&kept.all);
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(all)
    }

    /// Has the next reader compare: this process has just written.
    pub(crate) fn look_again(&self) {
        if let Some(kept) = &mut *self.kept.write().unwrap_or_else(PoisonError::into_inner) {
            kept.compared_at = Timestamp::from_millis(i64::MIN);
        }
    }

    fn kept(&self) -> Option<Kept> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }

    fn fresh(&self) -> Option<All> {
        let kept = self.kept()?;
        let now = self.clock.now();
        let fresh = now >= kept.compared_at && now.since(kept.compared_at) < FRESH_FOR;
        fresh.then_some(kept.all)
    }
}

/// The announcements with their revision, unless the tables still show `known`: one view.
async fn load_if_newer(
    tx: &mut Tx,
    known: Option<i64>,
    now: Timestamp,
) -> Result<Option<(i64, Vec<Announcement>)>, DbError> {
    let revision = store::news_revision(tx).await?;
    if known == Some(revision) {
        return Ok(None);
    }
    let all = store::list_published_announcements(tx, now.minus(LOOK_BACK)).await?;
    Ok(Some((revision, all)))
}
