//! PostgreSQL: a pool of connections, SERIALIZABLE writes that are retried when they conflict.

mod connection;
mod error;
mod pool;
mod retry;
mod value;

use std::{
    future::poll_fn,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

pub(crate) use connection::Connection;

use crate::{
    BoxFuture, DbError, Tx,
    db::Hints,
    migrate::Lock,
    tx::{Inner, Touched},
    watched,
};

/// Times a conflicting transaction is tried again.
const RETRIES: u32 = 5;

/// How a transaction begins.
#[derive(Debug, Clone, Copy)]
enum Mode {
    /// Conflicts are found and retried.
    Write,
    /// One consistent view.
    Read,
    /// Under an advisory lock, outside conflict detection.
    Alone(Lock),
}

/// Runs a statement that no transaction may hold, such as `CREATE DATABASE`.
#[cfg(feature = "testing")]
pub(crate) async fn administer(url: &str, sql: &str) -> Result<(), DbError> {
    let pool = pool::open(url, 2).await?;
    let client = pool
        .get()
        .await
        .map_err(|cause| error::pool_error(&cause))?;
    client.batch_execute(sql).await.map_err(error::driver_error)
}

/// The pool and what comes with it.
pub(crate) struct Engine {
    pool: deadpool_postgres::Pool,
    hints: Arc<Hints>,
    jitter: retry::Jitter,
}

/// How one try of a job ended.
enum Tried<T, E> {
    Done(T, Touched),
    Refused(E),
    /// Worth another try; the error to answer when there were enough.
    Again(DbError),
    /// A key was taken: by a transaction that the job could not see yet, perhaps.
    Taken(E),
}

impl Engine {
    pub(crate) async fn open(
        url: &str,
        max_connections: usize,
        hints: Arc<Hints>,
    ) -> Result<Self, DbError> {
        Ok(Self {
            pool: pool::open(url, max_connections).await?,
            hints,
            jitter: retry::Jitter::default(),
        })
    }

    pub(crate) async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync,
        E: From<DbError>,
    {
        self.run(Mode::Write, &job).await
    }

    pub(crate) async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync,
        E: From<DbError>,
    {
        self.run(Mode::Read, &job).await
    }

    /// Answers [`DbError::Busy`] when another program holds the lock of a worker.
    pub(crate) async fn write_alone<T, E, F>(&self, lock: Lock, job: F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync,
        E: From<DbError>,
    {
        self.run(Mode::Alone(lock), &job).await
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }

    async fn run<T, E, F>(&self, mode: Mode, job: &F) -> Result<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync,
        E: From<DbError>,
    {
        let mut was_taken = false;
        let mut attempt = 0;
        loop {
            match self.attempt(mode, job).await {
                Tried::Done(value, touched) => {
                    self.hints.ring(touched);
                    return Ok(value);
                }
                Tried::Refused(error) => return Err(error),
                // A job that looks before it inserts sees the other's row when it looks again;
                // one that does not is answered the same a second time.
                Tried::Taken(error) if was_taken => return Err(error),
                Tried::Taken(_) => was_taken = true,
                Tried::Again(error) if attempt == RETRIES => return Err(E::from(error)),
                Tried::Again(error) => {
                    attempt += 1;
                    tracing::debug!(attempt, %error, "a transaction is tried again");
                    self.jitter.pause(attempt).await;
                }
            }
        }
    }

    async fn attempt<T, E, F>(&self, mode: Mode, job: &F) -> Tried<T, E>
    where
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync,
        E: From<DbError>,
    {
        let mut connection = match self.pool.get().await {
            Ok(client) => Connection::new(client),
            Err(cause) => return Tried::Refused(E::from(error::pool_error(&cause))),
        };
        if let Err(error) = begin(&mut connection, mode).await {
            connection.discard();
            return refused_or_again(error);
        }
        let in_flight = connection.in_flight();
        let mut tx = Tx::new(Inner::Postgres(connection));
        let outcome = run_guarded(&mut tx, &in_flight, job).await;
        let failure = tx.failure().cloned();
        let touched = tx.touched();
        let Inner::Postgres(mut connection) = tx.inner else {
            return Tried::Refused(E::from(DbError::Closed));
        };
        match (outcome, failure) {
            // A connection that broke before the commit has committed nothing.
            (_, Some(error @ (DbError::Conflict | DbError::Unreachable(_)))) => {
                connection.rollback().await;
                Tried::Again(error)
            }
            (Ok(value), None) => match connection.commit().await {
                Ok(()) => Tried::Done(value, touched),
                Err(error) => {
                    connection.discard();
                    after_commit(error)
                }
            },
            (outcome, Some(error @ DbError::Unique { .. })) => {
                connection.rollback().await;
                Tried::Taken(outcome.err().unwrap_or_else(|| E::from(error)))
            }
            // The server would answer COMMIT with a silent ROLLBACK after a failed statement.
            (Ok(_), Some(error)) => {
                connection.rollback().await;
                Tried::Refused(E::from(error))
            }
            (Err(error), _) => {
                connection.rollback().await;
                Tried::Refused(error)
            }
        }
    }
}

/// Before the first statement.
fn refused_or_again<T, E: From<DbError>>(error: DbError) -> Tried<T, E> {
    match error {
        DbError::Conflict | DbError::Unreachable(_) => Tried::Again(error),
        other => Tried::Refused(E::from(other)),
    }
}

/// A connection that broke during the commit may have committed: no other try then.
fn after_commit<T, E: From<DbError>>(error: DbError) -> Tried<T, E> {
    match error {
        DbError::Conflict => Tried::Again(error),
        other => {
            watched::begun();
            Tried::Refused(E::from(other))
        }
    }
}

async fn begin(connection: &mut Connection, mode: Mode) -> Result<(), DbError> {
    match mode {
        Mode::Write => {
            connection.begin_later("BEGIN ISOLATION LEVEL SERIALIZABLE");
            Ok(())
        }
        Mode::Read => {
            connection.begin_later("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            Ok(())
        }
        Mode::Alone(Lock::Migrations) => {
            connection
                .begin(
                    "BEGIN ISOLATION LEVEL READ COMMITTED; \
                     SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0",
                )
                .await?;
            connection.lock(Lock::Migrations.key()).await?;
            connection.begin("SET LOCAL lock_timeout = '10s'").await
        }
        Mode::Alone(lock) => {
            connection
                .begin("BEGIN ISOLATION LEVEL READ COMMITTED")
                .await?;
            connection.try_lock(lock.key()).await
        }
    }
}

/// Runs the job, and refuses it when it waits for anything but its own statements: SQLite could
/// not run it, and here it would hold a transaction open.
async fn run_guarded<T, E, F>(tx: &mut Tx, in_flight: &Arc<AtomicBool>, job: &F) -> Result<T, E>
where
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync,
    E: From<DbError>,
{
    let mut future = job(tx);
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(outcome) => Poll::Ready(outcome),
        Poll::Pending if in_flight.load(Ordering::Acquire) => Poll::Pending,
        Poll::Pending => Poll::Ready(Err(E::from(DbError::Suspended))),
    })
    .await
}
