//! An online copy of the file, made beside the writer.
//!
//! Invariants
//! - The copy is of one moment: its reader holds a read transaction from the first page to the
//!   last. What others commit meanwhile is not in it, and does not make SQLite begin again, as it
//!   would without that transaction.
//! - Writers are not held: a reader blocks nobody in a write-ahead log. Each step is on the disk
//!   before the next, and followed by a rest, so that a writer's own sync never waits for many
//!   megabytes of ours.

use std::{
    fs::OpenOptions,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};

use super::{open, statement::driver_error};
use crate::DbError;

/// Pages a step: one megabyte.
const STEP: std::ffi::c_int = 256;
/// A rest is as long as the step before it, within these bounds: half of the disk's time at most
/// is the copy's.
const REST: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(200));
/// How often the copy may find the file locked before it gives up.
const BUSY: u32 = 100;

/// How a copy ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Copied {
    /// All of it.
    Whole,
    /// It was told to stop.
    Stopped,
}

/// Copies the database in `source` to a new file; blocks until it is whole and on the disk, or
/// `stop` is set. `seen` hears the pages copied and those there are.
pub(crate) fn copy(
    source: &Path,
    target: &Path,
    stop: &AtomicBool,
    seen: &dyn Fn(u64, u64),
) -> Result<Copied, DbError> {
    open::make_file(target)?;
    let unreachable =
        |cause: std::io::Error| DbError::Unreachable(format!("{}: {cause}", target.display()));
    // Held until the end: closing it would drop the locks that SQLite has on the same file.
    let written = OpenOptions::new()
        .write(true)
        .open(target)
        .map_err(unreachable)?;
    let from = open::reader(source)?;
    let mut to = new_file(target)?;
    from.execute_batch("BEGIN DEFERRED").map_err(driver_error)?;
    // The moment: a transaction begins with its first look.
    from.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    })
    .map_err(driver_error)?;
    let backup = Backup::new(&from, &mut to).map_err(driver_error)?;
    let mut busy = 0;
    loop {
        if stop.load(Ordering::Acquire) {
            return Ok(Copied::Stopped);
        }
        let started = monotonic();
        match backup.step(STEP).map_err(driver_error)? {
            StepResult::Done => break,
            StepResult::More => {
                written.sync_data().map_err(unreachable)?;
                let progress = backup.progress();
                let pages = |number: std::ffi::c_int| u64::try_from(number).unwrap_or(0);
                let all = pages(progress.pagecount);
                seen(all.saturating_sub(pages(progress.remaining)), all);
            }
            _ if busy < BUSY => busy += 1,
            _ => return Err(DbError::Busy),
        }
        std::thread::sleep(started.elapsed().clamp(REST.0, REST.1));
    }
    drop(backup);
    to.close().map_err(|(_, cause)| driver_error(cause))?;
    written.sync_all().map_err(unreachable)?;
    Ok(Copied::Whole)
}

/// A connection that writes pages as they come: nothing is undone, a copy cut short is thrown
/// away.
fn new_file(target: &Path) -> Result<Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(target, flags).map_err(driver_error)?;
    open::set(&connection, "journal_mode", "OFF")?;
    open::set(&connection, "synchronous", "OFF")?;
    // Kilobytes: pages leave memory for the file at each step, not at the end.
    open::set(&connection, "cache_size", -512)?;
    Ok(connection)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a stopwatch for the length of a rest; no stored time comes from it"
)]
fn monotonic() -> Instant {
    Instant::now()
}
