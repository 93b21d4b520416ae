//! Taking a tool back, and deleting a draft.

use std::sync::Arc;

use kernel::{Act, Caller};
use kernel_db::Tx;

use super::super::Portal;
use super::super::act::{Done, record};
use super::consents::withdraw_all;
use super::{Sheet, must_be_stored, subject};
use crate::domain::TileId;
use crate::error::PortalError;
use crate::store;

impl Portal {
    /// Takes a published tool back from everybody; what was asked of other administrations is
    /// no longer asked.
    ///
    /// # Errors
    /// [`PortalError::WrongState`] when it is not published; [`PortalError::Outdated`] when it
    /// was edited at this very moment.
    pub(crate) async fn withdraw_tool(
        &self,
        caller: &Caller,
        id: TileId,
    ) -> Result<Sheet, PortalError> {
        let (old, organisations) = self.administered(caller, id).await?;
        must_be_stored(&old)?;
        let now = self.clock.now();
        let mut tool = old.clone();
        tool.state = old.state.withdraw()?;
        tool.version += 1;
        tool.updated_at = now;
        let work = Arc::new((tool.clone(), old.version, caller.agent));
        let rng = Arc::clone(&self.rng);
        self.db
            .write(move |tx: &mut Tx| {
                let (work, rng) = (Arc::clone(&work), Arc::clone(&rng));
                Box::pin(async move {
                    let (tool, expected, actor) = work.as_ref();
                    if !store::update_tool(tx, tool, *expected).await? {
                        return Err(PortalError::Outdated);
                    }
                    withdraw_all(tx, tool, *actor, tool.updated_at).await?;
                    store::raise_revision(tx).await?;
                    let done = Done {
                        act: Act("portal.tool.withdraw"),
                        organisation: tool.organisation,
                        actor: *actor,
                        subject: subject(tool.id),
                        data: serde_json::json!({}),
                    };
                    record(tx, rng.as_ref(), tool.updated_at, done).await?;
                    Ok(())
                })
            })
            .await?;
        self.tiles_changed(vec![tool.fields.audience.clone()], now);
        self.sheet(tool, organisations).await
    }

    /// Deletes a draft, and ends its application when it has one.
    ///
    /// # Errors
    /// [`PortalError::WrongState`] when it was ever published.
    pub(crate) async fn delete_tool(&self, caller: &Caller, id: TileId) -> Result<(), PortalError> {
        let (tool, _) = self.administered(caller, id).await?;
        must_be_stored(&tool)?;
        tool.state.delete()?;
        if let Some(client_id) = &tool.client_id {
            self.applications
                .end(client_id.clone(), caller.agent)
                .await?;
        }
        let (now, actor, rng) = (self.clock.now(), caller.agent, Arc::clone(&self.rng));
        self.db
            .write(move |tx: &mut Tx| {
                let rng = Arc::clone(&rng);
                Box::pin(async move {
                    let Some(tool) = store::tool(tx, id).await? else {
                        return Err(PortalError::NotFound);
                    };
                    tool.state.delete()?;
                    store::delete_tool(tx, id).await?;
                    let done = Done {
                        act: Act("portal.tool.delete"),
                        organisation: tool.organisation,
                        actor,
                        subject: subject(id),
                        data: serde_json::json!({}),
                    };
                    record(tx, rng.as_ref(), now, done).await?;
                    Ok(())
                })
            })
            .await
    }
}
