//! Publishing a tool to its audience.

use std::sync::Arc;

use kernel::{Act, Caller, Role};
use kernel_db::Tx;

use super::super::Portal;
use super::super::act::{Done, record};
use super::consents::{Asking, ask};
use super::{Sheet, must_be_stored, subject};
use crate::domain::TileId;
use crate::error::PortalError;
use crate::store;

/// What who published should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Warning {
    /// The audience takes in nobody today.
    Nobody,
}

impl Portal {
    /// Shows a tool to its audience: at once where the caller administers, elsewhere when that
    /// administration agrees, which is asked now.
    ///
    /// # Errors
    /// [`PortalError::Everybody`] when all agents would see it and that was not confirmed;
    /// [`PortalError::WrongState`] when it is published already; [`PortalError::Outdated`] when
    /// it was edited at this very moment.
    pub(crate) async fn publish_tool(
        &self,
        caller: &Caller,
        id: TileId,
        confirm_everybody: bool,
    ) -> Result<(Sheet, Option<Warning>), PortalError> {
        let (old, organisations) = self.administered(caller, id).await?;
        must_be_stored(&old)?;
        let state = old.state.publish()?;
        let weighed = self
            .weigh(
                caller,
                Role::Administrator,
                &organisations,
                &old.fields.audience,
            )
            .await?;
        let count = weighed.spread.count();
        if weighed.everybody && !confirm_everybody {
            return Err(PortalError::Everybody { count });
        }
        let now = self.clock.now();
        let mut tool = old.clone();
        tool.state = state;
        tool.version += 1;
        tool.updated_at = now;
        tool.published_at = Some(old.published_at.unwrap_or(now));
        tool.agents = Some(count);
        let asking = Asking::new(caller, &weighed, now, Arc::clone(&self.rng));
        let work = Arc::new((tool.clone(), old.version, caller.actor(), asking));
        let rng = Arc::clone(&self.rng);
        self.db
            .write(move |tx: &mut Tx| {
                let (work, rng) = (Arc::clone(&work), Arc::clone(&rng));
                Box::pin(async move {
                    let (tool, expected, actor, asking) = work.as_ref();
                    if !store::update_tool(tx, tool, *expected).await? {
                        return Err(PortalError::Outdated);
                    }
                    let waiting = ask(tx, tool, asking).await?;
                    store::raise_revision(tx).await?;
                    let done = Done {
                        act: Act("portal.tool.publish"),
                        organisation: tool.organisation,
                        actor: *actor,
                        subject: subject(tool.id),
                        data: serde_json::json!({ "agents": tool.agents, "asked": waiting }),
                    };
                    record(tx, rng.as_ref(), tool.updated_at, done).await?;
                    Ok(())
                })
            })
            .await?;
        self.tiles_changed(vec![tool.fields.audience.clone()], now);
        let warning = (count == 0).then_some(Warning::Nobody);
        Ok((self.sheet(tool, organisations).await?, warning))
    }
}
