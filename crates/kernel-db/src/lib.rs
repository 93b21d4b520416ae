//! One SQL text on SQLite and PostgreSQL: transactions, migrations, jobs, outbox, journal.
//!
//! Store functions are `async fn …(tx: &mut Tx, …)`, written once in the subset of SQL that both
//! databases understand: parameters `$1`, `$2`, … in any order; times as integer UTC
//! milliseconds; ids as 16 bytes; JSON as text; booleans as 0 or 1. Integers are `BIGINT`, ids
//! `BYTEA` and texts `COLLATE "C"` in the migrations for PostgreSQL. Where PostgreSQL cannot tell
//! a parameter's type from its place (`SELECT $1`, `$1 + 1`), write `CAST($1 AS BIGINT)`.
//!
//! ```
//! # use kernel_db::{Db, DbError, Tx, values};
//! async fn rename(tx: &mut Tx, id: [u8; 16], name: &str) -> Result<bool, DbError> {
//!     let rows = tx
//!         .execute("UPDATE room SET name = $2 WHERE id = $1", &values![id, name])
//!         .await?;
//!     Ok(rows == 1)
//! }
//!
//! async fn use_case(db: &Db, id: [u8; 16], name: String) -> Result<bool, DbError> {
//!     db.write(move |tx| {
//!         let name = name.clone();
//!         Box::pin(async move { rename(tx, id, &name).await })
//!     })
//!     .await
//! }
//! ```
//!
//! Invariants
//! - What [`Db::write`] has answered is on the disk.
//! - A job that fails leaves nothing, whoever shares its commit.
//! - A job has no effect but its writes and awaits nothing but its [`Tx`]: it may be run again,
//!   and on SQLite it is polled once.
//! - This crate is the only place that knows that there are two databases.

mod backoff;
pub mod backup;
mod config;
mod db;
mod dead_letter;
mod error;
mod idempotency;
mod inspect;
mod jobs;
mod journal;
mod lease;
mod master_key;
mod migrate;
mod outbox;
mod postgres;
mod retention;
mod revised;
mod sealed;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;
mod watched;
pub mod workers;

pub use config::{Backend, DEFAULT_CONNECTIONS, DatabaseConfig};
pub use db::Db;
pub use dead_letter::{DeadLetter, DeadLetterSource, Retried, dead_letters, retry_dead_letter};
pub use error::DbError;
pub use idempotency::{Attempt, Begun, KEPT as IDEMPOTENCY_KEPT};
pub use inspect::{Inspection, inspect};
pub use jobs::{JobError, JobHandler, NewJob};
pub use journal::{
    Chain, Chains, CheckpointError, CheckpointFacts, Entry, Extent, Finding, Forgotten,
    JournalConfig, JournalKey, JournalPlace, JournalQuery, Personal, Proof, Retention,
    RetentionError, Standing, VerifyReport, boundaries_to_resign, erase_personal,
    journal_checkpoint, journal_extents, journal_page, journal_proof, journal_stretch,
    journalled_since, resign_boundaries, resign_checkpoint, verify,
};
pub use kernel::BoxFuture;
pub use lease::worked_until;
pub use master_key::{MasterKeyRow, master_keys, note_abandoned, note_master_key, note_resealed};
pub use migrate::{Migration, MigrationReport, MigrationSet};
pub use outbox::{ConsumeError, Consumer};
pub use revised::{FRESH_FOR, ReadRevision, Revised, Revision};
pub use sealed::{SEALED_BATCH, SealedColumn, SealedRow, Under};
pub use tx::Tx;
pub use value::{FromValue, Row, Value};
pub use watched::watched;
pub use workers::Workers;
