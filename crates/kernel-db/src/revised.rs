//! Rows kept in memory and compared with their revision.
//!
//! A revision is a number that each transaction which changes such rows raises. Who keeps the
//! rows compares it every two seconds, and at once when told that they changed: by a write of
//! this program ([`Revised::changed`]), or by another node of the installation ([`Db::doubt`]).
//!
//! Invariant: what is answered is at most [`FRESH_FOR`] behind the tables, on every node,
//! whatever becomes of any bus between them; while that is so, no request reads the database.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

use kernel::{BoxFuture, Clock, Timestamp};
use tokio::sync::Mutex;

use crate::{Db, DbError, Tx};

/// How long rows are believed before their revision is compared again.
pub const FRESH_FOR: Duration = Duration::from_secs(2);

/// Reads a revision.
pub type ReadRevision = for<'a> fn(&'a mut Tx) -> BoxFuture<'a, Result<i64, DbError>>;

/// A number that tells two states of some rows apart.
#[derive(Debug, Clone, Copy)]
pub struct Revision {
    /// Its name, one in the program: `portal.catalogue`.
    pub name: &'static str,
    /// Reads it.
    pub read: ReadRevision,
    /// The topic of the hint that open pages get when it moves; none: they show none of it.
    pub topic: Option<&'static str>,
}

/// The revisions that a program compares, and how often each was doubted.
#[derive(Default)]
pub(crate) struct Revisions {
    known: RwLock<BTreeMap<&'static str, Known>>,
    tell: RwLock<Option<Tell>>,
}

