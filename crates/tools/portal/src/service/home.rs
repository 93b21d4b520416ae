//! The home page of a caller.

use std::sync::Arc;

use kernel::{Caller, Clock, Timestamp};

use super::CatalogueCache;
use crate::domain::Catalogue;
use crate::error::PortalError;
use crate::{Deps, People};

/// The portal's use cases, shared by its endpoints.
pub(crate) struct Portal {
    cache: CatalogueCache,
    clock: Arc<dyn Clock>,
    people: Arc<dyn People>,
    zone: String,
}

/// What a caller's home page is made of.
pub(crate) struct Home {
    /// The given name to greet with; none: not known.
    pub(crate) greeting_name: Option<String>,
    /// The present, by the server.
    pub(crate) now: Timestamp,
    /// The zone in which dates are shown, an IANA name.
    pub(crate) zone: String,
    /// All tiles; [`Catalogue::for_profile`] chooses the caller's.
    pub(crate) catalogue: Arc<Catalogue>,
}

impl Portal {
    /// The use cases over these things.
    pub(crate) fn new(deps: Deps) -> Self {
        let Deps {
            db,
            clock,
            people,
            zone,
        } = deps;
        Self {
            cache: CatalogueCache::new(db, Arc::clone(&clock)),
            clock,
            people,
            zone,
        }
    }

    /// The caller's home page.
    ///
    /// # Errors
    /// [`PortalError::Database`] when the tables cannot be read.
    pub(crate) async fn home(&self, caller: &Caller) -> Result<Home, PortalError> {
        let catalogue = self.cache.get().await?;
        let greeting_name = self.people.greeting_name(caller.agent).await;
        Ok(Home {
            greeting_name,
            now: self.clock.now(),
            zone: self.zone.clone(),
            catalogue,
        })
    }
}
