//! Tiles that come from configuration or from the demonstration.

use std::sync::Arc;

use kernel::Clock;
use kernel_db::{Db, Tx};

use crate::domain::{NewCategory, NewTile};
use crate::error::PortalError;
use crate::store;

/// Writes categories, then tiles, under their ids, in one transaction: all or none. What is
/// there already is replaced; a configured tile that is not named is withdrawn, and what
/// administrators published stays. Nodes show it within two seconds.
///
/// # Errors
/// [`PortalError::UnknownCategory`] when a tile names a category that neither exists nor is
/// among `categories`; [`PortalError::Database`] for the rest.
pub async fn publish(
    db: &Db,
    clock: &dyn Clock,
    categories: Vec<NewCategory>,
    tiles: Vec<NewTile>,
) -> Result<(), PortalError> {
    let now = clock.now();
    let batch = Arc::new((categories, tiles));
    db.write(move |tx: &mut Tx| {
        let batch = Arc::clone(&batch);
        Box::pin(async move {
            let (categories, tiles) = batch.as_ref();
            store::withdraw_configured_tiles(tx, now).await?;
            for category in categories {
                store::upsert_category(tx, category, now).await?;
            }
            for tile in tiles {
                if !store::category_exists(tx, tile.category).await? {
                    return Err(PortalError::UnknownCategory {
                        tile: tile.id,
                        category: tile.category,
                    });
                }
                store::upsert_tile(tx, tile, now).await?;
            }
            store::raise_revision(tx).await?;
            Ok(())
        })
    })
    .await
}