type Tell = Arc<dyn Fn(&'static str) + Send + Sync>;

struct Known {
    revision: Revision,
    /// Of each value made of these rows.
    doubts: Vec<Weak<AtomicU64>>,
}

impl Known {
    fn doubt(&self) {
        for doubts in self.doubts.iter().filter_map(Weak::upgrade) {
            doubts.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Revisions {
    /// The doubts of one more value made of these rows.
    fn doubts_of(&self, revision: Revision) -> Arc<AtomicU64> {
        let doubts = Arc::new(AtomicU64::new(0));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let known = known.entry(revision.name).or_insert_with(|| Known {
            revision,
            doubts: Vec::new(),
        });
        known.doubts.retain(|doubts| doubts.strong_count() > 0);
        known.doubts.push(Arc::downgrade(&doubts));
        doubts
    }
}

impl Db {
    /// Makes the next reader of these rows compare: another node says that they changed. A name
    /// that nobody here keeps is none of ours.
    pub fn doubt(&self, name: &str) {
        let known = self.revisions().known.read();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(name) {
            known.doubt();
        }
    }

    /// Makes the next reader of any kept rows compare: it may have been missed that they changed.
    pub fn doubt_all(&self) {
        let known = self.revisions().known.read();
        for known in known.unwrap_or_else(PoisonError::into_inner).values() {
            known.doubt();
        }
    }

    /// Calls `tell` with the name of whatever rows this program changes from now on, once they
    /// are committed.
    pub fn on_changed(&self, tell: impl Fn(&'static str) + Send + Sync + 'static) {
        let mut told = self
            .revisions()
            .tell
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *told = Some(Arc::new(tell));
    }

    /// The revisions whose rows open pages show, as they are now: name, topic, number.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn shown_revisions(&self) -> Result<Vec<(&'static str, &'static str, i64)>, DbError> {
        let shown: Vec<Revision> = self
            .revisions()
            .known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .map(|known| known.revision)
            .filter(|revision| revision.topic.is_some())
            .collect();
        if shown.is_empty() {
            return Ok(Vec::new());
        }
        let shown = Arc::new(shown);
        self.read(move |tx| {
            let shown = Arc::clone(&shown);
            Box::pin(async move {
                let mut numbers = Vec::with_capacity(shown.len());
                for revision in shown.iter() {
                    if let Some(topic) = revision.topic {
                        numbers.push((revision.name, topic, (revision.read)(tx).await?));
                    }
                }
                Ok(numbers)
            })
        })
        .await
    }
}

struct Kept<T> {
    value: Arc<T>,
    /// None: nothing was read yet.
    revision: Option<i64>,
    /// When it was last compared, and how often it had been doubted before.
    compared: Option<(Timestamp, u64)>,
}

/// A value made of rows, as last read.
pub struct Revised<T> {
    db: Db,
    clock: Arc<dyn Clock>,
    revision: Revision,
    kept: RwLock<Kept<T>>,
    doubts: Arc<AtomicU64>,
    /// Held by the one request that compares, so that a thousand do not at once.
    comparing: Mutex<()>,
}

impl<T> Revised<T> {
    /// A value of no rows: the first reader loads.
    pub fn new(db: Db, clock: Arc<dyn Clock>, revision: Revision, nothing: T) -> Self {
        Self {
            doubts: db.revisions().doubts_of(revision),
            db,
            clock,
            revision,
            kept: RwLock::new(Kept {
                value: Arc::new(nothing),
                revision: None,
                compared: None,
            }),
            comparing: Mutex::new(()),
        }
    }

    /// The value; `rows` and `make` are called when the tables have changed. `make` gets what was
    /// kept before. Rows and revision are of one view.
    ///
    /// # Errors
    /// What the database says: what was kept is not answered in its place, since something may
    /// have been taken back.
    pub async fn get<R, Q>(&self, rows: Q, make: impl FnOnce(R, &T) -> T) -> Result<Arc<T>, DbError>
    where
        Q: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<R, DbError>> + Send + Sync + 'static,
        R: Send + 'static,
    {
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        let _turn = self.comparing.lock().await;
        if let Some(fresh) = self.fresh() {
            return Ok(fresh);
        }
        // Before the reading: a doubt that comes meanwhile is about what it may not have seen.
        let doubts = self.doubts.load(Ordering::SeqCst);
        let (compared_at, read) = (self.clock.now(), self.revision.read);
        let (known, known_revision) = self.known();
        let rows = Arc::new(rows);
        let newer = self
            .db
            .read(move |tx| {
                let rows = Arc::clone(&rows);
                Box::pin(async move { newer(tx, read, known_revision, rows.as_ref()).await })
            })
            .await?;
        let (value, revision) = match newer {
            Some((revision, rows)) => (Arc::new(make(rows, &known)), Some(revision)),
            None => (known, known_revision),
        };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Kept {
            value: Arc::clone(&value),
            revision,
            compared: Some((compared_at, doubts)),
        };
        Ok(value)
    }

    /// What was last read, however long ago: for what may be behind the tables.
    pub fn last(&self) -> Arc<T> {
        self.known().0
    }

    /// Makes the next reader compare, here.
    pub fn doubt(&self) {
        self.doubts.fetch_add(1, Ordering::SeqCst);
    }

    /// Makes the next reader compare, here and on the other nodes: such rows were just committed
    /// by this program.
    pub fn changed(&self) {
        self.doubt();
        let told = self.db.revisions().tell.read();
        let told = told.unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(tell) = told {
            tell(self.revision.name);
        }
    }

    fn known(&self) -> (Arc<T>, Option<i64>) {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        (Arc::clone(&kept.value), kept.revision)
    }

    fn fresh(&self) -> Option<Arc<T>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let (compared_at, doubts) = kept.compared?;
        let now = self.clock.now();
        let fresh = now >= compared_at
            && now.since(compared_at) < FRESH_FOR
            && doubts == self.doubts.load(Ordering::SeqCst);
        fresh.then(|| Arc::clone(&kept.value))
    }
}

/// The rows, unless the tables still show `known`.
async fn newer<R, Q>(
    tx: &mut Tx,
    read: ReadRevision,
    known: Option<i64>,
    rows: &Q,
) -> Result<Option<(i64, R)>, DbError>
where
    Q: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<R, DbError>>,
{
    let revision = read(tx).await?;
    if known == Some(revision) {
        return Ok(None);
    }
    Ok(Some((revision, rows(tx).await?)))
}
