//! An application counts what waits for an agent.

use std::collections::HashMap;

use kernel::AgentId;
use kernel_db::{DbError, Tx};

use super::PluginError;
use crate::domain::{BadgeCount, Catalogue, TileId};
use crate::service::Portal;
use crate::store;

impl Portal {
    /// Says what waits for an agent in the application; its open pages are told.
    ///
    /// # Errors
    /// [`PluginError::NoTile`], [`PluginError::UnknownAgent`], or why it cannot be known now.
    pub(crate) async fn set_badge(
        &self,
        client_id: &str,
        agent: AgentId,
        count: BadgeCount,
    ) -> Result<(), PluginError> {
        let catalogue = self.cache.get().await?;
        let plugins = self.plugins.at(&catalogue).await?;
        let member = self.directory.membership(agent).await?;
        let (mut has_tile, mut sees) = (false, false);
        for plugin in plugins.iter() {
            if plugin.client_id == client_id {
                has_tile = true;
                sees |= member
                    .as_ref()
                    .is_some_and(|member| plugin.tile_for(&catalogue, &member.profile()).is_some());
            }
        }
        if !has_tile {
            return Err(PluginError::NoTile);
        }
        if !sees {
            return Err(PluginError::UnknownAgent);
        }
        let (client, now) = (client_id.to_owned(), self.clock.now());
        let changed: Result<bool, DbError> = self
            .db
            .write(move |tx: &mut Tx| {
                let client = client.clone();
                Box::pin(async move { store::set_badge(tx, &client, agent, count, now).await })
            })
            .await;
        if changed? {
            self.hints.changed(agent);
        }
        Ok(())
    }

    /// What waits for an agent, by tile; tiles where nothing waits are absent.
    ///
    /// # Errors
    /// What the database says.
    pub(in crate::service) async fn counts_of(
        &self,
        catalogue: &Catalogue,
        agent: AgentId,
    ) -> Result<HashMap<TileId, u32>, DbError> {
        let plugins = self.plugins.at(catalogue).await?;
        if plugins.is_empty() {
            return Ok(HashMap::new());
        }
        let counts = self
            .db
            .read(move |tx: &mut Tx| Box::pin(store::badges_of(tx, agent)))
            .await?;
        let mut by_tile = HashMap::new();
        for plugin in plugins.iter() {
            let own = counts
                .iter()
                .find(|(client_id, _)| *client_id == plugin.client_id);
            if let Some((_, count)) = own {
                by_tile.insert(plugin.tile, *count);
            }
        }
        Ok(by_tile)
    }
}
