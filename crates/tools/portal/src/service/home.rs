//! The home page of a caller.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::port::NowItem;
use kernel::{Caller, OrganisationId, Timestamp};

use super::{Own, Portal, Shown};
use crate::domain::{Catalogue, TileId};
use crate::error::PortalError;

/// Announcements on the page.
const ANNOUNCEMENTS: usize = 3;

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
    /// All tiles; [`Catalogue::for_caller`] chooses the caller's.
    pub(crate) catalogue: Arc<Catalogue>,
    /// Favourites, recents, first day.
    pub(crate) own: Own,
    /// What is to be done now, by when it begins.
    pub(crate) now_items: Vec<NowItem>,
    /// What is announced, three at most.
    pub(crate) announcements: Vec<Shown>,
    /// The labels of the administrations whose tools are shown.
    pub(crate) origins: HashMap<OrganisationId, String>,
}

impl Portal {
    /// The caller's home page.
    ///
    /// # Errors
    /// [`PortalError::Database`] when the tables cannot be read.
    pub(crate) async fn home(&self, caller: &Caller) -> Result<Home, PortalError> {
        let catalogue = self.cache.get().await?;
        if caller.is_guest() {
            return self.guest_home(caller, catalogue).await;
        }
        let (own, greeting_name, now_items, announcements, origins) = tokio::join!(
            self.own(caller, &catalogue),
            self.given_name(caller),
            self.now_items(caller),
            self.announced(caller),
            self.origins(&catalogue),
        );
        Ok(Home {
            greeting_name,
            now: self.clock.now(),
            zone: self.zone.clone(),
            counts: self.counts_of(&catalogue, caller.agent).await?,
            catalogue,
            own: own?,
            now_items,
            announcements,
            origins,
        })
    }

    /// A guest's home page: the tools shared with them, and what they were told. Nothing is noted
    /// and nothing is announced.
    async fn guest_home(
        &self,
        caller: &Caller,
        catalogue: Arc<Catalogue>,
    ) -> Result<Home, PortalError> {
        let origins = self.origins(&catalogue).await;
        Ok(Home {
            greeting_name: None,
            now: self.clock.now(),
            zone: self.zone.clone(),
            counts: HashMap::new(),
            catalogue,
            own: Own {
                favourites: Vec::new(),
                recents: Vec::new(),
                first_day: false,
            },
            now_items: self.now_items(caller).await,
            announcements: Vec::new(),
            origins,
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

    /// What is announced to the caller; nothing when that cannot be read: the page is shown all
    /// the same.
    async fn announced(&self, caller: &Caller) -> Vec<Shown> {
        let found = self.news.announcements_on_home(caller, ANNOUNCEMENTS).await;
        found.unwrap_or_else(|error| {
            tracing::warn!(%error, "announcements are left out of the home page");
            Vec::new()
        })
    }

    /// Whose the tools are, as far as the directory says.
    async fn origins(&self, catalogue: &Catalogue) -> HashMap<OrganisationId, String> {
        let owners = catalogue.organisations();
        if owners.is_empty() {
            return HashMap::new();
        }
        match self.organisations().await {
            Ok(organisations) => owners
                .into_iter()
                .filter_map(|id| Some((id, organisations.label(id)?.to_owned())))
                .collect(),
            Err(error) => {
                tracing::warn!(%error, "tools are shown without their administrations");
                HashMap::new()
            }
        }
    }
}
