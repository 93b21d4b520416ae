//! The number that tells two states of the portal apart.

use kernel_db::{DbError, Tx, values};

/// The state the tables show.
///
/// # Errors
/// What the database says.
pub(crate) async fn revision(tx: &mut Tx) -> Result<i64, DbError> {
    let row = tx
        .query_optional(
            "SELECT revision FROM portal_revision WHERE id = 1",
            &values![],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("revision"))
}

/// Says that the tables changed. Call it in each transaction that writes.
///
/// # Errors
/// What the database says.
pub(crate) async fn raise_revision(tx: &mut Tx) -> Result<(), DbError> {
    tx.execute(
        "UPDATE portal_revision SET revision = revision + 1 WHERE id = 1",
        &values![],
    )
    .await?;
    Ok(())
}
