//! Migrations: numbered texts, each applied once, under a lock, its checksum kept.
//!
//! Invariants
//! - A text that was applied never changes: a changed one is refused.
//! - A schema that a later release has migrated is refused.
//! - Each migration is one transaction; two programs that start at once apply it once.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use kernel::Timestamp;

use crate::{Backend, Db, DbError, Tx, values};

/// One step of a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// From 1 up, within its tool.
    pub number: u32,
    /// What it does, in a few words.
    pub name: &'static str,
    /// Its statements for SQLite.
    pub sqlite: &'static str,
    /// Its statements for PostgreSQL.
    pub postgres: &'static str,
}

impl Migration {
    const fn text(&self, backend: Backend) -> &'static str {
        match backend {
            Backend::Sqlite => self.sqlite,
            Backend::Postgres => self.postgres,
        }
    }
}

/// The steps of one tool, in ascending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationSet {
    /// Whose.
    pub tool: &'static str,
    /// The steps.
    pub migrations: &'static [Migration],
}

/// What a run of the migrations did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// `tool/number name` of each step applied now, in order.
    pub applied: Vec<String>,
    /// How many had been applied before.
    pub present: usize,
}

/// The tables of this crate.
const OWN: MigrationSet = MigrationSet {
    tool: "kernel",
    migrations: &[
        Migration {
            number: 1,
            name: "journal, outbox, jobs",
            sqlite: include_str!("../migrations/sqlite/0001_kernel.sql"),
            postgres: include_str!("../migrations/postgres/0001_kernel.sql"),
        },
        Migration {
            number: 2,
            name: "reading the journal",
            sqlite: include_str!("../migrations/sqlite/0002_journal_reading.sql"),
            postgres: include_str!("../migrations/postgres/0002_journal_reading.sql"),
        },
        Migration {
            number: 3,
            name: "writes that may be asked for twice",
            sqlite: include_str!("../migrations/sqlite/0003_idempotency.sql"),
            postgres: include_str!("../migrations/postgres/0003_idempotency.sql"),
        },
        Migration {
            number: 4,
            name: "master keys",
            sqlite: include_str!("../migrations/sqlite/0004_master_key.sql"),
            postgres: include_str!("../migrations/postgres/0004_master_key.sql"),
        },
    ],
};

const LEDGER_SQLITE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    tool TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, checksum BLOB NOT NULL,
    applied_at INTEGER NOT NULL, PRIMARY KEY (tool, number)) STRICT, WITHOUT ROWID";
const LEDGER_POSTGRES: &str = r#"CREATE TABLE IF NOT EXISTS schema_migration (
    tool TEXT COLLATE "C" NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL,
    checksum BYTEA NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (tool, number))"#;

type Ledger = BTreeMap<(String, u32), [u8; 32]>;

impl Db {
    /// Brings the schema to what this release knows: this crate's own tables first, then each
    /// set in the order given. Doing it twice changes nothing.
    ///
    /// # Errors
    /// [`DbError::Checksum`] for a step whose text was changed after it was applied,
    /// [`DbError::NewerSchema`] for a schema of a later release, else what a step says; the
    /// steps before it stay.
    pub async fn migrate(
        &self,
        sets: &[MigrationSet],
        now: Timestamp,
    ) -> Result<MigrationReport, DbError> {
        let all = with_own(sets);
        for set in &all {
            check_order(set)?;
        }
        let backend = self.backend();
        let ledger = self
            .write_alone(Lock::Migrations, |tx| Box::pin(open_ledger(tx)))
            .await?;
        for set in &all {
            check_known(set, &ledger)?;
        }
        let mut report = MigrationReport::default();
        for set in all {
            for migration in set.migrations {
                let tool = set.tool;
                let migration = *migration;
                check_text(tool, &migration, &ledger, backend)?;
                if ledger.contains_key(&(tool.to_owned(), migration.number)) {
                    report.present += 1;
                    continue;
                }
                let applied = self
                    .write_alone(Lock::Migrations, move |tx| {
                        Box::pin(apply(tx, tool, migration, now))
                    })
                    .await?;
                if applied {
                    let step = step_name(tool, &migration);
                    tracing::info!(step, "migration applied");
                    report.applied.push(step);
                } else {
                    report.present += 1;
                }
            }
        }
        Ok(report)
    }
}

