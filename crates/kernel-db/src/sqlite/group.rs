//! The loops of the writer and of the readers.
//!
//! Invariants of the writer
//! - An answer leaves only after the commit of its group: what is answered is on the disk.
//! - A refused job leaves nothing, and its neighbours in the group do not notice: a group runs
//!   without savepoints, which cost more than they save, until a job is refused that has written
//!   something; then the group is rolled back and those before it run again, a savepoint each.
//! - When the commit fails, the whole group is answered with its error, unless one job may be
//!   to blame (a deferred constraint, a disk too small for it): then each is run again under a
//!   commit of its own.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::mpsc;

use super::{job::Job, statement::driver_error};
use crate::{
    DbError, Tx,
    db::Hints,
    tx::{Inner, Touched},
};

/// Most jobs under one commit.
const MAX_GROUP: usize = 256;
/// How long a group may gather, and how long one job may take before it is complained of.
const SLOW: Duration = Duration::from_millis(50);
/// How long a group waits for company, once, when the group before had some: a commit costs more
/// than many jobs. Somebody who writes alone never waits.
const COMPANY: Duration = Duration::from_micros(500);

/// Serves write jobs until every way in is closed.
pub(super) fn serve_writes(
    connection: Connection,
    mut queue: mpsc::Receiver<Box<dyn Job>>,
    hints: &Hints,
) {
    let mut tx = Tx::new(Inner::Sqlite(connection));
    let mut company = false;
    while let Some(first) = queue.blocking_recv() {
        company = serve_group(&mut tx, first, &mut queue, company, hints) > 1;
    }
    if let Err(cause) = run(&tx, "PRAGMA optimize") {
        tracing::debug!(%cause, "the query planner's figures were not refreshed");
    }
}

/// Runs `first` and what else waits, commits once, then answers. Says how many jobs there were.
fn serve_group(
    tx: &mut Tx,
    first: Box<dyn Job>,
    queue: &mut mpsc::Receiver<Box<dyn Job>>,
    company: bool,
    hints: &Hints,
) -> usize {
    if let Err(error) = run(tx, "BEGIN IMMEDIATE") {
        first.answer(Some(&error));
        return 1;
    }
    let started = monotonic();
    let mut group = Vec::new();
    let mut touched = Touched::default();
    let mut next = Some(first);
    let mut may_wait = company;
    let mut refused = Vec::new();
    let mut outcome = Ok(Ran::Kept);
    while let Some(mut job) = next.take() {
        if !job.is_abandoned() {
            outcome = run_bare(tx, job.as_mut(), &mut touched);
            match outcome {
                Ok(Ran::Kept) => group.push(job),
                Ok(Ran::Refused) => refused.push(job),
                Ok(Ran::Spoilt) => {
                    refused.push(job);
                    break;
                }
                Err(_) => {
                    group.push(job);
                    break;
                }
            }
        }
        if group.len() + refused.len() < MAX_GROUP && started.elapsed() < SLOW {
            next = queue.try_recv().ok();
            if next.is_none() && may_wait {
                may_wait = false;
                std::thread::sleep(COMPANY);
                next = queue.try_recv().ok();
            }
        }
    }
    let outcome = match outcome {
        Ok(Ran::Kept | Ran::Refused) => run(tx, "COMMIT"),
        Ok(Ran::Spoilt) => run_again(tx, &mut group, &mut touched),
        Err(error) => Err(error),
    };
    let jobs = group.len() + refused.len();
    answer(refused, None);
    match outcome {
        Ok(()) => {
            hints.ring(touched);
            answer(group, None);
        }
        Err(error) => {
            roll_back(tx, &error, group.len());
            if group.len() > 1 && matches!(error, DbError::Constraint { .. } | DbError::Full) {
                for job in group {
                    serve_alone(tx, job, hints);
                }
            } else {
                answer(group, Some(&error));
            }
        }
    }
    jobs
}

fn answer(group: Vec<Box<dyn Job>>, lost: Option<&DbError>) {
    for job in group {
        job.answer(lost);
    }
}

/// Rolls a group back of which one job was refused after it had written, and runs the others
/// again with a savepoint each: a job has no effect but its writes.
fn run_again(
    tx: &mut Tx,
    group: &mut [Box<dyn Job>],
    touched: &mut Touched,
) -> Result<(), DbError> {
    run(tx, "ROLLBACK")?;
    run(tx, "BEGIN IMMEDIATE")?;
    *touched = Touched::default();
    for job in group {
        run_in_savepoint(tx, job.as_mut(), touched)?;
    }
    run(tx, "COMMIT")
}

