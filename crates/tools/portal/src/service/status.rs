//! How the services do.

use kernel::port::PortError;
use kernel::{BoxFuture, Caller, Text, Timestamp};

use super::Portal;
use crate::domain::Level;
use crate::error::PortalError;

/// How one service does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceStatus {
    /// Stable within its kind.
    pub id: String,
    /// Shown.
    pub name: Text,
    /// How it does.
    pub level: Level,
    /// Since when, when it does not do well.
    pub since: Option<Timestamp>,
    /// What is known of it.
    pub message: Option<Text>,
}

/// Who knows how some services do: the sign-in tool knows its providers.
pub trait StatusSource: Send + Sync {
    /// What kind of services, one word: `provider`.
    fn kind(&self) -> &'static str;

    /// How each does, in the order to show; at once, from what is known already.
    fn statuses(&self) -> BoxFuture<'_, Result<Vec<ServiceStatus>, PortError>>;
}

/// A service with its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) kind: &'static str,
    pub(crate) status: ServiceStatus,
}

impl Portal {
    /// What the sources say, then the tools that the caller sees. A source that fails is left
    /// out and logged.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn status(&self, caller: &Caller) -> Result<Vec<Service>, PortalError> {
        let mut services = Vec::new();
        for source in &self.statuses {
            match source.statuses().await {
                Ok(statuses) => services.extend(statuses.into_iter().map(|status| Service {
                    kind: source.kind(),
                    status,
                })),
                Err(error) => tracing::warn!(%error, kind = source.kind(), "no states of services"),
            }
        }
        let catalogue = self.cache.get().await?;
        let now = self.clock.now();
        for shelf in catalogue.for_profile(&caller.profile()) {
            for tile in shelf.tiles {
                let notice = tile.notice_at(now);
                services.push(Service {
                    kind: "tool",
                    status: ServiceStatus {
                        id: tile.id.to_string(),
                        name: tile.name.clone(),
                        level: notice.map_or(Level::Up, |notice| notice.level),
                        since: notice.map(|notice| notice.since),
                        message: notice.map(|notice| notice.message.clone()),
                    },
                });
            }
        }
        Ok(services)
    }
}
