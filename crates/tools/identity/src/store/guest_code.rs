//! Codes that were asked for. A code is kept as a keyed digest only.

use kernel::{AgentId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use crate::domain::guest_code::CodeId;
use crate::domain::invitation::InvitationId;

kernel_db::id_values!(CodeId);

/// A code that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// Which.
    pub id: CodeId,
    /// For whom: a digest.
    pub subject: [u8; 32],
    /// By which invitation; none: by an address.
    pub invitation: Option<InvitationId>,
    /// What it is compared with.
    pub code_hash: [u8; 32],
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Good until then; zero: spent.
    pub expires_at: Timestamp,
}

/// What there is to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Who gets in; none: the address is nobody's.
    pub guest: Option<AgentId>,
    /// By which invitation.
    pub invitation: Option<InvitationId>,
    /// The keyed digest.
    pub code_hash: [u8; 32],
    /// Tries made, this one included.
    pub tries: u32,
}

/// Notes that a code was asked for.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, code: &CodeRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_guest_code (
             id, subject, invitation, code_hash, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &values![
            code.id,
            code.subject,
            code.invitation,
            code.code_hash,
            code.created_at,
            code.expires_at
        ],
    )
    .await?;
    Ok(())
}

/// The invitation by which a code was asked for.
///
/// # Errors
/// When the database refuses.
pub async fn invitation_of(tx: &mut Tx, id: CodeId) -> Result<Option<InvitationId>, DbError> {
    let row = tx
        .query_optional(
            "SELECT invitation FROM identity_guest_code WHERE id = $1",
            &values![id],
        )
        .await?;
    row.map_or(Ok(None), |row| row.get("invitation"))
}

/// Says whose the code is and what it is, when it is mailed. Answers whether it still stands.
///
/// # Errors
/// When the database refuses.
pub async fn give(
    tx: &mut Tx,
    id: CodeId,
    guest: AgentId,
    code_hash: [u8; 32],
    now: Timestamp,
) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_guest_code SET guest = $2, code_hash = $3
             WHERE id = $1 AND guest IS NULL AND expires_at > $4",
            &values![id, guest, code_hash, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Counts one try more, and answers what it is compared with; none: there are no tries left, its
/// time is over, or it was never asked for.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn attempt(
    tx: &mut Tx,
    id: CodeId,
    most: u32,
    now: Timestamp,
) -> Result<Option<Tried>, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_guest_code SET tries = tries + 1
             WHERE id = $1 AND tries < $2 AND expires_at > $3",
            &values![id, most, now],
        )
        .await?;
    if rows == 0 {
        return Ok(None);
    }
    let row = tx
        .query_optional(
            "SELECT guest, invitation, code_hash, tries FROM identity_guest_code WHERE id = $1",
            &values![id],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Tried {
        guest: row.get("guest")?,
        invitation: row.get("invitation")?,
        code_hash: row.get("code_hash")?,
        tries: row.get("tries")?,
    }))
}

/// Lets a code be good for nothing, by every clock: of two nodes one may run behind. It is counted
/// still, by when it was asked for.
///
/// # Errors
/// When the database refuses.
pub async fn spend(tx: &mut Tx, id: CodeId) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_guest_code SET expires_at = 0 WHERE id = $1",
        &values![id],
    )
    .await?;
    Ok(())
}

/// Puts other random bytes where there is no code.
///
/// # Errors
/// When the database refuses.
pub async fn redraw(tx: &mut Tx, id: CodeId, nothing: [u8; 32]) -> Result<(), DbError> {
    tx.execute(
        "UPDATE identity_guest_code SET code_hash = $2 WHERE id = $1 AND guest IS NULL",
        &values![id, nothing],
    )
    .await?;
    Ok(())
}

/// How many codes were asked for a subject since each of two times.
///
/// # Errors
/// When the database refuses.
pub async fn counts(
    tx: &mut Tx,
    subject: [u8; 32],
    hour: Timestamp,
    day: Timestamp,
) -> Result<(u64, u64), DbError> {
    let row = tx
        .query_optional(
            "SELECT COALESCE(SUM(CASE WHEN created_at > $2 THEN 1 ELSE 0 END), 0) AS lately,
                    COUNT(*) AS today
             FROM identity_guest_code WHERE subject = $1 AND created_at > $3",
            &values![subject, hour, day],
        )
        .await?;
    counted(row)
}

/// How many codes were mailed since each of two times to the address for which this one was asked.
///
/// # Errors
/// When the database refuses.
pub async fn mailed(
    tx: &mut Tx,
    id: CodeId,
    hour: Timestamp,
    day: Timestamp,
) -> Result<(u64, u64), DbError> {
    let row = tx
        .query_optional(
            "SELECT COALESCE(SUM(CASE WHEN created_at > $2 THEN 1 ELSE 0 END), 0) AS lately,
                    COUNT(*) AS today
             FROM identity_guest_code
             WHERE subject = (SELECT subject FROM identity_guest_code WHERE id = $1)
               AND guest IS NOT NULL AND created_at > $3",
            &values![id, hour, day],
        )
        .await?;
    counted(row)
}

fn counted(row: Option<Row>) -> Result<(u64, u64), DbError> {
    let Some(row) = row else { return Ok((0, 0)) };
    let (lately, today): (i64, i64) = (row.get("lately")?, row.get("today")?);
    Ok((lately.unsigned_abs(), today.unsigned_abs()))
}

/// Forgets up to `rows` codes asked for before `before`; answers how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &mut Tx, before: Timestamp, rows: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM identity_guest_code WHERE id IN (
             SELECT id FROM identity_guest_code WHERE created_at <= $1
             ORDER BY created_at LIMIT $2)",
        &values![before, rows],
    )
    .await
}
