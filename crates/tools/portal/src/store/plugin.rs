//! Applications that have a tile, and rows of `portal_search_source`.

use kernel::Timestamp;
use kernel_db::{DbError, Tx, values};

use crate::domain::TileId;

/// An application with its tile, whether the tile is shown or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApplicationRow {
    /// Which application.
    pub(crate) client_id: String,
    /// Its tile.
    pub(crate) tile: TileId,
    /// Where it answers in the search, and its sealed secret; none: it does not.
    pub(crate) source: Option<(String, String)>,
}

/// Every application that has a tile, in the order of their ids.
///
/// # Errors
/// What the database says.
pub(crate) async fn list_applications(tx: &mut Tx) -> Result<Vec<ApplicationRow>, DbError> {
    let rows = tx
        .query(
            "SELECT tile.id AS id, tile.client_id AS client_id, source.url AS url,
                source.secret AS secret
             FROM portal_tile AS tile
             LEFT JOIN portal_search_source AS source ON source.client_id = tile.client_id
             WHERE tile.client_id IS NOT NULL
             ORDER BY tile.client_id, tile.id",
            &values![],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let url: Option<String> = row.get("url")?;
            let secret: Option<String> = row.get("secret")?;
            Ok(ApplicationRow {
                client_id: row.get("client_id")?,
                tile: row.get("id")?,
                source: url.zip(secret),
            })
        })
        .collect()
}

/// Writes where an application answers in the search, with its sealed secret.
///
/// # Errors
/// What the database says.
pub(crate) async fn upsert_search_source(
    tx: &mut Tx,
    client_id: &str,
    url: &str,
    sealed: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO portal_search_source (client_id, url, secret, registered_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (client_id) DO UPDATE SET
            url = excluded.url,
            secret = excluded.secret,
            registered_at = excluded.registered_at",
        &values![client_id, url, sealed, now],
    )
    .await?;
    Ok(())
}

/// Takes an application out of the search; whether it was in it.
///
/// # Errors
/// What the database says.
pub(crate) async fn delete_search_source(tx: &mut Tx, client_id: &str) -> Result<bool, DbError> {
    let gone = tx
        .execute(
            "DELETE FROM portal_search_source WHERE client_id = $1",
            &values![client_id],
        )
        .await?;
    Ok(gone > 0)
}
