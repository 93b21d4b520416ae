//! The published tiles, kept in memory and compared with the revision row.
//!
//! Invariant: what is shown is at most [`FRESH_FOR`](kernel_db::FRESH_FOR) behind the tables, on
//! every node, whatever becomes of any bus between them; what this process changes it shows at
//! once, and the other nodes do once they are told.

use std::sync::Arc;

use kernel::Clock;
use kernel_db::{BoxFuture, Db, DbError, Revised, Revision, Tx};

use crate::domain::{Catalogue, Category, Tile};
use crate::store;

/// The state of the tiles, and of the applications behind them.
const CATALOGUE: Revision = Revision {
    name: "portal.catalogue",
    read: |tx| Box::pin(store::revision(tx)),
    topic: Some("home"),
};

/// The catalogue as last read.
pub(crate) struct CatalogueCache(Revised<Catalogue>);

impl CatalogueCache {
    /// An empty cache: the first reader loads.
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        let nothing = Catalogue::new(0, Vec::new(), Vec::new());
        Self(Revised::new(db, clock, CATALOGUE, nothing))
    }

    /// The catalogue.
    ///
    /// # Errors
    /// What the database says: an old catalogue is not shown in its place, since a tile may have
    /// been taken back.
    pub(crate) async fn get(&self) -> Result<Arc<Catalogue>, DbError> {
        let make =
            |(revision, categories, tiles), _: &_| Catalogue::new(revision, categories, tiles);
        self.0.get(rows, make).await
    }

    /// Has the next reader compare, here and on the other nodes: this process has just committed
    /// a change.
    pub(crate) fn changed(&self) {
        self.0.changed();
    }
}

type Rows = (i64, Vec<Category>, Vec<Tile>);

fn rows(tx: &mut Tx) -> BoxFuture<'_, Result<Rows, DbError>> {
    Box::pin(async move {
        let revision = store::revision(tx).await?;
        let categories = store::list_categories(tx).await?;
        let tiles = store::list_published_tiles(tx).await?;
        Ok((revision, categories, tiles))
    })
}
