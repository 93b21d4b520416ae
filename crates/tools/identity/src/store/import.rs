//! Imports of directories: their reports, and their lines by batches.

use kernel::{AgentId, OrganisationId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::unreadable;
use crate::domain::import::report::{ImportId, ImportState, Report};

/// An import as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Its name.
    pub id: ImportId,
    /// Of whose agents.
    pub organisation: OrganisationId,
    /// Whether the administrations below are reached too.
    pub subtree: bool,
    /// Who sent the file.
    pub by: AgentId,
    /// Where it stands.
    pub state: ImportState,
    /// What the dry run found.
    pub report: Report,
    /// Good lines that are written, or were as they are.
    pub done: u64,
    /// Agents made so far.
    pub created: u64,
    /// Agents changed so far.
    pub updated: u64,
    /// The batch of the plan that comes next.
    pub next_batch: i64,
    /// When the file was read.
    pub created_at: Timestamp,
    /// Forgotten from then on.
    pub expires_at: Timestamp,
}

/// Which lines of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Those that change something.
    Plan,
    /// Those that are faulty.
    Faulty,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Faulty => "faulty",
        }
    }
}

/// Writes a new import.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, import: &Import) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_import (
             id, organisation, subtree, given_by, state, report, done, created, updated,
             next_batch, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &values![
            import.id,
            import.organisation,
            import.subtree,
            import.by,
            import.state.word(),
            report_text(&import.report)?,
            number(import.done),
            number(import.created),
            number(import.updated),
            import.next_batch,
            import.created_at,
            import.expires_at
        ],
    )
    .await?;
    Ok(())
}

/// Writes how far an import is.
///
/// # Errors
/// When the database refuses.
pub async fn update(tx: &mut Tx, import: &Import) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_import
         SET state = $2, done = $3, created = $4, updated = $5, next_batch = $6, expires_at = $7
         WHERE id = $1",
        &values![
            import.id,
            import.state.word(),
            number(import.done),
            number(import.created),
            number(import.updated),
            import.next_batch,
            import.expires_at
        ],
    )
    .await?;
    Ok(())
}

/// An import that is not forgotten.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn by_id(tx: &mut Tx, id: ImportId, now: Timestamp) -> Result<Option<Import>, DbError> {
    let row = tx
        .query_optional(
            "SELECT * FROM identity_import WHERE id = $1 AND expires_at > $2",
            &values![id, now],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The dry runs of somebody for an administration that wait.
///
/// # Errors
/// When the database refuses.
pub async fn waiting(
    tx: &mut Tx,
    organisation: OrganisationId,
    by: AgentId,
) -> Result<Vec<ImportId>, DbError> {
    let rows = tx
        .query(
            "SELECT id FROM identity_import
             WHERE organisation = $1 AND given_by = $2 AND state = $3 ORDER BY id",
            &values![organisation, by, ImportState::Ready.word()],
        )
        .await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Forgets an import with its lines.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &mut Tx, id: ImportId) -> Result<(), DbError> {
    for kind in [Kind::Plan, Kind::Faulty] {
        delete_lines(tx, id, kind).await?;
    }
    tx.execute("DELETE FROM identity_import WHERE id = $1", &values![id])
        .await?;
    Ok(())
}

/// Forgets lines of an import.
///
/// # Errors
/// When the database refuses.
pub async fn delete_lines(tx: &mut Tx, id: ImportId, kind: Kind) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM identity_import_batch WHERE import = $1 AND kind = $2",
        &values![id, kind.word()],
    )
    .await?;
    Ok(())
}

/// Forgets one import whose time is past; answers whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn purge_one(tx: &mut Tx, now: Timestamp) -> Result<bool, DbError> {
    let row = tx
        .query_optional(
            "SELECT id FROM identity_import WHERE expires_at <= $1 ORDER BY expires_at LIMIT 1",
            &values![now],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    delete(tx, row.get("id")?).await?;
    Ok(true)
}

/// Writes a batch of lines.
///
/// # Errors
/// When the database refuses.
pub async fn insert_batch(
    tx: &mut Tx,
    id: ImportId,
    kind: Kind,
    number: i64,
    lines: &str,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_import_batch (import, kind, number, lines) VALUES ($1, $2, $3, $4)",
        &values![id, kind.word(), number, lines],
    )
    .await?;
    Ok(())
}

/// A batch of lines; none after the last.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn batch<T: serde::de::DeserializeOwned>(
    tx: &mut Tx,
    id: ImportId,
    kind: Kind,
    number: i64,
) -> Result<Option<Vec<T>>, DbError> {
    let row = tx
        .query_optional(
            "SELECT lines FROM identity_import_batch
             WHERE import = $1 AND kind = $2 AND number = $3",
            &values![id, kind.word(), number],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let lines: String = row.get("lines")?;
    serde_json::from_str(&lines)
        .map(Some)
        .map_err(|_| unreadable("lines"))
}

fn report_text(report: &Report) -> Result<String, DbError> {
    serde_json::to_string(report).map_err(|_| unreadable("report"))
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn read(row: &Row) -> Result<Import, DbError> {
    let state: String = row.get("state")?;
    let report: String = row.get("report")?;
    let count = |column| row.get::<i64>(column).map(i64::unsigned_abs);
    Ok(Import {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        subtree: row.get("subtree")?,
        by: row.get("given_by")?,
        state: ImportState::from_word(&state).ok_or_else(|| unreadable("state"))?,
        report: serde_json::from_str(&report).map_err(|_| unreadable("report"))?,
        done: count("done")?,
        created: count("created")?,
        updated: count("updated")?,
        next_batch: row.get("next_batch")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}