fn roll_back(tx: &Tx, error: &DbError, jobs: usize) {
    tracing::error!(%error, jobs, "a commit failed");
    if !is_autocommit(tx)
        && let Err(error) = run(tx, "ROLLBACK")
    {
        tracing::error!(%error, "a failed commit could not be rolled back");
    }
}

/// Runs a job again whose group was spoiled by one of its members.
fn serve_alone(tx: &mut Tx, mut job: Box<dyn Job>, hints: &Hints) {
    let mut touched = Touched::default();
    let outcome = run(tx, "BEGIN IMMEDIATE")
        .and_then(|()| run_in_savepoint(tx, job.as_mut(), &mut touched))
        .and_then(|()| run(tx, "COMMIT"));
    match &outcome {
        Ok(()) => hints.ring(touched),
        Err(error) => roll_back(tx, error, 1),
    }
    job.answer(outcome.err().as_ref());
}

/// What a job without a savepoint left.
#[derive(Clone, Copy)]
enum Ran {
    /// Its writes.
    Kept,
    /// Nothing: it was refused before it wrote.
    Refused,
    /// Writes that must go: it was refused after them.
    Spoilt,
}

/// One job of a group, without a savepoint. An error means that the whole group is lost.
fn run_bare(tx: &mut Tx, job: &mut dyn Job, touched: &mut Touched) -> Result<Ran, DbError> {
    let before = changes(tx);
    let keep = run_timed(tx, job)?;
    if keep {
        touched.merge(tx.touched());
        return Ok(Ran::Kept);
    }
    if changes(tx) == before && !tx.changed_schema() {
        return Ok(Ran::Refused);
    }
    Ok(Ran::Spoilt)
}

/// One job of a group. An error means that the whole group is lost, not just this job.
fn run_in_savepoint(tx: &mut Tx, job: &mut dyn Job, touched: &mut Touched) -> Result<(), DbError> {
    run(tx, "SAVEPOINT job")?;
    if run_timed(tx, job)? {
        touched.merge(tx.touched());
    } else {
        run(tx, "ROLLBACK TO job")?;
    }
    run(tx, "RELEASE job")
}

/// Runs a job; whether its writes are to be kept.
fn run_timed(tx: &mut Tx, job: &mut dyn Job) -> Result<bool, DbError> {
    let started = monotonic();
    let keep = job.run(tx);
    let took = started.elapsed();
    if took > SLOW {
        tracing::warn!(millis = took.as_millis(), "a job held the writer for long");
    }
    if is_autocommit(tx) {
        // A full disk, for one, makes SQLite roll everything back by itself.
        return Err(tx
            .failure()
            .cloned()
            .unwrap_or_else(|| DbError::Driver("the transaction was ended".to_owned())));
    }
    Ok(keep)
}

/// Serves read jobs until every way in is closed.
pub(super) fn serve_reads(connection: Connection, queue: &Mutex<mpsc::Receiver<Box<dyn Job>>>) {
    let mut tx = Tx::new(Inner::Sqlite(connection));
    loop {
        let next = queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .blocking_recv();
        let Some(mut job) = next else { return };
        if job.is_abandoned() {
            continue;
        }
        if let Err(error) = run(&tx, "BEGIN DEFERRED") {
            job.answer(Some(&error));
            continue;
        }
        job.run(&mut tx);
        if let Err(error) = run(&tx, "ROLLBACK") {
            tracing::error!(%error, "a read transaction did not end");
        }
        job.answer(None);
    }
}

fn connection(tx: &Tx) -> Option<&Connection> {
    match &tx.inner {
        Inner::Sqlite(connection) => Some(connection),
        Inner::Postgres(_) => None,
    }
}

/// Rows ever written by the connection.
fn changes(tx: &Tx) -> u64 {
    connection(tx).map_or(0, Connection::total_changes)
}

fn is_autocommit(tx: &Tx) -> bool {
    connection(tx).is_none_or(Connection::is_autocommit)
}

/// Runs one of the transaction's own words.
fn run(tx: &Tx, sql: &'static str) -> Result<(), DbError> {
    let Some(connection) = connection(tx) else {
        return Err(DbError::Closed);
    };
    let mut statement = connection.prepare_cached(sql).map_err(driver_error)?;
    statement.raw_execute().map(|_| ()).map_err(driver_error)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a stopwatch for warnings and the length of a group; no stored time comes from it"
)]
fn monotonic() -> Instant {
    Instant::now()
}
