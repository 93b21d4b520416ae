//! One transaction, the same for both databases.

use kernel::{Event, EventId, JournalEntry, Rng, Timestamp};

use crate::{Backend, DbError, NewJob, Row, Value, postgres, sqlite};

/// What a transaction wrote that a worker waits for; told to the workers after the commit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) journal: bool,
    pub(crate) outbox: bool,
    pub(crate) jobs: bool,
}

impl Touched {
    pub(crate) const fn merge(&mut self, other: Self) {
        self.journal |= other.journal;
        self.outbox |= other.outbox;
        self.jobs |= other.jobs;
    }
}

/// A transaction that a job of [`Db::write`](crate::Db::write) or
/// [`Db::read`](crate::Db::read) works in.
///
/// Once a statement has failed the transaction is lost, on both databases: later statements
/// give the same error and nothing is committed, whatever the job answers. Where a key may exist
/// already, write `INSERT … ON CONFLICT DO NOTHING` and look at the number of rows.
pub struct Tx {
    pub(crate) inner: Inner,
    failed: Option<DbError>,
    touched: Touched,
    /// Whether statements ran whose changes no count of rows shows.
    changed_schema: bool,
}

/// The only place that holds two kinds of connection.
pub(crate) enum Inner {
    Sqlite(sqlite::Connection),
    Postgres(postgres::Connection),
}

impl Tx {
    pub(crate) const fn new(inner: Inner) -> Self {
        Self {
            inner,
            failed: None,
            touched: Touched {
                journal: false,
                outbox: false,
                jobs: false,
            },
            changed_schema: false,
        }
    }

    /// Forgets the job before.
    pub(crate) fn begin_job(&mut self) {
        self.failed = None;
        self.touched = Touched::default();
        self.changed_schema = false;
    }

    /// The first error of the job, when a statement of it failed.
    pub(crate) const fn failure(&self) -> Option<&DbError> {
        self.failed.as_ref()
    }

    pub(crate) const fn touched(&self) -> Touched {
        self.touched
    }

    pub(crate) const fn changed_schema(&self) -> bool {
        self.changed_schema
    }

    /// Which database this is; for the few statements that must differ, all in this crate.
    pub(crate) const fn backend(&self) -> Backend {
        match &self.inner {
            Inner::Sqlite(_) => Backend::Sqlite,
            Inner::Postgres(_) => Backend::Postgres,
        }
    }

    fn usable(&self) -> Result<(), DbError> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    /// Refuses what one of the two databases cannot keep.
    fn check(&mut self, values: &[Value]) -> Result<(), DbError> {
        for value in values {
            let cannot = match value {
                Value::Text(text) if text.contains('\0') => "a text may not hold a zero byte",
                Value::Real(real) if !real.is_finite() => "a real number must be finite",
                _ => continue,
            };
            return self.note(Err(DbError::Parameter(cannot.to_owned())));
        }
        Ok(())
    }

    fn note<T>(&mut self, answer: Result<T, DbError>) -> Result<T, DbError> {
        if let Err(error) = &answer {
            self.failed = Some(error.clone());
        }
        answer
    }

    /// Runs a statement and answers how many rows it touched. Parameters are `$1`, `$2`, … in
    /// any order, each once or more.
    ///
    /// # Errors
    /// What the database says; the transaction is lost then.
    pub async fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, DbError> {
        self.usable()?;
        self.check(values)?;
        let answer = match &mut self.inner {
            Inner::Sqlite(connection) => sqlite::execute(connection, sql, values),
            Inner::Postgres(connection) => connection.execute(sql, values).await,
        };
        self.note(answer)
    }

    /// Runs a query, or a statement with `RETURNING`, and answers its rows.
    ///
    /// # Errors
    /// What the database says; the transaction is lost then.
    pub async fn query(
        &mut self,
        sql: &'static str,
        values: &[Value],
    ) -> Result<Vec<Row>, DbError> {
        self.usable()?;
        self.check(values)?;
        let answer = match &mut self.inner {
            Inner::Sqlite(connection) => sqlite::query(connection, sql, values),
            Inner::Postgres(connection) => connection.query(sql, values).await,
        };
        self.note(answer)
    }

    /// Like [`Tx::query`], for a text made while the program runs. Only for compiled rules
    /// (an [`Audience`](kernel::Audience)): the text must be made of constants of ours and `$n`,
    /// every value is a parameter. The statement is prepared for this once and not kept, so that
    /// rules do not fill the caches.
    ///
    /// # Errors
    /// As [`Tx::query`].
    pub async fn query_made(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        self.usable()?;
        self.check(values)?;
        let answer = match &mut self.inner {
            Inner::Sqlite(connection) => sqlite::query_made(connection, sql, values),
            Inner::Postgres(connection) => connection.query_made(sql, values).await,
        };
        self.note(answer)
    }

    /// Like [`Tx::query`], for a query that gives one row or none.
    ///
    /// # Errors
    /// [`DbError::TooManyRows`] when it gives more; else as [`Tx::query`].
    pub async fn query_optional(
        &mut self,
        sql: &'static str,
        values: &[Value],
    ) -> Result<Option<Row>, DbError> {
        let mut rows = self.query(sql, values).await?;
        if rows.len() > 1 {
            return self.note(Err(DbError::TooManyRows));
        }
        Ok(rows.pop())
    }

    /// Runs several statements without parameters (a migration).
    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        self.usable()?;
        self.changed_schema = true;
        let answer = match &mut self.inner {
            Inner::Sqlite(connection) => sqlite::batch(connection, sql),
            Inner::Postgres(connection) => connection.batch(sql).await,
        };
        self.note(answer)
    }

    /// Puts an entry in the journal, in this transaction. It gets its place in the chain from
    /// the sequencer within a second. `rng` draws the salt of the personal part's digest.
    ///
    /// # Errors
    /// What the database says.
    pub async fn journal(&mut self, entry: JournalEntry, rng: &dyn Rng) -> Result<(), DbError> {
        self.touched.journal = true;
        crate::journal::pending(self, &entry, rng).await
    }

    /// Puts an event in the outbox, in this transaction; consumers get it after the commit.
    ///
    /// # Errors
    /// [`DbError::Unique`] for an event id that exists; else what the database says.
    pub async fn emit(&mut self, event: &Event) -> Result<(), DbError> {
        self.touched.outbox = true;
        crate::outbox::emit(self, event).await
    }

    /// Puts a job in the queue, in this transaction. A job with a `dedup` that is waiting
    /// already is left as it is.
    ///
    /// # Errors
    /// What the database says.
    pub async fn enqueue(&mut self, job: NewJob) -> Result<(), DbError> {
        self.touched.jobs = true;
        crate::jobs::enqueue(self, &job).await
    }

    /// Puts a job that was given up back in the queue.
    pub(crate) async fn requeue(
        &mut self,
        kind: &str,
        payload: &str,
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.touched.jobs = true;
        crate::jobs::requeue(self, kind, payload, now).await
    }

    /// Lets an event come before a consumer again that had been spared it; whether the outbox
    /// still has it.
    pub(crate) async fn emit_again(
        &mut self,
        event: EventId,
        consumer: &str,
    ) -> Result<bool, DbError> {
        self.touched.outbox = true;
        crate::outbox::emit_again(self, event, consumer).await
    }
}
