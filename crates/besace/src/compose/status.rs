//! How the identity providers do, for the page that says so.

use identity::Identity;
use kernel::port::PortError;
use kernel::{BoxFuture, Text};
use portal::domain::Level;
use portal::{ServiceStatus, StatusSource};

/// Asks the sign-in tool, which knows without a call.
pub(super) struct Providers(pub(super) Identity);

impl StatusSource for Providers {
    fn kind(&self) -> &'static str {
        "provider"
    }

    fn statuses(&self) -> BoxFuture<'_, Result<Vec<ServiceStatus>, PortError>> {
        Box::pin(async move {
            let states = self.0.provider_states().await;
            let statuses = states.into_iter().map(|one| ServiceStatus {
                id: one.id,
                name: Text::made(one.name.clone(), one.name),
                level: if one.up { Level::Up } else { Level::Down },
                since: one.since,
                message: None,
            });
            Ok(statuses.collect())
        })
    }
}
