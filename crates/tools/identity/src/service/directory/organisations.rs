//! The administrations, kept in memory and compared with their revision row.
//!
//! Invariant: what is answered is at most [`FRESH_FOR`] behind the tables, on every node.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kernel::port::OrganisationFacts;
use kernel::{Clock, Timestamp};
use kernel_db::{Db, DbError, Tx};
use tokio::sync::Mutex;

use crate::store;
use crate::store::revision::Kind;

/// How long the administrations are answered before their revision is compared again.
const FRESH_FOR: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Kept {
    all: Arc<Vec<OrganisationFacts>>,
    revision: i64,
    compared_at: Timestamp,
}

/// The administrations as last read.
pub(crate) struct Organisations {
    db: Db,
    clock: Arc<dyn Clock>,
    kept: RwLock<Option<Kept>>,
    /// Held by the one that compares, so that a thousand do not at once.
    comparing: Mutex<()>,
}

impl Organisations {
    /// Nothing yet: the first reader loads.
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self {
            db,
            clock,
            kept: RwLock::new(None),
            comparing: Mutex::new(()),
        }
    }

    /// All of them, in the order of their labels.
    ///
    /// # Errors
    /// What the database says: a right may have been taken with an administration's place, so an
    /// old answer is not given instead.
    pub(crate) async fn get(&self) -> Result<Arc<Vec<OrganisationFacts>>, DbError> {
        if let Some(kept) = self.fresh() {
            return Ok(kept.all);
        }
        let _turn = self.comparing.lock().await;
        if let Some(kept) = self.fresh() {
            return Ok(kept.all);
        }
        let compared_at = self.clock.now();
        let known = self.kept();
        let revision = known.as_ref().map(|kept| kept.revision);
        let newer = self
            .db
            .read(move |tx| Box::pin(load_if_newer(tx, revision)))
            .await?;
        let (revision, all) = match (newer, known) {
            (Some((revision, all)), _) => (revision, Arc::new(all)),
            (None, Some(kept)) => (kept.revision, kept.all),
            (None, None) => (0, Arc::default()),
        };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(Kept {
            all: Arc::clone(&all),
            revision,
            compared_at,
        });
        Ok(all)
    }

    fn kept(&self) -> Option<Kept> {
        self.kept
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn fresh(&self) -> Option<Kept> {
        let kept = self.kept()?;
        let now = self.clock.now();
        let fresh = now >= kept.compared_at && now.since(kept.compared_at) < FRESH_FOR;
        fresh.then_some(kept)
    }
}

/// The administrations, unless the tables still show `known`; both of one moment.
async fn load_if_newer(
    tx: &mut Tx,
    known: Option<i64>,
) -> Result<Option<(i64, Vec<OrganisationFacts>)>, DbError> {
    let revision = store::revision::current(tx, Kind::Organisation).await?;
    if known == Some(revision) {
        return Ok(None);
    }
    Ok(Some((revision, store::organisation::all(tx).await?)))
}
