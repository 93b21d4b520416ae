//! Rows kept in memory and compared with their revision.
//!
//! Invariant: what is answered is at most [`FRESH_FOR`] behind the tables, on every node; while
//! that is so, no request reads the database.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use kernel::{Clock, Timestamp};
use kernel_db::{BoxFuture, Db, DbError, Tx};
use tokio::sync::Mutex;

use crate::store::revision::{self, Kind};

/// How long rows are believed before their revision is compared again.
pub(crate) const FRESH_FOR: Duration = Duration::from_secs(2);

/// Reads the rows a value is made of.
pub(crate) type ReadRows<R> = for<'a> fn(&'a mut Tx) -> BoxFuture<'a, Result<R, DbError>>;

struct Kept<T> {
    value: Arc<T>,
    /// None: nothing was read yet.
    revision: Option<i64>,
    /// None: it must be compared.
    compared_at: Option<Timestamp>,
}

/// A value made of rows, as last read.
pub(crate) struct Revised<T> {
    db: Db,
    clock: Arc<dyn Clock>,
    kind: Kind,
    kept: RwLock<Kept<T>>,
    /// Raised by each write of this process.
    doubts: AtomicU64,
    /// Held by the one request that compares, so that a thousand do not at once.
    comparing: Mutex<()>,
}

impl<T> Revised<T> {
    /// A value of no rows: the first reader loads.
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, kind: Kind, nothing: T) -> Self {
        Self {
            db,
            clock,
            kind,
            kept: RwLock::new(Kept {
                value: Arc::new(nothing),
                revision: None,
                compared_at: None,
            }),
            doubts: AtomicU64::new(0),
            comparing: Mutex::new(()),
        }
    }

    /// The value; `rows` and `make` are called when the tables have changed. `make` gets what was
    /// kept before.
    ///
    /// # Errors
    /// What the database says: what was kept is not answered in its place, since something may
    /// have been taken back.
    pub(crate) async fn get<R: Send + 'static>(
        &self,
        rows: ReadRows<R>,
        make: impl FnOnce(R, &T) -> T,
    ) -> Result<Arc<T>, DbError> {
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        let _turn = self.comparing.lock().await;
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        let (compared_at, kind) = (self.clock.now(), self.kind);
        let doubts = self.doubts.load(Ordering::SeqCst);
        let (known, known_revision) = self.known();
        let newer = self
            .db
            .read(move |tx| Box::pin(newer(tx, kind, known_revision, rows)))
            .await?;
        let (value, revision) = match newer {
            Some((revision, rows)) => (Arc::new(make(rows, &known)), Some(revision)),
            None => (known, known_revision),
        };
        let undoubted = self.doubts.load(Ordering::SeqCst) == doubts;
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Kept {
            value: Arc::clone(&value),
            revision,
            compared_at: undoubted.then_some(compared_at),
        };
        Ok(value)
    }

    /// What was last read, however long ago: for what may be behind the tables.
    pub(crate) fn last(&self) -> Arc<T> {
        self.known().0
    }

    /// Makes the next reader compare: such rows were just written here.
    pub(crate) fn doubt(&self) {
        self.doubts.fetch_add(1, Ordering::SeqCst);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.compared_at = None;
    }

    fn known(&self) -> (Arc<T>, Option<i64>) {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&kept.value), kept.revision)
    }

    fn fresh(&self) -> Option<Arc<T>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let compared_at = kept.compared_at?;
        let now = self.clock.now();
        let fresh = now >= compared_at && now.since(compared_at) < FRESH_FOR;
        fresh.then(|| Arc::clone(&kept.value))
    }
}

/// The rows, unless the tables still show `known`. One view: the revision and the rows are of the
/// same moment.
async fn newer<R>(
    tx: &mut Tx,
    kind: Kind,
    known: Option<i64>,
    rows: ReadRows<R>,
) -> Result<Option<(i64, R)>, DbError> {
    let revision = revision::current(tx, kind).await?;
    if known == Some(revision) {
        return Ok(None);
    }
    Ok(Some((revision, rows(tx).await?)))
}
