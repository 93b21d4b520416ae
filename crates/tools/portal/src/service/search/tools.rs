//! The tools of the caller, as a source.

use std::sync::{Arc, PoisonError, RwLock};

use kernel::port::{Hit, PortError, SearchProvider, SearchQuery};
use kernel::{BoxFuture, Locale, Text};

use crate::domain::{Catalogue, Tile, ToolIndex};
use crate::service::CatalogueCache;
use crate::texts::search as texts;

/// Finds among the tiles that the caller sees.
pub(super) struct Tools {
    cache: Arc<CatalogueCache>,
    index: RwLock<Option<Arc<ToolIndex>>>,
}

impl Tools {
    pub(super) fn new(cache: Arc<CatalogueCache>) -> Self {
        Self {
            cache,
            index: RwLock::default(),
        }
    }

    /// The index of this catalogue, made when the catalogue is new.
    fn index(&self, catalogue: Arc<Catalogue>) -> Arc<ToolIndex> {
        let kept = self.index.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = kept.as_ref().filter(|index| index.is_of(&catalogue)) {
            return Arc::clone(index);
        }
        drop(kept);
        let index = Arc::new(ToolIndex::new(catalogue));
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&index));
        index
    }
}

impl SearchProvider for Tools {
    fn source(&self) -> &'static str {
        "tools"
    }

    fn title(&self) -> Text {
        texts::TOOLS
    }

    fn search(&self, query: SearchQuery) -> BoxFuture<'_, Result<Vec<Hit>, PortError>> {
        Box::pin(async move {
            let catalogue = self.cache.get().await;
            let catalogue = catalogue.map_err(|cause| PortError::Unavailable(cause.to_string()))?;
            let index = self.index(catalogue);
            let limit = usize::try_from(query.limit.rows()).unwrap_or(0);
            let profile = query.caller.profile();
            let tiles = index.find(&query.words, &profile, query.locale, limit);
            Ok(tiles
                .into_iter()
                .map(|tile| hit(tile, query.locale))
                .collect())
        })
    }
}

fn hit(tile: &Tile, locale: Locale) -> Hit {
    Hit {
        id: tile.id.to_string(),
        title: tile.name.get(locale).to_owned(),
        detail: Some(tile.description.get(locale).to_owned()).filter(|text| !text.is_empty()),
        icon: Some(tile.icon.as_str().to_owned()),
        link: tile.address.as_str().to_owned(),
    }
}
