//! The published tiles, kept in memory and compared with the revision row.
//!
//! Invariant: what is shown is at most [`FRESH_FOR`] behind the tables, on every node, whatever
//! becomes of any bus between them.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kernel::{Clock, Timestamp};
use kernel_db::{Db, DbError};
use tokio::sync::Mutex;

use crate::domain::Catalogue;
use crate::store;

/// How long a catalogue is shown before its revision is compared again.
pub(crate) const FRESH_FOR: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Kept {
    catalogue: Arc<Catalogue>,
    compared_at: Timestamp,
}

/// The catalogue as last read.
pub(crate) struct CatalogueCache {
    db: Db,
    clock: Arc<dyn Clock>,
    kept: RwLock<Option<Kept>>,
    /// Held by the one request that compares, so that a thousand do not at once.
    comparing: Mutex<()>,
}

impl CatalogueCache {
    /// An empty cache: the first reader loads.
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self {
            db,
            clock,
            kept: RwLock::new(None),
            comparing: Mutex::new(()),
        }
    }

    /// The catalogue, at most [`FRESH_FOR`] old.
    ///
    /// # Errors
    /// What the database says: an old catalogue is not shown in its place, since a tile may have
    /// been taken back.
    pub(crate) async fn get(&self) -> Result<Arc<Catalogue>, DbError> {
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        let _turn = self.comparing.lock().await;
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        let compared_at = self.clock.now();
        let known = self.kept().map(|kept| kept.catalogue);
        let revision = known.as_ref().map(|catalogue| catalogue.revision());
        let newer = self
            .db
            .read(move |tx| Box::pin(load_if_newer(tx, revision)))
            .await?;
        let catalogue = match (newer, known) {
            (Some(newer), _) => Arc::new(newer),
            (None, Some(known)) => known,
            (None, None) => Arc::new(Catalogue::new(0, Vec::new(), Vec::new())),
        };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(Kept {
            catalogue: Arc::clone(&catalogue),
            compared_at,
        });
        Ok(catalogue)
    }

    /// Forgets what was read: the next reader sees what was committed before this call. Waits
    /// for the reader under way, who may have read before the commit.
    pub(crate) async fn forget(&self) {
        let _turn = self.comparing.lock().await;
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn kept(&self) -> Option<Kept> {
        self.kept
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn fresh(&self) -> Option<Arc<Catalogue>> {
        let kept = self.kept()?;
        let now = self.clock.now();
        let fresh = now >= kept.compared_at && now.since(kept.compared_at) < FRESH_FOR;
        fresh.then_some(kept.catalogue)
    }
}

/// The catalogue, unless the tables still show `known`. One view: the revision and the rows are
/// of the same moment.
async fn load_if_newer(
    tx: &mut kernel_db::Tx,
    known: Option<i64>,
) -> Result<Option<Catalogue>, DbError> {
    let revision = store::revision(tx).await?;
    if known == Some(revision) {
        return Ok(None);
    }
    let categories = store::list_categories(tx).await?;
    let tiles = store::list_published_tiles(tx).await?;
    Ok(Some(Catalogue::new(revision, categories, tiles)))
}
