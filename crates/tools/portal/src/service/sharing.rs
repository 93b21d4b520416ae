//! What agents may share with their guests, for the tool that invites them.

use std::sync::Arc;

use kernel::port::{PortError, SharedTool, Sharing};
use kernel::{BoxFuture, Caller, Clock, ToolId};
use kernel_db::Db;

use super::catalogue_cache::CatalogueCache;
use crate::domain::Tile;

/// The tools as guests may have them; at most two seconds behind the tables.
#[derive(Clone)]
pub struct ToolSharing(Arc<CatalogueCache>);

impl ToolSharing {
    /// Reads these tables.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(CatalogueCache::new(db, clock)))
    }
}

impl Sharing for ToolSharing {
    fn shareable(&self, by: Caller) -> BoxFuture<'_, Result<Vec<SharedTool>, PortError>> {
        Box::pin(async move {
            // A guest passes nothing on.
            if by.is_guest() {
                return Ok(Vec::new());
            }
            let catalogue = self.0.get().await.map_err(PortError::from)?;
            let profile = by.profile();
            let open = catalogue.tiles().filter(|t| t.may_be_shared_by(&profile));
            Ok(open.map(shared).collect())
        })
    }

    fn shared(&self, tools: Vec<ToolId>) -> BoxFuture<'_, Result<Vec<SharedTool>, PortError>> {
        Box::pin(async move {
            let catalogue = self.0.get().await.map_err(PortError::from)?;
            let open = catalogue.tiles().filter(|tile| tile.is_for_guest(&tools));
            Ok(open.map(shared).collect())
        })
    }
}

fn shared(tile: &Tile) -> SharedTool {
    SharedTool {
        id: tile.id.tool(),
        name: tile.name.clone(),
        description: tile.description.clone(),
        client_id: tile.client_id.clone(),
    }
}
