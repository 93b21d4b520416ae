//! Signing agents in to a tool through us: registering its application, its addresses, its end.

use std::sync::Arc;

use kernel::port::{KnownApplication, NewApplication, RegisteredApplication};
use kernel::{Act, Actor, Caller};
use kernel_db::Tx;

use super::super::Portal;
use super::super::act::{Done, record};
use super::{must_be_stored, subject};
use crate::domain::{TileId, Tool, client_id_of};
use crate::error::PortalError;
use crate::store;

/// Where answers and sign-outs may go, as somebody wrote them.
pub(crate) struct Addresses {
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) post_logout_redirect_uris: Vec<String>,
}

impl Portal {
    /// Registers a tool's application, or gives it new addresses and a new secret. The secret is
    /// in the answer and nowhere else.
    ///
    /// # Errors
    /// [`PortalError::ApplicationRefused`] in the words of who registers.
    pub(crate) async fn register_application(
        &self,
        caller: &Caller,
        id: TileId,
        addresses: Addresses,
    ) -> Result<RegisteredApplication, PortalError> {
        let tool = self.own_tool(caller, id).await?;
        // Registered before it is noted here: should the note fail, registering again gives the
        // same application a new secret.
        let registered = self
            .applications
            .register(application(&tool, caller, addresses)?)
            .await
            .map_err(PortalError::from_registration)?;
        let client_id = registered.client_id.clone();
        self.note_application(
            id,
            caller.actor(),
            Some(client_id),
            Act("portal.tool.application"),
        )
        .await?;
        Ok(registered)
    }

    /// The tool's application.
    ///
    /// # Errors
    /// [`PortalError::NotFound`] when it has none.
    pub(crate) async fn application(
        &self,
        caller: &Caller,
        id: TileId,
    ) -> Result<KnownApplication, PortalError> {
        let tool = self.own_tool(caller, id).await?;
        self.application_of(&tool)
            .await?
            .ok_or(PortalError::NotFound)
    }

    /// Gives the tool's application other addresses; its secret stays.
    ///
    /// # Errors
    /// [`PortalError::NotFound`] when it has none, [`PortalError::ApplicationRefused`] in the
    /// words of who registers.
    pub(crate) async fn move_application(
        &self,
        caller: &Caller,
        id: TileId,
        addresses: Addresses,
    ) -> Result<KnownApplication, PortalError> {
        let tool = self.own_tool(caller, id).await?;
        self.application_of(&tool)
            .await?
            .ok_or(PortalError::NotFound)?;
        self.applications
            .amend(application(&tool, caller, addresses)?)
            .await
            .map_err(PortalError::from_registration)?;
        self.application_of(&tool)
            .await?
            .ok_or(PortalError::NotFound)
    }

    /// Ends the tool's application: nobody signs in to the tool through us any more. The tile
    /// stays.
    ///
    /// # Errors
    /// [`PortalError::NotFound`] when it has none.
    pub(crate) async fn end_application(
        &self,
        caller: &Caller,
        id: TileId,
    ) -> Result<(), PortalError> {
        let tool = self.own_tool(caller, id).await?;
        let client_id = tool.client_id.ok_or(PortalError::NotFound)?;
        self.applications.end(client_id, caller.agent).await?;
        self.note_application(id, caller.actor(), None, Act("portal.tool.disconnect"))
            .await
    }

    /// Has the application bear the tool's new name; the tool is written already, so that a
    /// refusal leaves the old name on the pages of the sign-in and nothing else.
    pub(super) async fn rename_application(&self, caller: &Caller, tool: &Tool) {
        let renamed = async {
            let Some(known) = self.application_of(tool).await? else {
                return Ok(());
            };
            let addresses = Addresses {
                redirect_uris: known.redirect_uris,
                post_logout_redirect_uris: known.post_logout_redirect_uris,
            };
            let amended = application(tool, caller, addresses)?;
            self.applications
                .amend(amended)
                .await
                .map_err(PortalError::from_registration)
        };
        if let Err(cause) = renamed.await {
            tracing::warn!(tool = %tool.id, %cause, "an application keeps its old name");
        }
    }

    async fn own_tool(&self, caller: &Caller, id: TileId) -> Result<Tool, PortalError> {
        let (tool, _) = self.administered(caller, id).await?;
        must_be_stored(&tool)?;
        Ok(tool)
    }

    async fn application_of(&self, tool: &Tool) -> Result<Option<KnownApplication>, PortalError> {
        match &tool.client_id {
            Some(client_id) => Ok(self.applications.find(client_id.clone()).await?),
            None => Ok(None),
        }
    }

    /// Notes which application a tool has now.
    async fn note_application(
        &self,
        id: TileId,
        actor: Actor,
        client_id: Option<String>,
        act: Act,
    ) -> Result<(), PortalError> {
        let (now, rng) = (self.clock.now(), Arc::clone(&self.rng));
        self.db
            .write(move |tx: &mut Tx| {
                let (rng, client_id) = (Arc::clone(&rng), client_id.clone());
                Box::pin(async move {
                    let Some(mut tool) = store::tool(tx, id).await? else {
                        return Err(PortalError::NotFound);
                    };
                    let expected = tool.version;
                    let client = client_id.clone().or_else(|| tool.client_id.clone());
                    tool.client_id = client_id;
                    tool.version += 1;
                    tool.updated_at = now;
                    store::update_tool(tx, &tool, expected).await?;
                    store::raise_revision(tx).await?;
                    let done = Done {
                        act,
                        organisation: tool.organisation,
                        actor,
                        subject: subject(id),
                        data: serde_json::json!({ "client": client }),
                    };
                    record(tx, rng.as_ref(), now, done).await?;
                    Ok::<(), PortalError>(())
                })
            })
            .await?;
        self.cache.changed();
        Ok(())
    }
}

/// The application of a tool, as it is registered.
fn application(
    tool: &Tool,
    caller: &Caller,
    addresses: Addresses,
) -> Result<NewApplication, PortalError> {
    Ok(NewApplication {
        client_id: client_id_of(tool.id),
        name: tool.fields.name.fr().to_owned(),
        organisation: tool.organisation.ok_or(PortalError::Configured)?,
        redirect_uris: addresses.redirect_uris,
        post_logout_redirect_uris: addresses.post_logout_redirect_uris,
        by: caller.actor(),
    })
}
