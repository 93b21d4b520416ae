//! One connection of the pool, inside a transaction.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use deadpool_postgres::{Client, Object};
use futures_util::future::join;
use tokio_postgres::{Statement, types::ToSql};

use super::{error::driver_error, value};
use crate::{DbError, Row, Value};

/// A connection that goes back to the pool only when its transaction has ended; otherwise, as
/// when the caller stopped waiting, it is closed and the server undoes its writes.
pub(crate) struct Connection {
    client: Option<Client>,
    /// The transaction's first words, sent along with its first statement: one round trip less.
    unsent: Option<&'static str>,
    open: bool,
    in_flight: Arc<AtomicBool>,
}

impl Connection {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client: Some(client),
            unsent: None,
            open: false,
            in_flight: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Whether a statement is on its way to the server.
    pub(super) fn in_flight(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.in_flight)
    }

    /// Begins with the first statement.
    pub(super) const fn begin_later(&mut self, sql: &'static str) {
        self.unsent = Some(sql);
    }

    /// Begins now.
    pub(super) async fn begin(&mut self, sql: &'static str) -> Result<(), DbError> {
        self.open = true;
        self.client()?
            .batch_execute(sql)
            .await
            .map_err(driver_error)
    }

    pub(super) async fn lock(&self, key: i64) -> Result<(), DbError> {
        self.client()?
            .execute("SELECT pg_advisory_xact_lock($1)", &[&key])
            .await
            .map(|_| ())
            .map_err(driver_error)
    }

    pub(super) async fn try_lock(&self, key: i64) -> Result<(), DbError> {
        let client = self.client()?;
        let statement = client
            .prepare_cached("SELECT pg_try_advisory_xact_lock($1) AS held")
            .await
            .map_err(driver_error)?;
        let row = client
            .query_one(&statement, &[&key])
            .await
            .map_err(driver_error)?;
        let held: bool = row.try_get("held").map_err(driver_error)?;
        if held { Ok(()) } else { Err(DbError::Busy) }
    }

    pub(super) async fn commit(&mut self) -> Result<(), DbError> {
        if !self.open {
            return Ok(());
        }
        self.client()?
            .batch_execute("COMMIT")
            .await
            .map_err(driver_error)?;
        self.open = false;
        Ok(())
    }

    pub(super) async fn rollback(&mut self) {
        if !self.open {
            return;
        }
        let Ok(client) = self.client() else { return };
        match client.batch_execute("ROLLBACK").await {
            Ok(()) => self.open = false,
            Err(_) => self.discard(),
        }
    }

    /// Closes the connection instead of giving it back.
    pub(super) fn discard(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }

    fn client(&self) -> Result<&Client, DbError> {
        self.client.as_ref().ok_or(DbError::Closed)
    }

    /// Runs a call with the mark that the job rightly waits.
    async fn marked<T>(
        &self,
        call: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, DbError> {
        self.in_flight.store(true, Ordering::Release);
        let answer = call.await;
        self.in_flight.store(false, Ordering::Release);
        answer.map_err(|error| {
            if is_stale_plan(&error)
                && let Some(pool) = self.client.as_ref().and_then(Object::pool)
            {
                // Every connection of the pool has the same plan.
                pool.manager().statement_caches.clear();
                return DbError::Conflict;
            }
            driver_error(error)
        })
    }

    /// Runs a call, after the transaction's first words when they wait still. Both go out
    /// together: the driver sends each when it is first polled, in this order.
    async fn begun<T>(
        &self,
        begin: Option<&'static str>,
        call: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, DbError> {
        let client = self.client()?;
        let Some(begin) = begin else {
            return self.marked(call).await;
        };
        let both = join(client.batch_execute(begin), call);
        self.marked(async {
            let (began, answer) = both.await;
            began.and(answer)
        })
        .await
    }

    /// The words to send before the next statement; from here on there is something to undo.
    const fn take_begin(&mut self) -> Option<&'static str> {
        let begin = self.unsent.take();
        self.open = self.open || begin.is_some();
        begin
    }

    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        values: &[Value],
    ) -> Result<u64, DbError> {
        let client = self.client()?;
        let statement = self.marked(client.prepare_cached(sql)).await?;
        check_count(statement.params().len(), values.len())?;
        let begin = self.take_begin();
        self.begun(
            begin,
            self.client()?.execute(&statement, &parameters(values)),
        )
        .await
    }

    pub(crate) async fn query(
        &mut self,
        sql: &'static str,
        values: &[Value],
    ) -> Result<Vec<Row>, DbError> {
        let client = self.client()?;
        let statement = self.marked(client.prepare_cached(sql)).await?;
        self.rows_of(&statement, values).await
    }

    /// A query whose text is made anew: prepared for this once, and forgotten by the server when
    /// the statement is dropped.
    pub(crate) async fn query_made(
        &mut self,
        sql: &str,
        values: &[Value],
    ) -> Result<Vec<Row>, DbError> {
        let client = self.client()?;
        let statement = self.marked(client.prepare(sql)).await?;
        self.rows_of(&statement, values).await
    }

    async fn rows_of(
        &mut self,
        statement: &Statement,
        values: &[Value],
    ) -> Result<Vec<Row>, DbError> {
        check_count(statement.params().len(), values.len())?;
        let begin = self.take_begin();
        let rows = self
            .begun(begin, self.client()?.query(statement, &parameters(values)))
            .await?;
        let columns: Arc<[String]> = statement
            .columns()
            .iter()
            .map(|column| column.name().to_owned())
            .collect();
        rows.iter().map(|row| value::read(row, &columns)).collect()
    }

    pub(crate) async fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        let begin = self.take_begin();
        let client = self.client()?;
        self.begun(begin, client.batch_execute(sql)).await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.open {
            self.discard();
        }
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}

fn check_count(parameters: usize, values: usize) -> Result<(), DbError> {
    if parameters == values {
        return Ok(());
    }
    Err(DbError::Parameter(format!(
        "{values} values for {parameters} parameters"
    )))
}

/// A migration by another node changed a table under a prepared statement.
fn is_stale_plan(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|error| {
        *error.code() == tokio_postgres::error::SqlState::FEATURE_NOT_SUPPORTED
            && error.message().contains("cached plan")
    })
}
