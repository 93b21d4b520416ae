//! What an agent has of their own: favourites, and the tools they opened lately.

use std::sync::Arc;
use std::time::Duration;

use kernel::{AgentId, Caller, Clock, Timestamp};
use kernel_db::{BoxFuture, Db, DbError, JobError, JobHandler, Tx};
use kernel_http::Reached;

use super::Portal;
use crate::domain::{Catalogue, TileId};
use crate::error::PortalError;
use crate::{store, texts};

/// Favourites that one agent may have.
pub(crate) const MOST_FAVOURITES: usize = 24;
/// Recents that are shown.
const RECENTS: usize = 6;
/// How long an opening is remembered.
const REMEMBERED: Duration = Duration::from_hours(90 * 24);
/// How long after the first visit it is the first day.
const FIRST_DAY: Duration = Duration::from_hours(24);

/// What the home page shows of the caller's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Own {
    /// In their order; only what the caller may see.
    pub(crate) favourites: Vec<TileId>,
    /// The last first, six at most; only what the caller may see.
    pub(crate) recents: Vec<TileId>,
    /// Whether the caller came for the first time within a day, and has used nothing yet.
    pub(crate) first_day: bool,
}

impl Portal {
    /// The caller's own; notes the first visit.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn own(
        &self,
        caller: &Caller,
        catalogue: &Catalogue,
    ) -> Result<Own, PortalError> {
        let (agent, now) = (caller.agent, self.clock.now());
        let since = now.minus(REMEMBERED);
        let (mut favourites, mut recents, first_visit) = self
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let favourites = store::favourites(tx, agent).await?;
                    let recents = store::recents(tx, agent, since).await?;
                    let first = store::first_visit(tx, agent).await?;
                    Ok::<_, DbError>((favourites, recents, first))
                })
            })
            .await?;
        let first_visit = match first_visit {
            Some(at) => at,
            None => self.first_visit(agent, now).await,
        };
        let is_unused = favourites.is_empty() && recents.is_empty();
        let profile = caller.profile();
        favourites.retain(|id| catalogue.shown(*id, &profile).is_some());
        recents.retain(|id| catalogue.shown(*id, &profile).is_some());
        recents.truncate(RECENTS);
        Ok(Own {
            favourites,
            recents,
            first_day: is_unused && now.since(first_visit) < FIRST_DAY,
        })
    }

    /// Notes the first visit; that it could not be noted does not keep the page back.
    async fn first_visit(&self, agent: AgentId, now: Timestamp) -> Timestamp {
        let noted: Result<(), DbError> = self
            .db
            .write(move |tx: &mut Tx| Box::pin(store::note_visit(tx, agent, now)))
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "a first visit could not be noted");
        }
        now
    }

    /// Puts the caller's favourites in this order. What the caller may not see is left out;
    /// favourites that are hidden at this moment stay, at the end.
    ///
    /// # Errors
    /// [`PortalError::Invalid`] for more than 24.
    pub(crate) async fn put_favourites(
        &self,
        caller: &Caller,
        wanted: Vec<TileId>,
    ) -> Result<Vec<TileId>, PortalError> {
        if wanted.len() > MOST_FAVOURITES {
            return Err(PortalError::Invalid {
                field: "tiles",
                said: texts::home::TOO_MANY_FAVOURITES,
            });
        }
        let catalogue = self.cache.get().await?;
        let profile = caller.profile();
        let mut chosen = Vec::with_capacity(wanted.len());
        for id in wanted {
            if catalogue.shown(id, &profile).is_some() && !chosen.contains(&id) {
                chosen.push(id);
            }
        }
        let shown: Vec<TileId> = catalogue.ids_for(&profile);
        let work = Arc::new((caller.agent, chosen.clone(), shown));
        self.db
            .write(move |tx: &mut Tx| {
                let work = Arc::clone(&work);
                Box::pin(async move {
                    let (agent, chosen, shown) = work.as_ref();
                    let mut kept = chosen.clone();
                    for id in store::favourites(tx, *agent).await? {
                        let is_hidden = !shown.contains(&id);
                        if is_hidden && kept.len() < MOST_FAVOURITES {
                            kept.push(id);
                        }
                    }
                    store::replace_favourites(tx, *agent, &kept).await
                })
            })
            .await?;
        let now = self.clock.now();
        self.live
            .say("home", now.millis(), Reached::Agent(caller.agent));
        Ok(chosen)
    }

    /// Notes that the caller opened a tool.
    ///
    /// # Errors
    /// [`PortalError::NotFound`] for a tool that the caller does not see.
    pub(crate) async fn note_opened(&self, caller: &Caller, id: TileId) -> Result<(), PortalError> {
        let catalogue = self.cache.get().await?;
        if catalogue.shown(id, &caller.profile()).is_none() {
            return Err(PortalError::NotFound);
        }
        let (agent, now) = (caller.agent, self.clock.now());
        self.db
            .write(move |tx: &mut Tx| {
                Box::pin(async move { store::note_opened(tx, agent, id, now).await })
            })
            .await?;
        Ok(())
    }
}

/// Forgets what was opened over 90 days ago.
pub(crate) struct Forgetting {
    clock: Arc<dyn Clock>,
}

impl Forgetting {
    /// By this clock.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl JobHandler for Forgetting {
    fn kind(&self) -> &'static str {
        "portal.recents.retention"
    }

    fn every(&self) -> Option<Duration> {
        Some(Duration::from_hours(24))
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        _payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let before = self.clock.now().minus(REMEMBERED);
            loop {
                let removed: u64 = db
                    .write(move |tx: &mut Tx| Box::pin(store::forget_opened_before(tx, before)))
                    .await?;
                if removed == 0 {
                    return Ok(());
                }
            }
        })
    }
}