/// These sets after this crate's own.
pub(crate) fn with_own(sets: &[MigrationSet]) -> Vec<MigrationSet> {
    let mut all = vec![OWN];
    all.extend_from_slice(sets);
    all
}

/// How a step is told.
pub(crate) fn step_name(tool: &str, migration: &Migration) -> String {
    format!("{tool}/{:04} {}", migration.number, migration.name)
}

fn check_order(set: &MigrationSet) -> Result<(), DbError> {
    let mut before = 0;
    for migration in set.migrations {
        if migration.number <= before {
            return Err(DbError::MigrationOrder {
                tool: set.tool.to_owned(),
                number: migration.number,
            });
        }
        before = migration.number;
    }
    Ok(())
}

fn check_known(set: &MigrationSet, ledger: &Ledger) -> Result<(), DbError> {
    let known = set.migrations.last().map_or(0, |last| last.number);
    let found = ledger
        .keys()
        .filter(|(tool, _)| tool == set.tool)
        .map(|(_, number)| *number)
        .max()
        .unwrap_or(0);
    if found > known {
        return Err(DbError::NewerSchema {
            tool: set.tool.to_owned(),
            found,
            known,
        });
    }
    Ok(())
}

fn check_text(
    tool: &str,
    migration: &Migration,
    ledger: &Ledger,
    backend: Backend,
) -> Result<(), DbError> {
    match ledger.get(&(tool.to_owned(), migration.number)) {
        Some(applied) if *applied != checksum(migration.text(backend)) => Err(DbError::Checksum {
            tool: tool.to_owned(),
            number: migration.number,
        }),
        _ => Ok(()),
    }
}

fn checksum(text: &str) -> [u8; 32] {
    let mut sum = [0; 32];
    sum.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    sum
}

async fn open_ledger(tx: &mut Tx) -> Result<Ledger, DbError> {
    let text = match tx.backend() {
        Backend::Sqlite => LEDGER_SQLITE,
        Backend::Postgres => LEDGER_POSTGRES,
    };
    tx.batch(text).await?;
    let rows = tx
        .query(
            "SELECT tool, number, checksum FROM schema_migration",
            &values![],
        )
        .await?;
    let mut ledger = Ledger::new();
    for row in rows {
        ledger.insert((row.get("tool")?, row.get("number")?), row.get("checksum")?);
    }
    Ok(ledger)
}

/// Applies one step unless another program has just done so; whether it did.
async fn apply(
    tx: &mut Tx,
    tool: &'static str,
    migration: Migration,
    now: Timestamp,
) -> Result<bool, DbError> {
    let sum = checksum(migration.text(tx.backend()));
    let added = tx
        .execute(
            "INSERT INTO schema_migration (tool, number, name, checksum, applied_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            &values![tool, migration.number, migration.name, sum, now],
        )
        .await?;
    if added == 0 {
        return Ok(false);
    }
    tx.batch(migration.text(tx.backend())).await?;
    Ok(true)
}

/// Names of what only one program at a time does, by an advisory lock on PostgreSQL. On SQLite
/// one process holds the data folder and its writer is one thread, so there is nothing to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Waits for its turn.
    Migrations,
    /// The journal's sequencer; who does not get it answers [`DbError::Busy`] at once, as does
    /// the next.
    Journal,
    /// The claim of due jobs.
    Jobs,
}

impl Lock {
    /// Its number on the server; its bytes say "besace" for whoever reads `pg_locks`.
    pub(crate) const fn key(self) -> i64 {
        let room = match self {
            Self::Migrations => 1,
            Self::Journal => 2,
            Self::Jobs => 3,
        };
        0x0062_6573_6163_6500 | room
    }
}
