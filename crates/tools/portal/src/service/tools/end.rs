//! Taking a tool back, and deleting a draft.

use std::sync::Arc;

use kernel::port::Applications;
use kernel::{Act, AgentId, BoxFuture, Caller, Rng, Timestamp};
use kernel_db::{Db, JobError, JobHandler, NewJob, Tx};

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
        let work = Arc::new((tool.clone(), old.version, caller.actor()));
        let rng = Arc::clone(&self.rng);
        self.db
            .write(move |tx: &mut Tx| {
                let (work, rng) = (Arc::clone(&work), Arc::clone(&rng));
                Box::pin(async move {
                    let (tool, expected, actor) = work.as_ref();
                    if !store::update_tool(tx, tool, *expected).await? {
                        return Err(PortalError::Outdated);
                    }
                    withdraw_all(tx, tool, actor.agent, tool.updated_at).await?;
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

    /// Deletes a draft, and has its application ended when it has one.
    ///
    /// # Errors
    /// [`PortalError::WrongState`] when it was ever published, [`PortalError::ClosedToTokens`] when
    /// a token speaks and there is an application: a token ends no secret.
    pub(crate) async fn delete_tool(&self, caller: &Caller, id: TileId) -> Result<(), PortalError> {
        let (tool, _) = self.administered(caller, id).await?;
        must_be_stored(&tool)?;
        let (now, rng) = (self.clock.now(), Arc::clone(&self.rng));
        let caller = Arc::new(caller.clone());
        self.db
            .write(move |tx: &mut Tx| {
                let (caller, rng) = (Arc::clone(&caller), Arc::clone(&rng));
                Box::pin(async move { delete(tx, &caller, id, now, rng.as_ref()).await })
            })
            .await
    }
}

async fn delete(
    tx: &mut Tx,
    caller: &Caller,
    id: TileId,
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<(), PortalError> {
    let Some(tool) = store::tool(tx, id).await? else {
        return Err(PortalError::NotFound);
    };
    tool.state.delete()?;
    if let Some(client_id) = &tool.client_id {
        if caller.token().is_some() {
            return Err(PortalError::ClosedToTokens);
        }
        // Ended once the tile is gone, and not before: should the deletion not hold, agents go on
        // signing in.
        tx.enqueue(NewJob {
            kind: END,
            payload: serde_json::json!({ "client": client_id, "by": caller.agent }),
            run_at: now,
            dedup: None,
        })
        .await?;
    }
    store::delete_tool(tx, id).await?;
    let done = Done {
        act: Act("portal.tool.delete"),
        organisation: tool.organisation,
        actor: caller.actor(),
        subject: subject(id),
        data: serde_json::json!({}),
    };
    record(tx, rng, now, done).await?;
    Ok(())
}

/// The kind of the job that ends applications.
const END: &str = "portal.application.end";

/// Ends the applications of tools that were deleted. One that has ended already stays so.
pub(crate) struct EndApplications(Arc<dyn Applications>);

impl EndApplications {
    /// Where they are registered.
    pub(crate) fn new(applications: Arc<dyn Applications>) -> Self {
        Self(applications)
    }
}

impl JobHandler for EndApplications {
    fn kind(&self) -> &'static str {
        END
    }

    fn run<'a>(
        &'a self,
        _: &'a Db,
        payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let member = |name| payload.get(name).and_then(serde_json::Value::as_str);
            let by = member("by").and_then(|text| AgentId::parse(text).ok());
            let (Some(client_id), Some(by)) = (member("client"), by) else {
                let said = "the payload names no application".to_owned();
                return Err(JobError::Hopeless(said));
            };
            let ended = self.0.end(client_id.to_owned(), by).await;
            ended.map_err(|cause| JobError::Failed(cause.to_string()))
        })
    }
}
