//! The home page of a caller.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{Caller, Timestamp};

use super::Portal;
use crate::domain::{Catalogue, TileId};
use crate::error::PortalError;

/// What a caller's home page is made of.
pub(crate) struct Home {
    /// The given name to greet with; none: not known.
    pub(crate) greeting_name: Option<String>,
    /// The present, by the server.
    pub(crate) now: Timestamp,
    /// The zone in which dates are shown, an IANA name.
    pub(crate) zone: String,
    /// What waits for the caller in applications, by tile.
    pub(crate) counts: HashMap<TileId, u32>,
    /// All tiles; [`Catalogue::for_profile`] chooses the caller's.
    pub(crate) catalogue: Arc<Catalogue>,
}

impl Portal {
    /// The caller's home page.
    ///
    /// # Errors
    /// [`PortalError::Database`] when the tables cannot be read.
    pub(crate) async fn home(&self, caller: &Caller) -> Result<Home, PortalError> {
        let catalogue = self.cache.get().await?;
        let greeting_name = self.given_name(caller).await;
        Ok(Home {
            greeting_name,
            now: self.clock.now(),
            zone: self.zone.clone(),
            counts: self.counts_of(&catalogue, caller.agent).await?,
            catalogue,
        })
    }

    /// The name to greet with; none when the directory does not know it, or not in time: the
    /// page is shown all the same.
    async fn given_name(&self, caller: &Caller) -> Option<String> {
        match self.directory.people(vec![caller.agent]).await {
            Ok(people) => people.into_iter().next().map(|person| person.given_name),
            Err(error) => {
                tracing::warn!(%error, "no name to greet with");
                None
            }
        }
    }
}
