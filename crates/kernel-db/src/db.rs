//! The handle that tools keep.

use std::sync::Arc;

use kernel::BoxFuture;
use tokio::sync::Notify;

use crate::{
    Backend, DatabaseConfig, DbError, Tx, migrate::Lock, postgres, revised::Revisions, sqlite,
    tx::Touched, values, watched,
};

/// A database. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    hints: Arc<Hints>,
    revisions: Revisions,
}

enum Engine {
    Sqlite(sqlite::Engine),
    Postgres(postgres::Engine),
}

/// Doorbells of the workers. A hint may be lost: each worker polls too.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    pub(crate) journal: Notify,
    pub(crate) outbox: Notify,
    pub(crate) jobs: Notify,
}

impl Hints {
    pub(crate) fn ring(&self, touched: Touched) {
        if touched.journal {
            self.journal.notify_one();
        }
        if touched.outbox {
            self.outbox.notify_one();
        }
        if touched.jobs {
            self.jobs.notify_one();
        }
    }
}

impl Db {
    /// Opens a database; does not migrate it.
    ///
    /// # Errors
    /// [`DbError::Locked`] when another process holds the data folder, [`DbError::NotDurable`]
    /// when SQLite does not take `synchronous=FULL`, [`DbError::Unreachable`] in clear words for
    /// a server that cannot be reached.
    pub async fn open(config: &DatabaseConfig) -> Result<Self, DbError> {
        let hints = Arc::new(Hints::default());
        let engine = match config {
            DatabaseConfig::Sqlite { folder } => {
                let folder = folder.clone();
                let hints = Arc::clone(&hints);
                tokio::task::spawn_blocking(move || sqlite::Engine::open(&folder, &hints))
                    .await
                    .map_err(|cause| DbError::Driver(cause.to_string()))
                    .flatten()
                    .map(Engine::Sqlite)?
            }
            DatabaseConfig::Postgres {
                url,
                max_connections,
            } => Engine::Postgres(
                postgres::Engine::open(url, *max_connections, Arc::clone(&hints)).await?,
            ),
        };
        Ok(Self {
            inner: Arc::new(Inner {
                engine,
                hints,
                revisions: Revisions::default(),
            }),
        })
    }

    /// Runs a write transaction and answers when it is durable.
    ///
    /// The job may be run again (a conflict on PostgreSQL), so it has no effect but its writes,
    /// and it awaits nothing but its [`Tx`]. Its error undoes all its writes. Who stops waiting
    /// does not know whether the writes were done.
    ///
    /// # Errors
    /// The job's own error, or a [`DbError`] in it: [`DbError::Suspended`] when the job awaited
    /// something foreign, [`DbError::Conflict`] after five conflicts, what the commit said.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        watched::begun();
        let outcome = match &self.inner.engine {
            Engine::Sqlite(engine) => engine.write(job).await,
            Engine::Postgres(engine) => engine.write(job).await,
        };
        if outcome.is_err() {
            watched::undone();
        }
        outcome
    }

    /// Runs a read transaction: one consistent view, and a write in it is refused.
    ///
    /// # Errors
    /// As [`Db::write`]; [`DbError::ReadOnly`] for a write.
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.read(job).await,
            Engine::Postgres(engine) => engine.read(job).await,
        }
    }

    /// A write that no other program does at the same time. On PostgreSQL it waits for the lock
    /// and sees what its last holder committed (READ COMMITTED, outside conflict detection).
    pub(crate) async fn write_alone<T, E, F>(&self, lock: Lock, job: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.write(job).await,
            Engine::Postgres(engine) => engine.write_alone(lock, job).await,
        }
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match &self.inner.engine {
            Engine::Sqlite(_) => Backend::Sqlite,
            Engine::Postgres(_) => Backend::Postgres,
        }
    }

    /// Copies a SQLite database as it is at this moment; none: the database is not a file.
    pub(crate) async fn copy_file(
        &self,
        target: std::path::PathBuf,
        stop: Arc<std::sync::atomic::AtomicBool>,
        seen: Arc<dyn Fn(u64, u64) + Send + Sync>,
    ) -> Result<Option<sqlite::Copied>, DbError> {
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.copy(target, stop, seen).await.map(Some),
            Engine::Postgres(_) => Ok(None),
        }
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// What keeps it from answering.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.read(|tx| {
            Box::pin(async move { tx.query("SELECT 1 AS one", &values![]).await.map(|_| ()) })
        })
        .await
    }

    /// Lets waiting work end, then closes the connections and frees the data folder. Other
    /// clones answer [`DbError::Closed`] from here on.
    pub async fn close(self) {
        match &self.inner.engine {
            Engine::Sqlite(engine) => engine.close().await,
            Engine::Postgres(engine) => engine.close(),
        }
    }

    pub(crate) fn hints(&self) -> &Hints {
        &self.inner.hints
    }

    pub(crate) fn revisions(&self) -> &Revisions {
        &self.inner.revisions
    }
}
