//! The tools that other sites list for an agent, or for anybody.

use std::sync::Arc;

use kernel::port::{OrganisationFacts, PortError};
use kernel::{AgentId, OrganisationId, Timestamp};
use kernel_db::DbError;

use super::Portal;
use crate::domain::{Catalogue, Tile, TileId, is_public};

/// What is listed.
pub(crate) struct Launcher {
    /// Whose tools, when an administration is known.
    pub(crate) organisation: Option<OrganisationFacts>,
    /// Whether they are the agent's own.
    pub(crate) subscribed: bool,
    /// The present.
    pub(crate) now: Timestamp,
    catalogue: Arc<Catalogue>,
    chosen: Vec<TileId>,
}

/// Why nothing can be listed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LauncherError {
    /// The agent may not sign in (any more).
    #[error("the agent is unknown")]
    UnknownAgent,
    /// The directory.
    #[error("the directory: {0}")]
    Directory(#[from] PortError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl Launcher {
    /// The tools, in the order of the portal.
    pub(crate) fn tiles(&self) -> impl Iterator<Item = &Tile> {
        self.catalogue
            .tiles()
            .filter(|tile| self.chosen.contains(&tile.id))
    }
}

impl Portal {
    /// The tools of an agent, as their own home page has them.
    ///
    /// # Errors
    /// When the agent may not sign in, or why it cannot be known now.
    pub(crate) async fn launcher_of(&self, agent: AgentId) -> Result<Launcher, LauncherError> {
        let member = self.directory.membership(agent).await?;
        let member = member.ok_or(LauncherError::UnknownAgent)?;
        let id = member.organisation;
        let organisation = self.organisation(|known| known.id == id).await?;
        let catalogue = self.cache.get().await?;
        let profile = member.profile();
        let chosen = catalogue.tiles().filter(|tile| tile.is_for(&profile));
        Ok(Launcher {
            organisation,
            subscribed: true,
            now: self.clock.now(),
            chosen: chosen.map(|tile| tile.id).collect(),
            catalogue,
        })
    }

    /// The tools that every agent of an administration has, or, without a known one, every agent.
    ///
    /// # Errors
    /// Why it cannot be known now.
    pub(crate) async fn public_launcher(&self, of: Place<'_>) -> Result<Launcher, LauncherError> {
        let organisation = match of {
            Place::Nowhere => None,
            Place::Siret(siret) => self.organisation(|known| known.siret == siret).await?,
            Place::Organisation(id) => self.organisation(|known| known.id == id).await?,
        };
        let catalogue = self.cache.get().await?;
        let chosen = catalogue
            .tiles()
            .filter(|tile| is_public(tile, organisation.as_ref()));
        Ok(Launcher {
            subscribed: false,
            now: self.clock.now(),
            chosen: chosen.map(|tile| tile.id).collect(),
            catalogue,
            organisation,
        })
    }

    async fn organisation(
        &self,
        is_it: impl Fn(&OrganisationFacts) -> bool,
    ) -> Result<Option<OrganisationFacts>, PortError> {
        let organisations = self.directory.organisations().await?;
        Ok(organisations.iter().find(|known| is_it(known)).cloned())
    }
}

/// For which administration.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    /// None.
    Nowhere,
    /// By its fourteen digits.
    Siret(&'a str),
    /// By its id.
    Organisation(OrganisationId),
}
