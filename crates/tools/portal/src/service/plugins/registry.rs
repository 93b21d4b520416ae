//! The applications that have a tile, kept in memory as long as the catalogue is.

use std::sync::{Arc, PoisonError, RwLock};

use kernel::{Profile, Secret};
use kernel_db::{Db, DbError};
use kernel_http::Sealer;
use url::Url;

use super::source::PURPOSE;
use crate::domain::{Catalogue, Tile, TileId};
use crate::service::search::Source;
use crate::store::{self, ApplicationRow};

/// Where an application answers in the search.
pub(crate) struct Answering {
    /// Its address.
    pub(crate) url: Url,
    /// What proves to it that we ask.
    pub(crate) secret: Secret,
    /// Its name and breaker, the same as long as the registration is.
    pub(crate) source: Source,
    sealed: String,
}

/// An application that has a tile.
pub(crate) struct Plugin {
    /// Which.
    pub(crate) client_id: String,
    /// Its tile.
    pub(super) tile: TileId,
    /// Where it answers in the search; none: it does not.
    pub(crate) answering: Option<Arc<Answering>>,
}

impl Plugin {
    /// Its tile, when this person sees it.
    pub(crate) fn tile_for<'a>(
        &self,
        catalogue: &'a Catalogue,
        profile: &Profile<'_>,
    ) -> Option<&'a Tile> {
        catalogue.shown(self.tile, profile)
    }
}

/// The applications as last read.
pub(crate) struct Plugins {
    db: Db,
    sealer: Sealer,
    kept: RwLock<Option<(i64, Arc<Vec<Plugin>>)>>,
}

impl Plugins {
    /// Nothing read yet.
    pub(crate) fn new(db: Db, sealer: Sealer) -> Self {
        Self {
            db,
            sealer,
            kept: RwLock::default(),
        }
    }

    /// The applications as they stood at the catalogue's revision, or later: every write that
    /// concerns them raises it.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn at(&self, catalogue: &Catalogue) -> Result<Arc<Vec<Plugin>>, DbError> {
        let kept = self.kept();
        let known = kept.map(|(revision, plugins)| (revision == catalogue.revision(), plugins));
        let known = match known {
            Some((true, plugins)) => return Ok(plugins),
            Some((false, plugins)) => plugins,
            None => Arc::default(),
        };
        let rows = self
            .db
            .read(|tx| Box::pin(store::list_applications(tx)))
            .await?;
        let plugins = rows.into_iter().map(|row| self.plugin(row, &known));
        let plugins = Arc::new(plugins.collect::<Vec<_>>());
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) =
            Some((catalogue.revision(), Arc::clone(&plugins)));
        Ok(plugins)
    }

    fn kept(&self) -> Option<(i64, Arc<Vec<Plugin>>)> {
        self.kept
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn plugin(&self, row: ApplicationRow, known: &[Plugin]) -> Plugin {
        let answering = row
            .source
            .and_then(|(url, sealed)| self.answering(&row.client_id, &url, sealed, known));
        Plugin {
            client_id: row.client_id,
            tile: row.tile,
            answering,
        }
    }

    /// The registration, its breaker as it was when nothing of it changed.
    fn answering(
        &self,
        client_id: &str,
        url: &str,
        sealed: String,
        known: &[Plugin],
    ) -> Option<Arc<Answering>> {
        let before = known
            .iter()
            .filter(|plugin| plugin.client_id == client_id)
            .find_map(|plugin| plugin.answering.as_ref())
            .filter(|before| before.sealed == sealed && before.url.as_str() == url);
        if let Some(before) = before {
            return Some(Arc::clone(before));
        }
        let (Ok(url), Some(secret)) = (Url::parse(url), self.sealer.open(PURPOSE, &sealed)) else {
            tracing::error!(
                client_id,
                "an application's search cannot be read and is not asked"
            );
            return None;
        };
        Some(Arc::new(Answering {
            url,
            secret: Secret::new(String::from_utf8_lossy(&secret)),
            source: Source::new(format!("application:{client_id}")),
            sealed,
        }))
    }
}
